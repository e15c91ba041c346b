//! API keys: 256 random bits that only their holder has. What is kept is a hash of them. They are
//! random, so the hash need not be slow.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

/// The prefix of every key, by which scanners of repositories find keys that were lost.
pub const PREFIX: &str = "courtesy_";

/// A hash of a key.
pub type Hash = [u8; 32];

/// A new key.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The secret that its holder sends. It is shown once.
    pub secret: String,
    /// The key's id: 8 hexadecimal digits, which are also in the key.
    pub id: String,
    /// The hash that is kept.
    pub hash: String,
}

impl NewKey {
    /// Makes one.
    ///
    /// # Errors
    /// If the machine has no random numbers.
    pub fn make() -> Result<Self, getrandom::Error> {
        let (mut id, mut secret) = ([0; 4], [0; 32]);
        getrandom::fill(&mut id)?;
        getrandom::fill(&mut secret)?;
        let id = hex(&id);
        let secret = format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(secret));
        let hash = hex(&hash(&secret));
        Ok(Self { secret, id, hash })
    }
}

/// The hash of a key.
#[must_use]
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Reads a hash that was written as hexadecimal digits.
#[must_use]
pub fn read(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if text.len() != 2 * hash.len() || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
