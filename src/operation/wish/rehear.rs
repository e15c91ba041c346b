//! Hearing again, from the history of consent, what a wider refusal had made needless.

use super::standing;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::stop::Stop;
use crate::model::stop::Width;
use crate::model::wish::OptOut;
use crate::operation::refresh;

/// The beginning of the source of a customer's message; its channel follows.
pub(in crate::operation) const INBOUND: &str = "inbound:";

/// Refuses what was refused within a scope and has neither ended nor been taken back.
pub(super) fn rehear(record: &mut Record, events: &[ConsentEvent], scope: &Scope, now: Instant) {
    let is_within = |event: &&ConsentEvent| {
        event.kind == ConsentKind::OptOut
            && scope.contains(&event.scope)
            && !refresh::is_over(event.until, now)
    };
    for event in events.iter().filter(is_within) {
        let (scope, source) = (event.scope.clone(), event.source.clone());
        let stop = stop(event);
        let no = OptOut { scope, at: Some(event.at), until: event.until, source, stop };
        standing::refuse(record, no);
    }
}

/// The written form of the refusal, so that a START takes it back, at least for its own channel.
fn stop(event: &ConsentEvent) -> Option<Stop> {
    let channel = event.source.as_deref()?.strip_prefix(INBOUND)?;
    Some(Stop::new(Name::new(channel).ok()?, Width::Words))
}
