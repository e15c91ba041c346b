//! The customer's no and the customer's yes. Both carry the time at which they were said, and the
//! result does not depend on the order in which we hear of them: the later one counts, and in a tie
//! the no.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::room;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::CONSENT_EVENTS_MAX;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::wish::Consent;
use crate::model::wish::OptOut;

/// The most opt-outs of a record, and the most consents.
pub const WISHES_MAX: usize = 256;

/// Something the customer said about being contacted.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Which request it is, if the caller has named it.
    pub request: Option<RequestKey>,
    /// No, yes, or the first half of a yes.
    pub kind: ConsentKind,
    /// About what.
    pub scope: Scope,
    /// When the customer said so; unset is now.
    pub at: Option<Instant>,
    /// Of a no: the first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// Where it came from.
    pub source: Option<Name>,
    /// What proves it.
    pub evidence: Option<Box<str>>,
}

/// Takes note of a wish.
///
/// # Errors
/// If the record has no room for it, or if the request's id has been used for another.
pub fn take(context: Context<'_>, record: &mut Record, wish: &Wish) -> Result<(), Fault> {
    if let Some(request) = &wish.request
        && request.recall(record)?.is_some()
    {
        return Ok(());
    }
    let mut after = record.clone();
    let at = wish.at.unwrap_or(context.now);
    match wish.kind {
        ConsentKind::OptOut => opt_out(&mut after, wish, at)?,
        ConsentKind::OptIn => opt_in(&mut after, wish, at)?,
        ConsentKind::PendingOptIn => consent(&mut after, wish, at)?,
    }
    note(context, &mut after, wish, at);
    after.requests.extend(wish.request.as_ref().map(|request| request.answered(context)));
    room::make(&mut after)?;
    *record = after;
    Ok(())
}

fn opt_out(record: &mut Record, wish: &Wish, at: Instant) -> Result<(), Fault> {
    let overruled = record.consent_events.iter().any(|event| {
        event.kind == ConsentKind::OptIn && event.at > at && event.scope.contains(&wish.scope)
    });
    if overruled {
        return Ok(());
    }
    let mut new = OptOut {
        scope: wish.scope.clone(),
        at: Some(at),
        until: wish.until,
        source: wish.source.clone(),
    };
    if let Some(known) = record.opt_outs.iter().find(|known| known.scope == new.scope) {
        new.at = new.at.max(known.at);
        new.until = later(new.until, known.until);
        new.source = new.source.or_else(|| known.source.clone());
    }
    record.opt_outs.retain(|known| !makes_needless(&new, known));
    record.opt_outs.push(new);
    if record.opt_outs.len() > WISHES_MAX { Err(Fault::RecordFull) } else { Ok(()) }
}

/// Whether a new opt-out says all that a known one says, for at least as long. Then whatever ends the
/// new one would end the known one as well.
fn makes_needless(new: &OptOut, known: &OptOut) -> bool {
    new.scope.contains(&known.scope)
        && known.at <= new.at
        && later(known.until, new.until) == new.until
}

/// The later of two ends; none is never.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}

fn opt_in(record: &mut Record, wish: &Wish, at: Instant) -> Result<(), Fault> {
    let ends = |known: &OptOut| {
        wish.scope.contains(&known.scope) && known.at.is_none_or(|known| known < at)
    };
    record.opt_outs.retain(|known| !ends(known));
    consent(record, wish, at)
}

/// A yes to a channel is a consent. One to a topic, a brand or an occasion alone is none: a consent to
/// the whole channel would be more than the customer said.
fn consent(record: &mut Record, wish: &Wish, at: Instant) -> Result<(), Fault> {
    let Scope { channel, purpose, topic, brand, occasion } = &wish.scope;
    let narrow = [topic, brand, occasion].iter().any(|part| part.is_some());
    if channel.is_none() || narrow {
        return Ok(());
    }
    let confirmed = wish.kind == ConsentKind::OptIn;
    let full = record.consents.len() >= WISHES_MAX;
    let known =
        record.consents.iter_mut().find(|it| it.channel == *channel && it.purpose == *purpose);
    match known {
        Some(known) if known.confirmed && !confirmed => {}
        Some(known) => {
            let newer = known.at.is_some_and(|known| known > at) && known.confirmed;
            known.at = if newer { known.at } else { Some(at) };
            known.confirmed = confirmed;
        }
        None if full => return Err(Fault::RecordFull),
        None => {
            let (channel, purpose) = (channel.clone(), purpose.clone());
            record.consents.push(Consent { channel, purpose, at: Some(at), confirmed });
        }
    }
    Ok(())
}

fn note(context: Context<'_>, record: &mut Record, wish: &Wish, at: Instant) {
    if record.consent_events.len() >= CONSENT_EVENTS_MAX {
        record.consent_events.remove(0);
    }
    record.consent_events.push(ConsentEvent {
        heard: context.now,
        kind: wish.kind,
        scope: wish.scope.clone(),
        at,
        until: wish.until,
        source: wish.source.clone(),
        evidence: wish.evidence.clone(),
    });
}
