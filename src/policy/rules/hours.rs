//! Hours of the week, compiled.

use std::sync::Arc;

use crate::model::Day;
use crate::model::Name;
use crate::zone::Zone;

/// Hours of the week.
#[derive(Clone, Debug)]
pub struct Hours {
    /// The clock; unset is the customer's.
    pub zone: Option<Arc<Zone>>,
    /// The spans that begin on each day of the week, Monday first.
    pub week: [Vec<Hour>; 7],
    /// Days with hours of their own.
    pub holidays: Option<SpecialDays>,
    /// Days that narrow the day's own hours: the days before those listed.
    pub eves: Option<SpecialDays>,
}

/// A span of the wall clock, `[from, to)`, in milliseconds after the midnight on which its day
/// begins; `to` is beyond 24 hours if the span crosses the next midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour {
    /// The beginning, below 24 hours.
    pub from_millis: i64,
    /// The end, after `from_millis` and below 48 hours.
    pub to_millis: i64,
}

/// Days with hours of their own.
#[derive(Clone, Debug)]
pub struct SpecialDays {
    /// The countries and calendars whose they are.
    pub of: Vec<Name>,
    /// The days, in order.
    pub days: Arc<[Day]>,
    /// Their hours.
    pub hours: Vec<Hour>,
}
