//! Engagements: the customers' reactions to messages.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::erase;
use super::eviction;
use super::reply;
use super::settle;
use crate::engine::Undeclared;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::history::State;
use crate::model::reply::Awaiting;

/// One engagement of the customer.
#[derive(Clone, Debug)]
pub struct Engagement {
    /// The request's key.
    pub request: RequestKey,
    /// The kind of engagement.
    pub kind: EventKind,
    /// The channel; that of the contact if unset.
    pub channel: Option<Name>,
    /// The request that made the contact it is about, if known. One that has been forgotten
    /// is taken for none.
    pub contact_request_id: Option<Box<str>>,
    /// The time; now if unset.
    pub at: Option<Instant>,
}

/// Records what the customer did, and returns whether that is new. A bounce marks its contact as
/// bounced. What happened before the customer was erased is not recorded.
///
/// # Errors
/// If the policy does not declare the channel, or if the request's id has been used for another.
pub fn engage(
    context: Context<'_>,
    record: &mut Record,
    engagement: &Engagement,
) -> Result<bool, Fault> {
    if engagement.request.recall(record)?.is_some() {
        return Ok(false);
    }
    if let Some(channel) = &engagement.channel {
        Undeclared::check_channel(context.policy, channel)?;
    }
    let at = engagement.at.unwrap_or(context.now);
    if engagement.at.is_some() && erase::is_erased(record, at) {
        return Ok(false);
    }
    let id = engagement.contact_request_id.as_deref();
    let about = id.and_then(|id| settle::find(record, id).ok()).cloned();
    let mut after = record.clone();
    let bounced = matches!(engagement.kind, EventKind::BouncedHard | EventKind::BouncedSoft);
    if let Some(entry) = &about
        && bounced
        && matches!(entry.state, State::Reserved | State::Sent)
    {
        after.history.settle(entry.number, entry.at, State::Bounced);
    }
    let channels = record.history.channels();
    let of_contact = about.as_ref().and_then(|entry| channels.get(usize::from(entry.channel)));
    let channel = engagement.channel.as_ref().or(of_contact);
    let number = about.as_ref().map(|entry| entry.number);
    let added = after.history.add_event_about(number, engagement.kind, at, channel);
    added.map_err(|_too_many_names| Fault::RecordFull)?;
    if let (EventKind::Inbound, Some(channel)) = (engagement.kind, channel) {
        let (channel, id) = (channel.clone(), engagement.request.id.clone());
        reply::wait(context, &mut after, Awaiting { channel, since: at.min(context.now), id });
    }
    after.requests.push(engagement.request.answered(context));
    eviction::make(&mut after)?;
    *record = after;
    Ok(true)
}
