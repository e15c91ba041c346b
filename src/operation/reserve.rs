//! Deciding on a contact and, if it is allowed, putting it on record in the same step.

use super::Context;
use super::Decided;
use super::Fault;
use super::RequestKey;
use super::check;
use super::room;
use super::wait;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::history::State;
use crate::model::history::TooManyNames;
use crate::model::request::Request;

/// What is to be reserved.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// Which request it is.
    pub request: RequestKey,
    /// The contact.
    pub contact: Contact,
    /// When it will be made; unset is now.
    pub at: Option<Instant>,
    /// How long it waits to be confirmed; unset is for ever.
    pub hold: Option<Span>,
    /// How much the answer tells.
    pub detail: Detail,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The decision. The contact is on record if it allows.
    pub decided: Decided,
    /// When the hold ends, where there is one.
    pub hold_until: Option<Instant>,
}

/// Reserves a contact.
///
/// # Errors
/// If the contact names something that the policy does not declare, or if the request's id has been
/// used for another.
pub fn reserve(
    context: Context<'_>,
    record: &mut Record,
    reserve: &Reserve,
) -> Result<Reserved, Fault> {
    if let Some(request) = reserve.request.recall(record)? {
        return Ok(Reserved::again(context, request));
    }
    let at = reserve.at.unwrap_or(context.now);
    let decided = check(context, record, &reserve.contact, at, reserve.detail)?;
    Ok(grant(context, record, reserve, decided))
}

/// Puts an allowed contact on record. Where there is no room, it is not allowed after all.
pub(super) fn grant(
    context: Context<'_>,
    record: &mut Record,
    reserve: &Reserve,
    decided: Decided,
) -> Reserved {
    if !decided.is_allowed() {
        return Reserved { decided, hold_until: None };
    }
    let request =
        Request { answer: Some(decided.answer.clone()), ..reserve.request.answered(context) };
    let mut after = record.clone();
    match add(context, &mut after, reserve, request) {
        Ok(hold_until) if room::tidy(&mut after) => {
            let at = reserve.at.unwrap_or(context.now);
            let waited = wait::waited(context.policy, &record.history, &reserve.contact, at);
            *record = after;
            Reserved { decided: Decided { waited, ..decided }, hold_until }
        }
        Ok(_) | Err(TooManyNames) => {
            let full = Decided::refusal(context, Code::HistoryFull);
            Reserved { decided: full, hold_until: None }
        }
    }
}

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
    record.requests.push(Request { contact: Some(number), hold_until, ..request });
    Ok(hold_until)
}

impl Reserved {
    /// The answer that the request got the first time.
    pub(super) fn again(context: Context<'_>, request: &Request) -> Self {
        let answer = request.answer.clone();
        let decided = answer.map(|answer| Decided { answer, detail: None, waited: None });
        Self {
            // Only granted reservations are remembered, and these with their answer.
            decided: decided.unwrap_or_else(|| Decided::refusal(context, Code::RecordUnreadable)),
            hold_until: request.hold_until,
        }
    }
}
