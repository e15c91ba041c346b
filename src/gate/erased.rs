//! Customers who were erased. What stays of them stands under a keyed hash of tenant and id, so that
//! whoever reads the store does not learn who they were, and whoever asks for one of them finds it.
//!
//! The key of the hash is derived from the installation's secret, which the store does not hold. With
//! another secret nobody who was erased would be found, and their opt-outs would be lost without a
//! word. So the store notes a mark of the key, and courtesy does not start with another one.
//!
//! **Invariant:** a customer's own record, where there is one, has taken over what was left. So only
//! the absence of a record leads here.

use std::fmt;

use bytes::Bytes;

use super::Change;
use super::Failure;
use super::Gate;
use crate::codec::Decoded;
use crate::gate::change::ATTEMPTS;
use crate::model::Name;
use crate::model::Record;
use crate::operation;
use crate::operation::Context;
use crate::operation::RequestKey;
use crate::secret::Secret;
use crate::secret::keyed_hash;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;

/// Says where what is left of a customer stands.
pub(super) struct Hasher([u8; 32]);

impl Gate {
    /// Checks that the secret is the one with which customers were erased; false is that none were.
    ///
    /// # Errors
    /// If it is another one, or the store cannot say.
    pub async fn check_secret(&self) -> Result<bool, Failure> {
        match self.within("load", self.store.load(&mark_key()?)).await? {
            None => Ok(false),
            Some(stored) if *stored.value == self.hasher.mark() => Ok(true),
            Some(_) => Err(Failure::OtherSecret),
        }
    }

    /// Erases a customer: what stays is written first, then the record is removed. Returns whether
    /// there was a record. One that is broken off in between can be repeated; a request that has
    /// erased one erases nothing more.
    ///
    /// # Errors
    /// If the record cannot be read, the request's id has been used for another, or the change is not
    /// acknowledged.
    pub async fn erase(&self, change: &Change<'_>) -> Result<bool, Failure> {
        let _lock = self.locks.lock(change.key).await;
        let context = Context { policy: change.policy, now: change.now };
        for _attempt in 0..ATTEMPTS {
            let snapshot = self.look(change.key, change.policy, change.now).await?;
            if RequestKey::is_known(change.request, &snapshot.record)? {
                return Ok(true);
            }
            let Some(version) = snapshot.version else { return Ok(false) };
            let remains = operation::erase::remains(context, &snapshot.record, change.request);
            self.keep(change.key, &remains).await?;
            let remove = self.store.remove(change.key, version, self.settings.wishes);
            if self.within("remove", remove).await? {
                return Ok(true);
            }
            self.metrics.conflict();
        }
        Err(Failure::Conflict)
    }

    /// What is left of customers who have no record, in their order; nothing for those who were never
    /// erased.
    pub(super) async fn remains(&self, keys: &[Key]) -> Vec<Result<Option<Record>, Failure>> {
        let keys: Vec<Key> = keys.iter().map(|key| self.hasher.key(key)).collect();
        let read = self.load_all_of(&keys).await.into_iter().map(|stored| match stored? {
            Some(stored) => Ok(Some(Decoded::read(&stored.value)?.record)),
            None => Ok(None),
        });
        read.collect()
    }

    async fn keep(&self, key: &Key, remains: &Record) -> Result<(), Failure> {
        self.set_mark().await?;
        let key = self.hasher.key(key);
        let value = Decoded::default().write(remains);
        for _attempt in 0..ATTEMPTS {
            let known = self.within("load", self.store.load(&key)).await?;
            let expected = known.map(|stored| stored.version);
            let (key, value) = (key.clone(), value.clone());
            let replacement = Replacement { key, expected, value, expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            if let Replaced::Done(_) = self.within("replace", write).await? {
                return Ok(());
            }
        }
        Err(Failure::Conflict)
    }

    /// Notes the mark of the key, unless it has been noted.
    async fn set_mark(&self) -> Result<(), Failure> {
        let key = mark_key()?;
        if self.within("load", self.store.load(&key)).await?.is_none() {
            let mark = Bytes::copy_from_slice(&self.hasher.mark());
            let replacement = Replacement { key, expected: None, value: mark, expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            // Whoever was faster has noted a mark as well, which the check below compares.
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

    /// Tells one key from another, and nothing else. No customer has this hash: tenants have names.
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
