//! Customers who were erased. What stays of them stands under a keyed hash of tenant and id, so
//! that a reader of the store does not learn who they were, and a call for one of them
//! finds it.
//!
//! The key of the hash is derived from the installation's secret, which the store does not hold.
//! With another secret no erased customer would be found, and their opt-outs would be lost
//! without a word. So the store notes a mark of the key, and courtesy does not start with another
//! one.
//!
//! **Invariant:** a customer's own record, where there is one, has taken over what was left. So
//! only the absence of a record leads here.
//!
//! Two instances may erase one customer at once, and others may change the record meanwhile. So
//! what is left is read before the record, and written only over the version that was read: a call
//! that finds another one looks again. And since the absence of a record has no version, a call
//! that makes a record looks afterwards whether an erasure has come in between, and takes over what
//! it left. `interleaved` explores in which order all of that can happen.

use std::fmt;

use bytes::Bytes;

use super::Change;
use super::Customer;
use super::Failure;
use super::Gate;
use super::read::WholeRecord;
use crate::codec::Decoded;
use crate::gate::change::ATTEMPTS;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::request::ErasedRequest;
use crate::model::request::MEMORY;
use crate::operation;
use crate::operation::Context;
use crate::operation::Fault;
use crate::operation::RequestKey;
use crate::secret::Secret;
use crate::secret::keyed_hash;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The key of the hash under which the data of an erased customer is stored.
pub(super) struct Hasher([u8; 32]);

/// The remains of a customer's record after an erasure.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) record: Record,
    /// `None` if nothing is left.
    pub(super) version: Option<Version>,
}

/// The result of a request to erase a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Some data was erased.
    Done,
    /// Nothing: an earlier call with this request has erased the customer.
    Repeated {
        /// Whether a record has been made since.
        is_on_record: bool,
    },
    /// Nothing: there was no record.
    Nothing,
}

impl Erasure {
    /// The result for both of two records of one customer.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Done, _) | (_, Self::Done) => Self::Done,
            (Self::Repeated { is_on_record: one }, Self::Repeated { is_on_record: other }) => {
                Self::Repeated { is_on_record: one || other }
            }
            (Self::Nothing, it) | (it, Self::Nothing) => it,
        }
    }
}

impl Gate {
    /// Checks that the secret is the one with which customers were erased; false is that none were.
    ///
    /// # Errors
    /// If it is another one, or the store cannot be read.
    pub async fn check_secret(&self) -> Result<bool, Failure> {
        match self.within("load", self.store.load(&mark_key()?)).await? {
            None => Ok(false),
            Some(stored) if *stored.value == self.hasher.mark() => Ok(true),
            Some(_) => Err(Failure::OtherSecret),
        }
    }

    /// Erases a customer: what stays is written first, then the record is removed. One that is
    /// broken off in between can be repeated; a request that has erased one erases nothing more.
    ///
    /// # Errors
    /// If the record cannot be read, the request's id has been used for another, or the change is
    /// not acknowledged.
    pub async fn erase(&self, change: &Change<'_>) -> Result<Erasure, Failure> {
        let _lock = self.locks.lock(change.key).await;
        let mut erasure = self.erase_under(change.key, change).await?;
        for other in change.key.others() {
            erasure = erasure.with(self.erase_under(other, change).await?);
        }
        Ok(erasure)
    }

    /// Erases what stands under one key.
    async fn erase_under(&self, key: &Key, change: &Change<'_>) -> Result<Erasure, Failure> {
        let context = Context { policy: change.policy, now: change.now };
        for _attempt in 0..ATTEMPTS {
            // The remains are read before the record: so remains that another erasure leaves later
            // are found when this value is replaced.
            let left = self.left(key).await?;
            let snapshot: WholeRecord = self.read_under(key, change.policy, change.now).await?;
            if self.is_repeated(key, change, &snapshot.record)? {
                self.put_erased(change, &Record::default()).await?;
                return Ok(Erasure::Repeated { is_on_record: snapshot.version.is_some() });
            }
            let (version, record) = (snapshot.version, &snapshot.record);
            if version.is_none() && !snapshot.is_ahead {
                if left.version.is_some() {
                    self.put_erased(change, &Record::default()).await?;
                }
                return Ok(Erasure::Nothing);
            }
            let mark = |request_id: &str| self.hasher.mark_of(key, request_id);
            let erasing = change.request.map(|it| self.hasher.erasing(key, it, change.now));
            let remains = operation::erase::remains(context, record, &left.record, erasing, mark);
            if self.keep(key, &remains, left.version).await? && self.is_gone(key, version).await? {
                self.known_refusals.note_erased(key, &remains);
                self.put_erased(change, record).await.map_err(Failure::in_doubt)?;
                return Ok(Erasure::Done);
            }
            self.metrics.conflict();
        }
        Err(Failure::Conflict)
    }

    /// Whether this request to erase the customer has been answered before.
    fn is_repeated(&self, key: &Key, change: &Change<'_>, record: &Record) -> Result<bool, Fault> {
        let Some(request) = change.request else { return Ok(false) };
        let asked = self.hasher.erasing(key, request, change.now);
        match record.erased_requests.iter().find(|it| it.mark == asked.mark) {
            Some(known) if known.body != asked.body => Err(Fault::RequestIdReused),
            Some(_) => Ok(true),
            None => RequestKey::is_known(Some(request), record),
        }
    }

    /// Refuses a request that changes a customer's record under the id of one that has erased it.
    ///
    /// # Errors
    /// If the request has the id of the one that erased the customer.
    pub fn check_unused(
        &self,
        key: &Customer,
        record: &Record,
        request_id: &str,
    ) -> Result<(), Fault> {
        let erasing = || record.erased_requests.iter().filter(|it| it.body.is_some());
        let is_used = |key: &Key| {
            let mark = self.hasher.mark_of_erasing(key, request_id);
            erasing().any(|it| it.mark == mark)
        };
        if erasing().next().is_some() && (is_used(key) || key.others().iter().any(is_used)) {
            return Err(Fault::RequestIdReused);
        }
        Ok(())
    }

    /// Whether a request of a customer reserved something before the customer was erased.
    #[must_use]
    pub fn was_erased(&self, customer: &Customer, record: &Record, request_id: &str) -> bool {
        let marks = &record.erased_requests;
        let is_marked = |key: &Key| {
            let mark = self.hasher.mark_of(key, request_id);
            marks.iter().any(|request| request.mark == mark)
        };
        !marks.is_empty() && (is_marked(customer) || customer.others().iter().any(is_marked))
    }

    /// Removes a record, and returns whether it was still there, if there was one.
    async fn is_gone(&self, key: &Key, version: Option<Version>) -> Result<bool, Failure> {
        let Some(version) = version else { return Ok(true) };
        let wishes = self.settings.wishes;
        let removal = self.store.remove(key, version, wishes);
        self.within_durable("remove", wishes, removal).await
    }

    /// The remains of several customers, in the given order; empty for a customer who was never
    /// erased.
    pub(super) async fn left_of(&self, keys: &[Key]) -> Vec<Result<Left, Failure>> {
        let keys: Vec<Key> = keys.iter().map(|key| self.hasher.key(key)).collect();
        let read = self.load_all_of(&keys).await.into_iter().map(|stored| match stored? {
            Some(Stored { version, value }) => {
                Ok(Left { record: Decoded::read(&value)?.record, version: Some(version) })
            }
            None => Ok(Left::default()),
        });
        read.collect()
    }

    pub(super) async fn left(&self, key: &Key) -> Result<Left, Failure> {
        let left = self.left_of(std::slice::from_ref(key)).await.pop();
        left.unwrap_or_else(|| Ok(Left::default()))
    }

    /// Lets a record that was made where there was none take over what an erasure has left
    /// meanwhile: the customer may have been made, changed and erased by others since the call that
    /// made it looked. `seen` is what was left then.
    pub(super) async fn take_over(
        &self,
        change: &Change<'_>,
        seen: Option<Version>,
    ) -> Result<(), Failure> {
        // The record that is taken over was acknowledged as a wish.
        let durability = change.durability.max(self.settings.wishes);
        let change = &Change { durability, ..change.clone() };
        for _attempt in 0..ATTEMPTS {
            let left = self.left(change.key).await?;
            if left.version == seen {
                return Ok(());
            }
            let snapshot = self.read(change.key, change.policy, change.now).await?;
            let mut record = snapshot.record.clone();
            operation::erase::merge(&mut record, &left.record);
            // Where there is no record, an erasure has taken care of it.
            if snapshot.version.is_none() || record == snapshot.record {
                return Ok(());
            }
            match self.replace(change, &snapshot, &record).await? {
                Replaced::Done(version) => {
                    self.known_refusals.note_written(change.key, version, &record);
                    return Ok(());
                }
                Replaced::Changed(_) => self.metrics.conflict(),
            }
        }
        Err(Failure::Conflict)
    }

    /// Keeps what stays of a customer in place of what was left before, and returns whether that
    /// was still there.
    async fn keep(
        &self,
        key: &Key,
        remains: &Record,
        expected: Option<Version>,
    ) -> Result<bool, Failure> {
        self.set_mark().await?;
        let (key, value) = (self.hasher.key(key), Decoded::default().write(remains));
        let replacement = Replacement { key, expected, value, expires: None };
        let write = self.store.replace(replacement, self.settings.wishes);
        let written = self.within_durable("replace", self.settings.wishes, write).await?;
        Ok(matches!(written, Replaced::Done(_)))
    }

    /// Notes the mark of the key, unless it has been noted.
    async fn set_mark(&self) -> Result<(), Failure> {
        let key = mark_key()?;
        if self.within("load", self.store.load(&key)).await?.is_none() {
            let mark = Bytes::copy_from_slice(&self.hasher.mark());
            let replacement = Replacement { key, expected: None, value: mark, expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            // Another call was faster and has noted a mark as well, which the check below compares.
            self.within("replace", write).await?;
        }
        self.check_secret().await.map(drop)
    }
}

impl Hasher {
    pub(super) fn new(secret: &Secret) -> Self {
        Self(secret.key("erased customers"))
    }

    fn key(&self, key: &Key) -> Key {
        // Names have at most 128 bytes, so tenant and id cannot run into each other.
        let mut message = vec![u8::try_from(key.tenant.len()).unwrap_or(u8::MAX)];
        message.extend(key.tenant.as_bytes());
        message.extend(key.id.as_bytes());
        let hash = keyed_hash(&self.0, &message);
        let digits: String =
            hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
        Key { space: Space::Erased, tenant: key.tenant.clone(), id: digits.into() }
    }

    /// The hash that identifies a request of a customer.
    fn mark_of(&self, key: &Key, request_id: &str) -> u64 {
        // No id has a control character, so they cannot run into each other.
        let message = [self.key(key).id.as_bytes(), b"\n", request_id.as_bytes()].concat();
        let hash = keyed_hash(&self.0, &message);
        hash.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default()
    }

    /// The mark that remembers a request to erase a customer that is answered now. The request's
    /// body is hashed with a key, since it names the customer.
    fn erasing(&self, key: &Key, request: &RequestKey, now: Instant) -> ErasedRequest {
        let body = format!("\n{}\n{}", request.id, request.body);
        ErasedRequest {
            mark: self.mark_of_erasing(key, &request.id),
            body: Some(self.mark_of(key, &body)),
            forgotten: now.plus(MEMORY),
        }
    }

    /// The hash that identifies a request to erase a customer. No other request has it.
    fn mark_of_erasing(&self, key: &Key, request_id: &str) -> u64 {
        self.mark_of(key, &format!("\n{request_id}"))
    }

    /// The hash that identifies the secret. No customer has it: tenants have names.
    pub(super) fn mark(&self) -> [u8; 32] {
        keyed_hash(&self.0, &[])
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A hexadecimal digit.
fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or_default()
}

fn mark_key() -> Result<Key, Failure> {
    let tenant = Name::new("courtesy").map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(Key { space: Space::Notes, tenant, id: Box::from("key of erased customers") })
}
