//! The reasons why a directory cannot be opened.

use std::path::Path;
use std::path::PathBuf;

use super::fault;

/// The reason why a directory cannot be opened, and the way to correct it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "{0} is in use by another courtesy process; stop it, or give this one a directory of its \
         own"
    )]
    Locked(PathBuf),
    /// The file system refuses.
    #[error("cannot use {0} as a store: {1}. {advice}", advice = fault::advice(.1))]
    Io(PathBuf, #[source] std::io::Error),
    /// The directory in which the process was started is gone.
    #[error(
        "the directory in which courtesy was started is gone ({0}); start it in one that is there"
    )]
    Nowhere(#[source] std::io::Error),
    /// The files contradict themselves.
    #[error(
        "the store in {0} is damaged: {1}. Restore the directory from a backup, or move it away to \
         begin with an empty store"
    )]
    Damaged(PathBuf, String),
    /// Acknowledged writes are missing.
    #[error(
        "the store in {directory} has lost writes that were acknowledged: it holds {found} batches \
         of at least {acknowledged}. Restore the directory from a backup; to go on without them, \
         remove the file `acknowledged` in it"
    )]
    Lost {
        /// The directory.
        directory: PathBuf,
        /// The number of batches in the files.
        found: u64,
        /// The number of batches that were acknowledged.
        acknowledged: u64,
    },
    /// A newer version of courtesy has written it.
    #[error("the store in {0} has the format {1}, which this version of courtesy does not know")]
    Newer(PathBuf, u64),
}

/// The error for a directory, from the library's error.
pub(super) fn open_error(directory: &Path, error: fjall::Error) -> OpenError {
    if matches!(error, fjall::Error::Locked) {
        return OpenError::Locked(directory.to_owned());
    }
    match fault::refusal(error) {
        Ok(refusal) => OpenError::Io(directory.to_owned(), refusal),
        Err(damage) => damaged(directory, &damage),
    }
}

/// The error for files that contradict themselves.
pub(super) fn damaged(directory: &Path, why: &str) -> OpenError {
    OpenError::Damaged(directory.to_owned(), why.to_owned())
}
