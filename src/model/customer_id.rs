//! Customers' ids, and the rules by which two spellings mean the same customer.

use std::borrow::Cow;
use std::ops::Deref;

use crate::model::word::words;

/// The longest customer id, in bytes.
pub const CUSTOMER_ID_BYTES_MAX: usize = 256;

words! {
    /// The rule by which two spellings of an id mean one customer.
    #[derive(Default)]
    pub enum Spelling {
        /// Only equal spellings, white space around them included. Older releases have this rule,
        /// so it holds while they may run on a store.
        AsSent,
        /// Spellings that are equal apart from white space around them.
        #[default]
        Exact,
        /// Spellings that are also equal apart from case: ids are kept in lower case.
        LowerCase,
    }
}

impl Spelling {
    /// The setting with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Exact, Self::LowerCase].into_iter().find(|it| it.as_str() == name)
    }

    /// An id as it is kept.
    #[must_use]
    pub fn kept(self, sent: &str) -> Cow<'_, str> {
        match self {
            Self::AsSent => Cow::Borrowed(sent),
            Self::Exact => Cow::Borrowed(trimmed(sent)),
            Self::LowerCase => {
                let trimmed = trimmed(sent);
                let lower = trimmed.to_lowercase();
                if lower == trimmed { Cow::Borrowed(trimmed) } else { Cow::Owned(lower) }
            }
        }
    }
}

/// An id without white space around it, and without what is invisible there: zero-width characters,
/// marks of direction and byte-order marks.
#[must_use]
pub fn trimmed(id: &str) -> &str {
    id.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}')
    })
}

/// A customer's id as it is kept, and other spellings under which there may be a record. Its bounds
/// are for those who read requests to check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerId {
    kept: Box<str>,
    others: Vec<Box<str>>,
}

impl CustomerId {
    /// The id that was sent.
    #[must_use]
    pub fn new(sent: &str, spelling: Spelling) -> Self {
        let kept = spelling.kept(sent);
        // The rule: an id that is sent as it is kept has no other spelling.
        if *kept == *sent && spelling != Spelling::AsSent {
            return Self { kept: kept.into(), others: Vec::new() };
        }
        let mut others: Vec<Box<str>> = Vec::new();
        for other in [sent, trimmed(sent)] {
            let is_new = *other != *kept && others.iter().all(|known| **known != *other);
            if is_new && is_possible(other) {
                others.push(other.into());
            }
        }
        Self { kept: kept.into(), others }
    }

    /// Other spellings under which earlier versions, or this one under another setting, may have
    /// kept a record: as it was sent, and with the capitals that it was sent with.
    #[must_use]
    pub fn others(&self) -> &[Box<str>] {
        &self.others
    }
}

impl Deref for CustomerId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.kept
    }
}

/// Whether an earlier version would have accepted it as an id.
fn is_possible(id: &str) -> bool {
    !id.is_empty() && id.len() <= CUSTOMER_ID_BYTES_MAX && !id.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_an_id_is_no_part_of_it() {
        for sent in
            ["ann", " ann", "ann\t", "\u{a0}ann\u{3000}", "\u{feff}ann\u{200b}", "\u{200f}ann\n"]
        {
            assert_eq!(&*CustomerId::new(sent, Spelling::Exact), "ann", "{sent:?}");
        }
        assert_eq!(&*CustomerId::new(" an\u{200b} n ", Spelling::Exact), "an\u{200b} n");
        assert_eq!(&*CustomerId::new("\u{200b} \u{feff}", Spelling::Exact), "");
    }

    #[test]
    fn what_earlier_versions_kept_it_under_is_known() {
        let others = |sent: &str, spelling| -> Vec<String> {
            CustomerId::new(sent, spelling).others().iter().map(|it| it.to_string()).collect()
        };
        assert!(others("ann", Spelling::Exact).is_empty());
        assert!(others("Ann", Spelling::Exact).is_empty());
        assert!(others("ann", Spelling::LowerCase).is_empty());
        assert!(others("ann", Spelling::AsSent).is_empty());
        assert_eq!(others("ann ", Spelling::Exact), ["ann "]);
        assert_eq!(others("ann ", Spelling::AsSent), ["ann"]);
        assert_eq!(others("Ann ", Spelling::LowerCase), ["Ann ", "Ann"]);
        assert_eq!(others("Ann", Spelling::LowerCase), ["Ann"]);
        // Earlier versions refused it.
        assert!(others("ann\n", Spelling::Exact).is_empty());
        assert_eq!(Spelling::LowerCase.kept(" ÄNN "), "änn");
    }
}
