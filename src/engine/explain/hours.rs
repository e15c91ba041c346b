//! Hours in words: open or closed now, until when, and which hours those are.

use crate::engine::case::Case;
use crate::engine::constraint::Constraint;
use crate::engine::search;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::Name;
use crate::policy::rules::Hour;
use crate::policy::rules::Hours;
use crate::policy::rules::SpecialDays;
use crate::zone::Zone;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTE_MILLIS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// Contact hours with `word` "open", quiet hours with "closed", as they stand at an instant.
pub(crate) fn rule(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    hours: &Hours,
    word: &str,
    at: Instant,
) -> String {
    now(case, constraint, &clocks(case, hours), &asked(case, hours, word, at), at)
}

/// The hours of the rule, and the clocks on which they are read.
pub(crate) fn asked(case: &Case<'_>, hours: &Hours, word: &str, at: Instant) -> String {
    let clocks = clocks(case, hours);
    let mut text = format!("{word} {}", week(hours));
    for (name, special) in [("holidays", &hours.holidays), ("the days before those", &hours.eves)] {
        if let Some(special) = special {
            let of: Vec<&str> = special.of.iter().map(Name::as_str).collect();
            let of = of.join(", ");
            text = format!("{text}, on {name} of {of} {}", spans_or_none(&special.hours));
        }
    }
    let text = placed(&text, &clocks);
    match clocks.first().and_then(|clock| today(hours, clock, at)) {
        Some(special) => format!("{text}; today is {special}"),
        None => text,
    }
}

fn clocks<'a>(case: &'a Case<'_>, hours: &'a Hours) -> Vec<&'a Zone> {
    match hours.zone.as_deref() {
        Some(zone) => vec![zone],
        None => case.clocks().iter().map(|zone| &**zone).collect(),
    }
}

/// Hours, and the clocks on which they are judged.
pub(crate) fn placed(hours: &str, clocks: &[&Zone]) -> String {
    match clocks {
        [] => hours.to_owned(),
        [clock] => format!("{hours} in {}", clock.name()),
        [clock, _] => format!("{hours} in {} and 1 other time zone", clock.name()),
        [clock, others @ ..] => {
            format!("{hours} in {} and {} other time zones", clock.name(), others.len())
        }
    }
}

/// Whether the hours are open now, and until when, by the first clock; then the hours themselves.
pub(crate) fn now(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    clocks: &[&Zone],
    hours: &str,
    at: Instant,
) -> String {
    let Some(clock) = clocks.first() else { return hours.to_owned() };
    let status = constraint.status(case, at);
    let (now, next) = match status {
        Status::Clear(_) => {
            let constraints = std::slice::from_ref(constraint);
            let closes = search::valid_until(case, constraints, &[status], at);
            ("open now", closes.map(|at| ("closes", at)))
        }
        Status::Denied(..) => {
            let opens = search::first_clear(case, constraint, status, at);
            ("closed now", opens.map(|at| ("opens", at)))
        }
    };
    match next {
        Some((verb, next)) => {
            format!("{now}, {verb} {} ({hours})", time(clock, at, next))
        }
        None => format!("{now}, without an end in 400 days ({hours})"),
    }
}

/// A time of day, and its date where that is another day.
pub(crate) fn time(clock: &Zone, now: Instant, then: Instant) -> String {
    let (shown, today) = (clock.wall_clock(then), clock.day(now));
    let secs = shown.millis / 1_000;
    let mut text = format!("{:02}:{:02}", secs / 3_600, secs / 60 % 60);
    if secs % 60 != 0 {
        text = format!("{text}:{:02}", secs % 60);
    }
    if shown.day != today {
        let weekday = shown.day.weekday().to_monday_zero_offset();
        let weekday = usize::try_from(weekday).ok().and_then(|day| DAYS.get(day));
        text = format!("{text} on {} {}", weekday.unwrap_or(&""), shown.day);
    }
    text
}

/// A span of the wall clock.
pub(crate) fn span(hour: Hour) -> String {
    let minutes = |millis: i64| {
        let minutes = millis / MINUTE_MILLIS;
        if minutes > DAY_MINUTES { minutes - DAY_MINUTES } else { minutes }
    };
    let text = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{} to {}", text(minutes(hour.from_millis)), text(minutes(hour.to_millis)))
}

/// The hours of a week, in words. Days with equal hours stand together.
fn week(hours: &Hours) -> String {
    let mut groups: Vec<(usize, usize, &[Hour])> = Vec::new();
    for (day, spans) in hours.week.iter().enumerate() {
        match groups.last_mut() {
            Some((_, last, known)) if *known == spans.as_slice() => *last = day,
            _ => groups.push((day, day, spans)),
        }
    }
    let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
    let told = groups.iter().filter(|(_, _, spans)| !spans.is_empty()).map(|group| {
        let (first, last, spans) = *group;
        let days = match (first, last) {
            (0, 6) => "every day".to_owned(),
            (first, last) if first == last => name(first).to_owned(),
            (first, last) => format!("{} to {}", name(first), name(last)),
        };
        format!("{days} {}", spans_or_none(spans))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "at no hour".to_owned() } else { told.join(", ") }
}

fn spans_or_none(spans: &[Hour]) -> String {
    let told: Vec<String> = spans.iter().map(|hour| span(*hour)).collect();
    if told.is_empty() { "at no hour".to_owned() } else { told.join(" and ") }
}

/// The kind of special day that a clock shows, if it has hours of its own.
fn today(hours: &Hours, clock: &Zone, at: Instant) -> Option<&'static str> {
    let today = clock.day(at);
    let lists = |special: &Option<SpecialDays>, day| {
        special.as_ref().is_some_and(|special| special.days.binary_search(&day).is_ok())
    };
    if lists(&hours.holidays, today) {
        Some("a holiday")
    } else if lists(&hours.eves, today.plus(1)) {
        Some("the day before a holiday")
    } else {
        None
    }
}
