//! The time that rules look back, and so the time for which history must be kept.

use crate::model::Name;
use crate::model::Span;
use crate::policy::document;
use crate::policy::documents::Documents;
use crate::policy::rules::ROW_AGE;

/// The time that a rule looks back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach<'a> {
    /// The rule; `None` for a reaction without a name.
    pub(super) rule: Option<&'a Name>,
    /// The time.
    pub(super) span: Span,
}

/// The rule that looks back furthest.
pub(super) fn longest(documents: &Documents) -> Option<Reach<'_>> {
    let rules = documents.all().flat_map(|document| document.rules()).filter_map(|any| {
        let span = any.alone().reach()?;
        Some(Reach { rule: Some(&any.rule().name.value), span })
    });
    let reactions = documents.all().flat_map(|document| document.reactions.iter());
    let reactions = reactions.filter_map(|reaction| {
        let lasts = reaction.r#for.as_deref().map(document::longest);
        let in_row = reaction.times.as_ref().is_some_and(|times| **times > 1).then_some(ROW_AGE);
        let within = reaction.within.as_deref().copied().or(in_row);
        // The event that began the suppression must be remembered as long as the suppression lasts.
        let both = |lasts: Span, within: Span| {
            Span::from_millis(lasts.millis().saturating_add(within.millis()))
        };
        let span = match (lasts, within) {
            (Some(lasts), Some(within)) => both(lasts, within),
            (one, other) => one.or(other)?,
        };
        Some(Reach { rule: reaction.name.as_deref(), span })
    });
    rules.chain(reactions).max_by_key(|reach| reach.span)
}
