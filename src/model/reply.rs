//! Customers' messages that are unanswered.

use crate::model::agenda::Item;
use crate::model::agenda::List;
use crate::model::agenda::hash_of;
use crate::model::instant::Instant;
use crate::model::name::Name;

/// A customer waits for an answer by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaiting {
    /// The channel.
    pub channel: Name,
    /// The time of the first unanswered message.
    pub since: Instant,
    /// The id of the request that brought it.
    pub id: Box<str>,
}

impl Awaiting {
    /// Identifies it among what the customer waited for before.
    #[must_use]
    pub fn item(&self) -> u64 {
        hash_of(&[&self.channel, &self.id], self.since)
    }

    /// The entry in the list of customers who wait.
    #[must_use]
    pub fn waiting(&self) -> Item {
        Item { list: List::Waiting, item: self.item(), due: self.since }
    }

    /// The entry in the list of answers that are not reported as late yet; it is checked at `due`.
    #[must_use]
    pub fn untold(&self, due: Instant) -> Item {
        Item { list: List::Untold, item: self.item(), due }
    }
}
