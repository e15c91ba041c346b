//! The treatment of customers' messages.

use crate::inbound::Operator;
use crate::model::Span;
use crate::model::word::words;

/// The default time for which marketing is held after an unclear message.
pub const HOLD_UNCLEAR_FOR: Span = Span::from_hours(72);

/// The treatment of customers' messages.
#[derive(Clone, Debug)]
pub struct InboundMessages {
    /// The scope of a bare `STOP`.
    pub stop_reach: StopReach,
    /// The time for which a channel is suppressed after an unclear message; if unset, it is not
    /// suppressed.
    pub suppress_unclear_for: Option<Span>,
    /// The time for which marketing on the channel is held after one, if the channel is not
    /// suppressed.
    pub hold_unclear_for: Option<Span>,
    /// The treatment of a message in a language that the tables do not know.
    pub unknown_language: UnknownLanguage,
    /// The treatment of a wish that is neither a yes nor a no.
    pub preferences: Preferences,
    /// The words that operators have added.
    pub words: Operator,
}

words! {
    /// The scope of a bare `STOP`.
    pub enum StopReach {
        /// The channel it came by.
        Channel,
        /// Everything.
        Everything,
    }
}

words! {
    /// The treatment of a message in a language that the tables do not know.
    pub enum UnknownLanguage {
        /// It is treated like any unclear message.
        Hold,
        /// A human is asked to look, and nothing is held.
        List,
        /// Nothing.
        Ignore,
    }
}

words! {
    /// The treatment of a wish such as "only once a month".
    pub enum Preferences {
        /// A human is asked to look.
        Ask,
        /// It is recorded.
        Record,
    }
}
