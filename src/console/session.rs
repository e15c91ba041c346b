//! Sessions: a sealed cookie with the hash of the key with which the user signed in, and the tenant
//! that is looked at. The key itself is never kept, and nothing is kept on the server. Each request
//! looks the hash up among the credentials, so a key that is revoked ends its sessions.

use axum::response::Response;
use http::HeaderMap;
use http::HeaderValue;
use http::header;
use prost::Message;

use crate::access::Session;
use crate::model::Instant;
use crate::model::Span;
use crate::secret::Seal;
use crate::secret::Secret;

/// The lifetime of a session after its last renewal.
const AGE_MAX: Span = Span::from_hours(8);
/// The age at which a request renews it.
const RENEWED_AFTER: Span = Span::from_hours(1);
/// The maximum length of a cookie or token. Longer ones are not ours.
const TOKEN_BYTES_MAX: usize = 2_048;

/// The content of a cookie.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Kept {
    /// The SHA-256 of the key; empty where no key is needed.
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    /// The time at which it was sealed, in milliseconds since 1970.
    #[prost(int64, tag = "2")]
    issue_ms: i64,
    /// The tenant that is looked at.
    #[prost(string, tag = "3")]
    pub(super) tenant: String,
}

/// The customer of a screen, as the address has it.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Whose {
    #[prost(string, tag = "1")]
    pub(super) tenant: String,
    #[prost(string, tag = "2")]
    pub(super) customer_id: String,
}

/// Seals cookies and the customers of addresses.
#[derive(Clone, Debug)]
pub struct Seals {
    cookies: Seal,
    customers: Seal,
}

impl Seals {
    /// The seals of an installation.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        Self {
            cookies: Seal::new(secret, "console session"),
            customers: Seal::new(secret, "console customer"),
        }
    }

    /// The sealed form of a customer, for addresses.
    pub(super) fn customer(&self, whose: &Whose) -> String {
        self.customers.seal(&whose.encode_to_vec())
    }

    /// The customer of an address.
    pub(super) fn customer_of(&self, token: &str) -> Option<Whose> {
        Whose::decode(&*self.customers.open(token, TOKEN_BYTES_MAX)?).ok()
    }
}

impl Kept {
    /// A session that begins now.
    pub(super) fn new(key: Option<Session>, tenant: &str, now: Instant) -> Self {
        let key = key.map(|it| it.0.to_vec()).unwrap_or_default();
        Self { key, issue_ms: now.millis(), tenant: tenant.to_owned() }
    }

    /// The session of a request, if it has one that is still good.
    pub(super) fn of(
        headers: &HeaderMap,
        seals: &Seals,
        secure: bool,
        now: Instant,
    ) -> Option<Self> {
        let cookies = headers.get_all(header::COOKIE).into_iter();
        let mut pairs = cookies.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split("; "));
        let token = pairs.find_map(|it| it.strip_prefix(name(secure))?.strip_prefix('='))?;
        let kept = Self::decode(&*seals.cookies.open(token, TOKEN_BYTES_MAX)?).ok()?;
        (now < kept.issued().plus(AGE_MAX)).then_some(kept)
    }

    /// The key with which it was opened.
    pub(super) fn session(&self) -> Option<Session> {
        <[u8; 32]>::try_from(&*self.key).ok().map(Session)
    }

    /// Whether it is time to seal it again.
    pub(super) fn is_old(&self, now: Instant) -> bool {
        now >= self.issued().plus(RENEWED_AFTER)
    }

    const fn issued(&self) -> Instant {
        Instant::from_millis(self.issue_ms)
    }

    /// Has the browser keep it.
    pub(super) fn keep(&self, seals: &Seals, secure: bool, response: &mut Response) {
        let token = seals.cookies.seal(&self.encode_to_vec());
        set(response, secure, &token, AGE_MAX.millis() / 1_000);
    }

    /// Has the browser forget it.
    pub(super) fn forget(secure: bool, response: &mut Response) {
        set(response, secure, "", 0);
    }
}

/// The cookie's name. Browsers take the prefix `__Host-` only over TLS.
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-courtesy" } else { "courtesy" }
}

fn set(response: &mut Response, secure: bool, value: &str, age_secs: i64) {
    let (name, secure) = (name(secure), if secure { "; Secure" } else { "" });
    let cookie =
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age_secs}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
