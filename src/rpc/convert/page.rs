//! Page tokens: where the last page ended, and for whom.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::model::Instant;
use crate::store::Key;

/// The last contact of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was made.
    pub at: Instant,
    /// Its number.
    pub number: u32,
}

impl Place {
    /// The token for the page that follows.
    #[must_use]
    pub fn token(self, key: &Key) -> String {
        format!("{:016x}{:08x}{:016x}", self.at.millis(), self.number, self.seal(key))
    }

    /// Reads a token; none if it was not made for this customer.
    #[must_use]
    pub fn parse(token: &str, key: &Key) -> Option<Self> {
        let (at, rest) = token.split_at_checked(16)?;
        let (number, _seal) = rest.split_at_checked(8)?;
        let millis = i64::from_str_radix(at, 16).ok()?;
        let number = u32::from_str_radix(number, 16).ok()?;
        let place = Self { at: Instant::from_millis(millis), number };
        (place.token(key) == token).then_some(place)
    }

    /// A seal against mistakes, not against attackers: a forged token shows nothing that its caller
    /// may not see.
    fn seal(self, key: &Key) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(0x636f_7572_7465_7379, 0x7061_6765_746f_6b31);
        hasher.write(key.tenant.as_bytes());
        hasher.write_u8(0);
        hasher.write(key.id.as_bytes());
        hasher.write_i64(self.at.millis());
        hasher.write_u32(self.number);
        hasher.finish()
    }
}
