//! The versions of a value.

use std::fmt;

/// The version of a value. Every replacement makes a new one; no version ever comes back, not even
/// when a key is removed and made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// Drawn at random when the key was made.
    pub incarnation: u64,
    /// Grows with every replacement since.
    pub counter: u64,
}

impl fmt::Display for Version {
    /// 32 hexadecimal digits, as callers see it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.incarnation, self.counter)
    }
}

impl Version {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (incarnation, counter) = text.split_at_checked(16)?;
        let digits = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !digits(incarnation) || !digits(counter) {
            return None;
        }
        let incarnation = u64::from_str_radix(incarnation, 16).ok()?;
        let counter = u64::from_str_radix(counter, 16).ok()?;
        Some(Self { incarnation, counter })
    }
}
