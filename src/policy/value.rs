//! What a single value of the language can be: a duration, a date, a time of day, a word.

mod choices;
mod date;
mod duration;
mod place;
mod time;

pub(super) use choices::ConsentState;
pub(super) use choices::DayName;
pub(super) use choices::Distinct;
pub(super) use choices::Need;
pub(super) use choices::Unknown;
pub(super) use choices::WeekStart;
pub(super) use choices::Who;
pub(super) use duration::Days;
pub(super) use place::ZoneName;
pub(super) use time::From;
pub(super) use time::To;

use super::decode::Fault;
use super::decode::Scalar;
use super::decode::scalars;
use super::yaml::quoted;

#[cfg(test)]
mod tests;
