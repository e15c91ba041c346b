//! The agenda of a store: lists of what is due, in the order of time.
//!
//! It is a way to find records and never data: all of it can be made again from the records.
//!
//! **Invariant:** a record is written first, its entries second, and then the write is
//! acknowledged. A repeated request puts the entries again, and only a worker that has seen in the
//! record that a thing is settled removes its entry. `tests/model` explores every order of the
//! steps.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use super::Durability;
use super::Error;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;

/// The entries of a list that are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The list.
    pub list: List,
    /// The tenant.
    pub tenant: &'a Name,
    /// The time up to which each bucket has been read. A bucket that is not there has not been
    /// read.
    pub after: &'a [Instant],
    /// The time of the last entry that is wanted.
    pub until: Instant,
    /// About how many.
    pub limit: usize,
}

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bucket that it is in.
    pub bucket: usize,
    /// The entry.
    pub entry: Entry,
}

/// An agenda. All of its operations may be called from many threads at once.
#[async_trait]
pub trait Agenda: fmt::Debug + Send + Sync {
    /// The number of buckets of a list. A customer's entries are all in one.
    fn buckets(&self) -> usize {
        1
    }

    /// A signal that another instance has put an entry at the end of a list; `None` if there is no
    /// other instance. Signals can be missed, so readers also look by themselves.
    fn changed_elsewhere(&self) -> Option<Arc<Notify>> {
        None
    }

    /// Puts entries. One that is there already has the new time. In a list that grows at its end an
    /// entry comes behind all that are in its bucket.
    ///
    /// # Errors
    /// If they were not put, or the outcome is unknown.
    async fn put(&self, entries: &[Entry], durability: Durability) -> Result<(), Error>;

    /// Removes entries, whatever time they have.
    ///
    /// # Errors
    /// If they were not removed, or the outcome is unknown.
    async fn take_out(&self, entries: &[Entry]) -> Result<(), Error>;

    /// About `limit` entries that are due, in the order of their times. Entries of a bucket with
    /// equal times come together, so that a bucket that was read up to a time need not be read
    /// again.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn read(&self, ask: Ask<'_>) -> Result<Vec<Found>, Error>;

    /// Reads entries for a worker. No other worker gets them until `lease`, which becomes their
    /// time.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn claim(&self, ask: Ask<'_>, lease: Instant) -> Result<Vec<Found>, Error>;

    /// The number of entries of a list that are due.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn count(&self, list: List, tenant: &Name, until: Instant) -> Result<u64, Error>;

    /// Removes the entries of a list with times up to `until`.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn clear(&self, list: List, tenant: &Name, until: Instant) -> Result<(), Error>;
}

/// The first of what was found in several buckets, about `limit` of them, in the order of their
/// times.
pub(super) fn first(mut found: Vec<Found>, limit: usize) -> Vec<Found> {
    found.sort_by_key(|it| (it.entry.due, it.bucket));
    let place = |it: &Found| (it.entry.due, it.bucket);
    let last = limit.checked_sub(1).and_then(|last| found.get(last)).map(place);
    if let Some(last) = last {
        found.retain(|it| place(it) <= last);
    }
    found
}
