//! Customers' ids cannot be read in Redis: in keys they are keyed hashes, and beside the value they
//! are sealed, so that an export can name them again.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;

use crate::model::Name;
use crate::secret::Secret;
use crate::secret::keyed_hash;

/// Bytes of the hash that are kept: enough that no two customers share them, and the length of the
/// cipher's nonce.
const HASH_BYTES: usize = 24;

/// Hides ids with keys that Redis does not have.
#[derive(Clone)]
pub(super) struct Hider {
    hash_key: [u8; 32],
    cipher: XChaCha20Poly1305,
}

/// An id as it stands in a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hidden([u8; HASH_BYTES]);

impl Hider {
    pub(super) fn new(secret: &Secret) -> Self {
        let key = chacha20poly1305::Key::from(secret.key("ids in keys, encryption"));
        let hash_key = secret.key("ids in keys, hash");
        Self { hash_key, cipher: XChaCha20Poly1305::new(&key) }
    }

    /// The hidden form of an id.
    pub(super) fn hide(&self, tenant: &Name, id: &str) -> Hidden {
        // Names have at most 128 bytes, so tenant and id cannot run into each other.
        let mut message = vec![u8::try_from(tenant.len()).unwrap_or(u8::MAX)];
        message.extend(tenant.as_bytes());
        message.extend(id.as_bytes());
        let mut kept = [0; HASH_BYTES];
        for (kept, byte) in kept.iter_mut().zip(keyed_hash(&self.hash_key, &message)) {
            *kept = byte;
        }
        Hidden(kept)
    }

    /// The id, encrypted. The hash is the nonce: it differs for every id, and an id is always the
    /// same message.
    pub(super) fn seal(&self, hidden: &Hidden, id: &str) -> Vec<u8> {
        // Encryption fails only for messages of 256 GiB.
        self.cipher.encrypt(&XNonce::from(hidden.0), id.as_bytes()).unwrap_or_default()
    }

    /// The id that was sealed.
    pub(super) fn open(&self, hidden: &Hidden, sealed: &[u8]) -> Option<Box<str>> {
        let id = self.cipher.decrypt(&XNonce::from(hidden.0), sealed).ok()?;
        Some(String::from_utf8(id).ok()?.into())
    }
}

impl Hidden {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(Self(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Hider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
