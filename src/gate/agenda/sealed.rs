//! The agenda as the gate sees it. Stored entries name no customer: ids are sealed, so that an
//! entry about an erasure leaves no trace of the customer in the store's files.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;

use crate::model::agenda::Entry;
use crate::secret::Secret;
use crate::secret::keyed_hash;
use crate::store::Found;

/// The number of bytes of the nonce.
const NONCE_BYTES: usize = 24;

/// Seals the customers of entries, each always alike.
pub(in crate::gate) struct Seal {
    hash_key: [u8; 32],
    cipher: XChaCha20Poly1305,
}

impl Seal {
    pub(in crate::gate) fn new(secret: &Secret) -> Self {
        let key = chacha20poly1305::Key::from(secret.key("customers in the agenda, encryption"));
        let hash_key = secret.key("customers in the agenda, hash");
        Self { hash_key, cipher: XChaCha20Poly1305::new(&key) }
    }

    /// An entry as it is stored. One that is about no customer stays as it is.
    pub(super) fn close(&self, entry: &Entry) -> Entry {
        if entry.customer.is_empty() {
            return entry.clone();
        }
        // Names have at most 128 bytes, so tenant and id cannot run into each other.
        let mut message = vec![u8::try_from(entry.tenant.len()).unwrap_or(u8::MAX)];
        message.extend(entry.tenant.as_bytes());
        message.extend(entry.customer.as_bytes());
        let mut nonce = [0; NONCE_BYTES];
        for (nonce, byte) in nonce.iter_mut().zip(keyed_hash(&self.hash_key, &message)) {
            *nonce = byte;
        }
        // Equal ids give equal messages. Encryption fails only for messages of 256 GiB.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), entry.customer.as_bytes());
        let bytes = [&nonce[..], &sealed.unwrap_or_default()].concat();
        Entry { customer: BASE64_URL_SAFE_NO_PAD.encode(bytes).into(), ..entry.clone() }
    }

    /// The entries that were found. One that another secret has sealed leads to no record.
    pub(super) fn open(&self, found: Vec<Found>) -> Vec<Found> {
        let open =
            |Found { bucket, entry }: Found| Some(Found { bucket, entry: self.open_one(entry)? });
        found.into_iter().filter_map(open).collect()
    }

    fn open_one(&self, entry: Entry) -> Option<Entry> {
        if entry.customer.is_empty() {
            return Some(entry);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(entry.customer.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let id = self.cipher.decrypt(&XNonce::from(nonce), sealed).ok()?;
        Some(Entry { customer: String::from_utf8(id).ok()?.into(), ..entry })
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
