//! Policies as stores keep them: the documents verbatim.

use bytes::Bytes;
use prost::Message;

use super::FORMAT;
use super::Unreadable;
use super::check_format;
use crate::model::Instant;
use crate::proto::store::v1;

/// The documents of a tenant's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// The revision, counted from 1.
    pub revision: u64,
    /// Names and texts, in order of name.
    pub documents: Vec<(String, String)>,
    /// When it was applied.
    pub applied: Instant,
}

impl Documents {
    /// Reads a policy.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let message = v1::Policy::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
        check_format(message.format)?;
        let documents = message.documents.into_iter();
        Ok(Self {
            revision: message.revision,
            documents: documents.map(|document| (document.name, document.text)).collect(),
            applied: Instant::from_millis(message.applied_ms),
        })
    }

    /// Writes a policy.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let documents = self.documents.iter();
        let message = v1::Policy {
            format: FORMAT,
            revision: self.revision,
            documents: documents
                .map(|(name, text)| v1::Document { name: name.clone(), text: text.clone() })
                .collect(),
            applied_ms: self.applied.millis(),
        };
        message.encode_to_vec().into()
    }
}
