//! Spacing, back-off and reactions, compiled.

use crate::model::EventKind;
use crate::model::Name;
use crate::model::Span;
use crate::policy::rules::Effective;
use crate::policy::rules::Mode;
use crate::policy::selector::Selector;

/// A least time between contacts, or after events.
#[derive(Clone, Debug)]
pub struct Spacing {
    /// The events after which it holds; if empty, between any two contacts that the rule selects.
    pub since: Vec<EventKind>,
    /// The least time.
    pub least: Lapse,
}

/// A time after a contact or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Absolute time.
    Span(Span),
    /// Civil days, its own being the first.
    CalendarDays(u16),
    /// Whole civil days after its own.
    FullDays(u16),
}

/// A spacing that grows while the customer does not answer.
#[derive(Clone, Debug)]
pub struct Backoff {
    /// Consecutive contacts without an engagement from which on it holds.
    pub after: u32,
    /// The spacing then.
    pub base: Span,
    /// The factor by which each further contact multiplies it.
    pub factor: u32,
    /// The longest spacing; unset is no bound.
    pub most: Option<Span>,
    /// The events that count as an engagement.
    pub reset_on: Vec<EventKind>,
}

/// Events in a row are at most so far apart: what happened longer ago is part of no row.
pub const ROW_AGE: Span = Span::from_days(365);

/// An effect of an event.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Whether it suppresses.
    pub mode: Mode,
    /// The dates on which it is in force.
    pub effective: Effective,
    /// The event.
    pub on: EventKind,
    /// The number of events that it takes.
    pub times: u32,
    /// The time in which the events must happen. If unset, they must be in a row.
    pub within: Option<Span>,
    /// Whether it suppresses the channel of the event only.
    pub same_channel: bool,
    /// The contacts that it suppresses.
    pub suppress: Selector,
    /// The time of the suppression; for good if unset.
    pub lasts: Option<Lapse>,
}
