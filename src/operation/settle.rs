//! Saying what became of a reservation.

use super::Context;
use super::Fault;
use crate::model::Instant;
use crate::model::Record;
use crate::model::history::Entry;
use crate::model::history::State;

/// The answer to a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Whether the hold had ended before.
    pub late: bool,
    /// The time at which it was sent.
    pub sent: Instant,
}

/// The facts about a contact that was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// The time at which it was sent. If unset, the time that it was reserved for, or now if that
    /// is earlier.
    pub sent: Option<Instant>,
    /// Whether it was not answered.
    pub unanswered: bool,
}

/// Confirms a reserved contact as sent. A repetition gets the first answer.
///
/// # Errors
/// If there is no such reservation, or it was released.
pub fn confirm(
    context: Context<'_>,
    record: &mut Record,
    request_id: &str,
    made: Made,
) -> Result<Confirmed, Fault> {
    let entry = find(record, request_id)?;
    let (number, at, state) = (entry.number, entry.at, entry.state);
    match state {
        State::Reserved | State::Expired => {
            let sent = made.sent.unwrap_or_else(|| at.min(context.now));
            let late = state == State::Expired;
            record.history.settle(number, sent, State::Sent);
            if made.unanswered {
                record.history.leave_unanswered(number);
            }
            let request = record.requests.iter_mut().find(|request| *request.id == *request_id);
            if let Some(request) = request {
                request.late = late;
                request.last_use = Some(at.max(context.now));
            }
            Ok(Confirmed { late, sent })
        }
        State::Sent | State::Bounced => {
            let late = record.request(request_id).is_some_and(|request| request.late);
            Ok(Confirmed { late, sent: at })
        }
        State::Released => Err(Fault::AlreadyReleased),
    }
}

/// Releases a reserved contact, and returns whether its hold had already ended. A repetition gets
/// the first answer.
///
/// # Errors
/// If there is no such reservation, or it was sent.
pub fn release(record: &mut Record, request_id: &str) -> Result<bool, Fault> {
    let entry = find(record, request_id)?;
    let (number, at) = (entry.number, entry.at);
    match entry.state {
        State::Reserved => {
            record.history.settle(number, at, State::Released);
            Ok(false)
        }
        State::Released => Ok(false),
        State::Expired => Ok(true),
        State::Sent | State::Bounced => Err(Fault::AlreadyConfirmed),
    }
}

/// The contact on record that a request made.
pub(super) fn find<'a>(record: &'a Record, request_id: &str) -> Result<&'a Entry, Fault> {
    let number = record.request(request_id).and_then(|request| request.contact);
    let entry = number.and_then(|number| record.history.entry(number));
    entry.ok_or_else(|| absent(record))
}

/// The reason why there is no such reservation.
pub(super) fn absent(record: &Record) -> Fault {
    record.erased.map_or(Fault::ReservationNotFound, |_| Fault::CustomerErased)
}
