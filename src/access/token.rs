//! Tokens (JWT, RFC 7519) of an issuer whose public keys are in a file. Issuer, audience, subject
//! and expiry are all required; only signatures with a private key count. A claim that is there and
//! cannot be read refuses the token, as does a header that asks for what we do not know (RFC 7515,
//! 4.1.11).

mod ring;

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::AlgorithmFamily;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::Validation;
use jsonwebtoken::decode;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::jwk::PublicKeyUse;
use quick_cache::sync::Cache;
use serde_json::Map;
use serde_json::Value;

use crate::access::Identity;
use crate::access::Limiter;
use crate::access::Tenants;
use crate::access::Unverified;
use crate::access::credentials::IssuerEntry;
use crate::access::credentials::tenants;
use crate::access::key;
use crate::access::key::Hash;
use crate::access::role::Role;
use crate::model::Instant;
use crate::model::Span;
use crate::model::hidden::is_unprintable;

/// The most by which the issuer's clock may differ from ours.
const LEEWAY: Span = Span::from_secs(30);
/// The number of tokens that are remembered as verified.
const KNOWN_MAX: usize = 4_096;
/// The number of subjects whose rates are remembered.
const SUBJECTS_MAX: usize = 16_384;
/// The longest subject, in bytes.
const SUBJECT_BYTES_MAX: usize = 256;
/// The types that a token may have (RFC 8725, 3.11): none, a JWT, or an access token (RFC 9068). ID
/// tokens, log-out tokens and the like were made for other uses.
const TYPES: [&str; 4] = ["jwt", "application/jwt", "at+jwt", "application/at+jwt"];

/// A key that signatures are verified with.
struct VerifyingKey {
    id: Option<String>,
    /// The one algorithm that the key is for, where its set names one (RFC 8725, 3.1).
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

/// An issuer of tokens.
pub(super) struct Issuer {
    issuer: String,
    audience: String,
    keys: Vec<VerifyingKey>,
    roles_claim: String,
    tenants_claim: String,
    /// The most that a token of this issuer may grant.
    roles_max: BTreeSet<Role>,
    tenants_max: Tenants,
    calls_per_second: Option<NonZeroU32>,
    /// The rate of each subject, for all of its tokens.
    limiters: Arc<Cache<Box<str>, Arc<Limiter>>>,
    /// Tokens that were verified, by their hashes, and until when they hold.
    known: Cache<Hash, (Arc<Identity>, Instant)>,
}

impl Issuer {
    /// Loads the issuer's keys.
    pub(super) fn load(entry: &IssuerEntry, directory: &Path) -> Result<Self, String> {
        if entry.issuer.is_empty() || entry.audience.is_empty() {
            return Err("`issuer` and `audience` are both needed".to_owned());
        }
        ring::install();
        let path = directory.join(&entry.jwks_file);
        let failed = |error: String| format!("`jwks_file` {}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let set: JwkSet = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        let mut keys = Vec::new();
        // A set may hold keys for other things, and of sorts that come later.
        for jwk in set.keys.iter().filter(|jwk| signs(jwk)) {
            let Ok(key) = DecodingKey::from_jwk(jwk) else { continue };
            // With a shared secret, every service that can check a token could make one.
            if key.family() != AlgorithmFamily::Hmac {
                let algorithm = jwk.common.key_algorithm.map(|it| it.to_string());
                let algorithm = algorithm.map(|it| Algorithm::from_str(&it)).transpose();
                // A key for an algorithm that we do not know verifies nothing here.
                let Ok(algorithm) = algorithm else { continue };
                keys.push(VerifyingKey { id: jwk.common.key_id.clone(), algorithm, key });
            }
        }
        if keys.is_empty() {
            return Err(failed("it holds no public key of RSA, EC or Ed25519".to_owned()));
        }
        Ok(Self {
            issuer: entry.issuer.clone(),
            audience: entry.audience.clone(),
            keys,
            roles_claim: entry.roles_claim.clone(),
            tenants_claim: entry.tenants_claim.clone(),
            roles_max: entry.roles.clone().unwrap_or_else(|| Role::ALL.into_iter().collect()),
            tenants_max: entry.tenants.as_deref().map_or(Ok(Tenants::All), tenants)?,
            calls_per_second: entry.calls_per_second,
            limiters: Arc::new(Cache::new(SUBJECTS_MAX)),
            known: Cache::new(KNOWN_MAX),
        })
    }

    /// The same issuer with the limits of one that was loaded before, if it is unchanged and allows
    /// as many calls.
    pub(super) fn limited_as(self, before: &Self) -> Self {
        let is_same =
            self.issuer == before.issuer && self.calls_per_second == before.calls_per_second;
        let limiters = if is_same { &before.limiters } else { &self.limiters };
        Self { limiters: Arc::clone(limiters), ..self }
    }

    /// The caller that the token names, if this issuer has signed it for us and it holds now.
    pub(super) fn identify(&self, token: &str, now: Instant) -> Result<Arc<Identity>, Unverified> {
        let hash = key::hash(token);
        let (identity, until) = match self.known.get(&hash) {
            Some(known) => known,
            None => {
                let claims = self.verify(token)?;
                let until = instant(&claims, "exp")?.ok_or(Unverified::Claims)?.plus(LEEWAY);
                for begins in ["nbf", "iat"] {
                    let begins = instant(&claims, begins)?.map(|it| it.minus(LEEWAY));
                    if begins.is_some_and(|begins| now < begins) {
                        return Err(Unverified::TooEarly);
                    }
                }
                let known = (Arc::new(self.read(&claims)?), until);
                self.known.insert(hash, known.clone());
                known
            }
        };
        if now < until { Ok(identity) } else { Err(Unverified::Expired) }
    }

    fn verify(&self, token: &str) -> Result<Map<String, Value>, Unverified> {
        let header = header(token).ok_or(Unverified::Form)?;
        let typ = header.get("typ").map(|it| it.as_str().unwrap_or_default().to_lowercase());
        if header.contains_key("crit") || typ.is_some_and(|typ| !TYPES.contains(&&*typ)) {
            return Err(Unverified::Header);
        }
        let named = header.get("kid").and_then(Value::as_str);
        // A token that names its key is tried with no other.
        let keys = self.keys.iter().filter(|it| named.is_none() || it.id.as_deref() == named);
        let verified = keys.into_iter().find_map(|VerifyingKey { algorithm, key, .. }| {
            let mut validation = Validation::new_for_family(key.family());
            if let Some(algorithm) = algorithm {
                validation.algorithms = vec![*algorithm];
            }
            validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
            validation.set_issuer(&[&self.issuer]);
            validation.set_audience(&[&self.audience]);
            // By our own clock, which is an argument.
            validation.validate_exp = false;
            decode::<Map<String, Value>>(token, key, &validation).ok().map(|data| data.claims)
        });
        verified.ok_or(Unverified::Signature)
    }

    fn read(&self, claims: &Map<String, Value>) -> Result<Identity, Unverified> {
        let subject = claims.get("sub").and_then(Value::as_str).ok_or(Unverified::Claims)?;
        if subject.is_empty()
            || subject.len() > SUBJECT_BYTES_MAX
            || subject.chars().any(is_unprintable)
        {
            return Err(Unverified::Claims);
        }
        let roles = words(claims.get(&self.roles_claim));
        // Tokens hold roles in other services as well.
        let roles = self.roles_max.iter().filter(|it| roles.iter().any(|role| role == it.as_str()));
        let named = words(claims.get(&self.tenants_claim));
        let granted = tenants(&named).map_err(|_why| Unverified::Claims)?;
        let name = format!("{}#{subject}", self.issuer);
        let limiter = self.limiter(subject);
        let tenants = granted.within(&self.tenants_max);
        Ok(Identity::limited(&name, roles.copied().collect(), tenants, limiter))
    }

    /// The limiter of a subject's rate: one for all of its tokens.
    fn limiter(&self, subject: &str) -> Option<Arc<Limiter>> {
        let most = self.calls_per_second?;
        let made = || Ok::<_, std::convert::Infallible>(Arc::new(Limiter::new(most)));
        self.limiters.get_or_insert_with(&Box::from(subject), made).ok()
    }
}

/// The header of a token, as it is written: the library reads over fields that it does not know.
fn header(token: &str) -> Option<Map<String, Value>> {
    let (encoded, _rest) = token.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

fn signs(jwk: &Jwk) -> bool {
    jwk.common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature)
}

/// A claim that is a list, or words with spaces between them.
fn words(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// A NumericDate (RFC 7519, 2): seconds, perhaps with a fraction.
fn instant(claims: &Map<String, Value>, name: &str) -> Result<Option<Instant>, Unverified> {
    let Some(claim) = claims.get(name) else { return Ok(None) };
    let millis = claim.as_number().and_then(|number| millis(&number.to_string()));
    millis.map(|millis| Some(Instant::from_millis(millis))).ok_or(Unverified::Claims)
}

/// The milliseconds of a number of seconds; what is finer is cut off.
fn millis(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let thousandths: i64 = thousandths.parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(thousandths)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests;
