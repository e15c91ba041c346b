//! Recording a contact that was made without asking first.

use super::Context;
use super::Decided;
use super::Fault;
use super::RequestKey;
use super::check;
use super::erase;
use super::eviction;
use super::reply_latency;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::decision::Code;
use crate::model::history::State;
use crate::model::request::Request;

/// A contact that happened.
#[derive(Clone, Debug)]
pub struct Past {
    /// The request's key.
    pub request: RequestKey,
    /// The contact.
    pub contact: Contact,
    /// The time at which it was made; now if unset.
    pub at: Option<Instant>,
    /// Whether it was not answered.
    pub unanswered: bool,
}

/// Puts a contact on record whatever the rules say, and answers what they would have said. Where
/// the record is full, the oldest contacts make room. What happened before the customer was erased
/// is not put on record.
///
/// # Errors
/// If the contact names something that the policy does not declare, or if the request's id has been
/// used for another.
pub fn record(context: Context<'_>, record: &mut Record, past: &Past) -> Result<Decided, Fault> {
    if let Some(request) = past.request.recall(record)? {
        return Ok(recited(context, request));
    }
    let at = past.at.unwrap_or(context.now);
    let decided = check(context, record, &past.contact, at, Detail::Brief)?;
    if past.at.is_some() && erase::is_erased(record, at) {
        return Ok(decided);
    }
    let mut after = record.clone();
    let number = eviction::add_contact(&mut after, &past.contact, at, State::Sent)?;
    if past.unanswered {
        after.history.leave_unanswered(number);
    }
    let answer = Some(decided.answer.clone());
    let request = past.request.answered(context);
    after.requests.push(Request { contact: Some(number), answer, ..request });
    eviction::make(&mut after)?;
    let waited = reply_latency::waited(context.policy, &record.history, &past.contact, at);
    *record = after;
    Ok(Decided { waited, ..decided })
}

/// The answer that the request got the first time: what happened has been recorded, and stays so.
fn recited(context: Context<'_>, request: &Request) -> Decided {
    let answer = request.answer.clone();
    let decided = answer.map(|answer| Decided { answer, detail: None, waited: None });
    // A recorded request is remembered with its answer.
    decided.unwrap_or_else(|| Decided::refusal(context, Code::RecordUnreadable))
}
