//! The subject of an expression.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::civil::Weekday;

use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Profile;

/// One contact, one customer and one local time, borrowed from the caller.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `contact.channel`.
    pub channel: &'a str,
    /// `contact.purpose`.
    pub purpose: &'a str,
    /// `contact.topic` and the others, or `""`.
    pub labels: Labels<&'a str>,
    /// `contact.occasions`.
    pub occasions: &'a [Name],
    /// `contact.priority`.
    pub priority: i64,
    /// `contact.attributes`.
    pub attributes: &'a BTreeMap<Name, String>,
    /// `customer.segments`, `customer.locale` and `customer.attributes`.
    pub profile: &'a Profile,
    /// `customer.jurisdictions`; an expression that does not read them can do without.
    pub jurisdictions: &'a [Jurisdiction],
    /// `at`, which only an expression without a grain can do without.
    pub at: Option<LocalTime>,
}

/// An instant on one of the customer's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// `at.date`.
    pub date: Date,
    /// `at.weekday`.
    pub weekday: Weekday,
    /// `at.hour`, 0 to 23.
    pub hour: i8,
    /// `at.minute`, 0 to 59.
    pub minute: i8,
}
