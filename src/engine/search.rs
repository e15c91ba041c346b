//! Stepping through time, from one change to the next.

use crate::engine::case::Case;
use crate::engine::constraint::Constraint;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::Span;

/// How far ahead an answer looks.
pub(crate) const HORIZON: Span = Span::from_days(400);

/// The first instant at which one constraint does not deny.
pub(crate) fn first_clear(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let mut at = from;
    while at <= horizon {
        match constraint.status(case, at) {
            Status::Clear(_) => return Some(at),
            Status::Denied(_, until) => at = until.filter(|until| *until > at)?,
        }
    }
    None
}

/// The first instant at which none of the constraints denies.
///
/// Jumps to the latest instant up to which one of them denies, and asks again. One that is known
/// to be clear for longer is not asked.
pub(crate) fn next_allowed(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let mut clear_until = vec![Some(from); constraints.len()];
    let mut at = from;
    while at <= horizon {
        let mut next = at;
        for (constraint, clear_until) in constraints.iter().zip(&mut clear_until) {
            if clear_until.is_none_or(|until| at < until) {
                continue;
            }
            match constraint.status(case, at) {
                Status::Clear(until) => *clear_until = until,
                Status::Denied(_, until) => next = next.max(until.filter(|until| *until > at)?),
            }
        }
        if next == at {
            return Some(at);
        }
        at = next;
    }
    None
}

/// The end of the stretch of time from `from` on over which none of the constraints denies, if
/// none does at `from`. Their statuses there are given, in the same order.
pub(crate) fn valid_until(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    statuses: &[Status],
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let mut first = None;
    for (constraint, status) in constraints.iter().zip(statuses) {
        let bound = first.unwrap_or(horizon);
        if let Some(denies) = first_denial(case, constraint, *status, from, bound) {
            first = Some(denies);
        }
    }
    first
}

/// The first instant in `from..=bound` at which, or just after which, a constraint denies whose
/// status at `from` is given.
fn first_denial(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    status: Status,
    from: Instant,
    bound: Instant,
) -> Option<Instant> {
    let mut at = from;
    let mut status = status;
    loop {
        let Status::Clear(until) = status else { return Some(at) };
        let until = until.filter(|until| *until <= bound)?;
        if until <= at {
            return Some(at);
        }
        at = until;
        status = constraint.status(case, at);
    }
}
