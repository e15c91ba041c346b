//! Access to the API. A credential determines the caller, the roles and the tenants
//! (`credentials`); each method has the roles that may call it (`method`).
//!
//! **Invariant:** where there are credentials, a call without a good one is refused before anything
//! is read. A caller without an identity has no permissions: [`Identity::unknown`].

pub mod certificate;
pub mod credentials;
pub mod key;
pub mod method;
pub mod role;
mod token;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Duration;

use governor::Quota;
use governor::RateLimiter;
use governor::clock::Clock;
use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::InMemoryState;
use governor::state::NotKeyed;
use http::HeaderMap;
use http::header;

use crate::access::certificate::Peer;
use crate::access::credentials::Credentials;
use crate::access::role::Role;
use crate::model::Instant;
use crate::model::Name;

/// Bounds how often a caller calls.
#[derive(Debug)]
struct Limiter {
    calls_per_second: NonZeroU32,
    bucket: RateLimiter<
        NotKeyed,
        InMemoryState,
        MonotonicClock,
        NoOpMiddleware<<MonotonicClock as Clock>::Instant>,
    >,
}

impl Limiter {
    fn new(calls_per_second: NonZeroU32) -> Self {
        let quota = Quota::per_second(calls_per_second);
        Self { calls_per_second, bucket: RateLimiter::direct_with_clock(quota, MonotonicClock) }
    }
}

/// The identity of a caller, and its rights.
#[derive(Debug)]
pub struct Identity {
    /// The caller, for the audit log: `key:NAME` or `cert:NAME` of the file of credentials, or
    /// `ISSUER#SUBJECT` of a token, so that no two callers are taken for one another.
    pub name: Box<str>,
    /// The caller's roles.
    pub roles: BTreeSet<Role>,
    /// The caller's tenants.
    pub tenants: Tenants,
    limiter: Option<Arc<Limiter>>,
}

/// The tenants that a credential is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenants {
    /// Every tenant there is or will be.
    All,
    /// Only these tenants.
    Only(BTreeSet<Name>),
}

/// The reason why a credential was not accepted. The log and a metric name it; the caller does not
/// learn it. A later reason came nearer to being accepted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Unverified {
    /// The `authorization` header, or the token, is not written as one.
    Form,
    /// No caller has this key.
    Key,
    /// No caller has a certificate with one of these names.
    Certificate,
    /// The token's header asks for what is not supported, or the token is not an access token.
    Header,
    /// No issuer has signed the token for this service.
    Signature,
    /// A claim is missing or cannot be read.
    Claims,
    /// The token does not hold yet.
    TooEarly,
    /// The token no longer holds.
    Expired,
}

/// The reason why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The call carries no credential.
    #[error("say who you are: send `authorization: Bearer KEY`, or a client certificate over TLS")]
    Missing,
    /// The key, token or certificate is not a good one. The reason is logged, not returned.
    #[error(
        "this credential is not valid here: it is unknown, revoked, expired or meant for others"
    )]
    Unknown(Unverified),
    /// None of the caller's roles may call the method.
    #[error("`{name}` may not call this method: it takes the role {needed}")]
    Role {
        /// The name of the caller.
        name: Box<str>,
        /// The roles that may, for people.
        needed: String,
    },
    /// The caller has called too often.
    #[error("`{name}` calls more often than its credential allows")]
    TooOften {
        /// The name of the caller.
        name: Box<str>,
        /// The time after which it may call again.
        wait: Duration,
    },
}

/// The credentials that a call shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The headers of the call; `authorization` is read.
    pub headers: &'a HeaderMap,
    /// The certificate of its connection.
    pub peer: Option<&'a Peer>,
    /// The session of the console that it belongs to.
    pub session: Option<Session>,
}

/// A session of the console: the hash of the key with which it was opened. It stands in the
/// extensions of a request, where only this process puts it, and is good for as long as the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session(pub key::Hash);

/// Stands in the extensions of a call that a screen of the console makes. What it asks is for a
/// person to read, and no contact is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct OfConsole;

/// Whether callers have to authenticate.
#[derive(Debug)]
pub enum Access {
    /// No caller has to.
    Open,
    /// Every caller has to.
    Closed(Box<Credentials>),
}

impl Tenants {
    /// Those tenants that are also among `most`.
    fn within(self, most: &Self) -> Self {
        match (self, most) {
            (granted, Self::All) => granted,
            (Self::All, Self::Only(most)) => Self::Only(most.clone()),
            (Self::Only(granted), Self::Only(most)) => {
                Self::Only(granted.intersection(most).cloned().collect())
            }
        }
    }
}

impl Identity {
    /// A caller with these roles and tenants, and with this limit of calls in a second.
    #[must_use]
    pub fn new(
        name: &str,
        roles: BTreeSet<Role>,
        tenants: Tenants,
        calls_per_second: Option<NonZeroU32>,
    ) -> Self {
        Self::limited(name, roles, tenants, calls_per_second.map(Limiter::new).map(Arc::new))
    }

    /// The identity with a limit that other identities may share.
    fn limited(
        name: &str,
        roles: BTreeSet<Role>,
        tenants: Tenants,
        limiter: Option<Arc<Limiter>>,
    ) -> Self {
        Self { name: Box::from(name), roles, tenants, limiter }
    }

    /// The same caller with a limit that has been in use, if it allows as many calls.
    fn limited_as(self, before: &Arc<Limiter>) -> Self {
        let is_same = |own: &Arc<Limiter>| own.calls_per_second == before.calls_per_second;
        let limiter = self.limiter.map(|own| if is_same(&own) { Arc::clone(before) } else { own });
        Self { limiter, ..self }
    }

    /// The same caller, with the same limit, under another name.
    fn named(&self, name: String) -> Self {
        let (roles, tenants) = (self.roles.clone(), self.tenants.clone());
        Self { name: name.into(), roles, tenants, limiter: self.limiter.clone() }
    }

    /// Any caller, where callers need no credential.
    #[must_use]
    pub fn any_caller() -> Arc<Self> {
        static ANY_CALLER: LazyLock<Arc<Identity>> = LazyLock::new(|| {
            let roles = Role::ALL.into_iter().collect();
            Arc::new(Identity::new("unauthenticated", roles, Tenants::All, None))
        });
        Arc::clone(&ANY_CALLER)
    }

    /// A caller without an identity.
    #[must_use]
    pub fn unknown() -> Arc<Self> {
        let tenants = Tenants::Only(BTreeSet::new());
        Arc::new(Self::new("unknown", BTreeSet::new(), tenants, None))
    }

    /// Whether it may act for every tenant.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        self.tenants == Tenants::All
    }

    /// Whether this caller may act for a tenant.
    #[must_use]
    pub fn is_for(&self, tenant: &Name) -> bool {
        match &self.tenants {
            Tenants::All => true,
            Tenants::Only(tenants) => tenants.contains(tenant),
        }
    }

    /// Whether this caller may act for every tenant that `before` may act for.
    #[must_use]
    pub fn covers(&self, before: &Self) -> bool {
        match (&self.tenants, &before.tenants) {
            (Tenants::All, _) => true,
            (Tenants::Only(_), Tenants::All) => false,
            (Tenants::Only(now), Tenants::Only(before)) => before.is_subset(now),
        }
    }

    /// Checks that the caller has one of these roles.
    ///
    /// # Errors
    /// If the caller has none of them.
    pub fn check_role(&self, needed: &[Role]) -> Result<(), Refused> {
        if needed.iter().any(|role| self.roles.contains(role)) {
            return Ok(());
        }
        let needed: Vec<&str> = needed.iter().map(|role| role.as_str()).collect();
        Err(Refused::Role { name: self.name.clone(), needed: needed.join(" or ") })
    }

    /// Counts a call against the caller's rate.
    ///
    /// # Errors
    /// If that is spent.
    pub fn check_rate(&self) -> Result<(), Refused> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.bucket.check().map_err(|not_until| Refused::TooOften {
            name: self.name.clone(),
            wait: not_until.wait_time_from(MonotonicClock.now()),
        })
    }
}

impl Refused {
    /// The refusal if the credential no longer has all its roles and tenants.
    #[must_use]
    pub const fn narrowed() -> Self {
        Self::Unknown(Unverified::Claims)
    }
}

impl Access {
    /// The caller of a call that needs one of the roles in `needed`; any caller if that is `None`.
    /// The call counts against the caller's rate.
    ///
    /// # Errors
    /// If the caller is unknown, may not, or calls too often.
    pub fn admit(
        &self,
        needed: Option<&[Role]>,
        shown: Shown<'_>,
        now: Instant,
    ) -> Result<Arc<Identity>, Refused> {
        let identity = self.identify(needed, shown, now)?;
        identity.check_rate()?;
        Ok(identity)
    }

    /// The caller as `admit` finds it, without counting the call.
    ///
    /// # Errors
    /// If the caller is unknown, or may not.
    pub fn identify(
        &self,
        needed: Option<&[Role]>,
        shown: Shown<'_>,
        now: Instant,
    ) -> Result<Arc<Identity>, Refused> {
        let Some(needed) = needed else { return Ok(Identity::any_caller()) };
        let identity = self.who(shown, now)?;
        identity.check_role(needed)?;
        Ok(identity)
    }

    /// The caller who shows these credentials, whatever its rights.
    ///
    /// # Errors
    /// If the caller is unknown.
    pub fn who(&self, shown: Shown<'_>, now: Instant) -> Result<Arc<Identity>, Refused> {
        let Self::Closed(credentials) = self else { return Ok(Identity::any_caller()) };
        match (bearer(shown.headers)?, shown.session) {
            (Some(secret), _) => credentials.by_secret(secret, now),
            (None, Some(Session(key))) => credentials.by_key(&key),
            (None, None) => credentials.by_certificate(shown.peer.ok_or(Refused::Missing)?),
        }
    }
}

const fn malformed() -> Refused {
    Refused::Unknown(Unverified::Form)
}

/// The token after `Bearer`, if the header is there.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_not_text| malformed())?;
    let (scheme, secret) = text.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(malformed());
    }
    Ok(Some(secret.trim()))
}

#[cfg(test)]
mod tests;
