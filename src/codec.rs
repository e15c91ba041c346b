//! Records and policies as stores keep them: protobuf with a format number.
//! `proto/courtesy/store/v1` describes every field.
//!
//! **Invariant:** what one version of courtesy has written, every later one reads; and what an
//! earlier one does not know survives its writing.

mod contacts;
pub mod mark;
mod marketing;
pub mod number;
pub mod pause;
pub mod policy;
mod read;
mod unknown;
mod write;

use bytes::Bytes;
use prost::Message;

use crate::model::Record;
use crate::model::history::Malformed;
use crate::proto::store::v1;

/// The format of records that is written, and the newest that releases without marks read.
const RECORD_FORMAT: u32 = 2;
/// The format of records with wishes that an earlier version would take for wider ones. Earlier
/// versions refuse it, so that they never answer without such a wish.
pub const FORMAT_OF_NARROW_WISHES: u32 = 3;
/// The format of records with refusals that a START can take back, or with a START, and the newest
/// that is read. An earlier version would forget the refusals beneath them.
pub const FORMAT_OF_STOPS: u32 = 4;
/// The same of everything else.
const FORMAT: u32 = 1;

/// A record as it was read, and what a newer version has added to it.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// The record.
    pub record: Record,
    /// The bytes it was read from, where they hold fields that are not known here.
    unknown: Option<Bytes>,
}

/// The reason why a record or a policy cannot be read. No message has any of its contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The bytes are not a protobuf message.
    #[error("it is not a protobuf message")]
    Damaged,
    /// A newer version of courtesy has written it.
    #[error("it has the format {0}, which a newer version of courtesy has written")]
    Newer(u32),
    /// A field that every version writes is missing or beyond its bounds.
    #[error("its field `{0}` is missing or out of bounds")]
    Field(&'static str),
    /// The history contradicts itself.
    #[error(transparent)]
    History(#[from] Malformed),
}

impl Decoded {
    /// Reads a record.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let message = v1::Record::decode(&**bytes).map_err(|_details| Unreadable::Damaged)?;
        check_format(message.format, FORMAT_OF_STOPS)?;
        let unknown = (message.encoded_len() != bytes.len()).then(|| bytes.clone());
        Ok(Self { record: read::record(message)?, unknown })
    }

    /// Writes a record in place of the one that was read.
    #[must_use]
    pub fn write(&self, record: &Record) -> Bytes {
        let known = write::record(record).encode_to_vec();
        let merged = self.unknown.as_ref().and_then(|before| unknown::keep(before, &known));
        merged.unwrap_or(known).into()
    }
}

/// Reads of a record what a decision is made of, and leaves the rest empty: the requests that are
/// remembered can be most of it.
///
/// # Errors
/// As for [`Decoded::read`], as far as it reads.
pub fn read_for_decision(bytes: &[u8]) -> Result<Record, Unreadable> {
    let message = v1::RecordForDecision::decode(bytes).map_err(|_details| Unreadable::Damaged)?;
    check_format(message.format, FORMAT_OF_STOPS)?;
    read::record_for_decision(message)
}

/// The format of a record as it was written here, where not every release reads it.
#[must_use]
pub fn newer_format(record: &[u8]) -> Option<u32> {
    // The format is the first field, and has one byte.
    match record {
        [8, format, ..] => Some(u32::from(*format)).filter(|format| *format > RECORD_FORMAT),
        _ => None,
    }
}

fn check_format(format: u32, newest: u32) -> Result<(), Unreadable> {
    match format {
        0 => Err(Unreadable::Field("format")),
        newer if newer > newest => Err(Unreadable::Newer(newer)),
        _known => Ok(()),
    }
}

#[cfg(test)]
mod additions;
#[cfg(test)]
mod tests;
