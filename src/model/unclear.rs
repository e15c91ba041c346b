//! Customers' messages that a human has to look at.

use crate::model::agenda::Item;
use crate::model::agenda::List;
use crate::model::agenda::hash_of;
use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;

/// The maximum number of unclear messages in a record. Resolved ones are removed to make room, and
/// then the oldest.
pub const UNCLEAR_MAX: usize = 16;

/// A message that a human has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// The id of the request that brought it.
    pub id: Box<str>,
    /// The time at which we heard it.
    pub heard: Instant,
    /// The time at which the customer wrote it.
    pub at: Instant,
    /// The channel by which it came, and the brand and topic that it was written to, if there were
    /// any.
    pub scope: Scope,
    /// The reason why a human has to look, such as `wrong_person`.
    pub doubt: Name,
    /// The customer's words, as far as they are kept.
    pub words: Box<str>,
    /// The time at which it was resolved; unset while it is open.
    pub resolved: Option<Instant>,
}

impl Unclear {
    /// The entry in the list of messages that a human has to look at.
    #[must_use]
    pub fn entry(&self) -> Item {
        Item { list: List::Unclear, item: hash_of(&[&self.id], self.heard), due: self.heard }
    }

    /// Whether it is still unresolved.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.resolved.is_none()
    }
}
