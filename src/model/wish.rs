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
    /// The scope that is refused.
    pub scope: Scope,
    /// The time at which the customer said so; unset if unknown.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// The source of the opt-out; unset if none was given.
    pub source: Option<Name>,
    /// The written form, if a START can take it back.
    pub stop: Option<Stop>,
}

impl OptOut {
    /// Whether the contact is refused, the occasion included, apart from the end of the opt-out.
    /// `marketing` is that of [`Scope::matches`].
    #[must_use]
    pub fn refuses(&self, contact: &Contact, marketing: bool) -> bool {
        self.scope.matches(contact, marketing)
            && !self.except().iter().any(|it| it.matches(contact, marketing))
    }

    /// Whether everything in a scope is refused.
    #[must_use]
    pub fn covers(&self, scope: &Scope) -> bool {
        self.scope.contains(scope) && !self.except().iter().any(|it| it.overlaps(scope))
    }

    /// The scopes that have been taken back.
    #[must_use]
    pub fn except(&self) -> &[Scope] {
        self.stop.as_ref().map_or(&[], |stop| &stop.except)
    }
}

/// A yes of the customer. It is kept so that an older no that is heard later changes nothing in its
/// scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptIn {
    /// The scope of the yes.
    pub scope: Scope,
    /// The time at which the customer said so.
    pub at: Instant,
}

/// The customer's recorded yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The scope of the consent. Without a channel it allows nothing; with a brand or a topic it is
    /// for no other.
    pub scope: Scope,
    /// The time at which it was given. If unset, it was long ago and does not age.
    pub at: Option<Instant>,
    /// Whether a double opt-in is complete. A pending one allows nothing.
    pub confirmed: bool,
    /// The ground on which it rests.
    pub ground: Ground,
}

impl Consent {
    /// The scope and the ground. They identify a consent of the customer, and give the order of
    /// consents in a record.
    #[must_use]
    pub const fn about(&self) -> (&Scope, &Ground) {
        (&self.scope, &self.ground)
    }
}

/// The operator's refusal: a legal hold, an open support case, a bereavement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The scope that is refused.
    pub scope: Scope,
    /// The operator's reason code, such as `open_case`.
    pub reason: Option<Name>,
    /// The time at which it was set; unset if unknown.
    pub at: Option<Instant>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// The person or system that set it; unset if not given.
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
        /// A day, from midnight to midnight.
        Day,
        /// Seven days, from the day on which weeks start.
        Week,
        /// A month, from its first day.
        Month,
        /// A quarter, from 1 January, April, July or October.
        Quarter,
        /// A calendar year, from 1 January.
        Year,
    }
}

/// "Fewer, please": at most `limit` contacts in a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The channel it is about; unset is all of them together.
    pub channel: Option<Name>,
    /// The purposes that count together; empty for all.
    pub purposes: Vec<Name>,
    /// The topics that count together; empty for all, and for contacts without a topic.
    pub topics: Vec<Name>,
    /// The maximum number of contacts.
    pub limit: u32,
    /// The period of the limit.
    pub per: Cycle,
}

impl Cadence {
    /// Whether the contact counts for the limit.
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
    /// A private date of every year, with `around` days on each side of it.
    Yearly {
        /// The date.
        date: MonthDay,
        /// The number of quiet days before and after it.
        around: u16,
    },
    /// Hours of the week.
    Hours(QuietHours),
}

impl Quiet {
    /// Whether the quiet time applies to a channel.
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
    /// The channels to which the hours apply; empty for all.
    pub channels: Vec<Name>,
}

/// A date without a year. 29 February is kept on 28 February in other years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// The month, from 1 to 12.
    pub month: i8,
    /// The day of the month, from 1 to 31.
    pub day: i8,
}

impl MonthDay {
    /// The day on which it falls in a year; `None` if there is no such date.
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
