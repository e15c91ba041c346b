//! Customers who were erased. What stays of them stands under a keyed hash of tenant and id, so that
//! whoever reads the store does not learn who they were, and whoever asks for one of them finds it.
//!
//! The key of the hash is drawn at random when the first customer is erased, and kept in the store
//! itself: all instances share it, and it moves with the records.
//!
//! **Invariant:** a customer's own record, where there is one, has taken over what was left. So only
//! the absence of a record leads here.

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;

use super::Change;
use super::Failure;
use super::Gate;
use crate::codec::Decoded;
use crate::gate::change::ATTEMPTS;
use crate::model::Name;
use crate::model::Record;
use crate::operation;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Space;

/// As long as a block of the hash.
const SECRET_BYTES: usize = 64;

/// The key of the hash.
pub(super) type Secret = [u8; SECRET_BYTES];

impl Gate {
    /// Erases a customer: what stays is written first, then the record is removed. Returns whether
    /// there was a record. One that is broken off in between can be repeated.
    ///
    /// # Errors
    /// If the record cannot be read, or the change is not acknowledged.
    pub async fn erase(&self, change: &Change<'_>) -> Result<bool, Failure> {
        let _lock = self.locks.lock(change.key).await;
        for _attempt in 0..ATTEMPTS {
            let stored = self.within("load", self.store.load(change.key)).await?;
            let Some(stored) = stored else { return Ok(false) };
            let version = stored.version;
            let snapshot = self.snapshot(stored, change.policy, change.now)?;
            let remains = operation::erase::remains(&snapshot.record, change.now);
            self.keep(change.key, &remains).await?;
            let remove = self.store.remove(change.key, version, Durability::Synced);
            if self.within("replace", remove).await? {
                return Ok(true);
            }
            self.metrics.conflict();
        }
        Err(Failure::Conflict)
    }

    /// What is left of customers, some of whom were erased, in their order; nothing for the others.
    pub(super) async fn remains(&self, keys: &[Key]) -> Result<Vec<Option<Record>>, Failure> {
        let Some(secret) = self.secret().await? else { return Ok(vec![None; keys.len()]) };
        let keys: Vec<Key> = keys.iter().map(|key| hashed(key, &secret)).collect();
        let stored = self.within("load_many", self.store.load_many(&keys)).await?;
        let read = stored.into_iter().map(|stored| match stored {
            Some(stored) => Ok(Some(Decoded::read(&stored.value)?.record)),
            None => Ok(None),
        });
        read.collect()
    }

    async fn keep(&self, key: &Key, remains: &Record) -> Result<(), Failure> {
        let secret = match self.secret().await? {
            Some(secret) => secret,
            None => self.draw_secret().await?,
        };
        let key = hashed(key, &secret);
        let value = Decoded::default().write(remains);
        for _attempt in 0..ATTEMPTS {
            let known = self.within("load", self.store.load(&key)).await?;
            let expected = known.map(|stored| stored.version);
            let write = self.store.replace(&key, expected, value.clone(), Durability::Synced);
            if let Replaced::Done(_) = self.within("replace", write).await? {
                return Ok(());
            }
        }
        Err(Failure::Conflict)
    }

    /// The key of the hash; none while nobody has been erased.
    async fn secret(&self) -> Result<Option<Secret>, Failure> {
        if let Some(secret) = self.secret.get() {
            return Ok(Some(*secret));
        }
        let stored = self.within("load", self.store.load(&secret_key()?)).await?;
        let Some(stored) = stored else { return Ok(None) };
        let damaged = |_| Failure::Unreadable("the key of erased customers is damaged".to_owned());
        let secret = Secret::try_from(&*stored.value).map_err(damaged)?;
        Ok(Some(*self.secret.get_or_init(|| secret)))
    }

    /// Draws it, unless another instance has done so.
    async fn draw_secret(&self) -> Result<Secret, Failure> {
        let mut secret = [0; SECRET_BYTES];
        let silent = |error| {
            Failure::StoreUnavailable(format!("the machine gives no random numbers: {error}"))
        };
        getrandom::fill(&mut secret).map_err(silent)?;
        let value = bytes::Bytes::copy_from_slice(&secret);
        let key = secret_key()?;
        let write = self.store.replace(&key, None, value, Durability::Synced);
        self.within("replace", write).await?;
        self.secret().await?.ok_or(Failure::Conflict)
    }
}

/// Where what is left of a customer stands.
fn hashed(key: &Key, secret: &Secret) -> Key {
    let mut mac = Hmac::<Sha256>::new(&(*secret).into());
    // Names have at most 128 bytes, so tenant and id cannot run into each other.
    mac.update(&[u8::try_from(key.tenant.len()).unwrap_or(u8::MAX)]);
    mac.update(key.tenant.as_bytes());
    mac.update(key.id.as_bytes());
    let hash = mac.finalize().into_bytes();
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Key { space: Space::Erased, tenant: key.tenant.clone(), id: digits.into() }
}

fn secret_key() -> Result<Key, Failure> {
    let tenant = Name::new("courtesy").map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(Key { space: Space::Secrets, tenant, id: Box::from("erased") })
}
