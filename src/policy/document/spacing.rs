//! Spacing: the least time between two contacts, or after an event.

use super::Alone;
use super::Rule;
use crate::model::EventKind;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Constraint;
use crate::policy::decode::Either;
use crate::policy::decode::Whole;
use crate::policy::decode::record;

/// A duration, or a number of civil days.
pub(in crate::policy) type Length = Either<Span, CivilDays>;

/// The longest stretch that it can be.
pub(in crate::policy) fn longest(length: &Length) -> Span {
    match length {
        Either::Short(span) => *span,
        Either::Long(civil) => {
            let days = civil.calendar_days.as_ref().or(civil.full_days.as_ref());
            // A day of its own at the beginning, and a clock that is set back.
            days.map_or(Span::ZERO, |days| Span::from_days(***days + 2))
        }
    }
}

record! {
    /// The least time between two contacts, or after an event.
    pub(in crate::policy) struct Spacing with rule: Rule {
        /// The least time: a duration such as `20h`, or days of the calendar.
        least: At<Length>,
        /// The events after which it holds; by default it holds between any two contacts.
        since: Option<AtLeastOne<At<EventKind>>>,
    }
}

impl Alone for Spacing {
    fn reach(&self) -> Option<Span> {
        Some(longest(&self.least))
    }
}

record! {
    /// Days of the calendar on the customer's clock.
    pub(in crate::policy) struct CivilDays {
        /// The number of days, of which the event's own is the first.
        calendar_days: Option<At<Whole<1, 3_660>>>,
        /// The number of whole days after the event's own.
        full_days: Option<At<Whole<1, 3_660>>>,
    }
    where Constraint::ExactlyOne(&["calendar_days", "full_days"])
}
