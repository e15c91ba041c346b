//! Changing records.

use super::Failure;
use super::Gate;
use super::look::Snapshot;
use crate::model::Instant;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::RequestKey;
use crate::policy::Policy;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Version;

/// How often a change is tried while others are faster.
pub(super) const ATTEMPTS: usize = 5;

/// What a change is made to, and how.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The customer.
    pub key: &'a Key,
    /// The policy in force.
    pub policy: &'a Policy,
    /// The time.
    pub now: Instant,
    /// What it must survive before it is acknowledged.
    pub durability: Durability,
    /// The version that the caller has seen, if that matters.
    pub expected: Option<Version>,
    /// The request, if the caller has named it. Repeating it is no matter of versions.
    pub request: Option<&'a RequestKey>,
}

impl Change<'_> {
    /// Whether the record is the one that the caller has seen, or has this change already.
    fn is_due(&self, snapshot: &Snapshot) -> Result<bool, Fault> {
        let is_seen = self.expected.is_none() || self.expected == snapshot.version;
        Ok(is_seen || RequestKey::is_known(self.request, &snapshot.record)?)
    }
}

impl Gate {
    /// Lets an operation work on a customer's record and writes it if that changed it. Returns the
    /// operation's result and the version that it saw or made.
    ///
    /// # Errors
    /// If the operation was not done, the record could not be read, or the change is not
    /// acknowledged.
    pub async fn change<T>(
        &self,
        change: &Change<'_>,
        operation: impl Fn(&mut Record) -> Result<T, Fault>,
    ) -> Result<(T, Option<Version>), Failure> {
        let _lock = self.locks.lock(change.key).await;
        for _attempt in 0..ATTEMPTS {
            let snapshot = self.look(change.key, change.policy, change.now).await?;
            if !change.is_due(&snapshot)? {
                return Err(Failure::VersionMoved);
            }
            let mut record = snapshot.record.clone();
            let result = operation(&mut record)?;
            if record == snapshot.record {
                return Ok((result, snapshot.version));
            }
            match self.replace(change, &snapshot, &record).await? {
                Replaced::Done(version) => return Ok((result, Some(version))),
                Replaced::Changed => self.metrics.conflict(),
            }
        }
        Err(Failure::Conflict)
    }

    async fn replace(
        &self,
        change: &Change<'_>,
        snapshot: &Snapshot,
        record: &Record,
    ) -> Result<Replaced, Failure> {
        let value = snapshot.decoded.write(record);
        let (key, expected) = (change.key, snapshot.version);
        let write = self.store.replace(key, expected, value, change.durability);
        self.within("replace", write).await
    }
}
