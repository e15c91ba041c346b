//! Each wish of the customer, and what the operator decided about the customer.

use crate::model::contact::Contact;
use crate::model::day::Day;
use crate::model::ground::Ground;
use crate::model::instant::Instant;
use crate::model::instant::Span;
use crate::model::name::Name;
use crate::model::scope::Scope;
use crate::model::stop::Stop;
use crate::model::weekdays::Weekdays;
use crate::model::word::words;

/// The customer's own refusal. It has no beginning: one that is known holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// What is refused.
    pub scope: Scope,
    /// When the customer said so; unset where unknown.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// Where it came from; unset where not given.
    pub source: Option<Name>,
    /// How the customer wrote it, where a START can take it back.
    pub stop: Option<Stop>,
}

impl OptOut {
    /// Whether the contact is refused, the occasion included, but for when it ends; `marketing` as
    /// for [`Scope::matches`].
    #[must_use]
    pub fn refuses(&self, contact: &Contact, marketing: bool) -> bool {
        self.scope.matches(contact, marketing)
            && !self.except().iter().any(|it| it.matches(contact, marketing))
    }

    /// Whether everything in a scope is refused by it.
    #[must_use]
    pub fn covers(&self, scope: &Scope) -> bool {
        self.scope.contains(scope) && !self.except().iter().any(|it| it.overlaps(scope))
    }

    /// What has been taken back of it.
    #[must_use]
    pub fn except(&self) -> &[Scope] {
        self.stop.as_ref().map_or(&[], |stop| &stop.except)
    }
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
    /// What it is for. A consent that names no channel allows nothing; one to a brand or a topic is
    /// for no other.
    pub scope: Scope,
    /// When it was given; unset is long ago, and then it does not age.
    pub at: Option<Instant>,
    /// Whether a double opt-in is complete. A pending one allows nothing.
    pub confirmed: bool,
    /// On what it rests.
    pub ground: Ground,
}

impl Consent {
    /// What tells it from the customer's other consents, and the order in which a record keeps
    /// them.
    #[must_use]
    pub const fn about(&self) -> (&Scope, &Ground) {
        (&self.scope, &self.ground)
    }
}

/// The operator's refusal: a legal hold, an open support case, a bereavement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What is refused.
    pub scope: Scope,
    /// The operator's reason code, such as `open_case`.
    pub reason: Option<Name>,
    /// When it was set; unset where unknown.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// Who or what set it; unset where not given.
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

words! {
    /// A stretch of the calendar.
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
}

/// "Fewer, please": at most `limit` contacts in a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The channel it is about; unset is all of them together.
    pub channel: Option<Name>,
    /// The purposes it is about, together; none is all.
    pub purposes: Vec<Name>,
    /// The topics it is about, together; none is all, and contacts without a topic as well.
    pub topics: Vec<Name>,
    /// How many contacts at the most.
    pub limit: u32,
    /// In what stretch of time.
    pub per: Cycle,
}

impl Cadence {
    /// Whether the contact is one of those that it counts.
    #[must_use]
    pub fn is_about(&self, contact: &Contact) -> bool {
        self.channel.as_ref().is_none_or(|channel| *channel == contact.channel)
            && (self.purposes.is_empty() || self.purposes.contains(&contact.purpose))
            && (self.topics.is_empty()
                || contact.labels.topic.as_ref().is_some_and(|topic| self.topics.contains(topic)))
    }
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
    /// Hours of the week.
    Hours(QuietHours),
}

impl Quiet {
    /// Whether contacts on a channel are kept from the customer then.
    #[must_use]
    pub fn is_about(&self, channel: &Name) -> bool {
        match self {
            Self::Days { .. } | Self::Yearly { .. } => true,
            Self::Hours(hours) => hours.channels.is_empty() || hours.channels.contains(channel),
        }
    }
}

/// Hours `[from, to)` of some days of the week. Where `to` is not after `from` they cross midnight,
/// and belong to the day on which they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// Seconds after midnight, below 86,400.
    pub from_secs: u32,
    /// Seconds after midnight, 86,400 at the most.
    pub to_secs: u32,
    /// The days on which they begin.
    pub days: Weekdays,
    /// The channels that they are about; none is all.
    pub channels: Vec<Name>,
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
