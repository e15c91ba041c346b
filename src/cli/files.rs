//! Reads documents from files, and no more of a file than a document may have.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::Error;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::source::DOCUMENT_BYTES_MAX;

/// The texts of files, or what is wrong with the first that is no text.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Result<Vec<Source>, Problems>, Error> {
    paths.iter().map(|path| read(path)).collect()
}

/// The text of a file, or what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Result<Source, Problems>, Error> {
    let name = path.display().to_string();
    let unreadable = |source| Error::Read { path: name.clone(), source };
    let file = File::open(path).map_err(unreadable)?;
    // One byte more tells that there are too many; the size of the file tells how many.
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let limit = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    if size > limit {
        let help = "a policy may have many documents: split this one";
        let message = format!("a document has at most {limit} bytes, this one has {size}");
        return Ok(Err(Problems::of_file(&name, &message, help)));
    }
    let mut bytes = Vec::new();
    let unreadable = |source| Error::Read { path: name.clone(), source };
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Source::from_bytes(&name, &bytes))
}
