//! Changing many records at once, so that they share one write of the store.

use std::time::Duration;

use super::Change;
use super::Customer;
use super::Failure;
use super::Gate;
use super::Turn;
use super::agenda::Entries;
use super::agenda::again;
use super::known_refusals::refusals;
use super::read::WholeRecord;
use crate::model::Instant;
use crate::model::Record;
use crate::model::agenda::Entry;
use crate::operation as operations;
use crate::operation::Draft;
use crate::policy::Policy;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Version;

/// The number of records that are worked on in one turn of the thread.
const TURN: usize = 64;

/// The settings of a change of many records.
#[derive(Clone, Copy, Debug)]
pub struct Bulk<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// The time.
    pub now: Instant,
    /// The failures that the changes must survive before they are acknowledged.
    pub durability: Durability,
    /// Whether the changes are wishes, as in a `Change`.
    pub is_wish: bool,
    /// The longest time for all calls of the store.
    pub patience: Duration,
}

/// A record that is to be written.
struct Written {
    position: usize,
    /// The version that it replaces.
    before: Option<Version>,
    /// The version of what an erasure had left, where there was no record.
    left: Option<Version>,
    /// The refusals before and after the change.
    refused: (Record, Record),
    /// The entries that the change adds to the agenda and removes from it.
    entries: Entries,
}

/// A record that rests on what was written before.
struct Rested {
    position: usize,
    /// The version that was seen, where it has to survive.
    version: Option<Version>,
    /// The entries that are put again, since what wrote it may have been broken off.
    again: Vec<Entry>,
}

impl Rested {
    fn of(
        bulk: &Bulk<'_>,
        (position, version): (usize, Option<Version>),
        (key, record): (Option<&Customer>, &Record),
    ) -> Self {
        let again = key.map(|key| again(bulk, key, record)).unwrap_or_default();
        Self { position, version, again }
    }
}

impl Written {
    fn of(position: usize, snapshot: &WholeRecord, record: &Record, entries: Entries) -> Self {
        let refused = (refusals(&snapshot.record), refusals(record));
        Self { position, before: snapshot.version, left: snapshot.left, refused, entries }
    }
}

impl<'a> Bulk<'a> {
    /// The change of one customer alone.
    const fn alone(&self, key: &'a Customer) -> Change<'a> {
        let Self { policy, now, durability, is_wish, .. } = *self;
        Change { key, policy, now, durability, expected: None, is_wish, request: None }
    }
}

impl Gate {
    /// Lets an operation work on each of some customers' records, as `change` would, and returns
    /// its results in their order. The operation gets the position of the key. No key may be there
    /// twice.
    ///
    /// A record that another process has changed meanwhile is worked on again, alone.
    pub async fn change_all<T>(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        operation: impl Fn(usize, &mut Draft<'_>) -> T,
    ) -> Vec<Result<T, Failure>> {
        let results = self.change_all_anyhow(bulk, keys, operation, |_| true).await;
        results.into_iter().map(|result| result.map(|(result, _version)| result)).collect()
    }

    /// Changes many records by an operation that may refuse, as `change_unless` does for one.
    /// Returns the version that each operation saw or made.
    pub async fn change_all_unless<T>(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        operation: impl Fn(usize, &mut Draft<'_>) -> T,
        is_refusal: impl Fn(&T) -> bool,
    ) -> Vec<Result<(T, Option<Version>), Failure>> {
        match self.check_clock() {
            Ok(()) => self.change_all_anyhow(bulk, keys, operation, is_refusal).await,
            Err(failure) => keys.iter().map(|_| Err(failure.clone())).collect(),
        }
    }

    /// Changes many records as `change_all_unless` does, even if the clock is not trusted.
    pub async fn change_all_anyhow<T>(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        operation: impl Fn(usize, &mut Draft<'_>) -> T,
        is_refusal: impl Fn(&T) -> bool,
    ) -> Vec<Result<(T, Option<Version>), Failure>> {
        let locks = self.locks.lock_all(keys).await;
        let mut results: Vec<Result<(T, Option<Version>), Failure>> = Vec::new();
        let (mut replacements, mut written) = (Vec::new(), Vec::new());
        // The changes that are made alone, since another writer was faster; and those that rest on
        // a write before them.
        let (mut alone, mut resting) = (Vec::new(), Vec::new());
        self.look_in_turns(bulk, keys, |position, looked| {
            results.push(looked.map(|snapshot| {
                let mut draft = Draft::of(&snapshot.record);
                let result = operation(position, &mut draft);
                if let Some(record) = draft.changed() {
                    let Some(key) = keys.get(position) else { return (result, snapshot.version) };
                    let value = snapshot.extent.write(&record);
                    let entries = Entries::of(&bulk.alone(key), &snapshot, &record);
                    let (key, expected) = (Key::clone(key), snapshot.version);
                    let expires = operations::expiry(bulk.policy, &record, bulk.now);
                    let replacement = Replacement { key, expected, value, expires };
                    replacements.push((replacement, self.sealed(&entries.put)));
                    written.push(Written::of(position, &snapshot, &record, entries));
                } else {
                    let own = (keys.get(position), &snapshot.record);
                    match snapshot.version {
                        _ if is_refusal(&result) && !bulk.is_wish => {}
                        _ if is_refusal(&result) => {
                            resting.push(Rested::of(bulk, (position, None), own));
                        }
                        _ if snapshot.is_ahead => alone.push(position),
                        version => resting.push(Rested::of(bulk, (position, version), own)),
                    }
                }
                (result, snapshot.version)
            }));
        })
        .await;
        let replaced = self.replace_all(bulk, replacements).await;
        alone.extend(self.settle_all(bulk, keys, resting, &mut results).await);
        drop(locks);
        let (mut made, mut settled) = (Vec::new(), Vec::new());
        for (written, replaced) in written.into_iter().zip(replaced) {
            let position = written.position;
            let (Some(result), Some(key)) = (results.get_mut(position), keys.get(position)) else {
                continue;
            };
            match self.written(key, &written, replaced) {
                Ok(Some(version)) => {
                    self.tell_changed(&written.entries.put);
                    settled.extend(written.entries.settled);
                    if let Ok((_, seen)) = result {
                        *seen = Some(version);
                    }
                    made.extend(written.before.is_none().then_some((position, written.left)));
                }
                Ok(None) => alone.push(position),
                Err(failure) => *result = Err(failure),
            }
        }
        self.take_out(&settled).await;
        self.take_all_over(bulk, keys, &made, |position, failure| {
            if let Some(result) = results.get_mut(position) {
                *result = Err(failure);
            }
        })
        .await;
        for position in alone {
            if let (Some(result), Some(key)) = (results.get_mut(position), keys.get(position)) {
                let once = |record: &mut Draft<'_>| Ok(operation(position, record));
                *result = self.change_anyhow(&bulk.alone(key), once, &is_refusal).await;
            }
        }
        results
    }

    /// Notes what became of a write. None is that another writer was faster.
    fn written(
        &self,
        key: &Key,
        written: &Written,
        replaced: Result<Replaced, Failure>,
    ) -> Result<Option<Version>, Failure> {
        let refusals = (&written.refused.0, &written.refused.1);
        match replaced {
            Ok(Replaced::Done(version)) => {
                self.known_refusals.note_written(key, version, refusals.1);
                Ok(Some(version))
            }
            Ok(Replaced::Changed(_)) => {
                self.metrics.conflict();
                Ok(None)
            }
            Err(failure) => {
                self.known_refusals.note_doubtful(key, written.before, refusals);
                Err(failure)
            }
        }
    }

    /// Lets records that were made take over what erasures have left meanwhile.
    async fn take_all_over(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        made: &[(usize, Option<Version>)],
        mut fail: impl FnMut(usize, Failure),
    ) {
        let made: Vec<(usize, &Customer, Option<Version>)> =
            made.iter().filter_map(|(it, left)| Some((*it, keys.get(*it)?, *left))).collect();
        let new: Vec<Key> = made.iter().map(|(_, key, _)| Key::clone(key)).collect();
        for ((position, key, seen), left) in made.into_iter().zip(self.left_of(&new).await) {
            let taken_over = match left {
                Ok(left) if left.version == seen => Ok(()),
                Ok(_) => self.take_over(&bulk.alone(key), seen).await,
                Err(failure) => Err(failure),
            };
            if let Err(failure) = taken_over {
                fail(position, failure.in_doubt());
            }
        }
    }

    /// Looks at some customers' records, in their order.
    pub async fn look_in_turns(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        mut look: impl FnMut(usize, Result<WholeRecord, Failure>),
    ) {
        let (mut position, mut turn) = (0, Turn::begin());
        for keys in keys.chunks(TURN) {
            for looked in self.read_many(keys, bulk.policy, bulk.now).await {
                look(position, looked);
                position += 1;
                turn.pause().await;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Makes sure that what results rest on survives and is in the agenda, and returns where
    /// another writer was faster.
    async fn settle_all<T>(
        &self,
        bulk: &Bulk<'_>,
        keys: &[Customer],
        resting: Vec<Rested>,
        results: &mut [Result<T, Failure>],
    ) -> Vec<usize> {
        let again: Vec<Entry> = resting.iter().flat_map(|it| it.again.clone()).collect();
        if let Err(failure) = self.put_entries(&again, bulk.durability).await {
            for it in resting.iter().filter(|it| !it.again.is_empty()) {
                if let Some(result) = results.get_mut(it.position) {
                    *result = Err(failure.clone());
                }
            }
        }
        let seen = resting.iter().filter_map(|it| {
            let key = Key::clone(keys.get(it.position)?);
            Some((it.position, (key, it.version?)))
        });
        let (positions, seen): (Vec<usize>, Vec<(Key, Version)>) = seen.unzip();
        if seen.is_empty() {
            return Vec::new();
        }
        let settle = async { Ok(self.store.settle_many(&seen, bulk.durability).await) };
        let settled: Vec<_> = match self.within_time(bulk.patience, "settle", settle).await {
            Ok(settled) => settled.into_iter().map(|it| it.map_err(Failure::from)).collect(),
            Err(failure) => vec![Err(failure); seen.len()],
        };
        let mut moved = Vec::new();
        for (position, settled) in positions.into_iter().zip(settled) {
            match (settled, results.get_mut(position)) {
                (Ok(true), _) | (_, None) => {}
                (Ok(false), Some(_)) => {
                    self.metrics.conflict();
                    moved.push(position);
                }
                (Err(failure), Some(result)) => *result = Err(failure),
            }
        }
        moved
    }

    async fn replace_all(
        &self,
        bulk: &Bulk<'_>,
        replacements: Vec<(Replacement, Vec<Entry>)>,
    ) -> Vec<Result<Replaced, Failure>> {
        let refused = replacements.iter().map(|(it, _)| self.require_readable(&it.value).err());
        let refused: Vec<Option<Failure>> = refused.collect();
        let mut written = replacements;
        let mut is_refused = refused.iter();
        written.retain(|_| is_refused.next().is_some_and(Option::is_none));
        let mut replaced = self.replace_readable(bulk, written).await.into_iter();
        let missing = || Err(Failure::StoreSilent("an answer is missing".to_owned()));
        let refused = refused.into_iter();
        refused.map(|it| it.map_or_else(|| replaced.next().unwrap_or_else(missing), Err)).collect()
    }

    async fn replace_readable(
        &self,
        bulk: &Bulk<'_>,
        replacements: Vec<(Replacement, Vec<Entry>)>,
    ) -> Vec<Result<Replaced, Failure>> {
        let count = replacements.len();
        if count == 0 {
            return Vec::new();
        }
        let written = replacements.into_iter().unzip();
        let write = async { Ok(self.store.replace_many_and_put(written, bulk.durability).await) };
        match self.within_time(bulk.patience, "replace", write).await {
            Ok(replaced) => replaced.into_iter().map(|it| it.map_err(Failure::from)).collect(),
            Err(failure) => vec![Err(failure); count],
        }
    }
}
