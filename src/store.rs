//! Where records and policies live: values under keys, each with a version, replaced only by an
//! instance that has seen the newest.
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

/// What a value is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which sort of value.
    pub space: Space,
    /// Whose.
    pub tenant: Name,
    /// The customer, or a number, or nothing where a tenant has one value. It must not appear in
    /// logs.
    pub id: Box<str>,
}

words! {
    /// The sorts of values. The letters by which stores know them never change.
    pub enum Space {
        /// Customers' records.
        #[strum(serialize = "c")]
        Customers,
        /// Tenants' policies.
        #[strum(serialize = "p")]
        Policies,
        /// What is left of customers who were erased, under keyed hashes of their ids.
        #[strum(serialize = "e")]
        Erased,
        /// What the service notes for itself, not about a tenant.
        #[strum(serialize = "n")]
        Notes,
        /// The revisions of tenants' policies that were in force before, under their numbers.
        #[strum(serialize = "r")]
        Revisions,
        /// What operators have stopped for now, one value for each tenant.
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

/// What a write must survive before it is acknowledged.
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

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It is there, as this version.
    Done(Version),
    /// Another writer was faster, and nothing was written. This is there now.
    Changed(Option<Stored>),
}

/// A value to write if the key still has a version.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// Whose.
    pub key: Key,
    /// The version; none is that there is no value.
    pub expected: Option<Version>,
    /// The value.
    pub value: Bytes,
    /// When it may be forgotten; none is never. A store may keep it longer.
    pub expires: Option<Instant>,
}

/// Some of the values of a sort.
#[derive(Debug, Default)]
pub struct Page {
    /// The values. One that is damaged is an error in its place.
    pub values: Vec<(Key, Result<Stored, Error>)>,
    /// Where the next page begins, in the store's own words; none after the last.
    pub next: Option<Box<str>>,
}

/// What a store can tell by itself of having lost something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Why what was opened is no longer there, in words; none where it is.
    pub gone: Option<String>,
    /// What its servers throw away, of those that have said so.
    pub evictions: Vec<Evictions>,
    /// Why a server has not said what it evicts, in words; none where all have.
    pub unsaid: Option<String>,
}

/// What a server evicts when its memory is full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evictions {
    /// Which server.
    pub server: String,
    /// Identifies the run of the server, as `run_id` of Redis does.
    pub run: String,
    /// How many keys this run has evicted.
    pub keys: u64,
    /// By which policy it would evict keys; none is that it would not.
    pub policy: Option<String>,
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be reached or refuses; nothing was changed.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// It answers, and does not let us do this until an operator changes who we are or what we may;
    /// nothing was changed.
    #[error("the store refuses: {0}")]
    Refused(String),
    /// It was asked to write and did not answer; whether it did is unknown.
    #[error("the store did not confirm a write: {0}")]
    Unknown(String),
    /// It was asked to go on from where it has never been.
    #[error("unknown cursor: this store did not issue it")]
    NoSuchCursor,
    /// What it holds for this key is damaged.
    #[error("what the store holds is damaged: {0}")]
    Damaged(String),
}

/// A store of values. All of its operations may be called from many threads at once.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// The newest value of a key, every acknowledged write included.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error>;

    /// The newest values of some keys, in their order, each as `load` would answer.
    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>>;

    /// All values of a sort of which there are few.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn load_all(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        all::values(self, space).await
    }

    /// The versions of all values of a sort of which there are few.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn versions(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        let all = self.load_all(space).await?.into_iter();
        Ok(all.map(|(key, stored)| (key, stored.version)).collect())
    }

    /// Finds the values anew of sorts of which there are few, where the store keeps lists of them:
    /// a part of it that had a list may have been lost, and the values not. It may go through the
    /// whole store.
    ///
    /// # Errors
    /// If a part of the store cannot say.
    async fn list_anew(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Some of the values of a tenant, or of all tenants, about `limit` of them: those after
    /// `cursor`, which the page before has named, or the first. A value that is there from the
    /// first page to the last is in one of them, and may be in two if the store moves things about
    /// meanwhile.
    ///
    /// # Errors
    /// If the store cannot say, or it did not issue the cursor.
    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error>;

    /// Writes a value if the key still has the version `expected`; none is that there is no value.
    /// A write whose caller goes away happens or does not, but never in part.
    ///
    /// # Errors
    /// If it was not written, or that is unknown.
    async fn replace(
        &self,
        replacement: Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error>;

    /// Makes sure that a version which was read survives what `durability` says, and returns
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

    /// Removes a key and its value if it still has the version `expected`, and says whether it had.
    /// What a store writes over time may hold them until it is rewritten.
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

    /// What is due, and where.
    fn agenda(&self) -> &dyn Agenda;

    /// Writes a value as `replace` does, and then puts entries that lead to it: it is acknowledged
    /// once they are there.
    ///
    /// # Errors As for `replace`. Where it is unknown whether an entry was put, it is unknown
    /// whether all was written.
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

    /// The same for many values, with the entries of each.
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

    /// Whether other processes write to it as well.
    fn is_shared(&self) -> bool {
        false
    }

    /// The parts that can be lost alone, as numbers: a note whose id ends in a part's number in
    /// braces is in that part.
    fn parts(&self) -> Vec<u32> {
        vec![0]
    }

    /// What it can tell by itself of having lost something.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn losses(&self) -> Result<Losses, Error> {
        Ok(Losses::default())
    }

    /// The tenants whose customers have something on record.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn tenants(&self) -> Result<BTreeSet<Name>, Error> {
        all::tenants(self).await
    }

    /// Notes tenants that were among `tenants` before this process began, so that they need not be
    /// listed while a part of it is away.
    fn note_tenants(&self, _listed: &BTreeSet<Name>) {}

    /// What the clocks of its servers show: of several the one that is nearest to `now`, since the
    /// others may be wrong. None where it has none but this machine's.
    ///
    /// # Errors
    /// If the store cannot say.
    async fn time(&self, _now: Instant) -> Result<Option<Instant>, Error> {
        Ok(None)
    }
}

/// The record is written, and its entries may not be.
fn in_doubt(error: &Error) -> Error {
    Error::Unknown(error.to_string())
}
