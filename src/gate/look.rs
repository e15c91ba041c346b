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

/// A record as it stands at an instant.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The record, with holds that have ended given back.
    pub record: Record,
    /// Its version; unset where nothing is on record.
    pub version: Option<Version>,
    pub(super) decoded: Decoded,
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
        let stored = self.within("load", self.store.load(key)).await?;
        self.snapshot(stored, policy, now)
    }

    /// Some customers' records, each as `look` would answer.
    pub async fn look_at_all(
        &self,
        keys: &[Key],
        policy: &Policy,
        now: Instant,
    ) -> Vec<Result<Snapshot, Failure>> {
        let loaded = self.within("load_many", self.store.load_many(keys)).await;
        match loaded {
            Ok(stored) => {
                stored.into_iter().map(|stored| self.snapshot(stored, policy, now)).collect()
            }
            // One that is damaged must not stand for all: ask for each.
            Err(_of_one_of_them) => {
                let mut snapshots = Vec::with_capacity(keys.len());
                for key in keys {
                    snapshots.push(self.look(key, policy, now).await);
                }
                snapshots
            }
        }
    }

    pub(super) fn snapshot(
        &self,
        stored: Option<Stored>,
        policy: &Policy,
        now: Instant,
    ) -> Result<Snapshot, Failure> {
        let Some(stored) = stored else { return Ok(Snapshot::default()) };
        let mut decoded = Decoded::read(&stored.value).inspect_err(|why| {
            self.metrics.record_unreadable();
            tracing::error!(%why, "a customer's record cannot be read");
        })?;
        let mut record = std::mem::take(&mut decoded.record);
        operation::refresh(policy, &mut record, now);
        Ok(Snapshot { record, version: Some(stored.version), decoded })
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
        let result = tokio::time::timeout(most, call).await;
        let result = result.unwrap_or_else(|_elapsed| Err(too_slow(operation, most)));
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
    if operation == "replace" { store::Error::Unknown(why) } else { store::Error::Unavailable(why) }
}
