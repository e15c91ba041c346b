//! Eviction from a full record. A reservation is refused if there is no room; events and the
//! customer's statements are always put on record, and the least valuable entry is evicted.

use super::Fault;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::history::CONTACTS_MAX;
use crate::model::history::State;
use crate::model::history::TooManyNames;

/// Whether the record is within its bounds.
fn fits(record: &Record) -> bool {
    record.history.entries().len() <= CONTACTS_MAX && record.fits()
}

/// Makes room at no cost, and returns whether that was enough: contacts that were given back count
/// for nothing, and requests that made no contact can be repeated without harm.
pub(super) fn tidy(record: &mut Record) -> bool {
    while !fits(record) {
        match record.history.oldest_given_back() {
            Some(number) => forget(record, number),
            None if forget_request(record) => {}
            None => return false,
        }
    }
    true
}

/// Makes room, at the cost of the oldest contacts, then of the oldest consent events but never of
/// the newest, and then of the oldest opt-ins and STARTs, which can only let an old opt-out win.
pub(super) fn make(record: &mut Record) -> Result<(), Fault> {
    while !tidy(record) {
        let forgotten = forget_contact(record)
            || super::unclear::forget_resolved(record)
            || forget_consent_event(record)
            || record.opt_ins.pop().is_some()
            || record.retractions.pop().is_some()
            || super::unclear::forget_oldest(record);
        if !forgotten {
            return Err(Fault::RecordFull);
        }
    }
    Ok(())
}

/// Adds a contact that has happened. Its names go with the contacts that use them.
pub(super) fn add_contact(
    record: &mut Record,
    contact: &Contact,
    at: Instant,
    state: State,
) -> Result<u32, Fault> {
    loop {
        match record.history.add_contact(contact, at, state) {
            Ok(number) => return Ok(number),
            Err(TooManyNames) if forget_contact(record) => {}
            Err(TooManyNames) => return Err(Fault::RecordFull),
        }
    }
}

fn forget_request(record: &mut Record) -> bool {
    let oldest = record.requests.iter().position(|request| request.contact.is_none());
    oldest.map(|position| record.requests.remove(position)).is_some()
}

/// Forgets the oldest contact, and returns whether there was one.
fn forget_contact(record: &mut Record) -> bool {
    let oldest = record.history.entries().first().map(|entry| entry.number);
    oldest.map(|number| forget(record, number)).is_some()
}

/// Forgets a contact together with the request that made it.
fn forget(record: &mut Record, number: u32) {
    record.requests.retain(|request| request.contact != Some(number));
    record.history.forget(number);
}

fn forget_consent_event(record: &mut Record) -> bool {
    let several = record.consent_events.len() > 1;
    if several {
        record.consent_events.remove(0);
    }
    several
}
