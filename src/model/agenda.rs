//! The agenda: one entry for each thing that is due. An entry leads to the record that tells about
//! it; it is a way to find a record and never data of its own.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::word::words;

words! {
    /// The lists of the agenda. Each tenant has one of each. The letters by which stores know them
    /// never change.
    pub enum List {
        /// Messages that a human has to look at, by when we heard them.
        #[strum(serialize = "u")]
        Unclear,
        /// Unanswered messages, by when they came.
        #[strum(serialize = "w")]
        Waiting,
        /// The same messages, by the time at which it has to be checked whether the answer is late.
        #[strum(serialize = "t")]
        Untold,
        /// Changes, each topic of a customer once, by the time of the last change.
        #[strum(serialize = "c")]
        Changes,
    }
}

impl List {
    /// Whether an entry goes to the end of the list, whenever it is due: a reader that has read up
    /// to an entry finds what is put there later behind it.
    #[must_use]
    pub const fn grows_at_its_end(self) -> bool {
        matches!(self, Self::Changes)
    }
}

/// The topic of a change. It is the item of an entry in `List::Changes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The customer's wishes, or an erasure.
    Wishes,
    /// A message of a customer that a human has to look at.
    Unclear,
    /// An answer to a customer that is late.
    Overdue,
    /// Pauses. The entry has an empty customer.
    Pauses,
    /// The policy; the customer is empty.
    Policy,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 5] =
        [Self::Wishes, Self::Unclear, Self::Overdue, Self::Pauses, Self::Policy];

    /// The item of its entries.
    #[must_use]
    pub const fn item(self) -> u64 {
        match self {
            Self::Wishes => 1,
            Self::Unclear => 2,
            Self::Overdue => 3,
            Self::Pauses => 4,
            Self::Policy => 5,
        }
    }

    /// The topic with an item.
    #[must_use]
    pub fn of(item: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.item() == item)
    }

    /// The topic's entry, changed now.
    #[must_use]
    pub const fn changed(self, now: Instant) -> Item {
        Item { list: List::Changes, item: self.item(), due: now }
    }
}

/// A thing of a customer that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The list it belongs to.
    pub list: List,
    /// Identifies it among the customer's entries in the list.
    pub item: u64,
    /// The time at which it is due.
    pub due: Instant,
}

impl Item {
    /// The entry of a customer.
    #[must_use]
    pub fn of(self, tenant: &Name, customer: &str) -> Entry {
        let Self { list, item, due } = self;
        Entry { list, tenant: tenant.clone(), customer: Box::from(customer), item, due }
    }
}

/// One entry. Two entries that differ only in time are the same entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The list it belongs to.
    pub list: List,
    /// The tenant of the customer.
    pub tenant: Name,
    /// The customer. It must not appear in logs.
    pub customer: Box<str>,
    /// The item of the customer.
    pub item: u64,
    /// The time at which it is due.
    pub due: Instant,
}

/// A hash of an entry, of what identifies it.
#[must_use]
pub fn hash_of(parts: &[&str], at: Instant) -> u64 {
    let mut hasher = SipHasher24::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part.as_bytes());
    }
    hasher.write_i64(at.millis());
    hasher.finish()
}
