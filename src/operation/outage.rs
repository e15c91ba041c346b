//! Degraded grants: contacts that were allowed while the customer's record could not be read. Each
//! is kept as a record with nothing but this contact and the request that made it, and replayed
//! into the customer's own record when that can be read again.

use super::Context;
use super::Fault;
use super::erase;
use super::eviction;
use super::held;
use super::reserve::Reserve;
use super::reserve::add;
use crate::model::Answer;
use crate::model::Record;
use crate::model::history::TooManyNames;
use crate::model::request::Request;

/// An allowed reservation, as a record that can be replayed.
///
/// # Errors
/// Never in practice: one contact has few names.
pub fn degraded_grant(
    context: Context<'_>,
    reserve: &Reserve,
    answer: &Answer,
) -> Result<Record, TooManyNames> {
    let mut grant = Record::default();
    let answer = Some(answer.clone());
    let request = Request { answer, ..reserve.request.answered(context) };
    add(context, &mut grant, reserve, request)?;
    Ok(grant)
}

/// Puts a degraded grant on record, whatever the rules say now. In a full record, the oldest
/// contacts are evicted. A request that is on record already is not replayed, unless its
/// reservation was given back before the grant; nor is a grant from before the customer's erasure.
///
/// # Errors
/// If the record has no room, which takes more wishes than it holds.
pub fn replay(record: &mut Record, grant: &Record) -> Result<(), Fault> {
    for request in &grant.requests {
        let entry = request.contact.and_then(|number| grant.history.entry(number));
        let Some(entry) = entry else { continue };
        if is_replayed(record, request) || erase::is_erased(record, request.answered) {
            continue;
        }
        let Some(contact) = grant.history.contact(entry) else { continue };
        let mut after = record.clone();
        let number = eviction::add_contact(&mut after, &contact, entry.at, entry.state)?;
        if let Some(until) = entry.hold_until {
            after.history.hold(number, until);
        }
        after.requests.retain(|earlier| earlier.id != request.id);
        after.requests.push(Request { contact: Some(number), ..request.clone() });
        eviction::make(&mut after)?;
        *record = after;
    }
    Ok(())
}

fn is_replayed(record: &Record, request: &Request) -> bool {
    let is_replayed =
        |known: &Request| !held::is_over(record, known) || known.answered >= request.answered;
    record.request(&request.id).is_some_and(is_replayed)
}
