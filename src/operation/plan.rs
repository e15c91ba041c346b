//! When a contact is next allowed on each of several channels.

use super::Context;
use super::Decided;
use super::check;
use crate::engine;
use crate::engine::Detail;
use crate::engine::Stretches;
use crate::engine::Undeclared;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;

/// What is to be planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The contact, on whichever channel.
    pub contact: Contact,
    /// The channels; none is all that the policy declares.
    pub channels: Vec<Name>,
    /// The earliest time at which it may be made; unset is now.
    pub at: Option<Instant>,
    /// How far ahead to look.
    pub horizon: Span,
    /// Whether all stretches up to there are wanted.
    pub all_stretches: bool,
}

/// One channel's prospects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// The channel.
    pub channel: Name,
    /// When it is first allowed, if that is within the horizon.
    pub next_allowed: Option<Instant>,
    /// When that stretch of time ends; unset if that is not within 400 days.
    pub valid_until: Option<Instant>,
    /// The decision at the contact's own time.
    pub decided: Decided,
    /// What is said at every instant up to the horizon, where that is wanted.
    pub stretches: Option<Stretches>,
}

/// The first allowed time of the contact on each channel, best channel first: the one that is
/// allowed soonest, then the one that stays allowed longest, then the first in the request.
///
/// # Errors
/// If the contact or the channels name something that the policy does not declare.
pub fn plan(
    context: Context<'_>,
    record: &Record,
    plan: &Plan,
) -> Result<Vec<Prospect>, Undeclared> {
    let declared = context.policy.channels.iter().map(|channel| channel.name.clone());
    let channels =
        if plan.channels.is_empty() { declared.collect() } else { plan.channels.clone() };
    let prospects: Result<Vec<Prospect>, _> =
        channels.into_iter().map(|channel| prospect(context, record, plan, channel)).collect();
    let mut prospects = prospects?;
    prospects.sort_by_key(|prospect| {
        let next = prospect.next_allowed.map_or(i64::MAX, Instant::millis);
        let until = prospect.valid_until.map_or(i64::MAX, Instant::millis);
        (next, std::cmp::Reverse(until))
    });
    Ok(prospects)
}

fn prospect(
    context: Context<'_>,
    record: &Record,
    plan: &Plan,
    channel: Name,
) -> Result<Prospect, Undeclared> {
    let at = plan.at.unwrap_or(context.now);
    let horizon = at.plus(plan.horizon);
    let contact = Contact { channel: channel.clone(), ..plan.contact.clone() };
    let decided = check(context, record, &contact, at, Detail::Brief)?;
    let stretches = if plan.all_stretches {
        Some(engine::stretches(context.policy, record, &contact, at, horizon)?)
    } else {
        None
    };
    if decided.is_allowed() {
        let valid_until = decided.answer.valid_until;
        return Ok(Prospect { channel, next_allowed: Some(at), valid_until, decided, stretches });
    }
    let next = decided.answer.next_allowed_time.filter(|next| *next <= horizon);
    let valid_until = match next {
        Some(next) => check(context, record, &contact, next, Detail::Brief)?.answer.valid_until,
        None => None,
    };
    Ok(Prospect { channel, next_allowed: next, valid_until, decided, stretches })
}
