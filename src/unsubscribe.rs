//! Unsubscribe links: what a customer opts out of with one click, sealed so that only we can make
//! such a link, and it cannot be read.
//!
//! A token is `base64url(version ‖ nonce ‖ ciphertext)`, the ciphertext being XChaCha20-Poly1305 of
//! the link (`proto/courtesy/store/v1/link.proto`). The nonce is a keyed hash of the link, so that
//! sealing needs no randomness and the same link gives the same token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::Key;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use prost::Message;

use crate::model::Instant;
use crate::model::Name;
use crate::model::Scope;
use crate::proto::store::v1;
use crate::secret;
use crate::secret::Secret;

/// The only version of tokens so far. It is authenticated with the rest.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
/// Longer ones are none of ours: an id has at most 256 bytes, a name 128.
const TOKEN_BYTES_MAX: usize = 2_048;

/// What a link does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whose customer it is.
    pub tenant: Name,
    /// Who opts out.
    pub customer_id: Box<str>,
    /// Of what.
    pub scope: Scope,
    /// The first instant at which it no longer works.
    pub expires: Instant,
}

/// Why a token does nothing. Neither says anything about a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not one that we made, or not whole.
    #[error("the token is not one of ours, or not whole")]
    Forged,
    /// It was one of ours.
    #[error("the token has expired")]
    Expired,
}

/// Makes tokens and reads them.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    nonce_key: [u8; 32],
}

impl Sealer {
    /// A sealer with the keys of an installation.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        let key = Key::from(secret.key("unsubscribe link, encryption"));
        let nonce_key = secret.key("unsubscribe link, nonce");
        Self { cipher: XChaCha20Poly1305::new(&key), nonce_key }
    }

    /// The token of a link.
    #[must_use]
    pub fn seal(&self, link: &Link) -> String {
        let plain = encode(link);
        let hash = secret::keyed_hash(&self.nonce_key, &plain);
        let mut nonce = [0; NONCE_BYTES];
        for (byte, of_hash) in nonce.iter_mut().zip(hash) {
            *byte = of_hash;
        }
        let payload = Payload { msg: &plain, aad: &[VERSION] };
        // It fails only for messages of 256 GiB.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let mut token = vec![VERSION];
        token.extend(nonce);
        token.extend(sealed);
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    /// The link of a token.
    ///
    /// # Errors
    /// If it is forged, truncated or altered, or has expired by `now`.
    pub fn open(&self, token: &str, now: Instant) -> Result<Link, Refused> {
        let link = self.unseal(token).ok_or(Refused::Forged)?;
        if now < link.expires { Ok(link) } else { Err(Refused::Expired) }
    }

    fn unseal(&self, token: &str) -> Option<Link> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: &[*version] };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        decode(&plain).filter(|_| *version == VERSION)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(***)")
    }
}

fn encode(link: &Link) -> Vec<u8> {
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    let scope = v1::Scope {
        channel: text(&link.scope.channel),
        purpose: text(&link.scope.purpose),
        topic: text(&link.scope.topic),
        brand: text(&link.scope.brand),
        occasion: text(&link.scope.occasion),
        marketing: link.scope.marketing,
    };
    let message = v1::UnsubscribeLink {
        tenant: link.tenant.to_string(),
        customer_id: link.customer_id.to_string(),
        scope: Some(scope),
        expire_ms: link.expires.millis(),
    };
    message.encode_to_vec()
}

fn decode(plain: &[u8]) -> Option<Link> {
    let message = v1::UnsubscribeLink::decode(plain).ok()?;
    let scope = message.scope?;
    let name = |text: Option<String>| text.map(|text| Name::new(&text)).transpose().ok();
    Some(Link {
        tenant: Name::new(&message.tenant).ok()?,
        customer_id: message.customer_id.into(),
        scope: Scope {
            channel: name(scope.channel)?,
            purpose: name(scope.purpose)?,
            topic: name(scope.topic)?,
            brand: name(scope.brand)?,
            occasion: name(scope.occasion)?,
            marketing: scope.marketing,
        },
        expires: Instant::from_millis(message.expire_ms),
    })
}

#[cfg(test)]
mod tests;
