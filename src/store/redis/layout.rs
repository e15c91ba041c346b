//! Keys and values as Redis keeps them.
//!
//! A key is `PREFIX SORT : TENANT : ID`, such as `courtesy:c:default:ada`. A value is its version,
//! a checksum over it and its key, the customer's id where the key hides it, and the bytes
//! themselves.

use std::hash::Hasher;

use bytes::Bytes;
use siphasher::sip::SipHasher24;

use super::hide::Hidden;
use super::hide::Hider;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::store::Error;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The number of a value's bytes that are its version.
pub(super) const VERSION_BYTES: usize = 16;
/// The end of the checksum. It covers the key, the version, and all bytes after it.
const SUM_END: usize = VERSION_BYTES + 8;

/// The form in which one installation writes keys and values.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    prefix: String,
    hider: Option<Hider>,
}

/// A key as Redis has it, and the id that goes into the value where the key hides it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) key: Vec<u8>,
    sealed: Option<Vec<u8>>,
}

impl Layout {
    pub(super) const fn new(prefix: String, hider: Option<Hider>) -> Self {
        Self { prefix, hider }
    }

    /// The place of a value.
    pub(super) fn place(&self, key: &Key) -> Place {
        let before = format!("{}{}:", self.of_space(key.space), escape(&key.tenant));
        match &self.hider {
            Some(hider) if is_named_by_customer(key.space) => {
                let hidden = hider.hide(&key.tenant, &key.id);
                let sealed = hider.seal(&hidden, &key.id);
                Place { key: format!("{before}{hidden}").into(), sealed: Some(sealed) }
            }
            _ => Place { key: (before + &key.id).into(), sealed: None },
        }
    }

    /// The prefix of all keys of a kind.
    pub(super) fn of_space(&self, space: Space) -> String {
        format!("{}{}:", self.prefix, space.as_str())
    }

    /// The key of the list of all keys of a kind of which there are few.
    pub(super) fn list(&self, space: Space) -> String {
        format!("{}list:{}", self.prefix, space.as_str())
    }

    /// A bucket of an agenda.
    pub(super) fn bucket(&self, list: List, tenant: &Name, bucket: usize) -> Place {
        let (list, tenant) = (list.as_str(), escape(tenant));
        let key = format!("{}w:{tenant}:{list}:{bucket}", self.prefix);
        Place::found(key.into_bytes())
    }

    /// One of the keys that test whether a server reads and writes.
    pub(super) fn probe(&self, number: usize) -> String {
        format!("{}probe:{number}", self.prefix)
    }

    /// The channel of news about changed policies and pauses.
    pub(super) fn news(&self) -> String {
        format!("{}news", self.prefix)
    }

    /// The pattern of the keys of a kind, for one tenant or all, as `SCAN` reads it.
    pub(super) fn pattern(&self, space: Space, tenant: Option<&Name>) -> String {
        let mut begin = self.of_space(space);
        if let Some(tenant) = tenant {
            begin = begin + &escape(tenant) + ":";
        }
        let mut pattern = String::with_capacity(begin.len() + 1);
        for letter in begin.chars() {
            if matches!(letter, '*' | '?' | '[' | ']' | '^' | '-' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern + "*"
    }

    /// The tenant of a key of a kind.
    pub(super) fn tenant_of(&self, space: Space, key: &[u8]) -> Option<Name> {
        let text = std::str::from_utf8(key).ok()?;
        let (tenant, _id) = text.strip_prefix(&self.of_space(space))?.split_once(':')?;
        Name::new(&unescape(tenant)).ok()
    }

    /// Reads a key of a kind, for which the value may be needed to find the id.
    pub(super) fn parse_key(&self, space: Space, key: &[u8], value: &[u8]) -> Option<Key> {
        let text = std::str::from_utf8(key).ok()?;
        let (tenant, id) = text.strip_prefix(&self.of_space(space))?.split_once(':')?;
        let tenant = Name::new(&unescape(tenant)).ok()?;
        let id = match &self.hider {
            Some(hider) if is_named_by_customer(space) => {
                let (sealed, _value) = split(value.get(SUM_END..)?)?;
                hider.open(&Hidden::parse(id)?, sealed)?
            }
            _ => Box::from(id),
        };
        Some(Key { space, tenant, id })
    }
}

impl Place {
    /// A key that Redis has named.
    pub(super) const fn found(key: Vec<u8>) -> Self {
        Self { key, sealed: None }
    }

    /// A value as it stands here.
    pub(super) fn encode(&self, version: Version, value: &[u8]) -> Vec<u8> {
        let sealed = self.sealed.as_deref().unwrap_or_default();
        // An id has at most 256 bytes, and sealed 16 more.
        let length = u16::try_from(sealed.len()).unwrap_or_default().to_be_bytes();
        let version = version_bytes(version);
        let sum = checksum(&self.key, &[&version, &length, sealed, value]);
        let mut bytes = Vec::with_capacity(SUM_END + length.len() + sealed.len() + value.len());
        bytes.extend(version);
        bytes.extend(sum.to_be_bytes());
        bytes.extend(length);
        bytes.extend(sealed);
        bytes.extend(value);
        bytes
    }
}

/// Reads a value that stands under a key.
pub(super) fn decode(key: &[u8], bytes: &Bytes) -> Result<Stored, Error> {
    let read = || {
        let (version, rest) = bytes.split_at_checked(VERSION_BYTES)?;
        let (sum, rest) = rest.split_at_checked(8)?;
        let intact = u64::from_be_bytes(sum.try_into().ok()?) == checksum(key, &[version, rest]);
        let (_sealed, value) = split(rest)?;
        let version = parse_version(version)?;
        intact.then(|| Stored { version, value: bytes.slice_ref(value) })
    };
    read().ok_or_else(|| {
        Error::Damaged("a value does not have the checksum that it was written with".to_owned())
    })
}

/// The bytes of a version, with which values begin. Equal bytes are equal versions.
pub(super) fn version_bytes(version: Version) -> [u8; VERSION_BYTES] {
    let both = (u128::from(version.incarnation) << 64) | u128::from(version.counter);
    both.to_be_bytes()
}

/// Reads the version with which a value begins.
pub(super) fn parse_version(bytes: &[u8]) -> Option<Version> {
    let (incarnation, counter) = bytes.split_at_checked(8)?;
    Some(Version {
        incarnation: u64::from_be_bytes(incarnation.try_into().ok()?),
        counter: u64::from_be_bytes(counter.try_into().ok()?),
    })
}

/// An entry as a member of its bucket. Who puts it has sealed the customer's id.
pub(super) fn member(entry: &Entry) -> String {
    format!("{:016x}:{}", entry.item, entry.customer)
}

/// Reads what `member` writes.
pub(super) fn parse_member(
    (list, tenant): (List, &Name),
    member: &[u8],
    due: Instant,
) -> Option<Entry> {
    let (item, customer) = std::str::from_utf8(member).ok()?.split_once(':')?;
    let item = u64::from_str_radix(item, 16).ok()?;
    Some(Entry { list, tenant: tenant.clone(), customer: Box::from(customer), item, due })
}

/// Whether the keys of a kind contain customers' ids.
const fn is_named_by_customer(space: Space) -> bool {
    matches!(space, Space::Customers)
}

/// The sealed id and the value.
fn split(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = rest.split_at_checked(2)?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(length.try_into().ok()?)))
}

fn checksum(key: &[u8], parts: &[&[u8]]) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write_usize(key.len());
    hasher.write(key);
    for part in parts {
        hasher.write(part);
    }
    hasher.finish()
}

/// A tenant's name without the colon that ends it.
fn escape(tenant: &Name) -> String {
    tenant.replace('%', "%25").replace(':', "%3A")
}

fn unescape(text: &str) -> String {
    text.replace("%3A", ":").replace("%25", "%")
}

#[cfg(test)]
mod tests;
