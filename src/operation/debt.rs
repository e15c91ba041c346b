//! Contacts that were allowed while the customer's record could not be read. Each is owed to the
//! history: written down as a record with nothing but this contact and the request that made it,
//! and charged when the customer's own record can be had again.

use super::Context;
use super::Fault;
use super::erase;
use super::held;
use super::reserve::Reserve;
use super::reserve::add;
use super::room;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Record;
use crate::model::history::Entry;
use crate::model::history::TooManyNames;
use crate::model::request::Request;

/// What an allowed reservation owes.
///
/// # Errors
/// Never in practice: one contact has few names.
pub fn owe(
    context: Context<'_>,
    reserve: &Reserve,
    answer: &Answer,
) -> Result<Record, TooManyNames> {
    let mut owed = Record::default();
    let answer = Some(answer.clone());
    let request = Request { answer, ..reserve.request.answered(context) };
    add(context, &mut owed, reserve, request)?;
    Ok(owed)
}

/// Charges what is owed, whatever the rules say now. Where the record is full, the oldest contacts
/// make room. A request that is on record already has been charged, unless what it reserved was
/// given back before this was allowed; and what the customer was erased after is not known again.
///
/// # Errors
/// If the record has no room, which takes more wishes than it holds.
pub fn charge(record: &mut Record, owed: &Record) -> Result<(), Fault> {
    for request in &owed.requests {
        let entry = request.contact.and_then(|number| owed.history.entry(number));
        let Some(entry) = entry else { continue };
        if is_charged(record, request) || erase::is_erased(record, request.answered) {
            continue;
        }
        let Some(contact) = contact(owed, entry) else { continue };
        let mut after = record.clone();
        let number = room::add_contact(&mut after, &contact, entry.at, entry.state)?;
        if let Some(until) = entry.hold_until {
            after.history.hold(number, until);
        }
        after.requests.retain(|earlier| earlier.id != request.id);
        after.requests.push(Request { contact: Some(number), ..request.clone() });
        room::make(&mut after)?;
        *record = after;
    }
    Ok(())
}

fn is_charged(record: &Record, request: &Request) -> bool {
    let is_charged =
        |known: &Request| !held::is_over(record, known) || known.answered >= request.answered;
    record.request(&request.id).is_some_and(is_charged)
}

fn contact(owed: &Record, entry: &Entry) -> Option<Contact> {
    let history = &owed.history;
    let label = |number: Option<u16>| number.and_then(|number| history.label(number)).cloned();
    let channel = history.channels().get(usize::from(entry.channel))?.clone();
    let purpose = history.purposes().get(usize::from(entry.purpose))?.clone();
    Some(Contact {
        topic: label(entry.topic),
        campaign: label(entry.campaign),
        brand: label(entry.brand),
        occasions: entry.occasions.iter().filter_map(|it| label(Some(*it))).collect(),
        priority: entry.priority,
        ..Contact::new(channel, purpose)
    })
}
