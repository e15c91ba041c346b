//! Names that operators and callers choose: channels, purposes, topics, campaigns, brands,
//! segments.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The longest name, in bytes.
pub const NAME_BYTES_MAX: usize = 128;

/// A name of 1 to [`NAME_BYTES_MAX`] bytes without control characters or surrounding white space.
///
/// Cheap to clone: clones share one allocation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// The reason why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing was given.
    #[error("a name must not be empty")]
    Empty,
    /// More than [`NAME_BYTES_MAX`] bytes.
    #[error("a name has at most {NAME_BYTES_MAX} bytes, this one has {0}")]
    TooLong(usize),
    /// A line break, a tab or another control character.
    #[error("a name must not contain control characters")]
    Control,
    /// White space at the beginning or the end, which is invisible.
    #[error("a name must not begin or end with white space")]
    Padded,
}

impl Name {
    /// Checks the bounds above.
    ///
    /// # Errors
    /// The first bound that `text` breaks.
    pub fn new(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            Err(Error::Empty)
        } else if text.len() > NAME_BYTES_MAX {
            Err(Error::TooLong(text.len()))
        } else if text.chars().any(char::is_control) {
            Err(Error::Control)
        } else if text.trim().len() != text.len() {
            Err(Error::Padded)
        } else {
            Ok(Self(Arc::from(text)))
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
