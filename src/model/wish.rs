//! What the customer asked for, and what the operator decided about the customer.

use crate::model::day::Day;
use crate::model::ground::Ground;
use crate::model::instant::Instant;
use crate::model::instant::Span;
use crate::model::name::Name;
use crate::model::scope::Scope;

/// The customer's own refusal. It has no beginning: one that is known holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// What is refused.
    pub scope: Scope,
    /// When the customer said so; unset where nobody knows.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// Where it came from; unset where nobody said.
    pub source: Option<Name>,
}

/// That the customer said yes, kept so that an older no which is heard of later changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptIn {
    /// To what.
    pub scope: Scope,
    /// When the customer said so.
    pub at: Instant,
}

/// The customer's recorded yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The channel it is for. A consent that names none allows nothing.
    pub channel: Option<Name>,
    /// The purpose it is for; unset is any.
    pub purpose: Option<Name>,
    /// When it was given; unset is long ago, and then it does not age.
    pub at: Option<Instant>,
    /// Whether a double opt-in is complete. A pending one allows nothing.
    pub confirmed: bool,
    /// On what it rests.
    pub ground: Ground,
}

impl Consent {
    /// What tells it from the customer's other consents, and the order in which a record keeps them.
    #[must_use]
    pub const fn about(&self) -> (Option<&Name>, Option<&Name>, &Ground) {
        (self.channel.as_ref(), self.purpose.as_ref(), &self.ground)
    }
}

/// The operator's refusal: a legal hold, an open support case, a bereavement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What is refused.
    pub scope: Scope,
    /// The operator's reason code, such as `open_case`.
    pub reason: Option<Name>,
    /// When it was set; unset where nobody knows.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// Who or what set it; unset where nobody said.
    pub source: Option<Name>,
}

/// A length of time to count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    /// Any stretch of this length: `(t - length, t]`.
    Sliding(Span),
    /// The calendar's own.
    Calendar(CalendarUnit),
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarUnit {
    /// From midnight to midnight.
    Day,
    /// Seven days, from the day on which weeks start.
    Week,
    /// From the first of the month.
    Month,
    /// From the first of January, April, July or October.
    Quarter,
    /// From the first of January.
    Year,
}

/// "Fewer, please": at most `limit` contacts in a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The channel it is about; unset is all of them together.
    pub channel: Option<Name>,
    /// How many contacts at the most.
    pub limit: u32,
    /// In what stretch of time.
    pub per: Cycle,
}

/// Days and hours that the customer keeps free of us, on the customer's own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// A holiday: whole days, both included.
    Days {
        /// The first day.
        first: Day,
        /// The last day.
        last: Day,
    },
    /// A private date, every year, with so many days on each side of it.
    Yearly {
        /// The date.
        date: MonthDay,
        /// Days before and after it that are quiet as well.
        around: u16,
    },
    /// Hours of every day, `[from, to)`; where `to` is not after `from` they cross midnight.
    Hours {
        /// Seconds after midnight, below 86,400.
        from_secs: u32,
        /// Seconds after midnight, 86,400 at the most.
        to_secs: u32,
    },
}

/// A date without a year. 29 February is kept on 28 February in other years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// From 1 to 12.
    pub month: i8,
    /// From 1 to 31.
    pub day: i8,
}

impl MonthDay {
    /// The day on which it falls in a year; none if there is no such date.
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Day> {
        let date = jiff::civil::Date::new(year, self.month, self.day);
        let date = if self.month == 2 && self.day == 29 {
            date.or_else(|_no_leap_year| jiff::civil::Date::new(year, 2, 28))
        } else {
            date
        };
        date.ok().map(Day::from)
    }
}
