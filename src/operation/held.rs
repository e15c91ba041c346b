//! Reservations that are on record, asked about again: a yes that was given once is given again
//! only if it is still true.

use super::Context;
use super::Decided;
use super::Draft;
use super::Fault;
use super::reserve::Reserved;
use crate::engine;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Record;
use crate::model::decision::Code;
use crate::model::history::Entry;
use crate::model::history::State;
use crate::model::request::Request;
use crate::zone::Round;

/// The reservation in question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    /// The id of the request that made it.
    pub(super) request_id: &'a str,
    /// The contact as it was reserved: records do not keep all of it.
    pub(super) contact: &'a Contact,
    /// The amount of detail in the answer.
    pub(super) detail: Detail,
    /// Whether a refusal ends the reservation.
    pub(super) ends_if_refused: bool,
}

/// The state of the reservation that a request made; `None` if its contact is no longer on record.
pub(super) fn state(record: &Record, request: &Request) -> Option<State> {
    entry(record, request).map(|entry| entry.state)
}

/// Whether the reservation that a request made was given back, so that it can be made anew.
pub(super) fn is_over(record: &Record, request: &Request) -> bool {
    state(record, request).is_some_and(State::is_given_back)
}

/// The decision on a reservation now.
///
/// A held reservation is decided at the later of now and its time, by every rule apart from those
/// that it has spent, as if it were not on record itself. If it is refused and that ends it, it
/// expires, with the refusal as its request's answer. It is never released: a worker that may be
/// sending it already can still confirm it.
///
/// # Errors
/// If the contact names something that the policy does not declare.
pub(super) fn judge(
    context: Context<'_>,
    record: &mut Draft<'_>,
    held: &Held<'_>,
) -> Result<Reserved, Fault> {
    let entry = record.request(held.request_id).and_then(|request| entry(record, request));
    let Some(entry) = entry.cloned() else {
        let decided = Decided::sent(context, "may have been sent; it is no longer on record");
        return Ok(Reserved { decided, hold_until: None, replayed: true, state: None });
    };
    let (decided, state) = match entry.state {
        State::Sent => (
            Decided::sent(context, &format!("sent at {}", Round::Down.second(entry.at))),
            entry.state,
        ),
        State::Bounced => {
            let told = format!("sent at {}, and bounced", Round::Down.second(entry.at));
            (Decided::sent(context, &told), entry.state)
        }
        State::Released | State::Expired => (over(context, record, held, &entry), entry.state),
        State::Reserved => {
            let decided = decide(context, record, held, &entry)?;
            let ended = held.ends_if_refused && !decided.is_allowed();
            if ended {
                end(record, held.request_id, &entry, &decided);
            }
            (decided, if ended { State::Expired } else { State::Reserved })
        }
    };
    let hold_until = entry.hold_until.filter(|_| decided.is_allowed());
    Ok(Reserved { decided, hold_until, replayed: true, state: Some(state) })
}

fn entry<'a>(record: &'a Record, request: &Request) -> Option<&'a Entry> {
    record.history.entry(request.contact?)
}

fn decide(
    context: Context<'_>,
    record: &Record,
    held: &Held<'_>,
    entry: &Entry,
) -> Result<Decided, Fault> {
    let mut others = record.clone();
    others.history.forget(entry.number);
    let at = entry.at.max(context.now);
    let decision = engine::decide_held(context.policy, &others, held.contact, at, held.detail)?;
    Ok(Decided::of(context.policy, decision))
}

fn end(record: &mut Record, request_id: &str, entry: &Entry, refusal: &Decided) {
    record.history.settle(entry.number, entry.at, State::Expired);
    let mut requests = record.requests.iter();
    let Some(position) = requests.position(|request| *request.id == *request_id) else { return };
    let answers = [Some(refusal.answer.clone()), None];
    for answer in answers {
        if let Some(request) = record.requests.get_mut(position) {
            request.answer = answer;
        }
        // Where a long refusal finds no room, it ends the reservation nevertheless.
        if record.fits() {
            return;
        }
    }
}

/// The refusal of what is not held any more, with what ended it.
fn over(context: Context<'_>, record: &Record, held: &Held<'_>, entry: &Entry) -> Decided {
    let why = match entry.state {
        State::Released => "it was released".to_owned(),
        State::Expired | State::Reserved | State::Sent | State::Bounced => {
            let request = record.request(held.request_id);
            let refusal = request.and_then(Request::refusal).map(|answer| {
                let codes: Vec<&str> = answer.codes().into_iter().map(Code::as_str).collect();
                format!("it was refused when it was asked about again: {}", codes.join(", "))
            });
            refusal.unwrap_or_else(|| "its hold ended before it was confirmed".to_owned())
        }
    };
    Decided::refusal_because(context, Code::ReservationEnded, &why)
}
