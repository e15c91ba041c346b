//! The source of a list: a file, a pipe or standard input. A source that cannot be read twice is
//! kept in a temporary file without a name, so that work on it can continue after the server was
//! away.

use std::fs::File;
use std::io;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use crate::cli::Error;
use crate::cli::files::is_standard;
use crate::cli::rows::charset::Charset;

/// A list that can be read from the beginning any number of times.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    name: String,
    file: Arc<File>,
    bytes: u64,
    kept: bool,
    charset: Option<Charset>,
}

/// The bytes of a list from some place on. Each has a place of its own, so that several can read
/// one list.
#[derive(Clone, Debug)]
pub(super) struct Bytes {
    file: Arc<File>,
    offset: u64,
}

impl Source {
    /// Opens a list. `charset` is how it is encoded, if the caller says so.
    pub(crate) fn open(path: &Path, charset: Option<Charset>) -> Result<Self, Error> {
        let is_input = is_standard(path);
        let name = if is_input { "standard input".to_owned() } else { path.display().to_string() };
        let unreadable = |source| Error::Read { path: name.clone(), source };
        let (file, kept) = if is_input {
            (keep(&mut io::stdin().lock()).map_err(unreadable)?, true)
        } else {
            let mut file = File::open(path).map_err(unreadable)?;
            if file.metadata().map_err(unreadable)?.is_file() {
                (file, false)
            } else {
                (keep(&mut file).map_err(unreadable)?, true)
            }
        };
        let bytes = file.metadata().map_err(unreadable)?.len();
        Ok(Self { name, file: Arc::new(file), bytes, kept, charset })
    }

    /// The name of the source in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The number of its bytes, as it is stored.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether it came through a pipe, and is gone when the command ends.
    pub(crate) const fn is_piped(&self) -> bool {
        self.kept
    }

    /// The encoding that the caller gave, if any.
    pub(super) const fn charset(&self) -> Option<Charset> {
        self.charset
    }

    /// Its bytes, as they are stored, from a place on.
    pub(super) fn from(&self, offset: u64) -> Bytes {
        Bytes { file: Arc::clone(&self.file), offset }
    }

    /// Its first bytes, as they are stored: fewer than `most` only if there are no more.
    pub(crate) fn beginning(&self, most: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = self.from(0).take(most).read_to_end(&mut bytes);
        read.map_err(|source| Error::Read { path: self.name.clone(), source })?;
        Ok(bytes)
    }
}

impl Bytes {
    /// Passes over `count` bytes.
    pub(super) const fn skip(&mut self, count: u64) {
        self.offset = self.offset.saturating_add(count);
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset += u64::try_from(count).unwrap_or_default();
        Ok(count)
    }
}

fn keep(from: &mut impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(from, &mut file)?;
    Ok(file)
}
