//! Notes that a part of the service keeps for itself, shared by all instances.

use bytes::Bytes;

use super::Failure;
use super::Gate;
use super::mark::note_key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Version;

impl Gate {
    /// A note and its version, if it is there.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn noted(&self, id: &str) -> Result<Option<(Bytes, Version)>, Failure> {
        let key = note_key(id.to_owned())?;
        let stored = self.within("load", self.store.load(&key)).await?;
        Ok(stored.map(|stored| (stored.value, stored.version)))
    }

    /// Writes a note in place of the version `expected`, and returns the new version; `None` if
    /// another writer was faster.
    ///
    /// # Errors
    /// If it is not written, or the outcome is unknown.
    pub async fn keep_note(
        &self,
        id: &str,
        expected: Option<Version>,
        value: Vec<u8>,
    ) -> Result<Option<Version>, Failure> {
        let key = note_key(id.to_owned())?;
        let replacement = Replacement { key, expected, value: Bytes::from(value), expires: None };
        let write = self.store.replace(replacement, self.settings.wishes);
        match self.within("replace", write).await? {
            Replaced::Done(version) => Ok(Some(version)),
            Replaced::Changed(_) => Ok(None),
        }
    }
}
