//! The file of credentials: the callers, and the credentials of each.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use crate::access::Identity;
use crate::access::Limiter;
use crate::access::Refused;
use crate::access::Tenants;
use crate::access::Unverified;
use crate::access::certificate::Peer;
use crate::access::key;
use crate::access::key::Hash;
use crate::access::role::Role;
use crate::access::token::Issuer;
use crate::model::Instant;
use crate::model::Name;
use crate::model::hidden::is_unprintable;

/// The maximum number of keys of one caller: the old one and the new one.
pub const KEYS_MAX: usize = 2;

/// The reason why a file of credentials does not load.
#[derive(Debug, thiserror::Error)]
#[error("the credentials in `{path}` are wrong: {why}")]
pub struct Wrong {
    path: String,
    why: String,
}

/// All callers.
#[derive(Debug)]
pub struct Credentials {
    keys: BTreeMap<Hash, Arc<Identity>>,
    certificates: BTreeMap<String, Arc<Identity>>,
    issuers: Vec<Issuer>,
    /// The limiters of callers' rates, by caller.
    limits: BTreeMap<String, Arc<Limiter>>,
    files: Vec<PathBuf>,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Callers with keys or certificates.
    #[serde(default, rename = "caller")]
    pub callers: Vec<Caller>,
    /// The issuers whose tokens are accepted.
    #[serde(default, rename = "issuer")]
    pub issuers: Vec<IssuerEntry>,
}

/// One caller.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// The caller's name, for the audit log and for errors.
    pub name: String,
    /// The caller's roles.
    pub roles: BTreeSet<Role>,
    /// The caller's tenants; `*` is all.
    pub tenants: Vec<String>,
    /// The calls in a second that the caller may make, on each instance; without a limit if unset.
    pub calls_per_second: Option<NonZeroU32>,
    /// Its keys.
    #[serde(default, rename = "key")]
    pub keys: Vec<Key>,
    /// The names in certificates that are its: `CN:…`, `DNS:…` or `URI:…`.
    #[serde(default)]
    pub certificates: Vec<String>,
}

/// One key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The key's id.
    pub id: String,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The day on which it was made, for people.
    pub created: Option<String>,
}

/// An issuer of tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerEntry {
    /// The value of `iss` in their tokens.
    pub issuer: String,
    /// The value of `aud` in tokens that are meant for us.
    pub audience: String,
    /// The file with their public keys, as a JSON Web Key Set, beside this file if it is relative.
    pub jwks_file: String,
    /// The claim that lists roles.
    #[serde(default = "roles_claim")]
    pub roles_claim: String,
    /// The claim that lists tenants.
    #[serde(default = "tenants_claim")]
    pub tenants_claim: String,
    /// The roles that tokens may grant at the most; unset is every role.
    pub roles: Option<BTreeSet<Role>>,
    /// The tenants that tokens may grant at most; `*` or unset is all.
    pub tenants: Option<Vec<String>>,
    /// The calls in a second that each subject may make, on each instance, with all of its tokens.
    pub calls_per_second: Option<NonZeroU32>,
}

fn roles_claim() -> String {
    "roles".to_owned()
}

fn tenants_claim() -> String {
    "tenants".to_owned()
}

impl File {
    /// Reads the file as it is written.
    ///
    /// # Errors
    /// If it is no such file; the message shows the place.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Wrong> {
        toml::from_str(text).map_err(|error| wrong(path, error.to_string()))
    }
}

impl Credentials {
    /// Loads the file, and the keys of issuers that it names.
    ///
    /// # Errors
    /// If anything in it is wrong: then none of it holds.
    pub fn load(path: &Path) -> Result<Self, Wrong> {
        Self::load_after(path, None)
    }

    /// Loads the file in place of credentials that were loaded before. Callers whose rates are
    /// unchanged keep their counts.
    ///
    /// # Errors
    /// As for `load`.
    pub fn load_after(path: &Path, before: Option<&Self>) -> Result<Self, Wrong> {
        let text = std::fs::read_to_string(path).map_err(|error| wrong(path, error.to_string()))?;
        let file = File::parse(path, &text)?;
        let (mut keys, mut certificates) = (BTreeMap::new(), BTreeMap::new());
        let (mut names, mut limits) = (BTreeSet::new(), BTreeMap::new());
        for caller in &file.callers {
            let failed = |why: &str| wrong(path, format!("caller `{}`: {why}", caller.name));
            if caller.name.is_empty() || !names.insert(&caller.name) {
                return Err(failed("every caller has a name of its own"));
            }
            let by_key = identity(caller).map_err(|why| failed(&why))?;
            let by_key = match before.and_then(|before| before.limits.get(&caller.name)) {
                Some(limiter) => by_key.limited_as(limiter),
                None => by_key,
            };
            limits.extend(by_key.limiter.clone().map(|limiter| (caller.name.clone(), limiter)));
            let by_certificate = Arc::new(by_key.named(format!("cert:{}", caller.name)));
            let by_key = Arc::new(by_key);
            for key in &caller.keys {
                let hash = key::read(&key.sha256);
                let hash = hash.ok_or_else(|| failed("`sha256` has 64 hexadecimal digits"))?;
                if keys.insert(hash, Arc::clone(&by_key)).is_some() {
                    return Err(failed("one of its keys is another caller's, or listed twice"));
                }
            }
            if caller.keys.len() > KEYS_MAX {
                return Err(failed("has more than 2 keys; revoke those that are not used"));
            }
            for name in &caller.certificates {
                if !["CN:", "DNS:", "URI:"].iter().any(|kind| name.starts_with(kind)) {
                    return Err(failed("names in certificates begin with `CN:`, `DNS:` or `URI:`"));
                }
                if certificates.insert(name.clone(), Arc::clone(&by_certificate)).is_some() {
                    return Err(failed("one of its certificates is another caller's"));
                }
            }
        }
        let directory = path.parent().unwrap_or_else(|| Path::new("."));
        let issuers = file.issuers.iter().map(|entry| {
            let failed = |why| wrong(path, format!("issuer `{}`: {why}", entry.issuer));
            let known = before.into_iter().flat_map(|before| &before.issuers);
            let issuer = Issuer::load(entry, directory).map_err(failed)?;
            Ok(known.fold(issuer, Issuer::limited_as))
        });
        let issuers = issuers.collect::<Result<_, _>>()?;
        let jwks = file.issuers.iter().map(|entry| directory.join(&entry.jwks_file));
        let files = [path.to_owned()].into_iter().chain(jwks).collect();
        Ok(Self { keys, certificates, issuers, limits, files })
    }

    /// The files they are made of.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The caller of a key or token.
    ///
    /// # Errors
    /// If it belongs to no credential.
    pub fn by_secret(&self, secret: &str, now: Instant) -> Result<Arc<Identity>, Refused> {
        if secret.starts_with(key::PREFIX) {
            return self.by_key(&key::hash(secret));
        }
        // The reason of the issuer that came nearest to accepting it.
        let mut nearest = Unverified::Form;
        for issuer in &self.issuers {
            match issuer.identify(secret, now) {
                Ok(identity) => return Ok(identity),
                Err(why) => nearest = nearest.max(why),
            }
        }
        Err(Refused::Unknown(nearest))
    }

    /// The caller whose key has this hash.
    ///
    /// # Errors
    /// If no caller has such a key, or has it no longer.
    pub fn by_key(&self, hash: &Hash) -> Result<Arc<Identity>, Refused> {
        // The time that it takes to look for a hash tells a guesser nothing.
        self.keys.get(hash).cloned().ok_or(Refused::Unknown(Unverified::Key))
    }

    /// The caller who has a certificate with one of these names.
    ///
    /// # Errors
    /// If there is none.
    pub fn by_certificate(&self, peer: &Peer) -> Result<Arc<Identity>, Refused> {
        if peer.names.is_empty() {
            return Err(Refused::Missing);
        }
        let mut found = peer.names.iter().filter_map(|name| self.certificates.get(name));
        found.next().cloned().ok_or(Refused::Unknown(Unverified::Certificate))
    }
}

fn identity(caller: &Caller) -> Result<Identity, String> {
    if caller.roles.is_empty() {
        return Err("has no roles".to_owned());
    }
    if caller.name.chars().any(is_unprintable) {
        return Err("its name holds control or bidirectional characters".to_owned());
    }
    let tenants = tenants(&caller.tenants)?;
    let name = format!("key:{}", caller.name);
    Ok(Identity::new(&name, caller.roles.clone(), tenants, caller.calls_per_second))
}

/// The tenants of these names; `*` is all.
pub(super) fn tenants(names: &[String]) -> Result<Tenants, String> {
    if names.iter().any(|name| name == "*") {
        return Ok(Tenants::All);
    }
    if names.is_empty() {
        return Err("has no tenants; `*` is all".to_owned());
    }
    let read = |name: &String| Name::new(name).map_err(|error| format!("tenant `{name}` {error}"));
    Ok(Tenants::Only(names.iter().map(read).collect::<Result<_, _>>()?))
}

fn wrong(path: &Path, why: String) -> Wrong {
    Wrong { path: path.display().to_string(), why }
}
