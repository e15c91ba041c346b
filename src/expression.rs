//! The conditions of content rules (`deny_when`): a subset of CEL over the contact, the customer
//! and the customer's local time, compiled when a policy is applied and evaluated per decision.
//!
//! The text is parsed by the `cel` crate and lowered into a small tree of our own, whose Rust types
//! are the types of the language: what could be built has been type-checked. The crate's
//! interpreter is not used. It has no type checker, so a misspelt field fails only when a customer
//! meets the rule; a missing attribute is an error there, where it is `""` here; and it takes
//! microseconds.
//!
//! ```text
//! source -> scan (length, tokens, nesting) -> parse (cel's syntax tree) -> lower (types) -> tree
//! ```
//!
//! **Bounded.** A source has at most [`EXPRESSION_BYTES_MAX`] bytes and [`TOKENS_MAX`] tokens and
//! is nested at most [`NESTING_MAX`] deep, all checked before the recursive parser sees it; the
//! tree has a greatest depth too. There are no comprehensions, strings grow to [`TEXT_BYTES_MAX`]
//! and patterns take linear time, so one evaluation visits each node at most once and each visit is
//! bounded. The expressions of one policy are bounded together as well ([`Capacity`]).
//!
//! **Total.** What cannot be evaluated is an [`EvaluationError`], which names the expression at
//! fault and never quotes what is known about the customer. `&&` and `||` absorb errors as CEL
//! says: an operand that decides the outcome alone does so, whichever side it stands on.
//!
//! Absent on purpose: doubles, unsigned ints, bytes, null, maps, macros, and any clock but `at`.

use std::fmt;
use std::sync::Arc;

mod capacity;
mod error;
mod evaluate;
mod fault;
mod lower;
mod parse;
mod scan;
mod subject;
mod tree;

pub use capacity::Capacity;
pub use capacity::PATTERNS_BYTES_MAX;
pub use capacity::SOURCES_BYTES_MAX;
pub use error::EvaluationError;
pub use fault::Fault;
pub use scan::{EXPRESSION_BYTES_MAX, NESTING_MAX, TOKENS_MAX};
pub use subject::{LocalTime, Subject};

/// The longest string an evaluation may build, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The largest compiled pattern of a `matches`, in bytes.
pub const PATTERN_BYTES_MAX: usize = 256 * 1024;

/// A condition that parsed, type-checked and is ready to be evaluated. Cheap to clone.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    condition: Arc<tree::Bool>,
    reads: Reads,
}

/// The values that an expression reads and that take work to find.
#[derive(Clone, Copy)]
struct Reads {
    grain: Option<Grain>,
    jurisdictions: bool,
}

/// The interval at which an expression's answer can change with time alone: the finest field of
/// `at` that it reads, finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// The expression reads `at.minute`.
    Minute,
    /// The expression reads `at.hour`.
    Hour,
    /// The expression reads `at.date` or `at.weekday`.
    Day,
}

impl Expression {
    /// Parses and type-checks `source`, which must be a condition.
    ///
    /// # Errors
    /// The first fault of the syntax, or else every name, type and literal that is wrong, in the
    /// order of the source.
    pub fn compile(source: &str) -> Result<Self, Vec<Fault>> {
        Self::compile_within(&mut Capacity::default(), source)
    }

    /// Compiles one of many expressions, which share their capacity.
    ///
    /// # Errors
    /// As for [`Self::compile`], and if there is no room left.
    pub fn compile_within(capacity: &mut Capacity, source: &str) -> Result<Self, Vec<Fault>> {
        capacity.take_source(source.len()).map_err(|fault| vec![fault])?;
        let tokens = scan::scan(source).map_err(|fault| vec![fault])?;
        let parsed = parse::parse(source, &tokens).map_err(|fault| vec![fault])?;
        let (condition, reads) = lower::lower((source, &tokens, &parsed), capacity)?;
        Ok(Self { source: Arc::from(source), condition: Arc::new(condition), reads })
    }

    /// The finest field of `at` that is read, or `None` when time has no part in the answer.
    #[must_use]
    pub fn grain(&self) -> Option<Grain> {
        self.reads.grain
    }

    /// Whether `customer.jurisdictions` are read.
    #[must_use]
    pub fn reads_jurisdictions(&self) -> bool {
        self.reads.jurisdictions
    }

    /// Whether the condition holds.
    ///
    /// # Errors
    /// Why it is neither true nor false.
    pub fn evaluate(&self, subject: &Subject<'_>) -> Result<bool, EvaluationError> {
        self.condition.evaluate(subject)
    }

    /// The text it was compiled from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

#[cfg(test)]
mod tests;
