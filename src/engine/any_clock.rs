//! The days of a customer whose clock is unknown. Every clock on earth is at most 14 hours ahead of
//! UTC and 12 hours behind, so days that lie outside on all of them need no clock.

use crate::engine::status::Said;
use crate::engine::status::Status;
use crate::engine::status::in_force;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::policy::days::Meeting;
use crate::policy::rules::Effective;

const AHEAD: Span = Span::from_hours(14);
const BEHIND: Span = Span::from_hours(12);
const DAY_MILLIS: i64 = 86_400_000;
const MILLISECOND: Span = Span::from_millis(1);

/// A rule that needs the customer's clock denies, unless no clock on earth shows one of its dates.
pub(crate) fn unknown(effective: Effective, at: Instant) -> Status {
    let unknown = Said::from(Status::Denied(Code::UnknownTimeZone, None));
    in_force(begin(effective), end(effective), at, || unknown).status
}

/// A rule that is closed on certain days: whether a contact that may be under way for `transit`
/// meets them. It is clear where it does on no clock, and known to be closed where it does on every
/// one. Between the two, at the edges of the days, it takes the clock to tell.
pub(crate) fn days(
    effective: Effective,
    transit: Span,
    at: Instant,
    meet: impl Fn(Day, Day) -> Meeting,
) -> Status {
    let says = || {
        // The times on the clocks, as if they were UTC: first of all clocks, then of those that
        // show one of the rule's dates.
        let (behind, ahead) = (at.minus(BEHIND), at.plus(AHEAD));
        let earliest = effective.from.map_or(behind, |day| behind.max(midnight(day)));
        let latest = effective.until.map_or(ahead, |day| ahead.min(last_of(day)));
        if latest < earliest {
            return Status::CLEAR;
        }
        let meeting = meet(day_of(earliest), day_of(latest.plus(transit)));
        match (meeting.met_until, meeting.next_from) {
            (Some(last), _) => {
                let all_in_force = earliest == behind && latest == ahead;
                let met_by_all = all_in_force && is_met_by_all(behind, ahead, transit, &meet);
                let code = if met_by_all { Code::QuietPeriod } else { Code::UnknownTimeZone };
                Status::Denied(code, Some(midnight(last.plus(1)).plus(BEHIND)))
            }
            // Beyond the rule's last date no clock gets there.
            (None, Some(_)) if latest < ahead => Status::CLEAR,
            (None, Some(first)) => Status::Clear(Some(midnight(first).minus(AHEAD).minus(transit))),
            (None, None) => Status::CLEAR,
        }
    };
    in_force(begin(effective), end(effective), at, || Said::from(says())).status
}

/// The first day that a clock on earth shows.
pub(crate) fn first_day(at: Instant) -> Day {
    day_of(at.minus(BEHIND))
}

/// The last day that a clock on earth shows.
pub(crate) fn last_day(at: Instant) -> Day {
    day_of(at.plus(AHEAD))
}

/// The first later instant at which a day begins on the first or the last clock of the earth, now
/// or after the transit time. Until then it does not change whether days are met on every clock, or
/// on some.
pub(crate) fn next_edge(transit: Span, at: Instant) -> Instant {
    let (behind, ahead) = (at.minus(BEHIND), at.plus(AHEAD));
    let shown = [behind, ahead, behind.plus(transit), ahead.plus(transit)];
    let left = shown.map(|local| DAY_MILLIS - local.millis().rem_euclid(DAY_MILLIS));
    at.plus(Span::from_millis(left.into_iter().min().unwrap_or(DAY_MILLIS)))
}

/// Whether a contact meets the days at every local time between two.
fn is_met_by_all(
    earliest: Instant,
    latest: Instant,
    transit: Span,
    meet: &impl Fn(Day, Day) -> Meeting,
) -> bool {
    let (first, last) = (day_of(earliest), day_of(latest));
    (first.number()..=last.number()).map(Day::from_number).all(|leaves| {
        // Contacts that leave on one day arrive on one of two.
        let arrives_from = day_of(earliest.max(midnight(leaves)).plus(transit));
        let arrives_until = day_of(latest.min(last_of(leaves)).plus(transit));
        [arrives_from, arrives_until]
            .into_iter()
            .all(|arrives| meet(leaves, arrives).met_until.is_some())
    })
}

/// The first instant at which a clock on earth shows the first date, and the first at which none
/// shows the last any more.
pub(crate) fn edges(effective: Effective) -> (Option<Instant>, Option<Instant>) {
    (begin(effective), end(effective))
}

/// Midnight comes first where clocks are most ahead.
fn begin(effective: Effective) -> Option<Instant> {
    effective.from.map(|day| midnight(day).minus(AHEAD))
}

/// A day ends last where clocks are most behind.
fn end(effective: Effective) -> Option<Instant> {
    effective.until.map(|day| midnight(day.plus(1)).plus(BEHIND))
}

fn midnight(day: Day) -> Instant {
    Instant::from_millis(i64::from(day.number()).saturating_mul(DAY_MILLIS))
}

fn last_of(day: Day) -> Instant {
    midnight(day.plus(1)).minus(MILLISECOND)
}

fn day_of(local: Instant) -> Day {
    let days = local.millis().div_euclid(DAY_MILLIS);
    Day::from_number(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
}
