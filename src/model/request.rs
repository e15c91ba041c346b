//! Requests that changed a record, remembered so that repeating one changes nothing.

use crate::model::answer::Answer;
use crate::model::instant::Instant;
use crate::model::instant::Span;

/// How long a request is remembered after its answer, and after the end of the hold that it made.
pub const MEMORY: Span = Span::from_hours(48);
/// The longest id of a request, in bytes.
pub const REQUEST_ID_BYTES_MAX: usize = 128;

/// A request that changed the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The caller's id for it.
    pub id: Box<str>,
    /// A hash of what it asked.
    pub body: u64,
    /// When it was answered.
    pub answered: Instant,
    /// The number of the contact that it put on record, if it did.
    pub contact: Option<u32>,
    /// The position of the candidate that was chosen, where there was a choice.
    pub chosen: Option<u32>,
    /// The decision with which it was answered, where there was one.
    pub answer: Option<Answer>,
    /// When the hold that it made ends, if it made one.
    pub hold_until: Option<Instant>,
    /// Until when one message may answer the customer's own that it handled, if one may.
    pub reply_until: Option<Instant>,
    /// Whether its contact was confirmed after the hold had ended.
    pub late: bool,
}

impl Request {
    /// Whether it must still be remembered.
    #[must_use]
    pub fn is_remembered(&self, now: Instant) -> bool {
        now < self.forgotten()
    }

    /// The first instant at which it need not be remembered.
    #[must_use]
    pub fn forgotten(&self) -> Instant {
        let last = self.hold_until.map_or(self.answered, |until| until.max(self.answered));
        last.plus(MEMORY)
    }
}
