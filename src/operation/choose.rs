//! Reserving the most valuable of several messages that is allowed.

use super::Context;
use super::Decided;
use super::Draft;
use super::Fault;
use super::RequestKey;
use super::check;
use super::held;
use super::held::Held;
use super::reserve;
use super::reserve::Reserve;
use super::reserve::Reserved;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::history::State;

/// The messages to choose from.
#[derive(Clone, Debug)]
pub struct Choose {
    /// The request's key.
    pub request: RequestKey,
    /// The messages, all for one customer.
    pub candidates: Vec<Candidate>,
    /// The time that the reservation waits to be confirmed; for ever if unset.
    pub hold: Option<Span>,
}

/// A message that could be sent.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The contact.
    pub contact: Contact,
    /// A hash of it, as in [`Reserve::contact_body`].
    pub contact_body: u64,
    /// The time at which it is to be made; now if unset.
    pub at: Option<Instant>,
    /// The value of the message.
    pub value: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The position of the message that was reserved, if any was.
    pub position: Option<usize>,
    /// The decisions on the messages that were looked at, with their positions.
    pub decisions: Vec<(usize, Decided)>,
    /// The end of the hold, if there is one.
    pub hold_until: Option<Instant>,
    /// The same as [`Reserved::replayed`].
    pub replayed: bool,
    /// The same as [`Reserved::state`].
    pub state: Option<State>,
}

impl Chosen {
    /// The answer to a request whose reservation was erased with the customer.
    #[must_use]
    pub fn erased(context: Context<'_>) -> Self {
        let Reserved { decided, hold_until, replayed, state } = Reserved::erased(context);
        Self { position: None, decisions: vec![(0, decided)], hold_until, replayed, state }
    }
}

/// Decides on the messages in order of value, and reserves the first that is allowed. If the same
/// request has reserved a message before, only that message is decided on again; another is chosen
/// only if the first was given back.
///
/// # Errors
/// If one of the messages names something that the policy does not declare, if a new one lies too
/// far back, or if the request's id has been used for another.
pub fn choose(
    context: Context<'_>,
    record: &mut Draft<'_>,
    choose: &Choose,
) -> Result<Chosen, Fault> {
    if let Some(request) = choose.request.recall(record)? {
        if !held::is_over(record, request) {
            let chosen = request.chosen;
            return again(context, record, choose, chosen);
        }
        let state = held::state(record, request);
        let later = |at: Instant| at.max(context.now);
        let candidates = choose.candidates.iter();
        let candidates =
            candidates.map(|it| Candidate { at: it.at.map(later), ..it.clone() }).collect();
        let chosen = anew(context, record, &Choose { candidates, ..choose.clone() })?;
        return Ok(Chosen { state: chosen.state.or(state), ..chosen });
    }
    if choose.candidates.iter().any(|it| reserve::is_passed(it.at, context.now)) {
        return Err(Fault::ContactTimePassed);
    }
    anew(context, record, choose)
}

/// The decision on the message that was chosen before.
fn again(
    context: Context<'_>,
    record: &mut Draft<'_>,
    choose: &Choose,
    chosen: Option<u32>,
) -> Result<Chosen, Fault> {
    let position = chosen.and_then(|chosen| usize::try_from(chosen).ok());
    let candidate = position.and_then(|it| Some((it, choose.candidates.get(it)?)));
    // A repeated request has the same messages.
    let Some((position, candidate)) = candidate else {
        return Err(Fault::ReservationNotFound);
    };
    let (request_id, contact) = (&*choose.request.id, &candidate.contact);
    let held = Held { request_id, contact, detail: Detail::Brief, ends_if_refused: true };
    let Reserved { decided, hold_until, replayed, state } = held::judge(context, record, &held)?;
    let still = decided.is_allowed().then_some(position);
    let decisions = vec![(position, decided)];
    Ok(Chosen { position: still, decisions, hold_until, replayed, state })
}

fn anew(context: Context<'_>, record: &mut Draft<'_>, choose: &Choose) -> Result<Chosen, Fault> {
    let judged = judge_all(context, record, &choose.candidates)?;
    let mut decisions = Vec::new();
    for (position, candidate, decided) in judged {
        let reserve = Reserve {
            request: choose.request.clone(),
            contact: candidate.contact.clone(),
            contact_body: candidate.contact_body,
            at: candidate.at,
            hold: choose.hold,
            detail: Detail::Brief,
        };
        let reserved = reserve::grant(context, record, &reserve, decided);
        let granted = reserved.decided.is_allowed();
        decisions.push((position, reserved.decided));
        if granted {
            if let Some(request) = record.requests.last_mut() {
                request.chosen = u32::try_from(position).ok();
            }
            let Reserved { hold_until, state, .. } = reserved;
            let position = Some(position);
            return Ok(Chosen { position, decisions, hold_until, replayed: false, state });
        }
    }
    Ok(Chosen { position: None, decisions, hold_until: None, replayed: false, state: None })
}

/// The decisions on all messages, the most valuable first, among equals in their order. All are
/// judged before one is granted, so that a name that is not declared is refused wherever it stands.
fn judge_all<'a>(
    context: Context<'_>,
    record: &Record,
    candidates: &'a [Candidate],
) -> Result<Vec<(usize, &'a Candidate, Decided)>, Fault> {
    let mut judged = Vec::new();
    for (position, candidate) in candidates.iter().enumerate() {
        let at = candidate.at.unwrap_or(context.now);
        let decided = check(context, record, &candidate.contact, at, Detail::Brief)?;
        judged.push((position, candidate, decided));
    }
    judged.sort_by_key(|(_, candidate, _)| std::cmp::Reverse(candidate.value));
    Ok(judged)
}
