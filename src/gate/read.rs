//! Reading records.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use super::Customer;
use super::Failure;
use super::Gate;
use super::erased::Left;
use super::known_refusals::Read;
use super::known_refusals::Since;
use super::mark::is_trusted;
use crate::clock::Stopwatch;
use crate::codec;
use crate::codec::Decoded;
use crate::codec::Unreadable;
use crate::model::Instant;
use crate::model::Record;
use crate::model::record::TakenOver;
use crate::operation;
use crate::policy::Policy;
use crate::store;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Stored;
use crate::store::Version;
use crate::telemetry::trace;

/// The shortest limit for a durable change on a local disk: less than a whole call may take.
const DISK_PATIENCE: Duration = Duration::from_millis(1_500);

/// A record as it stands at an instant, read as a whole or in part.
#[derive(Clone, Debug, Default)]
pub struct Loaded<Extent> {
    /// The record, with holds that have ended given back.
    pub record: Record,
    /// The version of the record. Unset if there is none, apart from the remains of an erasure.
    pub version: Option<Version>,
    /// The version of the remains of an erasure, if there is no record.
    pub(super) left: Option<Version>,
    /// Whether the record has more than the store has under its key: refusals that the store has
    /// lost, or records under other spellings of the id.
    pub(super) is_ahead: bool,
    pub(super) extent: Extent,
}

/// A whole record, as it stands at an instant.
pub type WholeRecord = Loaded<Decoded>;

/// The part of a record that decisions need, as of an instant. It cannot be written, since the rest
/// of the record would be lost.
pub type DecisionRecord = Loaded<ForDecision>;

/// Only what a decision is made of was read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ForDecision;

/// The part of a record that is read, and the part of the reading that is kept.
pub(super) trait Extent: Default {
    fn read(value: &Bytes) -> Result<(Record, Self), Unreadable>;

    /// The part that is kept after a whole record was read.
    fn of(whole: Decoded) -> Self;
}

impl Extent for Decoded {
    fn read(value: &Bytes) -> Result<(Record, Self), Unreadable> {
        let mut decoded = Self::read(value)?;
        Ok((std::mem::take(&mut decoded.record), decoded))
    }

    fn of(whole: Decoded) -> Self {
        whole
    }
}

impl Extent for ForDecision {
    fn read(value: &Bytes) -> Result<(Record, Self), Unreadable> {
        Ok((codec::read_for_decision(value)?, Self))
    }

    fn of(_whole: Decoded) -> Self {
        Self
    }
}

/// The remains of an erasure, for a customer who has no record; empty if there are none.
fn remains<E: Extent>(left: Left, policy: &Policy, now: Instant) -> Loaded<E> {
    let Left { mut record, version: left } = left;
    operation::refresh(policy, &mut record, now);
    Loaded { record, version: None, left, is_ahead: false, extent: E::default() }
}

impl Gate {
    /// A customer's record.
    ///
    /// # Errors
    /// If the store cannot be read, or the record cannot be read.
    pub async fn read(
        &self,
        key: &Customer,
        policy: &Policy,
        now: Instant,
    ) -> Result<WholeRecord, Failure> {
        self.load_record(key, policy, now).await
    }

    /// The part of a customer's record that decisions need: a `read` for callers that change
    /// nothing.
    ///
    /// # Errors
    /// As for `read`.
    pub async fn read_for_decision(
        &self,
        key: &Customer,
        policy: &Policy,
        now: Instant,
    ) -> Result<DecisionRecord, Failure> {
        self.check_clock()?;
        self.load_record(key, policy, now).await
    }

    /// The records of several customers, each as `read` would answer.
    pub async fn read_many(
        &self,
        keys: &[Customer],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<WholeRecord, Failure>> {
        self.load_records(keys, policy, now).await
    }

    /// The parts of several records that decisions need, each as `read_for_decision` would answer.
    pub async fn read_many_for_decision(
        &self,
        keys: &[Customer],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<DecisionRecord, Failure>> {
        if let Err(failure) = self.check_clock() {
            return vec![Err(failure); keys.len()];
        }
        self.load_records(keys, policy, now).await
    }

    async fn load_record<E: Extent>(
        &self,
        customer: &Customer,
        policy: &Policy,
        now: Instant,
    ) -> Result<Loaded<E>, Failure> {
        if !customer.others().is_empty() {
            return self.read_under_all(customer, policy, now).await;
        }
        self.read_under(customer, policy, now).await
    }

    /// The record under one key.
    pub(super) async fn read_under<E: Extent>(
        &self,
        key: &Key,
        policy: &Policy,
        now: Instant,
    ) -> Result<Loaded<E>, Failure> {
        let since = self.known_refusals.begin();
        let loaded = self.within("load", self.store.load(key)).await;
        let mut loaded = match loaded.inspect_err(|failure| self.note_unreadable(failure))? {
            Some(stored) => self.refreshed(&stored, policy, now)?,
            None => remains(self.left(key).await?, policy, now),
        };
        self.compare(key, since, now, &mut loaded);
        Ok(loaded)
    }

    async fn load_records<E: Extent>(
        &self,
        customers: &[Customer],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<Loaded<E>, Failure>> {
        let keys: Vec<Key> = customers.iter().map(|it| Key::clone(it)).collect();
        let mut records = self.read_keys(&keys, policy, now).await;
        for (customer, record) in customers.iter().zip(&mut records) {
            if !customer.others().is_empty() {
                *record = self.read_under_all(customer, policy, now).await;
            }
        }
        records
    }

    /// The records under all spellings of an id, as one record, with the version of the one under
    /// the id's own spelling. Whole records are read, since merging needs more than a decision
    /// does: what tells one contact or one yes from another.
    async fn read_under_all<E: Extent>(
        &self,
        customer: &Customer,
        policy: &Policy,
        now: Instant,
    ) -> Result<Loaded<E>, Failure> {
        let mut all: WholeRecord = self.read_under(customer, policy, now).await?;
        for key in customer.others() {
            let other: WholeRecord = self.read_under(key, policy, now).await?;
            // Refusals that the store has lost and this instance knows have no version.
            let known = other.is_ahead.then_some(Version { incarnation: 0, counter: 0 });
            let version = other.version.or(other.left).or(known);
            let Some(Version { incarnation, counter }) = version else { continue };
            let of = TakenOver { id: key.id.clone(), incarnation, counter };
            if !operation::has_taken_over(&all.record, &of) {
                operation::take_over(&mut all.record, &other.record, of);
                all.is_ahead = true;
            }
        }
        let Loaded { record, version, left, is_ahead, extent } = all;
        Ok(Loaded { record, version, left, is_ahead, extent: E::of(extent) })
    }

    async fn read_keys<E: Extent>(
        &self,
        keys: &[Key],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<Loaded<E>, Failure>> {
        let since = self.known_refusals.begin();
        let loaded = self.load_all_of(keys).await;
        // For customers who have no record: what an erasure has left.
        let absent = keys.iter().zip(&loaded).filter(|(_, stored)| matches!(stored, Ok(None)));
        let absent: Vec<Key> = absent.map(|(key, _)| key.clone()).collect();
        let mut left = self.left_of(&absent).await.into_iter();
        let records = keys.iter().zip(loaded).map(|(key, stored)| {
            let mut loaded = match stored.inspect_err(|failure| self.note_unreadable(failure))? {
                Some(stored) => self.refreshed(&stored, policy, now)?,
                None => remains(left.next().transpose()?.unwrap_or_default(), policy, now),
            };
            self.compare(key, since, now, &mut loaded);
            Ok(loaded)
        });
        records.collect()
    }

    /// Compares what was read with what this instance knows, and gives back what the store has
    /// lost.
    fn compare<E>(&self, key: &Key, since: Since, now: Instant, loaded: &mut Loaded<E>) {
        let read = Read { since, version: loaded.version, now };
        loaded.is_ahead = self.known_refusals.note_read(key, &read, &mut loaded.record);
        if loaded.is_ahead {
            self.metrics.refusal_missing();
            tracing::error!(
                "the store has lost a customer's refusal, which this instance knows: it holds, and \
                 is written back when the customer changes next; look at the store, and put a \
                 backup back"
            );
        }
    }

    /// Several values, each as `load` would answer.
    pub(super) async fn load_all_of(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Failure>> {
        if keys.is_empty() {
            return Vec::new();
        }
        let load = async { Ok(self.store.load_many(keys).await) };
        // A store bounds each of its parts by itself, so that one that is silent costs the others
        // nothing.
        let most = self.settings.store_timeout.saturating_mul(2);
        match self.within_time(most, "load_many", load).await {
            Ok(loaded) => loaded.into_iter().map(|stored| stored.map_err(Failure::from)).collect(),
            Err(failure) => vec![Err(failure); keys.len()],
        }
    }

    /// A value that was read, as it stands now.
    pub(super) fn refreshed<E: Extent>(
        &self,
        stored: &Stored,
        policy: &Policy,
        now: Instant,
    ) -> Result<Loaded<E>, Failure> {
        let read = E::read(&stored.value).map_err(Failure::from);
        let (mut record, extent) = read.inspect_err(|failure| self.note_unreadable(failure))?;
        operation::refresh(policy, &mut record, now);
        let version = Some(stored.version);
        Ok(Loaded { record, version, left: None, is_ahead: false, extent })
    }

    /// Counts and tells that a record was damaged or newer, whether the store found that or its
    /// reader.
    fn note_unreadable(&self, failure: &Failure) {
        if let Failure::Unreadable(why) = failure {
            self.metrics.record_unreadable();
            tracing::error!(why, "a customer's record cannot be read");
        }
    }

    /// Waits for the store, but not for ever.
    pub(super) async fn within<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, store::Error>>,
    ) -> Result<T, Failure> {
        self.within_time(self.most(), operation, call).await
    }

    fn most(&self) -> Duration {
        if is_trusted() { self.patience() } else { self.settings.store_timeout }
    }

    /// Waits until a change is acknowledged. What must be on a disk of our own is waited for
    /// longer: nothing else can keep it, and a disk that others use may take a second.
    pub(super) async fn within_durable<T>(
        &self,
        operation: &'static str,
        durability: Durability,
        call: impl Future<Output = Result<T, store::Error>>,
    ) -> Result<T, Failure> {
        let most = longest(self.most(), durability, self.store.is_shared());
        self.within_time(most, operation, call).await
    }

    /// Waits for the store for a time.
    pub(super) async fn within_time<T>(
        &self,
        most: Duration,
        operation: &'static str,
        call: impl Future<Output = Result<T, store::Error>>,
    ) -> Result<T, Failure> {
        self.guard.check()?;
        let stopwatch = Stopwatch::start();
        let bounded = async {
            let result = tokio::time::timeout(most, call).await;
            result.unwrap_or_else(|_elapsed| Err(too_slow(operation, most)))
        };
        let result = trace::store(operation, bounded).await;
        self.metrics.store(operation, stopwatch.elapsed(), result.is_ok());
        if let Err(why) = &result {
            tracing::warn!(operation, %why, "the store failed");
        }
        if result.is_ok() && changes(operation) {
            self.guard.note_written();
        }
        Ok(result?)
    }
}

/// The longest time for a change, given the longest time `most` for a call.
fn longest(most: Duration, durability: Durability, is_shared: bool) -> Duration {
    if durability == Durability::Buffered || is_shared { most } else { most.max(DISK_PATIENCE) }
}

/// Whether an operation of the store changes its values.
fn changes(operation: &str) -> bool {
    matches!(operation, "replace" | "remove")
}

fn too_slow(operation: &'static str, timeout: Duration) -> store::Error {
    let why = format!("no answer within {} ms", timeout.as_millis());
    // A read that has not answered has changed nothing.
    if matches!(operation, "replace" | "settle" | "remove") {
        store::Error::Unknown(why)
    } else {
        store::Error::Unavailable(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_disk_of_our_own_is_waited_for_longer() {
        let most = Duration::from_millis(250);
        for durability in [Durability::Synced, Durability::Replicated] {
            assert_eq!(longest(most, durability, false), DISK_PATIENCE);
            assert_eq!(longest(most, durability, true), most);
            assert_eq!(longest(most * 9, durability, false), most * 9);
        }
        assert_eq!(longest(most, Durability::Buffered, false), most);
    }
}
