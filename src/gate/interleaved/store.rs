//! A store that two instances share, in which every call waits for its turn.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::task::Poll;

use async_trait::async_trait;

use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::store::Agenda;
use crate::store::Ask;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Found;
use crate::store::Key;
use crate::store::Page;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;
use crate::store::Version;

/// The values that both instances see.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: Mutex<BTreeMap<Key, Stored>>,
    drawn: AtomicU64,
    /// The number of further calls that are answered; `None` for all.
    left: Mutex<Option<usize>>,
}

impl Values {
    /// Answers this number of further calls, or all of them.
    pub(super) fn answer(&self, calls: Option<usize>) {
        *self.left.lock().unwrap() = calls;
    }

    /// The version of what is on record of a customer.
    pub(super) fn version(&self, key: &Key) -> Option<Version> {
        self.values.lock().unwrap().get(key).map(|stored| stored.version)
    }

    fn call(&self) -> Result<(), Error> {
        if self.is_away() { Err(Error::Unavailable("it is away".to_owned())) } else { Ok(()) }
    }

    /// Whether the call is not answered. If it is, one call fewer is left.
    fn is_away(&self) -> bool {
        let mut left = self.left.lock().unwrap();
        let is_away = *left == Some(0);
        *left = left.map(|left| left.saturating_sub(1));
        is_away
    }
}

/// A defect in the way an instance uses the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// Nothing.
    None,
    /// The remains of an erasure are overwritten, whatever is stored: an earlier `keep` did that.
    Overwrites,
    /// The remains of an erasure are not read again after a record has been made.
    LooksOnce,
    /// A value is overwritten, whatever is stored.
    Careless,
}

/// One instance's access to the values.
#[derive(Debug)]
pub(super) struct Stepped {
    values: Arc<Values>,
    defect: Defect,
    seen: Mutex<BTreeMap<Key, Option<Stored>>>,
    agenda: Nowhere,
}

impl Stepped {
    pub(super) fn new(values: &Arc<Values>, defect: Defect) -> Self {
        let agenda = Nowhere(Arc::clone(values));
        Self { values: Arc::clone(values), defect, seen: Mutex::default(), agenda }
    }

    fn get(&self, key: &Key) -> Option<Stored> {
        let now = self.values.values.lock().unwrap().get(key).cloned();
        if self.defect == Defect::LooksOnce && key.space == Space::Erased {
            return self.seen.lock().unwrap().entry(key.clone()).or_insert(now).clone();
        }
        now
    }

    fn is_blind(&self, space: Space) -> bool {
        match self.defect {
            Defect::None | Defect::LooksOnce => false,
            Defect::Overwrites => space == Space::Erased,
            Defect::Careless => space == Space::Customers,
        }
    }

    fn swap(&self, replacement: Replacement) -> Replaced {
        let mut values = self.values.values.lock().unwrap();
        let Replacement { key, expected, value, .. } = replacement;
        let known = values.get(&key).cloned();
        let version = known.as_ref().map(|stored| stored.version);
        if version != expected && !self.is_blind(key.space) {
            return Replaced::Changed(known);
        }
        let after = |it: Version| Version { counter: it.counter + 1, ..it };
        let incarnation = self.values.drawn.fetch_add(1, Ordering::SeqCst);
        let version = version.map_or(Version { incarnation, counter: 1 }, after);
        values.insert(key, Stored { version, value });
        Replaced::Done(version)
    }
}

/// Yields to the instance that is to go first.
async fn turn() {
    let mut has_waited = false;
    poll_fn(
        |_| {
            if std::mem::replace(&mut has_waited, true) { Poll::Ready(()) } else { Poll::Pending }
        },
    )
    .await;
}

#[async_trait]
impl Store for Stepped {
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error> {
        if key.space != Space::Notes {
            turn().await;
        }
        self.values.call()?;
        Ok(self.get(key))
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>> {
        turn().await;
        let answered = self.values.call();
        keys.iter().map(|key| answered.clone().map(|()| self.get(key))).collect()
    }

    async fn load_all(&self, _space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        Ok(Vec::new())
    }

    async fn versions(&self, _space: Space) -> Result<Vec<(Key, Version)>, Error> {
        Ok(Vec::new())
    }

    async fn scan(
        &self,
        _space: Space,
        _tenant: Option<&Name>,
        _cursor: Option<&str>,
        _limit: usize,
    ) -> Result<Page, Error> {
        Ok(Page::default())
    }

    async fn replace(
        &self,
        replacement: Replacement,
        _durability: Durability,
    ) -> Result<Replaced, Error> {
        if replacement.key.space != Space::Notes {
            turn().await;
        }
        self.values.call()?;
        Ok(self.swap(replacement))
    }

    fn agenda(&self) -> &dyn Agenda {
        &self.agenda
    }

    async fn settle(
        &self,
        key: &Key,
        version: Version,
        _durability: Durability,
    ) -> Result<bool, Error> {
        turn().await;
        self.values.call()?;
        let values = self.values.values.lock().unwrap();
        Ok(values.get(key).is_some_and(|stored| stored.version == version))
    }

    async fn remove(
        &self,
        key: &Key,
        expected: Version,
        _durability: Durability,
    ) -> Result<bool, Error> {
        turn().await;
        self.values.call()?;
        let mut values = self.values.values.lock().unwrap();
        let is_there = values.get(key).is_some_and(|stored| stored.version == expected);
        if is_there {
            values.remove(key);
        }
        Ok(is_there)
    }

    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        _durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        turn().await;
        let answered = self.values.call();
        replacements.into_iter().map(|it| answered.clone().map(|()| self.swap(it))).collect()
    }
}

/// An agenda that is never read: this model is about records. `tests/model` is about the agenda.
#[derive(Debug)]
struct Nowhere(Arc<Values>);

#[async_trait]
impl Agenda for Nowhere {
    async fn put(&self, _entries: &[Entry], _durability: Durability) -> Result<(), Error> {
        self.0.call()
    }

    async fn take_out(&self, _entries: &[Entry]) -> Result<(), Error> {
        self.0.call()
    }

    async fn read(&self, _ask: Ask<'_>) -> Result<Vec<Found>, Error> {
        Ok(Vec::new())
    }

    async fn claim(&self, _ask: Ask<'_>, _lease: Instant) -> Result<Vec<Found>, Error> {
        Ok(Vec::new())
    }

    async fn count(&self, _list: List, _tenant: &Name, _until: Instant) -> Result<u64, Error> {
        Ok(0)
    }

    async fn clear(&self, _list: List, _tenant: &Name, _until: Instant) -> Result<(), Error> {
        Ok(())
    }
}
