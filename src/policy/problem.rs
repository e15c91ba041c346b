//! Mistakes: where each is, what is wrong, and the way out.

use std::fmt;

use super::source::Position;
use super::source::Source;

mod excerpt;

use crate::expression::Capacity;
use excerpt::Excerpt;

/// The most problems that one reading reports; the others are only counted.
pub const PROBLEMS_MAX: usize = 100;

/// The words of the message about a name that is used twice.
pub(super) const REPEATED: &str = "have the name";

/// Whether a document with this problem can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is refused.
    Error,
    /// The document is accepted, and probably does not say what its author meant.
    Warning,
}

/// One mistake, for the person who made it.
///
/// `Display` shows it with the line it is on and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    position: Position,
    /// The name of the document.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// Whether the document can be used all the same.
    pub severity: Severity,
    /// The mistake.
    pub message: String,
    /// The way to correct it.
    pub help: String,
    excerpt: Option<Excerpt>,
}

/// The problems of all sources that were read together: sorted, without repetitions, bounded.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    sources: Vec<Source>,
    found: Vec<Problem>,
    omitted: usize,
    /// Whether the documents were accepted once, so that they must be accepted for ever.
    stored: bool,
    /// The capacity that is left for their expressions.
    capacity: Capacity,
}

impl Problems {
    /// Whether a name is used twice, for example after a document was renamed.
    pub(crate) fn repeat_a_name(&self) -> bool {
        self.found.iter().any(|problem| problem.message.contains(REPEATED))
    }

    /// One error about a file as a whole, whose text has not been read.
    pub(crate) fn of_file(name: &str, message: &str, help: &str) -> Self {
        let mut problems = Self::default();
        let start = problems.add(&Source::new(name, ""));
        problems.error(start, message, help);
        problems
    }

    /// These problems, followed by those of another reading.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.omitted = self.omitted.saturating_add(others.omitted);
        self.found.extend(others.found);
        self
    }

    /// One error about a file that cannot be read.
    #[must_use]
    pub fn unreadable(name: &str, why: &str) -> Self {
        let message = format!("cannot read `{name}`: {why}");
        Self::of_file(name, &message, "name a file or a directory that is there")
    }

    /// For documents that were in force: a mistake that [`Self::refuse`] would refuse today is a
    /// warning.
    pub(crate) fn of_stored() -> Self {
        Self { stored: true, capacity: Capacity::unbounded(), ..Self::default() }
    }

    /// The room that is left for expressions.
    pub(crate) fn capacity(&mut self) -> &mut Capacity {
        &mut self.capacity
    }

    /// Takes a source up, so that problems can show its lines.
    pub(crate) fn add(&mut self, source: &Source) -> Position {
        self.sources.push(source.clone());
        Position::start_of(self.sources.len() - 1)
    }

    /// The source that `position` is in.
    pub(crate) fn source(&self, position: Position) -> Option<&Source> {
        self.sources.get(position.source)
    }

    /// Notes a mistake that makes the document unusable.
    pub(crate) fn error(
        &mut self,
        at: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.note(at, Severity::Error, message.into(), help.into());
    }

    /// Notes what an earlier version of courtesy has accepted and this one does not: an error in a
    /// document that is to be put in force, a warning in one that is.
    pub(crate) fn refuse(
        &mut self,
        at: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let severity = if self.stored { Severity::Warning } else { Severity::Error };
        self.note(at, severity, message.into(), help.into());
    }

    /// Notes a mistake whose way out takes time to find: it is sought only if it will be shown.
    pub(crate) fn error_with(
        &mut self,
        at: Position,
        message: impl Into<String>,
        help: impl FnOnce() -> String,
    ) {
        let shown = self.found.len() < PROBLEMS_MAX || !self.has_errors();
        let help = if shown { help() } else { String::new() };
        self.error(at, message, help);
    }

    /// Notes something that is probably not what the author meant.
    pub(crate) fn warn(
        &mut self,
        at: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.note(at, Severity::Warning, message.into(), help.into());
    }

    fn note(&mut self, at: Position, severity: Severity, message: String, help: String) {
        let place = self.found.binary_search_by(|known| {
            (known.position, known.severity, &known.message).cmp(&(at, severity, &message))
        });
        let Err(place) = place else { return };
        if self.found.len() == PROBLEMS_MAX {
            self.omitted = self.omitted.saturating_add(1);
            // INVARIANT: a list with an error among its problems shows at least one error.
            if severity == Severity::Warning || self.has_errors() {
                return;
            }
            self.found.pop();
        }
        let source = self.sources.get(at.source);
        let problem = Problem {
            position: at,
            file: source.map_or_else(String::new, |source| source.name().to_owned()),
            line: at.line,
            column: at.column,
            severity,
            message,
            help,
            excerpt: source.and_then(|source| Excerpt::of(source.text(), at)),
        };
        self.found.insert(place.min(self.found.len()), problem);
    }

    /// Whether anything makes the documents unusable.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Whether nothing was found at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The problems, by document and then as one reads.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.found.iter()
    }

    /// The number of problems beyond [`PROBLEMS_MAX`].
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The problems for programs: a list of objects.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.found.iter().map(Problem::to_json).collect()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Problem {
    /// The problem for programs.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "severity": self.severity.to_string(),
            "message": self.message,
            "help": self.help,
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, severity, message, help, .. } = self;
        let margin = line.to_string().len();
        writeln!(f, "{severity}: {message}")?;
        writeln!(f, "{:margin$}--> {file}:{line}:{column}", "")?;
        if let Some(Excerpt { text, indent, width }) = &self.excerpt {
            writeln!(f, "{:margin$} |", "")?;
            writeln!(f, "{line} | {text}")?;
            writeln!(f, "{:margin$} | {:indent$}{:^<width$}", "", "", "")?;
        }
        writeln!(f, "{:margin$} = help: {help}", "")
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.found.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(f, "{gap}{problem}")?;
        }
        match self.omitted {
            0 => Ok(()),
            1 => writeln!(f, "\nand 1 more problem"),
            more => writeln!(f, "\nand {more} more problems"),
        }
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests;
