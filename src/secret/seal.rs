//! One kind of sealed message. Only its own installation can make one, and others cannot read it.
//!
//! A token is `base64url(version ‖ nonce ‖ ciphertext)`, the ciphertext being XChaCha20-Poly1305 of
//! the message. The nonce is a keyed hash of the message, so that sealing needs no randomness and
//! the same message gives the same token.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::Key;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;

use crate::secret;
use crate::secret::Secret;

/// The only version of tokens so far. It is authenticated with the rest.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// The keys of one kind of message.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    nonce_key: [u8; 32],
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(***)")
    }
}

impl Seal {
    /// The keys of a kind of message in an installation.
    #[must_use]
    pub fn new(secret: &Secret, sort: &str) -> Self {
        let key = Key::from(secret.key(&format!("{sort}, encryption")));
        let nonce_key = secret.key(&format!("{sort}, nonce"));
        Self { cipher: XChaCha20Poly1305::new(&key), nonce_key }
    }

    /// The token of a message.
    #[must_use]
    pub fn seal(&self, plain: &[u8]) -> String {
        let hash = secret::keyed_hash(&self.nonce_key, plain);
        let mut nonce = [0; NONCE_BYTES];
        for (byte, of_hash) in nonce.iter_mut().zip(hash) {
            *byte = of_hash;
        }
        let payload = Payload { msg: plain, aad: &[VERSION] };
        // Encryption fails only for messages of 256 GiB.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let mut token = vec![VERSION];
        token.extend(nonce);
        token.extend(sealed);
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    /// The message of a token of at most `bytes_max` bytes; `None` if it is forged, truncated or
    /// altered.
    #[must_use]
    pub fn open(&self, token: &str, bytes_max: usize) -> Option<Vec<u8>> {
        if token.len() > bytes_max {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: &[*version] };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        (*version == VERSION).then_some(plain)
    }
}
