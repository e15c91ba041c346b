//! The single values of the language: a duration, a date, a time of day, a word.

mod choices;
mod date;
mod duration;
mod page;
mod place;
mod time;

pub use choices::Confidence;
pub(super) use choices::ConsentState;
pub(super) use choices::DayName;
pub(super) use choices::Distinct;
pub(super) use choices::Need;
pub(super) use choices::Unknown;
pub(super) use choices::WeekStart;
pub(super) use choices::Who;
pub(super) use duration::Days;
pub(super) use duration::SpanOrNone;
pub(super) use page::Address;
pub(super) use page::Colour;
pub(super) use page::Title;
pub(super) use page::WebAddress;
pub(super) use place::ZoneName;
pub(super) use time::From;
pub(super) use time::To;

use super::decode::Fault;
use super::decode::Scalar;
use super::decode::scalars;
use super::yaml::quoted;
use crate::model::Span;

/// A length of time as documents write it, such as `180d`.
///
/// # Errors
/// The mistake, and the way to write it.
pub fn span(text: &str) -> Result<Span, String> {
    Span::parse(text).map_err(|fault| fault.in_one_line())
}

#[cfg(test)]
mod tests;
