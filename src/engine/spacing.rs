//! Spacing and back-off: a least time between contacts, or after events.

use crate::engine::case::Case;
use crate::engine::count::Filter;
use crate::engine::status::Start;
use crate::engine::status::Status;
use crate::engine::status::Sweep;
use crate::engine::status::earlier;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::history::Event;
use crate::policy::rules::Backoff;
use crate::policy::rules::Lapse;
use crate::policy::rules::Rule;
use crate::policy::rules::Spacing;
use crate::policy::selector::Mask;
use crate::zone::Zone;

/// A spacing rule at an instant, on one clock if it counts days.
pub(crate) fn spacing(
    case: &Case<'_>,
    rule: &Rule,
    spacing: &Spacing,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    if spacing.since.is_empty() {
        between_contacts(case, rule, spacing.least, clock, at)
    } else {
        after_events(case, rule, spacing, clock, at)
    }
}

/// The status of a rule that keeps a distance on either side of each contact it selects.
fn between_contacts(
    case: &Case<'_>,
    rule: &Rule,
    least: Lapse,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let filter = Filter::selected(case, &rule.selector);
    // A contact exactly so long before another is far enough away; a civil day is closed from its
    // first instant on.
    let start = match least {
        Lapse::Span(_) => Start::Excluded,
        Lapse::CalendarDays(_) | Lapse::FullDays(_) => Start::Included,
    };
    let mut sweep = Sweep::new(at, start, Code::TooSoon);
    let entries = case.entries();
    let first = entries.partition_point(|entry| entry.at <= at.minus(reach(least)));
    for entry in entries.iter().skip(first).filter(|entry| filter.counts(case, entry)) {
        let from = begin(least, entry.at, clock);
        let to = end(least, entry.at, clock).unwrap_or(entry.at);
        if let Some(status) = sweep.feed(from, to) {
            return status;
        }
    }
    sweep.finish()
}

/// The nearest contact or earlier event among those that the rule selects.
pub(crate) fn nearest(
    case: &Case<'_>,
    rule: &Rule,
    spacing: &Spacing,
    at: Instant,
) -> Option<Instant> {
    if !spacing.since.is_empty() {
        return events_of(case, rule, spacing)
            .map(|event| event.at)
            .take_while(|it| *it <= at)
            .last();
    }
    let filter = Filter::selected(case, &rule.selector);
    let counted = case.entries().iter().filter(|entry| filter.counts(case, entry));
    let distance = |other: &Instant| other.millis().saturating_sub(at.millis()).saturating_abs();
    counted.map(|entry| entry.at).min_by_key(distance)
}

/// A contact that is further back is far enough away. A civil day is shorter than 36 hours.
const fn reach(least: Lapse) -> Span {
    match least {
        Lapse::Span(span) => span,
        Lapse::CalendarDays(days) | Lapse::FullDays(days) => {
            Span::from_hours(36).times(days as u32 + 1)
        }
    }
}

fn after_events(
    case: &Case<'_>,
    rule: &Rule,
    spacing: &Spacing,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let mut sweep = Sweep::new(at, Start::Included, Code::TooSoon);
    for event in events_of(case, rule, spacing) {
        let to = end(spacing.least, event.at, clock).unwrap_or(event.at);
        if let Some(status) = sweep.feed(event.at, to) {
            return status;
        }
    }
    sweep.finish()
}

/// The events that the rule is about: on one of its channels, or on none that is known.
fn events_of<'c>(
    case: &'c Case<'_>,
    rule: &'c Rule,
    spacing: &'c Spacing,
) -> impl Iterator<Item = &'c Event> {
    case.events().iter().filter(|event| {
        let on_channel =
            |channel| rule.selector.channels.meets(Mask::of(case.position_on_record(channel)));
        spacing.since.contains(&event.kind) && event.channel.is_none_or(on_channel)
    })
}

/// The first instant after a contact or event at `at` that the lapse does not cover; `None` if it
/// counts days and there is no clock.
pub(crate) fn end(lapse: Lapse, at: Instant, clock: Option<&Zone>) -> Option<Instant> {
    match lapse {
        Lapse::Span(span) => Some(at.plus(span)),
        Lapse::CalendarDays(days) => clock.map(|clock| days_later(at, i32::from(days), clock)),
        Lapse::FullDays(days) => clock.map(|clock| days_later(at, i32::from(days) + 1, clock)),
    }
}

/// The beginning of the lapse before a contact at `at`.
fn begin(lapse: Lapse, at: Instant, clock: Option<&Zone>) -> Instant {
    match (lapse, clock) {
        (Lapse::Span(span), _) => at.minus(span),
        (Lapse::CalendarDays(days), Some(clock)) => days_later(at, 1 - i32::from(days), clock),
        (Lapse::FullDays(days), Some(clock)) => days_later(at, -i32::from(days), clock),
        (Lapse::CalendarDays(_) | Lapse::FullDays(_), None) => at,
    }
}

fn days_later(at: Instant, days: i32, clock: &Zone) -> Instant {
    clock.start_of(clock.day(at).plus(days))
}

/// A back-off rule at an instant.
///
/// `k` contacts were made by then since the last engagement. It changes only with the next contact
/// or engagement, so the answer holds up to there at the most.
pub(crate) fn backoff(case: &Case<'_>, rule: &Rule, backoff: &Backoff, at: Instant) -> Status {
    let filter = Filter::selected(case, &rule.selector);
    // More contacts than this make the spacing no longer: it has been doubled to the end of time.
    let enough = backoff.after.saturating_add(64);
    let resets = case.events().iter().filter(|event| backoff.reset_on.contains(&event.kind));
    let last_reset = resets.clone().take_while(|event| event.at <= at).last();
    let next_reset = resets.clone().find(|event| event.at > at).map(|event| event.at);
    let (earlier_entries, later_entries) =
        case.entries().split_at(case.entries().partition_point(|entry| entry.at <= at));
    let next = later_entries.iter().find(|entry| filter.counts(case, entry));
    let next = next.map(|entry| entry.at);
    let mut last = None;
    let mut unanswered = 0_u32;
    // Fewer contacts than that are not counted: they call for no silence.
    let after = usize::try_from(backoff.after).unwrap_or(usize::MAX);
    let enough_made = earlier_entries.len() >= after;
    for entry in earlier_entries.iter().rev().filter(|_| enough_made) {
        if last_reset.is_some_and(|reset| entry.at <= reset.at) || unanswered > enough {
            break;
        }
        if filter.counts(case, entry) {
            last = last.or(Some(entry.at));
            unanswered += 1;
        }
    }
    let changes = earlier(next, next_reset);
    let Some(silence) = silence(backoff, unanswered) else { return Status::Clear(changes) };
    if let Some(end) = last.map(|last| last.plus(silence)).filter(|end| at < *end) {
        return Status::Denied(Code::BackingOff, earlier(Some(end), changes));
    }
    let too_close = next.map(|next| next.minus(silence));
    if too_close.is_some_and(|from| from < at) {
        return Status::Denied(Code::BackingOff, changes);
    }
    Status::Clear(earlier(too_close, changes))
}

/// The number of contacts until an instant since the last engagement, and the last of them.
pub(crate) fn unanswered(
    case: &Case<'_>,
    rule: &Rule,
    backoff: &Backoff,
    at: Instant,
) -> (u32, Option<Instant>) {
    let filter = Filter::selected(case, &rule.selector);
    let resets = case.events().iter().filter(|event| backoff.reset_on.contains(&event.kind));
    let reset = resets.take_while(|event| event.at <= at).last().map(|event| event.at);
    let made = case.entries().iter().filter(|entry| {
        entry.at <= at && reset.is_none_or(|reset| reset < entry.at) && filter.counts(case, entry)
    });
    let last = made.clone().last().map(|entry| entry.at);
    (u32::try_from(made.count()).unwrap_or(u32::MAX), last)
}

/// The spacing after a number of contacts without an engagement; `None` while they are few.
fn silence(backoff: &Backoff, unanswered: u32) -> Option<Span> {
    let doublings = unanswered.checked_sub(backoff.after)?;
    let most = backoff.most.map_or(i64::MAX, Span::millis);
    let mut millis = backoff.base.millis();
    for _ in 0..doublings {
        if millis >= most || backoff.factor == 1 {
            break;
        }
        millis = millis.saturating_mul(i64::from(backoff.factor));
    }
    Some(Span::from_millis(millis.min(most)))
}
