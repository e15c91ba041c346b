//! Quiet periods: whole days without contact.

use super::Alone;
use super::Rule;
use crate::model::Day;
use crate::model::Name;
use crate::model::wish::MonthDay;
use crate::policy::decode::At;
use crate::policy::decode::Constraint;
use crate::policy::decode::record;
use crate::policy::problem::Problems;
use crate::policy::value::Days;
use crate::policy::value::Who;

record! {
    /// Whole days without contact, on the customer's clock.
    pub(in crate::policy) struct QuietPeriod with rule: Rule {
        /// These days, once.
        dates: Option<At<DateRange>>,
        /// These days, every year.
        yearly: Option<At<YearlyRange>>,
        /// The days of an occasion, in the customer's countries; `any` is each of them: those that
        /// ship and those of the policy.
        occasion: Option<At<Name>>,
        /// Days before the occasion that belong to it too, such as `14d`.
        before: Option<At<Days>>,
        /// Days after the occasion that belong to it too, such as `1d`.
        after: Option<At<Days>>,
        /// `everyone` (the default), or `opted_out`: customers who opted out of the occasion.
        who: Option<At<Who>>,
    }
    where
        Constraint::ExactlyOne(&["dates", "yearly", "occasion"]),
        Constraint::Needs("before", "occasion"),
        Constraint::Needs("after", "occasion"),
        Constraint::Needs("who", "occasion"),
}

record! {
    /// Days, both ends included.
    pub(in crate::policy) struct DateRange {
        /// The first day, such as `2026-12-24`.
        from: At<Day>,
        /// The last day.
        to: At<Day>,
    }
}

record! {
    /// Days of every year, both ends included. They may cross the new year.
    pub(in crate::policy) struct YearlyRange {
        /// The first day, such as `12-24`. 29 February is kept on the 28th in other years.
        from: MonthDay,
        /// The last day.
        to: MonthDay,
    }
}

impl Alone for QuietPeriod {
    fn check(&self, problems: &mut Problems) {
        let Some(dates) = &self.dates else { return };
        let (from, to) = (*dates.from, *dates.to);
        if to < from {
            let message = format!("the period ends on {to}, before it begins on {from}");
            problems.error(
                dates.to.position,
                message,
                "write a later date, or change the two over",
            );
            return;
        }
        let Some(effective) = &self.rule.effective else { return };
        let begins_late = effective.from.as_ref().is_some_and(|first| **first > to);
        let ends_early = effective.until.as_ref().is_some_and(|last| **last < from);
        if begins_late || ends_early {
            let message = "this rule can never match: its dates lie outside of `effective`";
            problems.warn(effective.position, message, "widen `effective`, or remove it");
        }
    }
}

/// The word that means every occasion.
pub(in crate::policy) const ANY_OCCASION: &str = "any";
