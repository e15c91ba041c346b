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
    /// The revision, counted from 1; 0 is the starter policy.
    pub revision: u64,
    /// Names and texts, in order of name.
    pub documents: Vec<(String, String)>,
    /// The author of the revision, its time and the reason.
    pub about: About,
}

/// The stored policy of a tenant: the revision in force, and the scheduled one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyValue {
    /// The revision that was in force when the value was stored.
    pub written: Documents,
    /// The revision that takes its place at its time, if there is one.
    pub scheduled: Option<Documents>,
    /// The highest number of a revision that was cancelled; 0 if none was.
    pub cancelled: u64,
    /// The hash of the last directory that an instance applied by itself, if there was one.
    pub directory: Option<Hash>,
}

/// The hash of a directory of documents.
pub type Hash = [u8; 32];

impl Documents {
    /// Reads a revision.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        Ok(PolicyValue::read(bytes)?.written)
    }

    /// Writes a revision.
    #[must_use]
    pub fn write(&self) -> Bytes {
        self.message().encode_to_vec().into()
    }

    fn of(message: v1::Policy) -> Result<Self, Unreadable> {
        check_format(message.format, FORMAT)?;
        let documents = message.documents.into_iter();
        let changes = message.changes.into_iter();
        Ok(Self {
            revision: message.revision,
            documents: documents.map(|document| (document.name, document.text)).collect(),
            about: About {
                applied: Instant::from_millis(message.applied_ms),
                effective: message.effective_ms.map(Instant::from_millis),
                cancelled: message.cancelled_ms.map(Instant::from_millis),
                author: message.author.map(Box::from),
                note: message.note.map(Box::from),
                restored: message.restored,
                changes: changes
                    .map(|change| Change { subject: change.subject, text: change.text })
                    .collect(),
            },
        })
    }

    fn message(&self) -> v1::Policy {
        let documents = self.documents.iter();
        let About { applied, effective, cancelled, author, note, restored, changes } = &self.about;
        v1::Policy {
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
            scheduled: None,
            effective_ms: effective.map(Instant::millis),
            cancelled_ms: cancelled.map(Instant::millis),
            cancelled_revision: 0,
            directory_hash: Vec::new(),
        }
    }
}

impl PolicyValue {
    /// Reads what is stored.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let mut message =
            v1::Policy::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
        let scheduled = message.scheduled.take().map(|scheduled| Documents::of(*scheduled));
        let cancelled = message.cancelled_revision;
        let directory = Hash::try_from(message.directory_hash.as_slice()).ok();
        let (written, scheduled) = (Documents::of(message)?, scheduled.transpose()?);
        Ok(Self { written, scheduled, cancelled, directory })
    }

    /// Writes it.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let scheduled = self.scheduled.as_ref().map(|it| Box::new(it.message()));
        let cancelled_revision = self.cancelled;
        let directory_hash = self.directory.map(Vec::from).unwrap_or_default();
        let written = self.written.message();
        let message = v1::Policy { scheduled, cancelled_revision, directory_hash, ..written };
        message.encode_to_vec().into()
    }
}

/// A policy that no release without marks reads: its format is beyond theirs.
#[must_use]
pub fn barrier() -> Bytes {
    v1::Policy { format: FORMAT + 1, ..v1::Policy::default() }.encode_to_vec().into()
}

fn change(change: &Change) -> v1::Change {
    v1::Change { subject: change.subject.clone(), text: change.text.clone() }
}
