//! Reading records.

use std::future::Future;
use std::time::Duration;

use super::Failure;
use super::Gate;
use crate::clock::Stopwatch;
use crate::codec::Decoded;
use crate::model::Instant;
use crate::model::Record;
use crate::operation;
use crate::policy::Policy;
use crate::store;
use crate::store::Key;
use crate::store::Stored;
use crate::store::Version;
use crate::telemetry::trace;

/// A record as it stands at an instant.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The record, with holds that have ended given back.
    pub record: Record,
    /// Its version; unset where nothing is on record, but for what outlived an erasure.
    pub version: Option<Version>,
    pub(super) decoded: Decoded,
}

impl Snapshot {
    /// What an erasure has left of a customer who has no record, or nothing.
    fn left(remains: Option<Record>, policy: &Policy, now: Instant) -> Self {
        let mut record = remains.unwrap_or_default();
        operation::refresh(policy, &mut record, now);
        Self { record, version: None, decoded: Decoded::default() }
    }
}

impl Gate {
    /// A customer's record.
    ///
    /// # Errors
    /// If the store cannot say, or the record cannot be read.
    pub async fn look(
        &self,
        key: &Key,
        policy: &Policy,
        now: Instant,
    ) -> Result<Snapshot, Failure> {
        let loaded = self.within("load", self.store.load(key)).await;
        let snapshot = match loaded.inspect_err(|failure| self.note_unreadable(failure))? {
            Some(stored) => self.snapshot(&stored, policy, now)?,
            None => {
                let remains = self.remains(std::slice::from_ref(key)).await.pop();
                Snapshot::left(remains.transpose()?.flatten(), policy, now)
            }
        };
        self.seen.note(key, &snapshot.record);
        Ok(snapshot)
    }

    /// Some customers' records, each as `look` would answer.
    pub async fn look_at_all(
        &self,
        keys: &[Key],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<Snapshot, Failure>> {
        let loaded = self.load_all_of(keys).await;
        // For customers who have no record: what an erasure has left.
        let absent = keys.iter().zip(&loaded).filter(|(_, stored)| matches!(stored, Ok(None)));
        let absent: Vec<Key> = absent.map(|(key, _)| key.clone()).collect();
        let mut remains = self.remains(&absent).await.into_iter();
        let snapshots = keys.iter().zip(loaded).map(|(key, stored)| {
            let snapshot = match stored.inspect_err(|failure| self.note_unreadable(failure))? {
                Some(stored) => self.snapshot(&stored, policy, now)?,
                None => Snapshot::left(remains.next().transpose()?.flatten(), policy, now),
            };
            self.seen.note(key, &snapshot.record);
            Ok(snapshot)
        });
        snapshots.collect()
    }

    /// Some values, each as `load` would answer.
    pub(super) async fn load_all_of(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Failure>> {
        if keys.is_empty() {
            return Vec::new();
        }
        let load = async { Ok(self.store.load_many(keys).await) };
        match self.within("load_many", load).await {
            Ok(loaded) => loaded.into_iter().map(|stored| stored.map_err(Failure::from)).collect(),
            Err(failure) => vec![Err(failure); keys.len()],
        }
    }

    pub(super) fn snapshot(
        &self,
        stored: &Stored,
        policy: &Policy,
        now: Instant,
    ) -> Result<Snapshot, Failure> {
        let decoded = Decoded::read(&stored.value).map_err(Failure::from);
        let mut decoded = decoded.inspect_err(|failure| self.note_unreadable(failure))?;
        let mut record = std::mem::take(&mut decoded.record);
        operation::refresh(policy, &mut record, now);
        Ok(Snapshot { record, version: Some(stored.version), decoded })
    }

    /// Counts and tells that a record was damaged or newer, whether the store found that or its reader.
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
        self.within_time(self.settings.store_timeout, operation, call).await
    }

    /// Waits for the store for a time.
    pub(super) async fn within_time<T>(
        &self,
        most: Duration,
        operation: &'static str,
        call: impl Future<Output = Result<T, store::Error>>,
    ) -> Result<T, Failure> {
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
        Ok(result?)
    }
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
