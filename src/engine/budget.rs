//! Budgets: limits on the number of contacts in any window.

use jiff::civil::Weekday;

use crate::engine::case::Case;
use crate::engine::count::Allowance;
use crate::engine::status::Start;
use crate::engine::status::Status;
use crate::engine::status::Sweep;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::history::Entry;
use crate::model::wish::CalendarUnit;
use crate::zone::Zone;

/// A sliding budget at an instant.
///
/// A window `(e - W, e]` that holds the contact is as full as can be where it ends at the contact
/// itself or at a contact on record. So for each contact on record at `h` take the last earlier
/// one (or itself), at `b`, that must go before the contact fits in beside all from `b` to `h`.
/// If both lie in one window, the contact is refused over the open stretch `(h - W, b + W)`: from
/// where it would share a window with them to where `b` has left. `h` and `b` grow together, so
/// one pass finds all stretches, in order.
///
/// The units are those that are spent in the fullest window that would hold it.
pub(crate) fn sliding(
    case: &Case<'_>,
    allowance: &Allowance<'_>,
    window: Span,
    at: Instant,
    code: Code,
) -> (Status, u64) {
    let mut tally = allowance.tally(case);
    if !tally.fits() {
        return (Status::Denied(code, None), sliding_units(case, allowance, window, at));
    }
    if case.entries().last().is_none_or(|entry| entry.at <= at.minus(window)) {
        return (Status::CLEAR, 0);
    }
    let counted = counted_after(case, allowance, at.minus(window));
    let mut oldest = counted.clone();
    let mut sweep = Sweep::new(at, Start::Excluded, code);
    let mut barrier = None;
    let mut last = None;
    for entry in counted {
        tally.add(entry);
        last = Some(entry.at);
        while !tally.fits() {
            let Some(out) = oldest.next() else { break };
            tally.remove(out);
            barrier = Some(out.at);
        }
        let opens = entry.at.minus(window);
        if let Some(barrier) = barrier.filter(|barrier| *barrier > opens)
            && let Some(status) = sweep.feed(opens, barrier.plus(window))
        {
            return (status, sliding_units(case, allowance, window, at));
        }
    }
    // Nearly always all contacts fit and none is reserved for later: then all of them are spent.
    let is_all = barrier.is_none() && last.is_none_or(|last| last <= at);
    let units = if is_all { tally.units() } else { sliding_units(case, allowance, window, at) };
    (sweep.finish(), units)
}

/// Units spent in the fullest sliding window that would hold a contact made at `at`.
fn sliding_units(case: &Case<'_>, allowance: &Allowance<'_>, window: Span, at: Instant) -> u64 {
    let counted = counted_after(case, allowance, at.minus(window));
    let mut oldest = counted.clone().peekable();
    let mut tally = allowance.tally(case);
    let mut most = 0;
    for entry in counted.take_while(|entry| entry.at < at.plus(window)) {
        tally.add(entry);
        // Until the contacts on record pass `at`, the window ends there.
        let opens = entry.at.max(at).minus(window);
        while let Some(out) = oldest.next_if(|out| out.at <= opens) {
            tally.remove(out);
        }
        most = most.max(tally.units());
    }
    most
}

/// A calendar budget at an instant, and the units that are spent in its period.
pub(crate) fn calendar(
    case: &Case<'_>,
    allowance: &Allowance<'_>,
    period: &Period,
    code: Code,
) -> (Status, u64) {
    let mut tally = allowance.tally(case);
    let is_none_allowed = !tally.fits();
    in_period(case, allowance, period).for_each(|entry| tally.add(entry));
    let status = if is_none_allowed {
        Status::Denied(code, None)
    } else if !tally.fits() {
        Status::Denied(code, Some(period.end))
    } else {
        let reserved_later = case.entries().last().is_some_and(|entry| entry.at >= period.end);
        Status::Clear(reserved_later.then_some(period.end))
    };
    (status, tally.units())
}

/// The contacts on record that spend the budget and are made after an instant, in order of time.
pub(crate) fn counted_after<'c>(
    case: &'c Case<'_>,
    allowance: &'c Allowance<'_>,
    after: Instant,
) -> impl Iterator<Item = &'c Entry> + Clone {
    let entries = case.entries();
    let start = entries.partition_point(|entry| entry.at <= after);
    entries.iter().skip(start).filter(move |entry| allowance.counts(case, entry))
}

/// The contacts on record that spend the budget in a period.
pub(crate) fn in_period<'c>(
    case: &'c Case<'_>,
    allowance: &'c Allowance<'_>,
    period: &Period,
) -> impl Iterator<Item = &'c Entry> + use<'c> {
    let end = period.end;
    let entries = case.entries();
    let start = entries.partition_point(|entry| entry.at < period.start);
    let from_start = entries.iter().skip(start).take_while(move |entry| entry.at < end);
    from_start.filter(move |entry| allowance.counts(case, entry))
}

/// A stretch of the calendar on one clock, `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
}

impl Period {
    /// The day, week, month, quarter or year that an instant lies in.
    pub(crate) fn around(
        at: Instant,
        unit: CalendarUnit,
        week_starts: Weekday,
        clock: &Zone,
    ) -> Self {
        let (first, next) = days_around(clock.day(at), unit, week_starts);
        Self { start: clock.start_of(first), end: clock.start_of(next) }
    }
}

/// The first day of a unit and the first day of the next one.
fn days_around(day: Day, unit: CalendarUnit, week_starts: Weekday) -> (Day, Day) {
    let date = day.date();
    match unit {
        CalendarUnit::Day => (day, day.plus(1)),
        CalendarUnit::Week => {
            let first = day.plus(-i32::from(week_starts.until(day.weekday())));
            (first, first.plus(7))
        }
        CalendarUnit::Month => months_around(day, date.month(), 1),
        CalendarUnit::Quarter => months_around(day, (date.month() - 1) / 3 * 3 + 1, 3),
        CalendarUnit::Year => months_around(day, 1, 12),
    }
}

/// The period from the first of `month` in the day's year, over `months` months.
fn months_around(day: Day, month: i8, months: i8) -> (Day, Day) {
    let year = day.date().year();
    let (next_year, next_month) =
        if month + months > 12 { (year.saturating_add(1), 1) } else { (year, month + months) };
    (first_of(year, month, day), first_of(next_year, next_month, day))
}

/// The first of a month; at the edge of the calendar, the day that was asked about.
fn first_of(year: i16, month: i8, day: Day) -> Day {
    jiff::civil::Date::new(year, month, 1).map_or(day, Day::from)
}
