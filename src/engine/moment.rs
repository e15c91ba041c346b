//! Instants in words: of UTC to the second, and on the customer's clocks beside it.

use crate::engine::case::Case;
use crate::model::Instant;
use crate::zone::Round;
use crate::zone::shown;

/// The time of an event, or the end of a wish, in words.
pub(crate) fn since(case: &Case<'_>, at: Instant) -> String {
    shown(at, Round::Down, case.clocks())
}

/// The time up to which a constraint denies, in words.
pub(crate) fn until(case: &Case<'_>, at: Instant) -> String {
    shown(at, Round::Up, case.clocks())
}
