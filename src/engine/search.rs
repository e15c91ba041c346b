//! Stepping through time, from one change to the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::engine::case::Case;
use crate::engine::constraint::Constraint;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::Span;

/// The time that an answer looks ahead.
pub(crate) const HORIZON: Span = Span::from_days(400);

/// The first instant at which one constraint does not deny. Its status at `from` is given.
pub(crate) fn first_clear(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    status: Status,
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let (mut at, mut status) = (from, status);
    while let Status::Denied(_, until) = status {
        at = until.filter(|until| at < *until && *until <= horizon)?;
        status = constraint.status(case, at);
    }
    Some(at)
}

/// The first instant at which none of the constraints denies. `statuses` are theirs at `from`, in
/// the same order.
///
/// Jumps to the latest instant up to which one of them denies, and asks again. One that is known
/// to be clear for longer is not asked.
pub(crate) fn next_allowed(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    statuses: &[Status],
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let mut statuses = statuses.to_vec();
    let mut at = from;
    loop {
        let mut next = at;
        for status in &statuses {
            if let Status::Denied(_, until) = status {
                next = next.max(until.filter(|until| at < *until)?);
            }
        }
        if next == at {
            return Some(at);
        }
        at = Some(next).filter(|next| *next <= horizon)?;
        for (constraint, status) in constraints.iter().zip(&mut statuses) {
            if !status.is_clear_at(at) {
                *status = constraint.status(case, at);
            }
        }
    }
}

/// The end of the time from `from` on over which none of the constraints denies, if none does at
/// `from`. `statuses` are theirs at `from`, in the same order.
///
/// The constraint that may change first is asked first, so most are not asked again.
pub(crate) fn valid_until(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    statuses: &[Status],
    from: Instant,
) -> Option<Instant> {
    let horizon = from.plus(HORIZON);
    let mut bounds = BinaryHeap::new();
    for (position, status) in (0..).zip(statuses) {
        match status.holds_until(from) {
            Some(until) if until == from => return Some(from),
            until => bounds.extend(until.map(|until| Reverse((until, position)))),
        }
    }
    while let Some(Reverse((at, position))) = bounds.pop().filter(|Reverse((at, _))| *at <= horizon)
    {
        match constraints.get(position)?.status(case, at).holds_until(at) {
            Some(until) if until == at => return Some(at),
            until => bounds.extend(until.map(|until| Reverse((until, position)))),
        }
    }
    None
}
