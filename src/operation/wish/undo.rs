//! Taking back one click on an unsubscribe link, within minutes, as if it had not been made.
//!
//! A click makes needless what lies within it and is older. So what the customer has refused before
//! is heard again from the history of consent: taking back a click never allows what was refused
//! before it.

use super::click::stands;
use super::rehear::rehear;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::CONSENT_EVENTS_MAX;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::wish::OptOut;
use crate::operation::Fault;
use crate::operation::eviction;

/// The time for which a click can be taken back.
const UNDO: Span = Span::from_secs(600);

/// A click that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The scope that it refused.
    pub scope: Scope,
    /// The time at which it was first heard.
    pub heard: Instant,
}

impl Undo {
    /// The first instant at which it is too late.
    #[must_use]
    pub const fn expires(&self) -> Instant {
        self.heard.plus(UNDO)
    }
}

/// The click that refused a scope, if it can still be taken back: it was the customer's last
/// statement, and it was the refusal. A click that repeats an older refusal is not.
#[must_use]
pub fn undo_of(record: &Record, scope: &Scope, now: Instant) -> Option<Undo> {
    let is_whole = record.erased.is_none() && record.consent_events.len() < CONSENT_EVENTS_MAX;
    let last = record.consent_events.last().filter(|it| is_click(it, scope) && is_whole)?;
    let undo = Undo { scope: scope.clone(), heard: last.heard };
    let after = without(record, &undo)?;
    (now < undo.expires() && !stands(&after, scope)).then_some(undo)
}

/// Takes a click back. Returns whether that was done: something else may have been said since.
///
/// # Errors
/// If the record has no room for what is refused again.
pub fn undo(record: &mut Record, undo: &Undo) -> Result<bool, Fault> {
    let Some(mut after) = without(record, undo) else { return Ok(false) };
    after.consent_events.pop();
    eviction::make(&mut after)?;
    *record = after;
    Ok(true)
}

/// A record as if the click had not been made, which is the customer's last word.
fn without(record: &Record, undo: &Undo) -> Option<Record> {
    let (last, earlier) = record.consent_events.split_last()?;
    if !is_click(last, &undo.scope) || last.heard != undo.heard {
        return None;
    }
    let is_it = |no: &OptOut| {
        let is_clicked = no.scope == undo.scope && no.until.is_none() && no.stop.is_none();
        is_clicked && no.source == last.source && no.at.is_some_and(|at| at >= last.at)
    };
    let mut after = record.clone();
    let place = after.opt_outs.iter().position(is_it)?;
    after.opt_outs.remove(place);
    rehear(&mut after, earlier, &undo.scope, undo.heard);
    Some(after)
}

fn is_click(event: &ConsentEvent, scope: &Scope) -> bool {
    let source = event.source.as_deref();
    event.kind == ConsentKind::OptOut
        && event.scope == *scope
        && event.until.is_none()
        && source == Some(super::click::SOURCE)
}
