//! What is done about what customers write.

use crate::inbound::Operator;
use crate::model::Span;
use crate::model::word::words;

/// How long marketing is held after an unclear message, where no document says so.
pub const HOLD_UNCLEAR_FOR: Span = Span::from_hours(72);

/// What is done about what customers write.
#[derive(Clone, Debug)]
pub struct InboundMessages {
    /// What a bare `STOP` refuses.
    pub stop_reach: StopReach,
    /// How long a channel is suppressed after an unclear message; unset: it is not suppressed.
    pub suppress_unclear_for: Option<Span>,
    /// How long marketing on the channel is held after one, if the channel is not suppressed.
    pub hold_unclear_for: Option<Span>,
    /// What is done about a message in a language that the tables do not know.
    pub unknown_language: UnknownLanguage,
    /// What is done about a wish that is neither a yes nor a no.
    pub preferences: Preferences,
    /// The words that operators have added.
    pub words: Operator,
}

words! {
    /// What a bare `STOP` refuses.
    pub enum StopReach {
        /// The channel it came by.
        Channel,
        /// Everything.
        Everything,
    }
}

words! {
    /// What is done about a message in a language that the tables do not know.
    pub enum UnknownLanguage {
        /// The same as about any message that is unclear.
        Hold,
        /// A human is asked to look, and nothing is held.
        List,
        /// Nothing.
        Ignore,
    }
}

words! {
    /// What is done about a wish such as "only once a month".
    pub enum Preferences {
        /// A human is asked to look.
        Ask,
        /// It is recorded.
        Record,
    }
}
