//! Mistakes in an expression, with their places and the ways to correct them.

use crate::words::closest;

/// One mistake in a source, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place, in bytes from the beginning of the source.
    pub offset: usize,
    /// The mistake.
    pub message: String,
    /// A way out, where one is known.
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a help, if there is one.
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// "did you mean …?" for the candidate that looks most like `word`, if one does.
pub(super) fn did_you_mean(word: &str, candidates: &[&str]) -> Option<String> {
    closest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}
