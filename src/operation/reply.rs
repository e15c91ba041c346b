//! Customers who wrote to us and wait for an answer.
//!
//! **Invariant:** an answer ends the waiting wherever it is recorded: the history tells.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::eviction;
use super::inbound::Inbound;
use super::reply_latency::is_reply;
use crate::engine::Undeclared;
use crate::engine::reply_due;
use crate::inbound::Meaning;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::history::State;
use crate::model::reply::Awaiting;
use crate::policy::Policy;

/// The answers that were given by other means.
#[derive(Clone, Debug)]
pub struct MarkAnswered {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// The channel; unset is all of them.
    pub channel: Option<Name>,
}

/// The answers that the customer still waits for.
pub fn open<'a>(
    policy: &'a Policy,
    record: &'a Record,
) -> impl Iterator<Item = &'a Awaiting> + use<'a> {
    record.awaiting.iter().filter(|it| !is_answered(policy, record, it))
}

/// The time at which the answer is late, if the policy sets a time for answers.
#[must_use]
pub fn due(policy: &Policy, awaiting: &Awaiting) -> Option<Instant> {
    policy.settings.reply.as_ref().map(|reply| reply_due(reply, awaiting.since))
}

/// The time of the last message to which the answer is late now: later messages are to be answered
/// later.
#[must_use]
pub fn late_since(policy: &Policy, now: Instant) -> Option<Instant> {
    let reply = policy.settings.reply.as_ref()?;
    let is_late = |since: Instant| reply_due(reply, since) <= now;
    let (mut late, mut early) = (now.minus(Span::from_days(400)), now);
    if is_late(early) {
        return Some(early);
    }
    while early.millis().saturating_sub(late.millis()) > 1 {
        let middle = Instant::from_millis(late.millis().midpoint(early.millis()));
        if is_late(middle) { late = middle } else { early = middle }
    }
    Some(late)
}

/// Notes that the customer waits, unless the message wants no answer.
pub(super) fn take(context: Context<'_>, after: &mut Record, inbound: &Inbound, at: Instant) {
    match &inbound.meaning {
        Meaning::Stop { .. } | Meaning::Start { .. } | Meaning::Help { .. } => return,
        Meaning::Yes { .. }
        | Meaning::Unclear { .. }
        | Meaning::Preference { .. }
        | Meaning::Other => {}
    }
    let (channel, id) = (inbound.channel.clone(), inbound.request.id.clone());
    wait(context, after, Awaiting { channel, since: at.min(context.now), id });
}

/// Notes that the customer waits, if the policy sets a time for answers.
pub(super) fn wait(context: Context<'_>, record: &mut Record, new: Awaiting) {
    if context.policy.settings.reply.is_some() {
        note(record, new);
        end_answered(context.policy, record);
    }
}

/// Notes that the customer waits: since the first unanswered message.
pub(super) fn note(record: &mut Record, new: Awaiting) {
    match record.awaiting.iter_mut().find(|it| it.channel == new.channel) {
        Some(known) if known.since <= new.since => {}
        Some(known) => *known = new,
        None => record.awaiting.push(new),
    }
}

/// Removes the entries of messages that have been answered.
pub(super) fn end_answered(policy: &Policy, record: &mut Record) {
    let answered: Vec<Awaiting> =
        record.awaiting.iter().filter(|it| is_answered(policy, record, it)).cloned().collect();
    record.awaiting.retain(|it| !answered.contains(it));
}

/// Marks messages as answered outside courtesy. Returns how many waited for an answer.
///
/// # Errors
/// If the request's id has been used for another, or the record has no room for it.
pub fn mark_answered(
    context: Context<'_>,
    record: &mut Record,
    mark: &MarkAnswered,
) -> Result<usize, Fault> {
    if RequestKey::is_known(mark.request.as_ref(), record)? {
        return Ok(0);
    }
    let scope = Scope { channel: mark.channel.clone(), ..Scope::default() };
    Undeclared::check_scope(context.policy, &scope)?;
    let mut after = record.clone();
    let is_meant = |it: &Awaiting| mark.channel.as_ref().is_none_or(|name| *name == it.channel);
    after.awaiting.retain(|it| !is_meant(it));
    let ended = record.awaiting.len().saturating_sub(after.awaiting.len());
    RequestKey::remember(mark.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(ended)
}

/// Whether a reply was sent on the channel since.
fn is_answered(policy: &Policy, record: &Record, awaiting: &Awaiting) -> bool {
    let history = &record.history;
    let Some(channel) = history.channels().iter().position(|it| *it == awaiting.channel) else {
        return false;
    };
    history.entries().iter().rev().take_while(|entry| entry.at >= awaiting.since).any(|entry| {
        let purpose = history.purposes().get(usize::from(entry.purpose));
        usize::from(entry.channel) == channel
            && entry.state == State::Sent
            && purpose.is_some_and(|purpose| is_reply(policy, purpose))
    })
}
