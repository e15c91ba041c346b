//! Reserves a contact: decides on it and, if it is allowed, puts it on record in the same step.

use super::Context;
use super::Decided;
use super::Draft;
use super::Fault;
use super::RequestKey;
use super::check;
use super::eviction;
use super::held;
use super::held::Held;
use super::reply_latency;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::history::State;
use crate::model::history::TooManyNames;
use crate::model::request::Request;

/// The furthest time in the past for which a new contact may be asked.
pub const PAST_MAX: Span = Span::from_hours(24);
/// The times that it may have, for people.
pub const CONTACT_TIME: &str = "must be at most 24 hours ago and at most 400 days ahead";

/// Whether a time is so far in the past that only a repeated request may name it.
#[must_use]
pub fn is_passed(at: Option<Instant>, now: Instant) -> bool {
    at.is_some_and(|at| at < now.minus(PAST_MAX))
}

/// The time for which a contact is decided if nothing is known of its request. The request may be a
/// repeated one; a contact whose time has passed would be made now at the earliest.
#[must_use]
pub fn time_of(at: Option<Instant>, now: Instant) -> Instant {
    at.filter(|_| !is_passed(at, now)).unwrap_or(now)
}

/// The request for a reservation.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The request's key.
    pub request: RequestKey,
    /// The contact.
    pub contact: Contact,
    /// A hash of all that the caller said about it.
    pub contact_body: u64,
    /// The time at which it is to be made; now if unset.
    pub at: Option<Instant>,
    /// The time that it waits to be confirmed; for ever if unset.
    pub hold: Option<Span>,
    /// The amount of detail in the answer.
    pub detail: Detail,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The decision. The contact is on record if it allows.
    pub decided: Decided,
    /// The end of the hold, if there is one.
    pub hold_until: Option<Instant>,
    /// Whether the answer is about a reservation that an earlier call made.
    pub replayed: bool,
    /// The state of the reservation; unset if there is none, or it is unknown.
    pub state: Option<State>,
}

/// Reserves a contact. If the same request has reserved it before, it is decided on again. If that
/// reservation was given back, it is made anew, for now at the earliest.
///
/// # Errors
/// If the contact names something that the policy does not declare, if a new one lies too far back,
/// or if the request's id has been used for another.
pub fn reserve(
    context: Context<'_>,
    record: &mut Draft<'_>,
    reserve: &Reserve,
) -> Result<Reserved, Fault> {
    let Some(request) = reserve.request.recall(record)? else {
        if is_passed(reserve.at, context.now) {
            return Err(Fault::ContactTimePassed);
        }
        return anew(context, record, reserve);
    };
    if held::is_over(record, request) {
        let state = held::state(record, request);
        let at = reserve.at.map(|at| at.max(context.now));
        let reserved = anew(context, record, &Reserve { at, ..reserve.clone() })?;
        return Ok(Reserved { state: reserved.state.or(state), ..reserved });
    }
    let Reserve { request, contact, detail, .. } = reserve;
    let held = Held { request_id: &request.id, contact, detail: *detail, ends_if_refused: true };
    held::judge(context, record, &held)
}

fn anew(
    context: Context<'_>,
    record: &mut Draft<'_>,
    reserve: &Reserve,
) -> Result<Reserved, Fault> {
    let at = reserve.at.unwrap_or(context.now);
    let decided = check(context, record, &reserve.contact, at, reserve.detail)?;
    Ok(grant(context, record, reserve, decided))
}

/// Puts an allowed contact on record. If there is no room, it is not allowed after all.
pub(super) fn grant(
    context: Context<'_>,
    record: &mut Draft<'_>,
    reserve: &Reserve,
    decided: Decided,
) -> Reserved {
    if !decided.is_allowed() {
        return Reserved::refused(decided);
    }
    let request =
        Request { answer: Some(decided.answer.clone()), ..reserve.request.answered(context) };
    let mut after = Record::clone(record);
    match add(context, &mut after, reserve, request) {
        Ok(hold_until) if eviction::tidy(&mut after) => {
            let at = reserve.at.unwrap_or(context.now);
            let waited =
                reply_latency::waited(context.policy, &record.history, &reserve.contact, at);
            record.put(after);
            let (decided, state) = (Decided { waited, ..decided }, Some(State::Reserved));
            Reserved { decided, hold_until, replayed: false, state }
        }
        Ok(_) | Err(TooManyNames) => {
            Reserved::refused(Decided::refusal(context, Code::HistoryFull))
        }
    }
}

/// Puts a contact on record, in place of an earlier reservation of the same request.
pub(super) fn add(
    context: Context<'_>,
    record: &mut Record,
    reserve: &Reserve,
    request: Request,
) -> Result<Option<Instant>, TooManyNames> {
    let at = reserve.at.unwrap_or(context.now);
    let number = record.history.add_contact(&reserve.contact, at, State::Reserved)?;
    let hold_until = reserve.hold.map(|hold| at.max(context.now).plus(hold));
    if let Some(until) = hold_until {
        record.history.hold(number, until);
    }
    record.requests.retain(|earlier| earlier.id != request.id);
    record.requests.push(Request {
        contact: Some(number),
        hold_until,
        contact_body: Some(reserve.contact_body),
        last_use: Some(at).filter(|at| *at > request.answered),
        ..request
    });
    Ok(hold_until)
}

impl Reserved {
    /// Nothing is reserved.
    const fn refused(decided: Decided) -> Self {
        Self { decided, hold_until: None, replayed: false, state: None }
    }

    /// The answer to a request whose reservation was erased with the customer.
    #[must_use]
    pub fn erased(context: Context<'_>) -> Self {
        let decided = Decided::refusal(context, Code::CustomerErased);
        Self { decided, hold_until: None, replayed: true, state: None }
    }
}
