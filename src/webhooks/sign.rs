//! Signatures of webhooks, as <https://www.standardwebhooks.com> specifies them.

use std::fmt;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::secret::keyed_hash;

/// The length of a secret, in bytes.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The maximum number of secrets in a file: the old one and the new one.
const KEYS_MAX: usize = 2;

/// A secret that sender and receiver share.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// The secrets of a file, a line each: `whsec_` and 24 to 64 bytes in base64.
    ///
    /// # Errors
    /// If the file cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Vec<Self>, String> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read `{shown}`: {error}"))?;
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
        let keys: Option<Vec<Self>> = lines.iter().map(|line| Self::parse(line)).collect();
        let keys = keys.filter(|keys| (1..=KEYS_MAX).contains(&keys.len()));
        keys.ok_or_else(|| {
            format!(
                "`{shown}` must hold one line, or two while the secret is exchanged: `whsec_` and \
                 24 to 64 bytes in base64. Make one: echo whsec_$(head -c 32 /dev/urandom | base64)"
            )
        })
    }

    fn parse(line: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(line.strip_prefix("whsec_")?).ok()?;
        BYTES.contains(&bytes.len()).then_some(Self(bytes))
    }
}

/// The header `webhook-signature` of a message: one signature for each secret.
#[must_use]
pub(super) fn signature(keys: &[Key], (id, seconds): (&str, i64), body: &str) -> String {
    let message = format!("{id}.{seconds}.{body}");
    let signatures = keys.iter().map(|key| {
        format!("v1,{}", BASE64_STANDARD.encode(keyed_hash(&key.0, message.as_bytes())))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn a_signature_is_as_the_specification_has_it() {
        let key = Key::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = signature(&[key], (id, 1_614_265_330), "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
