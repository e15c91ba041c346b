//! Keys and values as bytes. A value carries its version and a checksum over both and its key, so that
//! one which was damaged, or got under another key, is noticed when it is read.

use std::hash::Hasher;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use siphasher::sip::SipHasher24;

use crate::model::Name;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The format of the directory.
pub(super) const FORMAT: u64 = 1;
/// Where the format is written.
pub(super) const FORMAT_KEY: &[u8] = b"format";
/// Where the number of the last batch is written.
pub(super) const BATCH_KEY: &[u8] = b"batch";

/// The tenant behind its length, and the id: tenants cannot reach into each other.
pub(super) fn key(key: &Key) -> Vec<u8> {
    let mut bytes = tenant(&key.tenant);
    bytes.extend(key.id.as_bytes());
    bytes
}

/// What all keys of a tenant begin with, and no others.
pub(super) fn tenant(tenant: &Name) -> Vec<u8> {
    // Names have at most 128 bytes.
    let length = u8::try_from(tenant.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![length];
    bytes.extend(tenant.as_bytes());
    bytes
}

/// Reads a key.
pub(super) fn parse_key(space: Space, bytes: &[u8]) -> Option<Key> {
    let (length, rest) = bytes.split_first()?;
    let (tenant, id) = rest.split_at_checked(usize::from(*length))?;
    let tenant = Name::new(std::str::from_utf8(tenant).ok()?).ok()?;
    Some(Key { space, tenant, id: Box::from(std::str::from_utf8(id).ok()?) })
}

/// Says where to go on after a key.
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

/// Reads a value; none if its checksum is wrong.
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
