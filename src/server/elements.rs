//! Counts the elements of a request's lists. A request with more than any method allows is refused
//! before it is decoded: an empty element takes two bytes on the wire, and hundreds in memory.

use std::collections::BTreeMap;

use prost_reflect::MessageDescriptor;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use tonic::Status;
use tonic_types::FieldViolation;

use crate::proto::v1::ErrorReason;
use crate::rpc::status;

/// The most elements of one field of a request.
const ELEMENTS_MAX: usize = 1_000;
/// The bytes that gRPC writes before a message.
const FRAME_HEAD_BYTES: u64 = 5;
/// The bits that say how a field is written, and the way in which lists of messages are.
const WIRE_BITS: u32 = 3;
const LENGTH_DELIMITED: u64 = 2;

/// Counts the elements of a message in binary form while it arrives.
#[derive(Debug)]
pub(super) struct Elements {
    message: MessageDescriptor,
    /// The number of bytes of the message that are still to come, if the length is known.
    left: Option<u64>,
    state: Nesting,
    counts: BTreeMap<u32, usize>,
}

/// The position in a message.
#[derive(Clone, Copy, Debug)]
enum Nesting {
    /// Before the message. `left` bytes of its head are to come, and `length` is the part that was
    /// read.
    Head { left: u64, length: u64 },
    /// In the number that has a field's number and its encoding.
    Tag(Varint),
    /// In a field's number.
    Number,
    /// In the number that has a field's length.
    Length(Varint),
    /// In a field of which this number of bytes is to come.
    Skip(u64),
    /// The bytes are not a message: the decoder reports that.
    Strange,
}

/// A number that has arrived in part.
#[derive(Clone, Copy, Debug, Default)]
struct Varint {
    value: u64,
    bits: u32,
}

impl Varint {
    /// Adds a byte. The number, once it is whole.
    fn add(&mut self, byte: u8) -> Option<u64> {
        self.value |= u64::from(byte & 0x7f).checked_shl(self.bits).unwrap_or_default();
        self.bits = self.bits.saturating_add(7);
        (byte & 0x80 == 0).then_some(self.value)
    }
}

impl Elements {
    /// Counts in a message as gRPC frames it, or as it is.
    pub(super) fn new(message: MessageDescriptor, is_framed: bool) -> Self {
        let head = Nesting::Head { left: FRAME_HEAD_BYTES, length: 0 };
        let state = if is_framed { head } else { Nesting::Tag(Varint::default()) };
        Self { message, left: None, state, counts: BTreeMap::new() }
    }

    /// Looks at what has arrived. The end of a message that lists too much is refused.
    ///
    /// # Errors
    /// If the message lists too much.
    pub(super) fn see(&mut self, bytes: &[u8]) -> Result<(), Status> {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let taken = match self.state {
                Nesting::Strange => return Ok(()),
                Nesting::Skip(more) => {
                    let taken = more.min(u64::try_from(rest.len()).unwrap_or(u64::MAX));
                    let more = more.saturating_sub(taken);
                    self.state = if more == 0 {
                        Nesting::Tag(Varint::default())
                    } else {
                        Nesting::Skip(more)
                    };
                    taken
                }
                Nesting::Head { .. } | Nesting::Tag(_) | Nesting::Number | Nesting::Length(_) => {
                    self.step(byte);
                    1
                }
            };
            let is_head = matches!(self.state, Nesting::Head { .. });
            if let Some(left) = self.left.as_mut().filter(|_| !is_head) {
                *left = left.saturating_sub(taken);
                if *left == 0 {
                    return self.finish();
                }
            }
            rest = if taken == 1 {
                after
            } else {
                usize::try_from(taken).ok().and_then(|it| rest.get(it..)).unwrap_or_default()
            };
        }
        Ok(())
    }

    /// Looks whether a message that has arrived lists too much.
    ///
    /// # Errors
    /// If the message lists too much.
    pub(super) fn finish(&self) -> Result<(), Status> {
        let too_many = self.counts.iter().find_map(|(number, count)| {
            let field = self.message.get_field(*number).filter(|field| field.is_list())?;
            (*count > ELEMENTS_MAX).then(|| refusal(field.name(), *count))
        });
        too_many.map_or(Ok(()), Err)
    }

    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            Nesting::Head { left, length } => {
                // The first byte says whether it is compressed, which we do not read.
                let length =
                    if left == FRAME_HEAD_BYTES { 0 } else { (length << 8) | u64::from(byte) };
                if left > 1 {
                    Nesting::Head { left: left - 1, length }
                } else {
                    // This byte is the head's.
                    self.left = Some(length.saturating_add(1));
                    Nesting::Tag(Varint::default())
                }
            }
            Nesting::Tag(mut tag) => match tag.add(byte) {
                None => Nesting::Tag(tag),
                Some(tag) => self.field(tag),
            },
            Nesting::Number if byte & 0x80 != 0 => Nesting::Number,
            Nesting::Number => Nesting::Tag(Varint::default()),
            Nesting::Length(mut length) => match length.add(byte) {
                None => Nesting::Length(length),
                Some(0) => Nesting::Tag(Varint::default()),
                Some(length) => Nesting::Skip(length),
            },
            Nesting::Skip(_) | Nesting::Strange => Nesting::Strange,
        };
    }

    /// The state after a tag.
    fn field(&mut self, tag: u64) -> Nesting {
        let wire = tag & ((1 << WIRE_BITS) - 1);
        if wire == LENGTH_DELIMITED
            && let Ok(number) = u32::try_from(tag >> WIRE_BITS)
        {
            *self.counts.entry(number).or_default() += 1;
        }
        match wire {
            0 => Nesting::Number,
            1 => Nesting::Skip(8),
            LENGTH_DELIMITED => Nesting::Length(Varint::default()),
            5 => Nesting::Skip(4),
            _ => Nesting::Strange,
        }
    }
}

/// Checks whether a message in JSON has lists that are too long. If the text is not such a message,
/// the decoder reports that.
///
/// # Errors
/// If the message lists too much.
pub(super) fn check_json(message: &MessageDescriptor, json: &[u8]) -> Result<(), Status> {
    let Ok(fields) = serde_json::from_slice::<BTreeMap<String, Count>>(json) else { return Ok(()) };
    let too_many = fields.iter().filter(|(_, count)| count.0 > ELEMENTS_MAX);
    let mut too_many = too_many.filter_map(|(name, count)| {
        let field =
            message.get_field_by_json_name(name).or_else(|| message.get_field_by_name(name));
        Some(refusal(field?.name(), count.0))
    });
    too_many.next().map_or(Ok(()), Err)
}

fn refusal(field: &str, count: usize) -> Status {
    let why = format!("has at most {ELEMENTS_MAX} elements, this one has {count}");
    status::invalid(ErrorReason::InvalidRequest, vec![FieldViolation::new(field, why)])
}

/// The number of elements of a JSON value, if it is a list.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counter).map(Self)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = usize;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(0)
    }

    fn visit_bool<E>(self, _: bool) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_i64<E>(self, _: i64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_u64<E>(self, _: u64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_f64<E>(self, _: f64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_str<E>(self, _: &str) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests;
