//! The rules by which a day is found in a year.

mod easter;

use jiff::civil::Date;
use jiff::civil::Weekday;

use crate::calendar::days::Days;
use crate::calendar::days::plus;
use crate::calendar::tables::Table;

/// A rule that gives the days on which something begins in a Gregorian year.
#[derive(Clone, Copy, Debug)]
pub(in crate::calendar) enum Rule {
    /// A fixed date of each year.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// A day that the month has each year.
        day: i8,
    },
    /// A date, kept on the next Monday where it falls on a Sunday, or on a weekend.
    PutOff {
        /// 1 to 12.
        month: i8,
        /// A day that the month has each year.
        day: i8,
        /// Whether a Saturday is put off too.
        saturday: bool,
    },
    /// The first, second, … such weekday of a month, or its last for -1.
    Nth {
        /// 1 to 4, or -1.
        nth: i8,
        /// The weekday.
        weekday: Weekday,
        /// 1 to 12.
        month: i8,
    },
    /// The first such weekday on or after a date.
    OnOrAfter {
        /// The weekday.
        weekday: Weekday,
        /// 1 to 12.
        month: i8,
        /// A day that the month has each year.
        day: i8,
    },
    /// A number of days after Western Easter Sunday, or before it if negative.
    Easter(i32),
    /// A number of days after Orthodox Easter Sunday.
    OrthodoxEaster(i32),
    /// The last Sunday of May or, if that is Pentecost, the first Sunday of June (Code de l'action
    /// sociale et des familles, art. D. 215-1).
    MothersDayFrance,
    /// The days of a table.
    Table(&'static Table),
    /// The days of a table, moved by a sign for each of its rows.
    Shifted {
        /// The days to move.
        table: &'static Table,
        /// The signs that move the first days; see [`shift`].
        first: &'static [u8],
        /// The signs that move the last days.
        last: &'static [u8],
    },
}

impl Rule {
    /// The occurrences that begin in `year`, in order.
    pub(in crate::calendar) fn occurrences(&self, year: i16) -> Vec<Days> {
        match *self {
            Self::Fixed { month, day } => one(Date::new(year, month, day).ok()),
            Self::PutOff { month, day, saturday } => one(put_off(year, month, day, saturday)),
            Self::Nth { nth, weekday, month } => one(nth_weekday(year, month, nth, weekday)),
            Self::OnOrAfter { weekday, month, day } => one(on_or_after(year, month, day, weekday)),
            Self::Easter(days) => one(easter::western(year).map(|sunday| plus(sunday, days))),
            Self::OrthodoxEaster(days) => {
                one(easter::orthodox(year).map(|sunday| plus(sunday, days)))
            }
            Self::MothersDayFrance => one(mothers_day_france(year)),
            Self::Table(table) => {
                table.days.iter().copied().filter(|days| days.first.year() == year).collect()
            }
            Self::Shifted { table, first, last } => table
                .days
                .iter()
                .zip(first.iter().zip(last))
                // A shift is some days: it never leads further than into the next year.
                .filter(|(days, _)| days.first.year().abs_diff(year) <= 1)
                .map(|(days, (first, last))| Days {
                    first: plus(days.first, shift(*first)),
                    last: plus(days.last, shift(*last)),
                })
                .filter(|days| days.first.year() == year)
                .collect(),
        }
    }

    /// The last year for which the rule has an answer, if it ends.
    pub(in crate::calendar) fn known_until(&self) -> Option<i16> {
        match self {
            Self::Table(table) | Self::Shifted { table, .. } => Some(table.until),
            Self::Fixed { .. }
            | Self::PutOff { .. }
            | Self::Nth { .. }
            | Self::OnOrAfter { .. }
            | Self::Easter(_)
            | Self::OrthodoxEaster(_)
            | Self::MothersDayFrance => None,
        }
    }
}

fn one(date: Option<Date>) -> Vec<Days> {
    date.into_iter().map(Days::one).collect()
}

fn put_off(year: i16, month: i8, day: i8, saturday: bool) -> Option<Date> {
    let date = Date::new(year, month, day).ok()?;
    let days = match date.weekday() {
        Weekday::Sunday => 1,
        Weekday::Saturday if saturday => 2,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday
        | Weekday::Saturday => 0,
    };
    Some(plus(date, days))
}

fn nth_weekday(year: i16, month: i8, nth: i8, weekday: Weekday) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

fn on_or_after(year: i16, month: i8, day: i8, weekday: Weekday) -> Option<Date> {
    let date = Date::new(year, month, day).ok()?;
    Some(plus(date, i32::from(weekday.since(date.weekday()))))
}

fn mothers_day_france(year: i16) -> Option<Date> {
    let pentecost = plus(easter::western(year)?, 49);
    let sunday = nth_weekday(year, 5, -1, Weekday::Sunday)?;
    Some(if sunday == pentecost { plus(sunday, 7) } else { sunday })
}

/// The days of a sign in a table of another country's days.
fn shift(sign: u8) -> i32 {
    match sign {
        b'<' => -2,
        b'-' => -1,
        b'+' => 1,
        b'>' => 2,
        _ => 0,
    }
}

/// A fixed date.
pub(in crate::calendar) const fn fixed(month: i8, day: i8) -> Rule {
    Rule::Fixed { month, day }
}

/// The first to fourth, or for -1 the last, such weekday of a month.
pub(in crate::calendar) const fn nth(nth: i8, weekday: Weekday, month: i8) -> Rule {
    Rule::Nth { nth, weekday, month }
}

/// The first such weekday on or after a date.
pub(in crate::calendar) const fn from(weekday: Weekday, month: i8, day: i8) -> Rule {
    Rule::OnOrAfter { weekday, month, day }
}

#[cfg(test)]
mod tests;
