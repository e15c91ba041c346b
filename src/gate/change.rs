//! Changing records.

use super::Customer;
use super::Failure;
use super::Gate;
use super::agenda::Entries;
use super::read::WholeRecord;
use crate::model::Instant;
use crate::model::Record;
use crate::operation;
use crate::operation::Draft;
use crate::operation::Fault;
use crate::operation::RequestKey;
use crate::policy::Policy;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Stored;
use crate::store::Version;

/// The number of attempts at a change while other writers are faster.
pub(super) const ATTEMPTS: usize = 5;

/// A change of one customer's record: its key, and how it is made.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The customer.
    pub key: &'a Customer,
    /// The policy in force.
    pub policy: &'a Policy,
    /// The time.
    pub now: Instant,
    /// The failures that the change must survive before it is acknowledged.
    pub durability: Durability,
    /// The version that the caller has seen, if that matters.
    pub expected: Option<Version>,
    /// Whether the change is a wish, or another that leads to entries of the agenda: repeating it
    /// adds them again.
    pub is_wish: bool,
    /// The request, if the caller has named it. Repeating it does not depend on versions.
    pub request: Option<&'a RequestKey>,
}

impl Change<'_> {
    /// Whether the change is still to be made. Fails if the record is not the one that the caller
    /// saw, and does not have this change either.
    fn is_due(&self, snapshot: &WholeRecord) -> Result<bool, Fault> {
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
        operation: impl Fn(&mut Draft<'_>) -> Result<T, Fault>,
    ) -> Result<(T, Option<Version>), Failure> {
        self.change_anyhow(change, operation, |_| false).await
    }

    /// Changes a record by an operation that may refuse, and otherwise grants something. A refusal
    /// writes nothing that has to survive.
    ///
    /// # Errors
    /// As for `change`, and while the clock is wrong.
    pub async fn change_unless<T>(
        &self,
        change: &Change<'_>,
        operation: impl Fn(&mut Draft<'_>) -> Result<T, Fault>,
        is_refusal: impl Fn(&T) -> bool,
    ) -> Result<(T, Option<Version>), Failure> {
        self.check_clock()?;
        self.change_anyhow(change, operation, is_refusal).await
    }

    /// Changes a record as `change_unless` does, even if the clock is not trusted.
    pub(super) async fn change_anyhow<T>(
        &self,
        change: &Change<'_>,
        operation: impl Fn(&mut Draft<'_>) -> Result<T, Fault>,
        is_refusal: impl Fn(&T) -> bool,
    ) -> Result<(T, Option<Version>), Failure> {
        let _lock = self.locks.lock(change.key).await;
        let looked = self.read(change.key, change.policy, change.now).await;
        let mut snapshot = looked.inspect_err(|failure| {
            let known = self.refusals(change.key);
            let mut draft = Draft::of(&known);
            if failure.is_of_store() && operation(&mut draft).is_ok() {
                self.known_refusals.note_doubtful(change.key, None, (&known, &draft));
            }
        })?;
        for _attempt in 0..ATTEMPTS {
            if !change.is_due(&snapshot)? {
                return Err(Failure::VersionMoved);
            }
            if let Some(request) = change.request {
                self.check_unused(change.key, &snapshot.record, &request.id)?;
            }
            let mut draft = Draft::of(&snapshot.record);
            let result = operation(&mut draft)?;
            let changed = draft.changed();
            if is_refusal(&result) && changed.is_none() {
                return Ok((result, snapshot.version));
            }
            if changed.is_none() && !snapshot.is_ahead {
                if self.settle(change, &snapshot).await? {
                    self.put_again(change, &snapshot.record).await?;
                    return Ok((result, snapshot.version));
                }
                // Another instance was faster and may have changed what the result rests on.
                self.metrics.conflict();
                snapshot = self.read(change.key, change.policy, change.now).await?;
                continue;
            }
            let record = changed.unwrap_or_else(|| Box::new(snapshot.record.clone()));
            let replaced = self.replace(change, &snapshot, &record).await;
            match replaced.inspect_err(|_| {
                let both = (&snapshot.record, &*record);
                self.known_refusals.note_doubtful(change.key, snapshot.version, both);
            })? {
                Replaced::Done(version) => {
                    self.known_refusals.note_written(change.key, version, &record);
                    if snapshot.version.is_none() {
                        let taken_over = self.take_over(change, snapshot.left).await;
                        taken_over.map_err(Failure::in_doubt)?;
                    }
                    return Ok((result, Some(version)));
                }
                Replaced::Changed(current) => {
                    self.metrics.conflict();
                    snapshot = self.current(change, current).await?;
                }
            }
        }
        Err(Failure::Conflict)
    }

    pub(super) async fn replace(
        &self,
        change: &Change<'_>,
        snapshot: &WholeRecord,
        record: &Record,
    ) -> Result<Replaced, Failure> {
        let value = snapshot.extent.write(record);
        self.require_readable(&value)?;
        let (key, expected) = (Key::clone(change.key), snapshot.version);
        let expires = operation::expiry(change.policy, record, change.now);
        let replacement = Replacement { key, expected, value, expires };
        let Entries { put, settled } = Entries::of(change, snapshot, record);
        let sealed = self.sealed(&put);
        let replace = self.store.replace_and_put(replacement, &sealed, change.durability);
        let replaced = self.within_durable("replace", change.durability, replace).await?;
        if matches!(replaced, Replaced::Done(_)) {
            self.tell_changed(&put);
            self.take_out(&settled).await;
        }
        Ok(replaced)
    }

    /// The record after another writer was faster.
    async fn current(
        &self,
        change: &Change<'_>,
        current: Option<Stored>,
    ) -> Result<WholeRecord, Failure> {
        match current {
            Some(stored) if change.key.others().is_empty() => {
                self.refreshed(&stored, change.policy, change.now)
            }
            Some(_) => self.read(change.key, change.policy, change.now).await,
            // Erased meanwhile, it may be; then something is left elsewhere.
            None => self.read(change.key, change.policy, change.now).await,
        }
    }

    /// A result that has changed nothing may rest on a change whose caller got no answer. Then this
    /// caller is the one that gets the acknowledgement. Returns whether it is still on record as it
    /// was seen.
    async fn settle(&self, change: &Change<'_>, snapshot: &WholeRecord) -> Result<bool, Failure> {
        let Some(version) = snapshot.version else { return Ok(true) };
        let settle = self.store.settle(change.key, version, change.durability);
        self.within_durable("settle", change.durability, settle).await
    }
}
