//! The differences between two policies, in the words of their authors.
//!
//! Documents are compared as trees, not as lines: a comment, another order or another layout is no
//! difference, and a rule that moves to another document stays what it is. Values are compared as
//! they are written, so `7d` and `168h` differ.

mod declarations;
mod words;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use self::declarations::Declaration;
use self::declarations::Declarations;
use self::declarations::declarations;
use self::words::difference;
use self::words::summary;
use crate::model::revision::Change;
use crate::policy::source::Source;

/// The maximum number of differences that are listed.
pub const CHANGES_MAX: usize = 200;

/// The differences of `after`, in order of subject, at most [`CHANGES_MAX`] declarations. Both have
/// been loaded before; unreadable text counts as empty.
#[must_use]
pub fn changes(before: &[Source], after: &[Source]) -> Vec<Change> {
    let (old, new) = (declarations(before), declarations(after));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let subject = key.subject();
        let text = |text: String| Change { subject: subject.clone(), text };
        match (old.get(key), new.get(key)) {
            (None, Some(new)) => changes.push(text(format!("adds {}{}", key.full(), summary(new)))),
            (Some(_), None) => changes.push(text(format!("removes {}", key.full()))),
            (Some(old), Some(new)) => {
                let differences = difference(old, new).into_iter();
                changes.extend(differences.map(|it| text(format!("{subject}: {it}"))));
            }
            (None, None) => {}
        }
    }
    changes.extend(only_texts(before, after, (&old, &new)));
    let excess = changes.len().saturating_sub(CHANGES_MAX);
    if excess > 0 {
        changes.truncate(CHANGES_MAX.saturating_sub(1));
        let text = format!("and {} more", excess.saturating_add(1));
        changes.push(Change { subject: String::new(), text });
    }
    changes
}

/// The documents whose texts differ although their content is equal.
fn only_texts(
    before: &[Source],
    after: &[Source],
    (old, new): (&Declarations, &Declarations),
) -> Vec<Change> {
    let texts: BTreeMap<&str, &str> = before.iter().map(|it| (it.name(), it.text())).collect();
    let differs =
        |source: &&Source| texts.get(source.name()).is_some_and(|it| *it != source.text());
    let of = |declarations: &Declarations, name: &str| -> BTreeMap<_, Declaration> {
        let own = declarations.iter().filter(|(_, thing)| thing.document == name);
        own.map(|(key, thing)| (key.clone(), thing.clone())).collect()
    };
    let same = |source: &&Source| of(old, source.name()) == of(new, source.name());
    let change = |source: &Source| Change {
        subject: format!("document {}", source.name()),
        text: format!("document {}: only its comments or its layout", source.name()),
    };
    after.iter().filter(differs).filter(same).map(change).collect()
}

#[cfg(test)]
mod tests;
