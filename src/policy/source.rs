//! A source text, and a place in it.

use std::sync::Arc;

use super::problem::Problems;

/// The longest document, in bytes. Readers of a file need not read more than one byte past it.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;

/// A document's text and the name by which its author knows it, usually the name of a file.
///
/// Cheap to clone: clones share the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text and its name. A text of more than [`DOCUMENT_BYTES_MAX`] is refused when it is read.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: Arc::from(name), text: Arc::from(text) }
    }

    /// The bytes of a file, which may be no text at all.
    ///
    /// # Errors
    /// The place of the first byte that is not UTF-8, or the fact that there are too many.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, Problems> {
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(Problems::of_file(name, &too_long(bytes.len()), TOO_LONG_HELP));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let source = Self::new(name, &String::from_utf8_lossy(valid));
                let mut problems = Problems::default();
                let end = problems.add(&source).after(&source.text);
                problems.error(end, "this is not UTF-8 text", "save the file as UTF-8");
                Err(problems)
            }
        }
    }

    /// The name by which the author knows the document.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, verbatim.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

pub(super) const TOO_LONG_HELP: &str = "a policy may have many documents: split this one";

/// The error for a document of `bytes` bytes.
pub(super) fn too_long(bytes: usize) -> String {
    format!("a document has at most {DOCUMENT_BYTES_MAX} bytes, this one has {bytes}")
}

/// A place in one of the sources that are read together.
///
/// Ordered by source, then as one reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The number of the source, in the order in which sources were added.
    pub(super) source: usize,
    /// The byte at which it begins.
    pub(super) offset: usize,
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The column in characters, counted from 1.
    pub(super) column: usize,
    /// The number of characters on its line that it covers, at least 1.
    pub(super) width: usize,
}

impl Position {
    /// The first character of a source.
    pub(super) fn start_of(source: usize) -> Self {
        Self { source, offset: 0, line: 1, column: 1, width: 1 }
    }

    /// The character that follows after `text`, which begins here.
    pub(super) fn after(self, text: &str) -> Self {
        let breaks = text.matches('\n').count();
        let lone_returns = text.matches('\r').count() - text.matches("\r\n").count();
        let column = match text.rsplit_once(['\n', '\r']) {
            Some((_, last_line)) => 1 + last_line.chars().count(),
            None => self.column + text.chars().count(),
        };
        Self {
            source: self.source,
            offset: self.offset + text.len(),
            line: self.line + breaks + lone_returns,
            column,
            width: 1,
        }
    }
}
