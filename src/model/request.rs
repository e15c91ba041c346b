//! Requests that changed a record, remembered so that repeating one changes nothing.

use crate::model::answer::Answer;
use crate::model::decision::Effect;
use crate::model::instant::Instant;
use crate::model::instant::Span;

/// The time for which a request is remembered, from the latest of its answer, the time of its
/// contact, the end of its hold and its confirmation.
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
    /// The time at which it was answered.
    pub answered: Instant,
    /// The number of the contact that it put on record, if it did.
    pub contact: Option<u32>,
    /// The position of the candidate that was chosen, where there was a choice.
    pub chosen: Option<u32>,
    /// The decision with which it was answered, where there was one. Of a reservation that a
    /// refusal has ended since, that refusal.
    pub answer: Option<Answer>,
    /// The end of its hold, if it made one.
    pub hold_until: Option<Instant>,
    /// A hash of the contact that it reserved; unset where it reserved none, or an older version
    /// has written it.
    pub contact_body: Option<u64>,
    /// The later of the time for which its contact was reserved and the time at which it was
    /// confirmed; unset where neither is later than the answer, or an older version has written it.
    pub last_use: Option<Instant>,
    /// The end of the time in which one message may answer the customer's message that it handled,
    /// if one may.
    pub reply_until: Option<Instant>,
    /// Whether its contact was confirmed after the end of the hold.
    pub late: bool,
}

/// A request of a customer who was erased, without anything that tells what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedRequest {
    /// A keyed hash of its id.
    pub mark: u64,
    /// A keyed hash of what it asked, of the request that erased the customer; unset of the others.
    pub body: Option<u64>,
    /// The first instant at which it need not be remembered.
    pub forgotten: Instant,
}

impl Request {
    /// Whether it must still be remembered.
    #[must_use]
    pub fn is_remembered(&self, now: Instant) -> bool {
        now < self.forgotten()
    }

    /// For a reservation that has expired: the refusal that ended it early, if one did.
    #[must_use]
    pub fn refusal(&self) -> Option<&Answer> {
        self.answer.as_ref().filter(|answer| answer.effect == Effect::Deny)
    }

    /// The first instant at which it need not be remembered.
    #[must_use]
    pub fn forgotten(&self) -> Instant {
        let others = [self.hold_until, self.last_use].into_iter().flatten();
        others.fold(self.answered, Instant::max).plus(MEMORY)
    }
}
