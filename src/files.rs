//! Documents in files and directories, and no more of a file than a document may have.

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::source::DOCUMENT_BYTES_MAX;

/// The most levels of directories below one that is named.
const DEPTH_MAX: usize = 16;

/// A file or a directory that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{path}`")]
pub struct Unreadable {
    /// The path of the file.
    pub path: String,
    /// The cause.
    pub source: io::Error,
}

impl Unreadable {
    fn new(path: &Path, source: io::Error) -> Self {
        Self { path: path.display().to_string(), source }
    }
}

/// The kind of documents of a directory that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Policies.
    Policies,
    /// Tests of policies, whose names end with `_test` before the ending.
    Tests,
}

/// The documents of one kind below a directory, in order of name: `.yaml`, `.yml` and `.json`.
/// Names that begin with a dot are left out, since orchestrators mount replaced files under such
/// names.
///
/// # Errors
/// If a directory cannot be read.
pub fn documents(directory: &Path, sort: Sort) -> Result<Vec<PathBuf>, Unreadable> {
    let mut found = Vec::new();
    let mut open = vec![(directory.to_owned(), 0)];
    while let Some((directory, depth)) = open.pop() {
        let unreadable = |source| Unreadable::new(&directory, source);
        for entry in std::fs::read_dir(&directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            // A link to a directory is not followed, a link to a file is.
            if entry.file_type().is_ok_and(|it| it.is_dir()) {
                if depth < DEPTH_MAX {
                    open.push((path, depth + 1));
                }
            } else if path.is_file() && sort_of(&path) == Some(sort) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The kind of document that a file has by its name, if any.
fn sort_of(path: &Path) -> Option<Sort> {
    let ending = path.extension()?.to_str()?;
    if !["yaml", "yml", "json"].contains(&ending) {
        return None;
    }
    let is_test = path.file_stem()?.to_str()?.ends_with("_test");
    Some(if is_test { Sort::Tests } else { Sort::Policies })
}

/// The text of a file, or what is wrong with it.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Result<Source, Problems>, Unreadable> {
    let unreadable = |source| Unreadable::new(path, source);
    let file = File::open(path).map_err(unreadable)?;
    // The size of the file tells how many bytes there are too many.
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let name = path.display().to_string();
    let limit = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    if size > limit {
        let help = "a policy may have many documents: split this one";
        let message = format!("a document has at most {limit} bytes, this one has {size}");
        return Ok(Err(Problems::of_file(&name, &message, help)));
    }
    text(&name, file).map_err(unreadable)
}

/// The text that something gives, or what is wrong with it.
///
/// # Errors
/// If it cannot be read.
pub fn text(name: &str, from: impl Read) -> io::Result<Result<Source, Problems>> {
    // One byte more tells that there are too many.
    let limit = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Source::from_bytes(name, &bytes))
}
