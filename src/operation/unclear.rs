//! Customers' messages that a human has to look at.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::eviction;
use super::inbound::UNCLEAR;
use crate::model::Name;
use crate::model::Record;
use crate::model::unclear::UNCLEAR_MAX;
use crate::model::unclear::Unclear;
use crate::model::wish::Suppression;

/// The messages that a person has resolved.
#[derive(Clone, Debug)]
pub struct Resolve {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// The message; unset is all of the customer's.
    pub id: Option<Box<str>>,
}

/// The messages that were resolved.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The messages that were open before.
    pub messages: Vec<Unclear>,
    /// The suppressions that were lifted by it.
    pub lifted: Vec<Suppression>,
}

/// Notes a message.
pub(super) fn note(record: &mut Record, new: Unclear) {
    record.unclear.retain(|known| known.id != new.id);
    while record.unclear.len() >= UNCLEAR_MAX {
        if !forget_resolved(record) {
            record.unclear.remove(0);
        }
    }
    record.unclear.push(new);
}

/// Resolves messages, and ends their suppressions if no other message on the same channel is open.
/// Messages that are resolved already stay as they are.
///
/// # Errors
/// If the request's id has been used for another.
pub fn resolve(
    context: Context<'_>,
    record: &mut Record,
    resolve: &Resolve,
) -> Result<Resolved, Fault> {
    if RequestKey::is_known(resolve.request.as_ref(), record)? {
        return Ok(Resolved::default());
    }
    let mut after = record.clone();
    let mut resolved = Resolved::default();
    let is_meant = |it: &Unclear| resolve.id.as_ref().is_none_or(|id| *id == it.id);
    for message in after.unclear.iter_mut().filter(|it| it.is_open() && is_meant(it)) {
        message.resolved = Some(context.now);
        resolved.messages.push(message.clone());
    }
    let reason = Name::new(UNCLEAR).ok();
    let Record { unclear, suppressions, .. } = &mut after;
    let is_over = |it: &Suppression| {
        let is_of = |message: &&Unclear| {
            it.scope.contains(&message.scope) || message.scope.contains(&it.scope)
        };
        it.reason == reason
            && resolved.messages.iter().any(|message| is_of(&message))
            && !unclear.iter().filter(|message| message.is_open()).any(|message| is_of(&message))
    };
    resolved.lifted = suppressions.extract_if(.., |it| is_over(it)).collect();
    RequestKey::remember(resolve.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(resolved)
}

/// Forgets the oldest message that is resolved, and returns whether there was one.
pub(super) fn forget_resolved(record: &mut Record) -> bool {
    let oldest = record.unclear.iter().position(|it| !it.is_open());
    oldest.map(|position| record.unclear.remove(position)).is_some()
}

/// Forgets the oldest message but never the newest, and returns whether there was one.
pub(super) fn forget_oldest(record: &mut Record) -> bool {
    let several = record.unclear.len() > 1;
    if several {
        record.unclear.remove(0);
    }
    several
}
