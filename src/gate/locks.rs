//! One writer per customer within this process, so that callers of a busy customer wait for each
//! other instead of overwriting each other's attempts. Correctness does not depend on it.

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::hash::RandomState;

use tokio::sync::Mutex;
use tokio::sync::MutexGuard;

use super::Customer;
use crate::store::Key;

/// More than there are requests in flight, so that two customers seldom share one.
const LOCKS: usize = 8_192;

/// A fixed number of locks, shared by all customers.
#[derive(Debug)]
pub(super) struct Locks {
    hasher: RandomState,
    locks: Box<[Mutex<()>]>,
}

impl Locks {
    pub(super) fn new() -> Self {
        let locks = std::iter::repeat_with(Mutex::default).take(LOCKS).collect();
        Self { hasher: RandomState::new(), locks }
    }

    /// Waits for the customer's lock.
    pub(super) async fn lock(&self, key: &Key) -> Option<MutexGuard<'_, ()>> {
        match self.locks.get(self.position(key)) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }

    /// Waits for the locks of several customers. All callers take them in
    /// the same order, so that there is no deadlock.
    pub(super) async fn lock_all(&self, keys: &[Customer]) -> Vec<MutexGuard<'_, ()>> {
        let positions: BTreeSet<usize> = keys.iter().map(|key| self.position(key)).collect();
        let mut held = Vec::with_capacity(positions.len());
        for lock in positions.into_iter().filter_map(|position| self.locks.get(position)) {
            held.push(lock.lock().await);
        }
        held
    }

    fn position(&self, key: &Key) -> usize {
        let count = u64::try_from(self.locks.len()).unwrap_or(1).max(1);
        usize::try_from(self.hasher.hash_one(key) % count).unwrap_or_default()
    }
}
