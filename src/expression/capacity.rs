//! The capacity that the expressions of one policy share. One expression is bounded by itself; a
//! thousand are not, and their compilation slows every caller.

use crate::expression::Fault;

/// The most bytes of all the expressions of a policy.
pub const SOURCES_BYTES_MAX: usize = 256 << 10;

/// The most bytes of all the patterns of a policy when they are compiled.
pub const PATTERNS_BYTES_MAX: usize = 8 << 20;

/// The room that is left for expressions.
#[derive(Clone, Debug)]
pub struct Capacity {
    sources: usize,
    patterns: usize,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { sources: SOURCES_BYTES_MAX, patterns: PATTERNS_BYTES_MAX }
    }
}

impl Capacity {
    /// Room for whatever has been accepted once.
    #[must_use]
    pub const fn unbounded() -> Self {
        Self { sources: usize::MAX, patterns: usize::MAX }
    }

    /// Takes the room of an expression.
    pub(super) fn take_source(&mut self, bytes: usize) -> Result<(), Fault> {
        let full = || {
            let message = format!(
                "the expressions of a policy have at most {SOURCES_BYTES_MAX} bytes together, and \
                 with this one they have more"
            );
            Fault::new(0, message).help("leave out what other rules say already")
        };
        self.sources = self.sources.checked_sub(bytes).ok_or_else(full)?;
        Ok(())
    }

    /// Takes the room of a pattern at `offset`.
    pub(super) fn take_pattern(&mut self, bytes: usize, offset: usize) -> Result<(), Fault> {
        let full = || {
            let message = format!(
                "the patterns of a policy take at most {PATTERNS_BYTES_MAX} bytes together when \
                 compiled, and with this one they take more"
            );
            let help = "repeat less, or ask with `contains`, `startsWith`, `endsWith` and `==`";
            Fault::new(offset, message).help(help)
        };
        self.patterns = self.patterns.checked_sub(bytes).ok_or_else(full)?;
        Ok(())
    }
}
