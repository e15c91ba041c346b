//! The customer's no and the customer's yes. Both carry the time at which they were said, and the
//! result does not depend on the order in which we hear of them: the later one counts, and in a tie
//! the no.

mod click;
mod lift;
mod rehear;
mod standing;
mod undo;

pub use click::click;
pub use click::scope_of;
pub use click::stands;
pub use lift::keep;
pub use lift::lift;
pub use lift::refuse_again;
pub(super) use rehear::INBOUND;
pub(super) use standing::refuse;
pub use undo::Undo;
pub use undo::undo;
pub use undo::undo_of;

use super::Context;
use super::Fault;
use super::RequestKey;
use super::erase;
use super::eviction;
use super::refresh;
use crate::engine::Undeclared;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::CONSENT_EVENTS_MAX;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::stop::Retraction;
use crate::model::stop::Stop;
use crate::model::wish::Consent;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;

/// The most opt-outs of a record, the most consents, and the most opt-ins that it remembers.
pub const WISHES_MAX: usize = 256;

/// A statement of the customer about being contacted.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// No, yes, or the first half of a yes.
    pub kind: ConsentKind,
    /// For a yes: the ground on which it rests.
    pub ground: Ground,
    /// About what.
    pub scope: Scope,
    /// The time at which the customer said so; now if unset.
    pub at: Option<Instant>,
    /// For a no: the first instant at which it no longer holds; never if unset.
    pub until: Option<Instant>,
    /// The source of the wish.
    pub source: Option<Name>,
    /// The proof of the wish.
    pub evidence: Option<Box<str>>,
    /// For a no that the customer wrote: its written form, so that a START can take it back.
    pub stop: Option<Stop>,
    /// For a yes: whether it is a START, which takes back refusals that were written by its
    /// channel.
    pub takes_back: bool,
}

/// Takes note of a wish that a caller reports. One that names what the policy does not declare
/// would change nothing, and is the caller's mistake; but what is on record can be lifted by the
/// names that it has there, and a repetition is answered as before.
///
/// # Errors
/// If it names something that is not declared, and those of [`take`].
pub fn take_declared(context: Context<'_>, record: &mut Record, wish: &Wish) -> Result<(), Fault> {
    let lifts = wish.kind == ConsentKind::OptIn
        && wish.ground.is_express()
        && record.opt_outs.iter().any(|known| wish.scope.contains(&known.scope));
    if !lifts && !RequestKey::is_known(wish.request.as_ref(), record)? {
        Undeclared::check_scope(context.policy, &wish.scope)?;
        Undeclared::check_ground(context.policy, &wish.ground)?;
    }
    take(context, record, wish)
}

/// Takes note of a wish, whatever it names: a link that was issued long ago still counts.
///
/// # Errors
/// If the record has no room for it, or if the request's id has been used for another.
pub fn take(context: Context<'_>, record: &mut Record, wish: &Wish) -> Result<(), Fault> {
    if RequestKey::is_known(wish.request.as_ref(), record)? {
        return Ok(());
    }
    let mut after = record.clone();
    let at = wish.at.unwrap_or_else(|| match wish.kind {
        ConsentKind::OptOut => newest(record, &wish.scope, context.now),
        ConsentKind::OptIn | ConsentKind::PendingOptIn => context.now,
    });
    match wish.kind {
        ConsentKind::OptOut => {
            let (scope, source) = (wish.scope.clone(), wish.source.clone());
            let stop = wish.stop.clone();
            let new = OptOut { scope, at: Some(at), until: wish.until, source, stop };
            // One that is over by the time we hear of it is only noted.
            if !refresh::is_over(new.until, context.now) {
                refuse(&mut after, new);
            }
        }
        // A statement from before an erasure has been forgotten with its proof.
        ConsentKind::OptIn | ConsentKind::PendingOptIn if erase::is_erased(record, at) => {
            return Ok(());
        }
        ConsentKind::OptIn => {
            // A consent that is inferred from a purchase takes back no word of the customer's.
            if wish.ground.is_express() {
                standing::allow(&mut after, OptIn { scope: wish.scope.clone(), at });
            }
            if wish.takes_back {
                standing::take_back(&mut after, Retraction { scope: wish.scope.clone(), at });
            }
            consent(context, &mut after, wish, at)?;
        }
        ConsentKind::PendingOptIn => consent(context, &mut after, wish, at)?,
    }
    if after.opt_outs.len() > WISHES_MAX {
        return Err(Fault::RecordFull);
    }
    note(context, &mut after, wish, at);
    RequestKey::remember(wish.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(())
}

/// Takes over the wishes of another record of the same customer, in any order.
pub(super) fn take_over(record: &mut Record, other: &Record) {
    other.opt_ins.iter().for_each(|yes| standing::allow(record, yes.clone()));
    other.retractions.iter().for_each(|start| standing::take_back(record, start.clone()));
    other.opt_outs.iter().for_each(|no| refuse(record, no.clone()));
    let consents = other.consents.iter();
    consents.for_each(|consent| standing::give(&mut record.consents, consent.clone()));
}

/// The time of a no that is said now: not before any yes that we have heard, even if the clock of
/// the instance that heard the yes was fast.
fn newest(record: &Record, scope: &Scope, now: Instant) -> Instant {
    let ended = record.opt_ins.iter().filter(|yes| yes.scope.contains(scope));
    ended.map(|yes| yes.at).fold(now, Instant::max)
}

/// Records the consent of a yes to a channel, for its purpose, topic and brand. A yes without a
/// channel, or to an occasion, is no consent. A yes to marketing is a consent for each purpose that
/// is marketing now.
fn consent(
    context: Context<'_>,
    record: &mut Record,
    wish: &Wish,
    at: Instant,
) -> Result<(), Fault> {
    let Scope { channel, purpose, occasion, marketing, .. } = &wish.scope;
    if channel.is_none() || occasion.is_some() {
        return Ok(());
    }
    let declared = context.policy.purposes.iter().filter(|it| it.marketing);
    let purposes: Vec<Option<Name>> = if *marketing {
        declared.map(|it| Some(it.name.clone())).collect()
    } else {
        vec![purpose.clone()]
    };
    for purpose in purposes {
        let consent = Consent {
            scope: Scope { purpose, marketing: false, ..wish.scope.clone() },
            at: Some(at),
            confirmed: wish.kind == ConsentKind::OptIn,
            ground: wish.ground.clone(),
        };
        standing::give(&mut record.consents, consent);
    }
    if record.consents.len() > WISHES_MAX { Err(Fault::RecordFull) } else { Ok(()) }
}

/// Keeps what was said, once: a caller who repeats it word for word adds nothing.
fn note(context: Context<'_>, record: &mut Record, wish: &Wish, at: Instant) {
    let event = ConsentEvent {
        heard: context.now,
        kind: wish.kind,
        ground: wish.ground.clone(),
        scope: wish.scope.clone(),
        at,
        until: wish.until,
        source: wish.source.clone(),
        evidence: wish.evidence.clone(),
    };
    let is_same = |known: &ConsentEvent| {
        let heard = event.heard;
        ConsentEvent { heard, ..known.clone() } == event
    };
    if record.consent_events.iter().any(is_same) {
        return;
    }
    if record.consent_events.len() >= CONSENT_EVENTS_MAX {
        record.consent_events.remove(0);
    }
    record.consent_events.push(event);
}
