//! What customers wrote, and a human has to look at.

use crate::model::agenda::Item;
use crate::model::agenda::List;
use crate::model::agenda::hash_of;
use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;

/// The most of them in a record; beyond them, those that are resolved make room, and then the
/// oldest.
pub const UNCLEAR_MAX: usize = 16;

/// A message that a human has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// The id of the request that brought it.
    pub id: Box<str>,
    /// When we heard it.
    pub heard: Instant,
    /// When the customer wrote it.
    pub at: Instant,
    /// By which channel, and to which brand and topic, where it was written to one.
    pub scope: Scope,
    /// Why a human has to look, such as `wrong_person`.
    pub doubt: Name,
    /// The customer's words, as far as they are kept.
    pub words: Box<str>,
    /// When it was resolved; unset if it is not.
    pub resolved: Option<Instant>,
}

impl Unclear {
    /// Its entry among those that a human has to look at.
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
