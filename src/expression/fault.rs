//! What is wrong with an expression, where, and what to write instead.

/// One mistake in a source, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is, in bytes from the beginning of the source.
    pub offset: usize,
    /// What it is.
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

    /// Adds a help only where there is one to give.
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// "did you mean …?" for the candidate that looks most like `word`, if one does.
pub(super) fn did_you_mean(
    word: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<String> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| {
            // `sunday` is `sun` written out.
            word.starts_with(candidate) || *edits <= 1.max(candidate.len().min(word.len()) / 3)
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}
