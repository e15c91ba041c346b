//! Days, instants and lengths of time as the console writes them.

use jiff::civil::Weekday;

use crate::model::Day;
use crate::model::Instant;
use crate::zone::Zone;

const MINUTE: i64 = 60_000;

/// `Nov`.
pub(super) fn month(month: i8) -> &'static str {
    full_month(month).get(..3).unwrap_or_default()
}

/// `November`.
pub(super) const fn full_month(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// `Mon`.
pub(super) const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// `30 Nov`.
pub(super) fn day(day: Day) -> String {
    let date = day.date();
    format!("{} {}", date.day(), month(date.month()))
}

/// `Mon 30`.
pub(super) fn weekday_and_day(day: Day) -> String {
    format!("{} {}", weekday(day.weekday()), day.date().day())
}

/// `30 Nov 2026 21:00`, by the zone's clock.
pub(super) fn full(zone: &Zone, at: Instant) -> String {
    let wall = zone.wall_clock(at);
    format!("{} {} {}", day(wall.day), wall.day.date().year(), clock(wall.millis))
}

/// `Mon 30 Nov 21:00`, by the zone's clock.
pub(super) fn near(zone: &Zone, at: Instant) -> String {
    let wall = zone.wall_clock(at);
    format!("{} {} {}", weekday(wall.day.weekday()), day(wall.day), clock(wall.millis))
}

/// A stretch: `Mon 30 Nov 09:00–21:00`, or with both days where they differ.
pub(super) fn stretch(zone: &Zone, from: Instant, to: Instant) -> String {
    let end = zone.wall_clock(to);
    match zone.day(from) == end.day {
        true => format!("{}–{}", near(zone, from), clock(end.millis)),
        false => format!("{} – {}", near(zone, from), near(zone, to)),
    }
}

fn clock(millis: i64) -> String {
    let minutes = millis / MINUTE;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A length of time in its two largest units: `3 d 4 h`, `12 min`.
pub(super) fn length(millis: i64) -> String {
    let minutes = millis.max(0) / MINUTE;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{days} d"),
        (_, _, _) => format!("{days} d {hours} h"),
    }
}
