//! Plans: the next allowed times of a contact on each of several channels.

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

/// The question of a plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The contact; its channel does not matter.
    pub contact: Contact,
    /// The channels; all that the policy declares if empty.
    pub channels: Vec<Name>,
    /// The earliest time at which it may be made; unset is now.
    pub at: Option<Instant>,
    /// The time to look ahead.
    pub horizon: Span,
    /// Whether all stretches up to the horizon are wanted.
    pub all_stretches: bool,
}

/// One channel's prospects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// The channel.
    pub channel: Name,
    /// The first time at which the contact is allowed, if that is within the horizon.
    pub next_allowed: Option<Instant>,
    /// The end of that allowed time; unset if that is not within 400 days.
    pub valid_until: Option<Instant>,
    /// The decision at the contact's own time.
    pub decided: Decided,
    /// The decisions at every instant up to the horizon, if they are wanted.
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
