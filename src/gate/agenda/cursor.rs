//! The cursor of a list of the agenda: the place up to which each of its buckets has been read.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::model::Instant;
use crate::store::Found;

/// The most buckets that a cursor names.
const BUCKETS_MAX: usize = 1_024;

/// The place up to which each bucket of a list has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(Vec<Instant>);

impl Cursor {
    /// Everything up to a time.
    #[must_use]
    pub fn at(time: Instant, buckets: usize) -> Self {
        Self(vec![time; buckets])
    }

    pub(super) fn positions(&self) -> &[Instant] {
        &self.0
    }

    /// The bucket that has been read least far; `None` if nothing has been read.
    pub(super) fn first(&self) -> Option<Instant> {
        self.0.iter().copied().min()
    }

    /// Goes on behind what was found.
    pub(super) fn go_on(&mut self, found: &[Found], buckets: usize) {
        if self.0.len() < buckets {
            self.0.resize(buckets, Instant::FIRST);
        }
        for it in found {
            if let Some(position) = self.0.get_mut(it.bucket) {
                *position = (*position).max(it.entry.due);
            }
        }
    }

    /// Takes every bucket as read up to a time.
    pub(super) fn raise(&mut self, time: Instant) {
        self.0.iter_mut().for_each(|position| *position = (*position).max(time));
    }

    /// Takes a bucket as read no further than a time.
    pub fn lower(&mut self, bucket: usize, time: Instant) {
        if let Some(position) = self.0.get_mut(bucket) {
            *position = (*position).min(time);
        }
    }

    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (first, mut rest) = bytes.split_at_checked(8)?;
        let first = i64::from_be_bytes(first.try_into().ok()?);
        let mut positions = Vec::new();
        while !rest.is_empty() {
            let (more, left) = varint(rest)?;
            let millis = first.checked_add_unsigned(more)?;
            positions.push(Instant::from_millis(millis));
            rest = left;
        }
        (positions.len() <= BUCKETS_MAX).then_some(Self(positions))
    }
}

impl fmt::Display for Cursor {
    /// The first position, and how far each of them lies behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first().unwrap_or(Instant::FIRST).millis();
        let mut bytes = first.to_be_bytes().to_vec();
        for position in &self.0 {
            let mut left = position.millis().abs_diff(first);
            while left >= 0x80 {
                bytes.push(u8::try_from(left & 0x7f).unwrap_or_default() | 0x80);
                left >>= 7;
            }
            bytes.push(u8::try_from(left).unwrap_or_default());
        }
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (position, byte) in bytes.iter().enumerate().take(10) {
        let shift = u32::try_from(position).ok()?.checked_mul(7)?;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(position + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let positions = [5, -3, 1_764_000_000_000, i64::MIN, i64::MAX].map(Instant::from_millis);
        for cursor in [
            Cursor::default(),
            Cursor(positions.to_vec()),
            Cursor(positions.get(..3).unwrap().to_vec()),
            Cursor::at(Instant::from_millis(1_764_000_000_000), 64),
        ] {
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        for strange in ["", "a", "AAAA", "AAAAAAAAAAD_", "!"] {
            assert_eq!(Cursor::parse(strange), None, "{strange}");
        }
    }
}
