//! The store of records and policies: values under keys, each with a version. A value is replaced
//! only by an instance that has seen the newest version.
//!
//! A store knows versions and durability. It knows no rules, and not what a value means.

mod agenda;
mod all;
pub mod embedded;
mod health;
pub mod redis;
mod version;

pub use agenda::Agenda;
pub use agenda::Ask;
pub use agenda::Found;
pub use health::Health;
pub use health::Trouble;
pub use health::Why;
pub use version::Version;

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::join_all;

use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::word::words;

/// The longest value, in bytes. A store may hold longer ones and need not.
pub const VALUE_BYTES_MAX: usize = 16 << 20;

/// The key of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind of value.
    pub space: Space,
    /// The tenant.
    pub tenant: Name,
    /// The customer, or a number, or nothing where a tenant has one value. It must not appear in
    /// logs.
    pub id: Box<str>,
}

words! {
    /// The kinds of values. The letters by which stores know them never change.
    pub enum Space {
        /// Customers' records.
        #[strum(serialize = "c")]
        Customers,
        /// Tenants' policies.
        #[strum(serialize = "p")]
        Policies,
        /// The remains of customers who were erased, under keyed hashes of their ids.
        #[strum(serialize = "e")]
        Erased,
        /// Notes of the service for itself, not about a tenant.
        #[strum(serialize = "n")]
        Notes,
        /// The revisions of tenants' policies that were in force before, under their numbers.
        #[strum(serialize = "r")]
        Revisions,
        /// The pauses of operators, one value for each tenant.
        #[strum(serialize = "h")]
        Pauses,
        /// The audit log, an event under each number.
        #[strum(serialize = "a")]
        Audit,
        /// Degraded grants that are not replayed yet, in a journal beside a store.
        #[strum(serialize = "d")]
        OutageJournal,
    }
}

impl Space {
    /// Reads what `as_str` gives.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.as_str() == name)
    }
}

/// A value and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its version.
    pub version: Version,
    /// Its bytes.
    pub value: Bytes,
}

/// The failures that a write must survive before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// The end of the process.
    Buffered,
    /// The end of the machine: it has been fsynced.
    Synced,
    /// The loss of the machine, where the store has others that could take over: all of them have
    /// it.
    Replicated,
}

/// The result of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The value is stored, as this version.
    Done(Version),
    /// Another writer was faster, and nothing was written. This is there now.
    Changed(Option<Stored>),
}

/// A value to write if the key still has a version.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The key of the value.
    pub key: Key,
    /// The version that it replaces; `None` if there is no value.
    pub expected: Option<Version>,
    /// The value.
    pub value: Bytes,
    /// The time from which it may be forgotten; `None` for never. A store may keep it longer.
    pub expires: Option<Instant>,
}

/// Some of the values of a kind.
#[derive(Debug, Default)]
pub struct Page {
    /// The values. One that is damaged is an error in its place.
    pub values: Vec<(Key, Result<Stored, Error>)>,
    /// The beginning of the next page, in the store's own words; `None` after the last.
    pub next: Option<Box<str>>,
}

/// The losses that a store can see by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The reason why the store that was opened is no longer there, in words; `None` if it is.
    pub gone: Option<String>,
    /// The evictions of its servers, as far as they have reported them.
    pub evictions: Vec<Evictions>,
    /// The reason why a server has not reported its evictions, in words; `None` if all have.
    pub unsaid: Option<String>,
}

/// The keys that a server evicts when its memory is full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evictions {
    /// The name of the server.
    pub server: String,
    /// Identifies the run of the server, as `run_id` of Redis does.
    pub run: String,
    /// The number of keys that this run has evicted.
    pub keys: u64,
    /// The policy by which it would evict keys; `None` if it would not.
    pub policy: Option<String>,
}

/// The reason why a store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The store cannot be reached or refuses; nothing was changed.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The store answers, but does not permit this until an operator changes our user or its
    /// permissions; nothing was changed.
    #[error("the store refuses: {0}")]
    Refused(String),
    /// The store was asked to write and did not answer; whether it did is unknown.
    #[error("the store did not confirm a write: {0}")]
    Unknown(String),
    /// The cursor is not one that the store gave.
    #[error("unknown cursor: this store did not issue it")]
    NoSuchCursor,
    /// The value for this key is damaged.
    #[error("what the store holds is damaged: {0}")]
    Damaged(String),
}

/// A store of values. All of its operations may be called from many threads at once.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// The newest value of a key, every acknowledged write included.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error>;

    /// The newest values of some keys, in their order, each as `load` would answer.
    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>>;

    /// All values of a kind of which there are few.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn load_all(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        all::values(self, space).await
    }

    /// The versions of all values of a kind of which there are few.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn versions(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        let all = self.load_all(space).await?.into_iter();
        Ok(all.map(|(key, stored)| (key, stored.version)).collect())
    }

    /// Finds the values again of kinds of which there are few, if the store keeps lists of them: a
    /// part of it that had a list may have been lost, and the values not. It may search the whole
    /// store.
    ///
    /// # Errors
    /// If a part of the store cannot be read.
    async fn list_anew(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Some of the values of a tenant, or of all tenants, about `limit` of them: those after
    /// `cursor`, which the page before gave, or the first. A value that exists from the first page
    /// to the last is in one of them, and may be in two if the store moves values meanwhile.
    ///
    /// # Errors
    /// If the store cannot be read, or it did not issue the cursor.
    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error>;

    /// Writes a value if the key still has the version `expected`, or no value if that is `None`.
    /// If the caller goes away, the write happens or does not, but never in part.
    ///
    /// # Errors
    /// If it was not written, or that is unknown.
    async fn replace(
        &self,
        replacement: Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error>;

    /// Makes sure that a version which was read survives the failures of `durability`, and returns
    /// whether it is still the newest. Another instance may have written it and not yet know that
    /// it survives.
    ///
    /// # Errors
    /// If that is unknown.
    async fn settle(
        &self,
        key: &Key,
        version: Version,
        durability: Durability,
    ) -> Result<bool, Error>;

    /// Settles versions of some keys, each as `settle` would, and returns in their order whether
    /// each is still the newest. They share what can be shared.
    async fn settle_many(
        &self,
        seen: &[(Key, Version)],
        durability: Durability,
    ) -> Vec<Result<bool, Error>> {
        join_all(seen.iter().map(|(key, version)| self.settle(key, *version, durability))).await
    }

    /// Removes a key and its value if it still has the version `expected`, and returns whether it
    /// had. Files that a store appends to may have them until it rewrites these.
    ///
    /// # Errors
    /// If it was not removed, or that is unknown.
    async fn remove(
        &self,
        key: &Key,
        expected: Version,
        durability: Durability,
    ) -> Result<bool, Error>;

    /// Writes values, each as `replace` would, and returns what became of them in their order. They
    /// share what can be shared, and are not one transaction.
    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>>;

    /// The agenda: the list of things that are due.
    fn agenda(&self) -> &dyn Agenda;

    /// Writes a value as `replace` does, and then puts entries that lead to it: it is acknowledged
    /// once they are there.
    ///
    /// # Errors
    /// As for `replace`. If it is unknown whether an entry was put, it is unknown whether all was
    /// written.
    async fn replace_and_put(
        &self,
        replacement: Replacement,
        entries: &[Entry],
        durability: Durability,
    ) -> Result<Replaced, Error> {
        let replaced = self.replace(replacement, durability).await?;
        if let (Replaced::Done(_), false) = (&replaced, entries.is_empty()) {
            self.agenda().put(entries, durability).await.map_err(|error| in_doubt(&error))?;
        }
        Ok(replaced)
    }

    /// Writes many values, and puts the entries of each into the agenda.
    async fn replace_many_and_put(
        &self,
        (replacements, entries): (Vec<Replacement>, Vec<Vec<Entry>>),
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let mut replaced = self.replace_many(replacements, durability).await;
        let done = replaced.iter().zip(entries);
        let done = done.filter(|(it, _)| matches!(it, Ok(Replaced::Done(_))));
        let done: Vec<Vec<Entry>> = done.map(|(_, entries)| entries).collect();
        let entries = done.concat();
        if !entries.is_empty()
            && let Err(error) = self.agenda().put(&entries, durability).await
        {
            let error = in_doubt(&error);
            for it in replaced.iter_mut().filter(|it| matches!(it, Ok(Replaced::Done(_)))) {
                *it = Err(error.clone());
            }
        }
        replaced
    }

    /// Rewrites its files, which hold nothing more of what was removed then. A store whose files
    /// are another's does nothing.
    ///
    /// # Errors
    /// If they are not rewritten.
    async fn rewrite(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether other processes write to it too.
    fn is_shared(&self) -> bool {
        false
    }

    /// The parts that can be lost alone, as numbers: a note whose id ends in a part's number in
    /// braces is in that part.
    fn parts(&self) -> Vec<u32> {
        vec![0]
    }

    /// The losses that it can see by itself.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn losses(&self) -> Result<Losses, Error> {
        Ok(Losses::default())
    }

    /// The tenants whose customers have something on record.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn tenants(&self) -> Result<BTreeSet<Name>, Error> {
        all::tenants(self).await
    }

    /// Notes tenants that were among `tenants` before this process began, so that they need not be
    /// listed while a part of it is away.
    fn note_tenants(&self, _listed: &BTreeSet<Name>) {}

    /// The time on its servers: of several, the one nearest to `now`, since the others may be
    /// wrong. `None` if it has no clock but this machine's.
    ///
    /// # Errors
    /// If the store cannot be read.
    async fn time(&self, _now: Instant) -> Result<Option<Instant>, Error> {
        Ok(None)
    }
}

/// The record is written, and its entries may not be.
fn in_doubt(error: &Error) -> Error {
    Error::Unknown(error.to_string())
}
