//! The secret from which every key of an installation is derived.
//!
//! A holder of it can make unsubscribe links and tell whether a hashed id is a certain customer's.
//! All instances of one installation share it, and links stay good only as long as it is kept.

mod seal;

pub use seal::Seal;

use std::fmt;
use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;

/// The least bytes of a secret that is set.
const BYTES_MIN: usize = 32;
/// The most bytes of a secret that is set.
const BYTES_MAX: u64 = 4_096;

/// A secret. It is printed as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<[u8]>);

/// The reason why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read or made.
    #[error("cannot use the secret in `{0}`")]
    Io(PathBuf, #[source] io::Error),
    /// The file holds too little to be a secret, or too much.
    #[error(
        "the secret in `{0}` has {1} bytes and must have {BYTES_MIN} to {BYTES_MAX}; put back the \
         one that was in use, or make the first with `head -c 32 /dev/urandom | base64`"
    )]
    Length(PathBuf, u64),
    /// The machine has no random numbers.
    #[error("this machine gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl Secret {
    /// The secret in a file, without the white space around it.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a secret.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let io = |error| Error::Io(path.to_owned(), error);
        let length = fs::metadata(path).map_err(io)?.len();
        if length > BYTES_MAX {
            return Err(Error::Length(path.to_owned(), length));
        }
        let bytes = fs::read(path).map_err(io)?;
        let secret = bytes.trim_ascii();
        if secret.len() < BYTES_MIN {
            let length = u64::try_from(secret.len()).unwrap_or_default();
            return Err(Error::Length(path.to_owned(), length));
        }
        Ok(Self(Box::from(secret)))
    }

    /// The secret in a file, which is made if it is not there.
    ///
    /// # Errors
    /// If the file cannot be read or made, or is not a secret.
    pub fn read_or_make(path: &Path) -> Result<Self, Error> {
        let io = |error| Error::Io(path.to_owned(), error);
        if path.exists() {
            return Self::read(path);
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(Error::Random)?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        // Whole or not at all: a torn secret would be another one.
        let draft = path.with_extension("new");
        let mut file = owner_only().write(true).truncate(true).open(&draft).map_err(io)?;
        writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(io)?;
        fs::rename(&draft, path).map_err(io)?;
        path.parent().map_or(Ok(()), |it| fs::File::open(it)?.sync_all()).map_err(io)?;
        Self::read(path)
    }

    /// The key for one use. It reveals nothing about the secret or about the key of another use.
    ///
    /// HMAC-SHA-256 of the use's name, as in NIST SP 800-108 with one block.
    #[must_use]
    pub fn key(&self, usage: &str) -> [u8; 32] {
        keyed_hash(&self.0, usage.as_bytes())
    }
}

/// The options for a new file with secrets or customers: only its owner can read it. An existing
/// file keeps its mode.
#[must_use]
pub fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    options
}

/// A message without the passwords of addresses that it repeats from what was `given`, such as the
/// command line: those that stand before an `@`, or behind a `?`.
#[must_use]
pub fn redacted(message: &str, given: &[&str]) -> String {
    let mut message = message.to_owned();
    for given in given {
        let Some((before, rest)) = given.split_once("://") else { continue };
        let scheme = before.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '+').next();
        let rest = rest.trim_end_matches(['"', '\'', ' ', ',']);
        let login = rest.rsplit_once('@').map(|(login, host)| (login, host.to_owned()));
        let query = rest.split_once('?').map(|(path, query)| (query, format!("{path}?")));
        let shown = match (login, query) {
            (Some((_, host)), _) => format!("***@{}", host.split('?').next().unwrap_or_default()),
            (None, Some((query, path))) if query.contains("pass") => format!("{path}***"),
            (None, _) => continue,
        };
        let scheme = scheme.unwrap_or_default();
        message = message.replace(&format!("{scheme}://{rest}"), &format!("{scheme}://{shown}"));
    }
    message
}

/// HMAC-SHA-256.
#[must_use]
pub fn keyed_hash(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length, so this is never the empty one.
    Hmac::<Sha256>::new_from_slice(key).map_or([0; 32], |mut mac| {
        mac.update(message);
        mac.finalize().into_bytes().into()
    })
}

/// Makes HMAC-SHA-256 hashes under one key, and costs half of what [`keyed_hash`] does: what the
/// key alone decides is computed once.
#[derive(Clone)]
pub struct KeyedHasher(Option<Hmac<Sha256>>);

impl KeyedHasher {
    /// Hashes under a key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        // HMAC takes keys of every length, so there always is one.
        Self(Hmac::<Sha256>::new_from_slice(key).ok())
    }

    /// The hash of parts behind each other.
    #[must_use]
    pub fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.0.clone().map_or([0; 32], |mut mac| {
            parts.iter().for_each(|part| mac.update(part));
            mac.finalize().into_bytes().into()
        })
    }
}

impl fmt::Debug for KeyedHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests;
