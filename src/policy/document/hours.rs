//! Contact hours and quiet hours.

use super::Rule;
use crate::model::Name;
use crate::policy::decode::At;
use crate::policy::decode::List;
use crate::policy::decode::OneOrMore;
use crate::policy::decode::record;
use crate::policy::value::DayName;
use crate::policy::value::From;
use crate::policy::value::To;
use crate::policy::value::ZoneName;

record! {
    /// Hours outside of which there is no contact.
    pub(in crate::policy) struct ContactHours with rule: Rule {
        /// The clock, as a zone or a fixed offset; by default the customer's.
        time_zone: Option<At<ZoneName>>,
        /// The hours of the week.
        open: At<List<At<WeekSpan>>>,
        /// Hours that replace the day's own on public holidays.
        holidays: Option<At<OpenDays>>,
        /// Hours that narrow the day's own on the day before a public holiday.
        eves: Option<At<OpenDays>>,
    }
}

record! {
    /// Hours inside of which there is no contact.
    pub(in crate::policy) struct QuietHours with rule: Rule {
        /// The clock, as a zone or a fixed offset; by default the customer's.
        time_zone: Option<At<ZoneName>>,
        /// The hours of the week.
        closed: At<List<At<WeekSpan>>>,
        /// Hours that replace the day's own on public holidays.
        holidays: Option<At<ClosedDays>>,
    }
}

record! {
    /// Hours of some days of the week. Those that cross midnight belong to the day they begin.
    pub(in crate::policy) struct WeekSpan {
        /// The days; by default all.
        days: Option<At<List<At<DayName>>>>,
        /// The beginning, as `"HH:MM"`.
        from: At<From>,
        /// The end, as `"HH:MM"`, exclusive; `"24:00"` is the end of the day.
        to: At<To>,
    }
}

record! {
    /// Hours of a day. Those that cross midnight belong to the day they begin.
    pub(in crate::policy) struct TimeSpan {
        /// The beginning, as `"HH:MM"`.
        from: At<From>,
        /// The end, as `"HH:MM"`, exclusive; `"24:00"` is the end of the day.
        to: At<To>,
    }
}

record! {
    /// Days with hours of their own.
    pub(in crate::policy) struct OpenDays {
        /// One or more sets of public holidays: a country's code, or a set of the policy's own.
        of: OneOrMore<At<Name>>,
        /// The hours; if the list is empty, closed.
        open: At<List<At<TimeSpan>>>,
    }
}

record! {
    /// Days with hours of their own.
    pub(in crate::policy) struct ClosedDays {
        /// One or more sets of public holidays: a country's code, or a set of the policy's own.
        of: OneOrMore<At<Name>>,
        /// The hours; if the list is empty, nothing is closed.
        closed: At<List<At<TimeSpan>>>,
    }
}
