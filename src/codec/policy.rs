//! Policies as stores keep them: the documents verbatim.

use bytes::Bytes;
use prost::Message;

use super::FORMAT;
use super::Unreadable;
use super::check_format;
use crate::model::Instant;
use crate::model::revision::About;
use crate::model::revision::Change;
use crate::proto::store::v1;

/// A revision of a tenant's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// The revision, counted from 1.
    pub revision: u64,
    /// Names and texts, in order of name.
    pub documents: Vec<(String, String)>,
    /// Who applied it, when and why.
    pub about: About,
}

impl Documents {
    /// Reads a policy.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let message = v1::Policy::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
        check_format(message.format, FORMAT)?;
        let documents = message.documents.into_iter();
        let changes = message.changes.into_iter();
        Ok(Self {
            revision: message.revision,
            documents: documents.map(|document| (document.name, document.text)).collect(),
            about: About {
                applied: Instant::from_millis(message.applied_ms),
                author: message.author.map(Box::from),
                note: message.note.map(Box::from),
                restored: message.restored,
                changes: changes
                    .map(|change| Change { subject: change.subject, text: change.text })
                    .collect(),
            },
        })
    }

    /// Writes a policy.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let documents = self.documents.iter();
        let About { applied, author, note, restored, changes } = &self.about;
        let message = v1::Policy {
            format: FORMAT,
            revision: self.revision,
            documents: documents
                .map(|(name, text)| v1::Document { name: name.clone(), text: text.clone() })
                .collect(),
            applied_ms: applied.millis(),
            author: author.as_deref().map(str::to_owned),
            note: note.as_deref().map(str::to_owned),
            restored: *restored,
            changes: changes.iter().map(change).collect(),
        };
        message.encode_to_vec().into()
    }
}

fn change(change: &Change) -> v1::Change {
    v1::Change { subject: change.subject.clone(), text: change.text.clone() }
}
