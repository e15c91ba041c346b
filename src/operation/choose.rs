//! Reserving the most valuable of several messages that is allowed.

use super::Context;
use super::Decided;
use super::Fault;
use super::RequestKey;
use super::check;
use super::reserve;
use super::reserve::Reserve;
use super::reserve::Reserved;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;

/// The messages to choose from.
#[derive(Clone, Debug)]
pub struct Choose {
    /// Which request it is.
    pub request: RequestKey,
    /// The messages, all for one customer.
    pub candidates: Vec<Candidate>,
    /// How long the reservation waits to be confirmed; unset is for ever.
    pub hold: Option<Span>,
}

/// A message that could be sent.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The contact.
    pub contact: Contact,
    /// When it will be made; unset is now.
    pub at: Option<Instant>,
    /// What it is worth.
    pub value: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The position of the message that was reserved, if any was.
    pub position: Option<usize>,
    /// The decisions on the messages that were looked at, with their positions.
    pub decisions: Vec<(usize, Decided)>,
    /// When the hold ends, where there is one.
    pub hold_until: Option<Instant>,
}

/// Decides on the messages in order of value, and reserves the first that is allowed.
///
/// # Errors
/// If one of the messages names something that the policy does not declare, or if the request's id
/// has been used for another.
pub fn choose(context: Context<'_>, record: &mut Record, choose: &Choose) -> Result<Chosen, Fault> {
    if let Some(request) = choose.request.recall(record)? {
        let again = Reserved::again(context, request);
        let position = request.chosen.and_then(|chosen| usize::try_from(chosen).ok());
        let decisions = position.map(|position| (position, again.decided));
        let decisions = decisions.into_iter().collect();
        return Ok(Chosen { position, decisions, hold_until: again.hold_until });
    }
    let judged = judge_all(context, record, &choose.candidates)?;
    let mut decisions = Vec::new();
    for (position, candidate, decided) in judged {
        let reserve = Reserve {
            request: choose.request.clone(),
            contact: candidate.contact.clone(),
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
            let hold_until = reserved.hold_until;
            return Ok(Chosen { position: Some(position), decisions, hold_until });
        }
    }
    Ok(Chosen { position: None, decisions, hold_until: None })
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
