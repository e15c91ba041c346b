//! Budgets, compiled.

use std::sync::Arc;

use jiff::civil::Weekday;

use crate::model::Label;
use crate::model::Name;
use crate::model::Span;
use crate::model::Word;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::selector::Selector;
use crate::zone::Zone;

/// A maximum number of contacts in any window.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The number of units, for customers without an override.
    pub limit: u32,
    /// Overrides by segment; the first that names one of the customer's holds.
    pub overrides: Vec<(Vec<Name>, u32)>,
    /// The stretch of time.
    pub window: Window,
    /// The contacts that spend it.
    pub counts: Selector,
    /// The dimensions that divide it: each value has a budget of its own.
    pub by: Vec<Dimension>,
    /// Units that a contact costs, by the position of its channel; what is not listed costs 1.
    pub costs: Vec<u32>,
    /// Whether it counts answered contacts only, or unanswered ones only; both if unset.
    pub answered: Option<bool>,
    /// Whether it counts different channels instead of contacts.
    pub distinct_channels: bool,
    /// Units that are kept for contacts of a priority at least.
    pub keep: Vec<(u8, u32)>,
    /// The states in which a contact is given back.
    pub refund_on: Vec<State>,
}

/// The stretch of time of a budget.
#[derive(Clone, Debug)]
pub enum Window {
    /// `(t - span, t]`.
    Sliding(Span),
    /// A stretch of the calendar.
    Calendar(CalendarWindow),
}

impl Window {
    /// Whether it reads the customer's clock.
    #[must_use]
    pub const fn reads_clock(&self) -> bool {
        match self {
            Self::Sliding(_) => false,
            Self::Calendar(calendar) => calendar.zone.is_none(),
        }
    }
}

/// A day, week, month, quarter or year on a clock.
#[derive(Clone, Debug)]
pub struct CalendarWindow {
    /// The unit of the calendar.
    pub unit: CalendarUnit,
    /// The clock; unset is the customer's.
    pub zone: Option<Arc<Zone>>,
    /// The day on which weeks start.
    pub week_starts: Weekday,
}

/// A dimension that can divide a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// One budget for each topic, or for each value of another label.
    Label(Label),
    /// One for each channel.
    Channel,
    /// One for each purpose.
    Purpose,
}

impl Word for Dimension {
    fn all() -> impl Iterator<Item = Self> {
        Label::ALL.map(Self::Label).into_iter().chain([Self::Channel, Self::Purpose])
    }

    fn word(self) -> &'static str {
        match self {
            Self::Label(label) => label.as_str(),
            Self::Channel => "channel",
            Self::Purpose => "purpose",
        }
    }
}
