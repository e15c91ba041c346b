//! Asking, before a contact is made that was reserved earlier, whether it may still be made.

use super::Context;
use super::Draft;
use super::Fault;
use super::held;
use super::held::Held;
use super::reserve::Reserved;
use super::settle;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Record;
use crate::model::request::Request;

/// A reservation to decide on again.
#[derive(Clone, Debug)]
pub struct Recheck {
    /// The id of the request that made it.
    pub request_id: Box<str>,
    /// The contact as it was reserved.
    pub contact: Contact,
    /// A hash of it, as in [`Reserve::contact_body`](super::reserve::Reserve::contact_body), for
    /// each spelling of the customer's id.
    pub contact_bodies: Vec<u64>,
    /// The amount of detail in the answer.
    pub detail: Detail,
    /// Whether a refusal ends the reservation.
    pub release_if_denied: bool,
}

/// Decides on a reservation that is held, at the later of now and its time. What is settled is
/// refused.
///
/// # Errors
/// If there is no such reservation, it reserved another contact, or the contact names something
/// that the policy does not declare.
pub fn recheck(
    context: Context<'_>,
    record: &mut Draft<'_>,
    recheck: &Recheck,
) -> Result<Reserved, Fault> {
    let request = record.request(&recheck.request_id).filter(|request| request.contact.is_some());
    let request = request.ok_or_else(|| settle::absent(record))?;
    if !is_of(record, request, recheck) {
        return Err(Fault::RequestIdReused);
    }
    let held = Held {
        request_id: &recheck.request_id,
        contact: &recheck.contact,
        detail: recheck.detail,
        ends_if_refused: recheck.release_if_denied,
    };
    held::judge(context, record, &held)
}

/// Whether a request reserved this contact. If an older version wrote no hash of it, the contact on
/// record is compared.
fn is_of(record: &Record, request: &Request, recheck: &Recheck) -> bool {
    if let Some(body) = request.contact_body {
        return recheck.contact_bodies.contains(&body);
    }
    let entry = request.contact.and_then(|number| record.history.entry(number));
    let Some(entry) = entry else { return true };
    let asked = Contact { attributes: Default::default(), ..recheck.contact.clone() };
    record.history.contact(entry).is_none_or(|contact| contact == asked)
}
