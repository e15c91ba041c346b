//! Budgets: a maximum number of contacts in a period.

use super::Alone;
use super::Rule;
use super::Selector;
use crate::model::Name;
use crate::model::Span;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Constraint;
use crate::policy::decode::Either;
use crate::policy::decode::Named;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::rules::Dimension;
use crate::policy::value::Distinct;
use crate::policy::value::WeekStart;
use crate::policy::value::ZoneName;

/// A number of contacts, or of units of cost.
pub(in crate::policy) type Limit = Whole<0, 10_000>;

/// A duration, or a stretch of the calendar.
pub(in crate::policy) type Per = Either<Span, CalendarWindow>;

record! {
    /// A maximum number of contacts in a period.
    pub(in crate::policy) struct Budget with rule: Rule {
        /// The contacts that spend the budget; by default those it is `for`.
        counts: Option<At<Selector>>,
        /// Makes a separate budget for each value.
        by: Vec<At<Dimension>>,
        /// The cost of a contact, by channel; by default 1.
        cost: Named<Limit>,
        /// The maximum number of contacts, or of units of cost. `0` blocks.
        limit: At<Limit>,
        /// Other limits for some customers: the first that matches holds.
        limits: Vec<SegmentLimit>,
        /// Slots that only contacts of a priority may use.
        keep: Vec<Keep>,
        /// `false`: of the contacts on record, counts attempts that were not answered; `true`:
        /// counts all others. By default it counts both.
        answered: Option<bool>,
        /// `channel`: counts different channels instead of contacts.
        distinct: Option<Distinct>,
        /// The stretch of time: a duration such as `7d`, or a stretch of the calendar.
        per: At<Per>,
        /// The states whose contacts are given back: of `released`, `expired` and `bounced`; by
        /// default the first two.
        refund_on: Option<Vec<At<State>>>,
    }
    where Constraint::Excludes("cost", "distinct")
}

record! {
    /// A stretch of the calendar.
    pub(in crate::policy) struct CalendarWindow {
        /// The unit of the calendar.
        calendar: CalendarUnit,
        /// The clock, as a zone or a fixed offset; by default the customer's.
        time_zone: Option<At<ZoneName>>,
        /// The day on which weeks start; by default as the settings say.
        week_starts: Option<At<WeekStart>>,
    }
}

record! {
    /// Another limit for some customers.
    pub(in crate::policy) struct SegmentLimit {
        /// The customers: one of their segments is enough.
        segments: AtLeastOne<At<Name>>,
        /// The maximum number of contacts, or of units of cost. `0` blocks.
        limit: At<Limit>,
    }
}

record! {
    /// Slots that only contacts of a priority may use.
    pub(in crate::policy) struct Keep {
        /// The priority from which on contacts may use the slots.
        priority_at_least: At<Whole<0, 100>>,
        /// The number of units that are kept.
        slots: At<Limit>,
    }
}

impl Alone for Budget {
    fn reach(&self) -> Option<Span> {
        Some(match &*self.per {
            Either::Short(span) => *span,
            Either::Long(window) => longest(window.calendar),
        })
    }
}

/// The longest such stretch of the calendar, on a clock that is set back meanwhile.
fn longest(unit: CalendarUnit) -> Span {
    let days = match unit {
        CalendarUnit::Day => 1,
        CalendarUnit::Week => 7,
        CalendarUnit::Month => 31,
        CalendarUnit::Quarter => 92,
        CalendarUnit::Year => 366,
    };
    Span::from_days(days + 1)
}
