//! Links for customers, and what their pages keep between one request and the next: sealed, so that
//! only we can make such a thing, and it cannot be read.
//!
//! A token is a sealed message of `proto/courtesy/store/v1/link.proto`. Each kind of message has
//! keys of its own.

use prost::Message;

use crate::model::Instant;
use crate::model::Name;
use crate::model::Scope;
use crate::model::profile::texts;
use crate::model::scope::parts;
use crate::proto::store::v1;
use crate::secret;
use crate::secret::Seal;
use crate::secret::Secret;

/// The path of unsubscribe links, before their token.
pub const UNSUBSCRIBE: &str = "unsubscribe/";
/// The path of links to the preference page, before their token.
pub const PREFERENCES: &str = "preferences/";

/// The maximum length of a link. Longer ones are not ours: an id has at most 256 bytes, a name 128.
const LINK_BYTES_MAX: usize = 2_048;
/// The most of what a form carries.
const SHOWN_BYTES_MAX: usize = 12_288;

/// The content that a preference page has shown.
pub type Shown = v1::ShownForm;

/// An unsubscribe link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The tenant of the customer.
    pub tenant: Name,
    /// The customer who opts out.
    pub customer_id: Box<str>,
    /// The scope of the opt-out.
    pub scope: Scope,
    /// The first instant at which it no longer works.
    pub expires: Instant,
}

/// The reason why a token does nothing. Neither says anything about a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The token is not one that we made, or not whole.
    #[error("the token is not one of ours, or not whole")]
    Forged,
    /// The token is ours, but too old.
    #[error("the token has expired")]
    Expired,
}

/// A link to the preference page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreferenceLink {
    /// The tenant of the customer.
    pub tenant: Name,
    /// The customer whose preferences they are.
    pub customer_id: Box<str>,
    /// The channel on which it was sent, which the person who opens it has.
    pub channel: Option<Name>,
    /// The brand that it is from.
    pub brand: Option<Name>,
    /// The first instant at which it no longer works.
    pub expires: Instant,
}

/// A click that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    /// The tenant of the customer.
    pub tenant: Name,
    /// The customer who clicked.
    pub customer_id: Box<str>,
    /// The scope that was refused.
    pub scope: Scope,
    /// The time at which the click was heard.
    pub heard: Instant,
    /// The version of the record that has it.
    pub version: String,
    /// The first instant at which it is too late.
    pub expires: Instant,
}

/// Makes tokens and reads them.
#[derive(Clone)]
pub struct Sealer {
    links: Seal,
    preferences: Seal,
    shown: Seal,
    clicks: Seal,
    hash_key: [u8; 32],
}

impl Sealer {
    /// A sealer with the keys of an installation.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        Self {
            links: Seal::new(secret, "unsubscribe link"),
            preferences: Seal::new(secret, "preference link"),
            shown: Seal::new(secret, "preference form"),
            clicks: Seal::new(secret, "unsubscribe undo"),
            hash_key: secret.key("form, hash"),
        }
    }

    /// The token of an unsubscribe link.
    #[must_use]
    pub fn seal(&self, link: &Link) -> String {
        let message = v1::UnsubscribeLink {
            tenant: link.tenant.to_string(),
            customer_id: link.customer_id.to_string(),
            scope: Some(scope_message(&link.scope)),
            expire_ms: link.expires.millis(),
        };
        self.links.seal(&message.encode_to_vec())
    }

    /// The unsubscribe link of a token.
    ///
    /// # Errors
    /// If it is forged, truncated or altered, or has expired by `now`.
    pub fn open(&self, token: &str, now: Instant) -> Result<Link, Refused> {
        let link = self.links.open(token, LINK_BYTES_MAX).and_then(|plain| decode(&plain));
        let link = link.ok_or(Refused::Forged)?;
        if now < link.expires { Ok(link) } else { Err(Refused::Expired) }
    }

    /// The token of a link to the preference page.
    #[must_use]
    pub fn seal_preferences(&self, link: &PreferenceLink) -> String {
        let message = v1::PreferenceLink {
            tenant: link.tenant.to_string(),
            customer_id: link.customer_id.to_string(),
            channel: link.channel.as_ref().map(ToString::to_string),
            brand: link.brand.as_ref().map(ToString::to_string),
            expire_ms: link.expires.millis(),
        };
        self.preferences.seal(&message.encode_to_vec())
    }

    /// The link to the preference page of a token.
    ///
    /// # Errors
    /// As for `open`.
    pub fn open_preferences(&self, token: &str, now: Instant) -> Result<PreferenceLink, Refused> {
        let plain = self.preferences.open(token, LINK_BYTES_MAX);
        let link = plain.and_then(|plain| decode_preferences(&plain)).ok_or(Refused::Forged)?;
        if now < link.expires { Ok(link) } else { Err(Refused::Expired) }
    }

    /// A keyed hash of bytes that were sent. Equal bytes, and no others, have equal hashes.
    #[must_use]
    pub fn hash(&self, bytes: &[u8]) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = secret::keyed_hash(&self.hash_key, bytes);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// Seals the content that a page has shown, for its form.
    #[must_use]
    pub fn seal_shown(&self, shown: &Shown) -> String {
        self.shown.seal(&shown.encode_to_vec())
    }

    /// Opens the content that a page has shown, from its form; `None` if the form is not ours.
    #[must_use]
    pub fn open_shown(&self, token: &str) -> Option<Shown> {
        Shown::decode(self.shown.open(token, SHOWN_BYTES_MAX)?.as_slice()).ok()
    }

    /// A click that can be taken back, for the answer to it.
    #[must_use]
    pub fn seal_click(&self, click: &Click) -> String {
        let message = v1::ClickUndo {
            tenant: click.tenant.to_string(),
            customer_id: click.customer_id.to_string(),
            scope: Some(scope_message(&click.scope)),
            heard_ms: click.heard.millis(),
            version: click.version.clone(),
            expire_ms: click.expires.millis(),
        };
        self.clicks.seal(&message.encode_to_vec())
    }

    /// The click of a token.
    ///
    /// # Errors
    /// As for `open`.
    pub fn open_click(&self, token: &str, now: Instant) -> Result<Click, Refused> {
        let plain = self.clicks.open(token, LINK_BYTES_MAX);
        let click = plain.and_then(|plain| decode_click(&plain)).ok_or(Refused::Forged)?;
        if now < click.expires { Ok(click) } else { Err(Refused::Expired) }
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(***)")
    }
}

fn scope_message(scope: &Scope) -> v1::Scope {
    parts!(v1::Scope { texts(&scope), marketing: scope.marketing })
}

/// A name that may be missing; `None` if the text is not a name.
#[expect(clippy::option_option, reason = "a name that is missing is no broken message")]
fn name(text: Option<String>) -> Option<Option<Name>> {
    text.map(|text| Name::new(&text)).transpose().ok()
}

fn scope(scope: v1::Scope) -> Option<Scope> {
    Some(parts!(Scope { name(scope)?, marketing: scope.marketing }))
}

fn decode(plain: &[u8]) -> Option<Link> {
    let message = v1::UnsubscribeLink::decode(plain).ok()?;
    Some(Link {
        tenant: Name::new(&message.tenant).ok()?,
        customer_id: message.customer_id.into(),
        scope: scope(message.scope?)?,
        expires: Instant::from_millis(message.expire_ms),
    })
}

fn decode_preferences(plain: &[u8]) -> Option<PreferenceLink> {
    let message = v1::PreferenceLink::decode(plain).ok()?;
    Some(PreferenceLink {
        tenant: Name::new(&message.tenant).ok()?,
        customer_id: message.customer_id.into(),
        channel: name(message.channel)?,
        brand: name(message.brand)?,
        expires: Instant::from_millis(message.expire_ms),
    })
}

fn decode_click(plain: &[u8]) -> Option<Click> {
    let message = v1::ClickUndo::decode(plain).ok()?;
    Some(Click {
        tenant: Name::new(&message.tenant).ok()?,
        customer_id: message.customer_id.into(),
        scope: scope(message.scope?)?,
        heard: Instant::from_millis(message.heard_ms),
        version: message.version,
        expires: Instant::from_millis(message.expire_ms),
    })
}

#[cfg(test)]
mod tests;
