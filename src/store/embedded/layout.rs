//! Keys and values as bytes. A value carries its version and a checksum over both and its key, so
//! that one which was damaged, or got under another key, is noticed when it is read.

use std::hash::Hasher;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use siphasher::sip::SipHasher24;

use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The format of the directory.
pub(super) const FORMAT: u64 = 1;
/// The key of the format.
pub(super) const FORMAT_KEY: &[u8] = b"format";
/// The key of the last batch's number.
pub(super) const BATCH_KEY: &[u8] = b"batch";

/// The first of the marks. Names have at most 128 bytes, so no length of a name is a mark. The
/// fifth mark was an index that no longer exists.
const MARK_MIN: u8 = 0xf0;
/// The first byte of the agenda's entries, in the order of their times.
const MARK_DUE: u8 = MARK_MIN + 5;
/// The first byte of the keys that have the time of an entry.
const MARK_MEMBER: u8 = MARK_MIN + 6;

/// The tenant behind its length, and the id: tenants cannot reach into each other.
pub(super) fn key(key: &Key) -> Vec<u8> {
    let mut bytes = prefix(key.space, Some(&key.tenant));
    bytes.extend(key.id.as_bytes());
    bytes
}

/// The prefix of all keys of a tenant, and of no others; without a tenant, of all keys of the kind.
pub(super) fn prefix(space: Space, tenant: Option<&Name>) -> Vec<u8> {
    let mut bytes: Vec<u8> = mark(space).into_iter().collect();
    if let Some(tenant) = tenant {
        // Names have at most 128 bytes.
        bytes.push(u8::try_from(tenant.len()).unwrap_or(u8::MAX));
        bytes.extend(tenant.as_bytes());
    }
    bytes
}

/// The prefix of all keys of a kind that shares its tree with others.
pub(super) const fn mark(space: Space) -> Option<u8> {
    match space {
        Space::Customers | Space::Policies | Space::Erased | Space::Notes => None,
        Space::Revisions => Some(MARK_MIN),
        Space::Pauses => Some(MARK_MIN + 1),
        Space::Audit => Some(MARK_MIN + 2),
        Space::OutageJournal => Some(MARK_MIN + 3),
    }
}

/// Whether a key in the tree of a kind belongs to that kind.
pub(super) fn is_of(space: Space, bytes: &[u8]) -> bool {
    let first = bytes.first().copied();
    first.filter(|first| *first >= MARK_MIN) == mark(space)
}

/// The prefix of all entries of a list.
pub(super) fn list(list: List, tenant: &Name) -> Vec<u8> {
    named(MARK_DUE, list, tenant)
}

/// The key that has the time of an entry.
pub(super) fn member(entry: &Entry) -> Vec<u8> {
    let mut bytes = named(MARK_MEMBER, entry.list, &entry.tenant);
    bytes.extend(entry.item.to_be_bytes());
    bytes.extend(entry.customer.as_bytes());
    bytes
}

/// The key of an entry with a time.
pub(super) fn due(entry: &Entry, due: Instant) -> Vec<u8> {
    let mut bytes = list(entry.list, &entry.tenant);
    bytes.extend(ordered(due));
    bytes.extend(entry.item.to_be_bytes());
    bytes.extend(entry.customer.as_bytes());
    bytes
}

/// Reads an entry of a list whose entries begin with `list`.
pub(super) fn parse_due(list: List, tenant: &Name, bytes: &[u8]) -> Option<Entry> {
    let rest = bytes.strip_prefix(self::list(list, tenant).as_slice())?;
    let (due, rest) = rest.split_at_checked(8)?;
    let (item, customer) = rest.split_at_checked(8)?;
    Some(Entry {
        list,
        tenant: tenant.clone(),
        customer: Box::from(std::str::from_utf8(customer).ok()?),
        item: number(item)?,
        due: parse_ordered(due)?,
    })
}

/// A time as bytes in its order.
pub(super) fn ordered(time: Instant) -> [u8; 8] {
    (time.millis().cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// Reads what `ordered` writes.
pub(super) fn parse_ordered(bytes: &[u8]) -> Option<Instant> {
    Some(Instant::from_millis((number(bytes)? ^ (1 << 63)).cast_signed()))
}

fn named(mark: u8, list: List, tenant: &Name) -> Vec<u8> {
    // Names have at most 128 bytes.
    let mut bytes = vec![mark, u8::try_from(tenant.len()).unwrap_or(u8::MAX)];
    bytes.extend(tenant.as_bytes());
    bytes.extend(list.as_str().as_bytes());
    bytes
}

/// Reads a key.
pub(super) fn parse_key(space: Space, bytes: &[u8]) -> Option<Key> {
    let bytes = bytes.get(usize::from(mark(space).is_some())..)?;
    let (length, rest) = bytes.split_first()?;
    let (tenant, id) = rest.split_at_checked(usize::from(*length))?;
    let tenant = Name::new(std::str::from_utf8(tenant).ok()?).ok()?;
    Some(Key { space, tenant, id: Box::from(std::str::from_utf8(id).ok()?) })
}

/// The cursor from which a scan continues after a key.
pub(super) fn cursor(key: &[u8]) -> Box<str> {
    BASE64_URL_SAFE_NO_PAD.encode(key).into()
}

/// Reads what `cursor` writes.
pub(super) fn parse_cursor(cursor: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()
}

/// The version, a checksum, and the value.
pub(super) fn encode(key: &[u8], version: Version, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(24 + value.len());
    bytes.extend(version.incarnation.to_be_bytes());
    bytes.extend(version.counter.to_be_bytes());
    bytes.extend(checksum(key, version, value).to_be_bytes());
    bytes.extend(value);
    bytes
}

/// Reads a value; `None` if its checksum is wrong.
pub(super) fn decode(key: &[u8], bytes: &[u8]) -> Option<Stored> {
    let (incarnation, rest) = bytes.split_at_checked(8)?;
    let (counter, rest) = rest.split_at_checked(8)?;
    let (sum, value) = rest.split_at_checked(8)?;
    let version = Version { incarnation: number(incarnation)?, counter: number(counter)? };
    let intact = number(sum)? == checksum(key, version, value);
    intact.then(|| Stored { version, value: Bytes::copy_from_slice(value) })
}

/// Reads eight bytes as a number.
pub(super) fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

fn checksum(key: &[u8], version: Version, value: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write_usize(key.len());
    hasher.write(key);
    hasher.write_u64(version.incarnation);
    hasher.write_u64(version.counter);
    hasher.write(value);
    hasher.finish()
}
