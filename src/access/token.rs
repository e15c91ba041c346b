//! Tokens (JWT, RFC 7519) of an issuer whose public keys are in a file. Issuer, audience, subject and
//! expiry are all required; only signatures with a private key count.

use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use jsonwebtoken::AlgorithmFamily;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::Validation;
use jsonwebtoken::decode;
use jsonwebtoken::decode_header;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::jwk::PublicKeyUse;
use quick_cache::sync::Cache;
use serde_json::Map;
use serde_json::Value;

use crate::access::Identity;
use crate::access::credentials::IssuerEntry;
use crate::access::credentials::tenants;
use crate::access::key;
use crate::access::key::Hash;
use crate::access::role::Role;
use crate::model::Instant;
use crate::model::Span;

/// How far the issuer's clock may be from ours.
const LEEWAY: Span = Span::from_secs(30);
/// How many tokens are known without being verified again.
const KNOWN_MAX: usize = 4_096;

/// Somebody who signs tokens.
pub(super) struct Issuer {
    issuer: String,
    audience: String,
    keys: Vec<(Option<String>, DecodingKey)>,
    roles_claim: String,
    tenants_claim: String,
    calls_per_second: Option<NonZeroU32>,
    /// Tokens that were verified, by their hashes, and until when they hold.
    known: Cache<Hash, (Arc<Identity>, Instant)>,
}

impl Issuer {
    /// Loads the issuer's keys.
    pub(super) fn load(entry: &IssuerEntry, directory: &Path) -> Result<Self, String> {
        if entry.issuer.is_empty() || entry.audience.is_empty() {
            return Err("`issuer` and `audience` are both needed".to_owned());
        }
        let path = directory.join(&entry.jwks_file);
        let failed = |error: String| format!("`jwks_file` {}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let set: JwkSet = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        let mut keys = Vec::new();
        // A set may hold keys for other things, and of sorts that come later.
        for jwk in set.keys.iter().filter(|jwk| signs(jwk)) {
            let Ok(key) = DecodingKey::from_jwk(jwk) else { continue };
            // A shared secret would let everybody who can check a token make one.
            if key.family() != AlgorithmFamily::Hmac {
                keys.push((jwk.common.key_id.clone(), key));
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
            calls_per_second: entry.calls_per_second,
            known: Cache::new(KNOWN_MAX),
        })
    }

    /// Whom the token introduces, if this issuer has signed it for us and it holds now.
    pub(super) fn identify(&self, token: &str, now: Instant) -> Option<Arc<Identity>> {
        let hash = key::hash(token);
        let (identity, until) = match self.known.get(&hash) {
            Some(known) => known,
            None => {
                let claims = self.verify(token)?;
                let until = instant(&claims, "exp")?.plus(LEEWAY);
                let from = instant(&claims, "nbf").map(|it| it.minus(LEEWAY));
                if from.is_some_and(|from| now < from) {
                    return None;
                }
                let known = (Arc::new(self.read(&claims)?), until);
                self.known.insert(hash, known.clone());
                known
            }
        };
        (now < until).then_some(identity)
    }

    fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        let header = decode_header(token).ok()?;
        // A token that names its key is tried with no other.
        let named = |id: &Option<String>| header.kid.is_none() || *id == header.kid;
        self.keys.iter().filter(|(id, _)| named(id)).find_map(|(_, key)| {
            let mut validation = Validation::new_for_family(key.family());
            validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
            validation.set_issuer(&[&self.issuer]);
            validation.set_audience(&[&self.audience]);
            // By our own clock, which is an argument.
            validation.validate_exp = false;
            decode::<Map<String, Value>>(token, key, &validation).ok().map(|data| data.claims)
        })
    }

    fn read(&self, claims: &Map<String, Value>) -> Option<Identity> {
        let subject = claims.get("sub")?.as_str().filter(|it| !it.is_empty())?;
        let roles = words(claims.get(&self.roles_claim));
        // Tokens hold roles in other services as well.
        let roles = Role::ALL.into_iter().filter(|it| roles.iter().any(|role| role == it.as_str()));
        let tenants = tenants(&words(claims.get(&self.tenants_claim))).ok()?;
        Some(Identity::new(subject, roles.collect(), tenants, self.calls_per_second))
    }
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

fn instant(claims: &Map<String, Value>, name: &str) -> Option<Instant> {
    let seconds = claims.get(name)?.as_i64()?;
    Some(Instant::from_millis(seconds.checked_mul(1_000)?))
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
