//! The output: a temporary file beside the wanted one, which it replaces when it is complete, or
//! standard output. A run that continues cuts off the part that was not acknowledged, a torn line
//! included.

use std::fs;
use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::Error;
use crate::secret::owner_only;

const BUFFER_BYTES: usize = 256 << 10;
const PARTIAL: &str = ".partial";

/// The output written so far.
pub(super) struct Cleared<'a> {
    to: To<'a>,
    bytes: u64,
}

/// The place of the output.
enum To<'a> {
    File(Draft),
    Pipe(&'a mut dyn Write),
}

/// A file that is not in its place yet.
struct Draft {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
}

impl<'a> Cleared<'a> {
    /// An output that is gone when it is written.
    pub(super) const fn piped(out: &'a mut dyn Write) -> Self {
        Self { to: To::Pipe(out), bytes: 0 }
    }

    /// A new output, or an old one of which this many bytes are kept.
    pub(super) fn open(path: &Path, bytes: u64) -> Result<Self, Error> {
        let partial = partial(path);
        let unwritable = |source| Error::WriteFile { path: partial.display().to_string(), source };
        let mut file =
            owner_only().write(true).create(bytes == 0).open(&partial).map_err(unwritable)?;
        if file.metadata().map_err(unwritable)?.len() < bytes {
            let partial = partial.display();
            return Err(Error::Input(format!("`{partial}` lacks rows that it had; begin again")));
        }
        file.set_len(bytes).and_then(|()| file.seek(SeekFrom::Start(bytes))).map_err(unwritable)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { to: To::File(Draft { path: path.to_owned(), partial, file }), bytes })
    }

    /// Whether the output stays if the run breaks off.
    pub(super) const fn is_kept(&self) -> bool {
        matches!(self.to, To::File(_))
    }

    /// Writes lines. One that fails leaves an output that can only be opened again.
    pub(super) fn put(&mut self, lines: &[u8]) -> Result<(), Error> {
        match &mut self.to {
            To::File(draft) => {
                draft.file.write_all(lines).map_err(|source| draft.unwritable(source))?;
            }
            To::Pipe(out) => out.write_all(lines)?,
        }
        self.bytes += u64::try_from(lines.len()).unwrap_or_default();
        Ok(())
    }

    /// Makes sure that all lines are on disk, and returns their number of bytes.
    pub(super) fn sync(&mut self) -> Result<u64, Error> {
        match &mut self.to {
            To::File(draft) => {
                let synced = draft.file.flush().and_then(|()| draft.file.get_ref().sync_data());
                synced.map_err(|source| draft.unwritable(source))?;
            }
            To::Pipe(out) => out.flush()?,
        }
        Ok(self.bytes)
    }

    /// Puts it in place.
    pub(super) fn finish(self) -> Result<(), Error> {
        let To::File(draft) = self.to else { return Ok(()) };
        fs::rename(&draft.partial, &draft.path).map_err(|source| draft.unwritable(source))
    }

    /// Removes it.
    pub(super) fn abandon(self) -> Result<(), Error> {
        let To::File(draft) = self.to else { return Ok(()) };
        fs::remove_file(&draft.partial).map_err(|source| draft.unwritable(source))
    }
}

impl Draft {
    fn unwritable(&self, source: io::Error) -> Error {
        Error::WriteFile { path: self.partial.display().to_string(), source }
    }
}

/// Puts an output in place that an earlier run has completed, if that run did not.
pub(super) fn finish(path: &Path) -> Result<(), Error> {
    match fs::rename(partial(path), path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(Error::WriteFile { path: path.display().to_string(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut partial = path.as_os_str().to_owned();
    partial.push(PARTIAL);
    PathBuf::from(partial)
}
