//! A stretch of whole civil days.

use jiff::Span;
use jiff::civil::Date;

/// The days from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// The day it begins.
    pub first: Date,
    /// The day it ends.
    pub last: Date,
}

impl Days {
    /// A single day.
    #[must_use]
    pub const fn one(date: Date) -> Self {
        Self { first: date, last: date }
    }

    /// Whether `date` is one of the days.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }
}

/// The day that is `days` later, or earlier if `days` is negative.
pub(in crate::calendar) fn plus(date: Date, days: i32) -> Date {
    date.saturating_add(Span::new().days(days))
}

/// A day of a table. A date that does not exist stops the build.
pub(in crate::calendar) const fn day(year: i16, month: i8, day: i8) -> Days {
    Days::one(Date::constant(year, month, day))
}

/// A stretch of a table. A date that does not exist stops the build.
pub(in crate::calendar) const fn span(first: (i16, i8, i8), last: (i16, i8, i8)) -> Days {
    Days {
        first: Date::constant(first.0, first.1, first.2),
        last: Date::constant(last.0, last.1, last.2),
    }
}
