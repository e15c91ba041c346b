//! The customers' statements about being contacted, as messages.

use super::time::timestamp;
use super::wish;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::unclear::Unclear;
use crate::proto::v1;

/// All statements in a record, in the order in which we heard them, each with that time.
#[must_use]
pub fn history_of(record: &Record) -> Vec<(Instant, v1::ConsentEvent)> {
    let said = record.consent_events.iter().map(|it| (it.heard, wish::consent_event(it)));
    let unclear = record.unclear.iter().map(|it| (it.heard, unclear_event(it)));
    let mut events: Vec<_> = said.chain(unclear).collect();
    events.sort_by_key(|(heard, _)| *heard);
    events
}

fn unclear_event(unclear: &Unclear) -> v1::ConsentEvent {
    let channel = unclear.scope.channel.as_ref();
    v1::ConsentEvent {
        kind: i32::from(v1::ConsentKind::Unclear),
        scope: Some(wish::scope(&unclear.scope)),
        event_time: Some(timestamp(unclear.at)),
        hear_time: Some(timestamp(unclear.heard)),
        until_time: None,
        source: channel.map(|channel| format!("inbound:{channel}")),
        evidence: Some(unclear.words.to_string()),
        ground: None,
        doubt: Some(unclear.doubt.to_string()),
        resolve_time: unclear.resolved.map(timestamp),
    }
}

/// An unresolved message, with until when something is suppressed because of it.
#[must_use]
pub fn unclear_message(
    customer_id: &str,
    unclear: &Unclear,
    suppressed_until: Option<Instant>,
) -> v1::UnclearMessage {
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    v1::UnclearMessage {
        customer_id: customer_id.to_owned(),
        message_id: unclear.id.to_string(),
        channel: text(&unclear.scope.channel).unwrap_or_default(),
        brand: text(&unclear.scope.brand),
        topic: text(&unclear.scope.topic),
        doubt: unclear.doubt.to_string(),
        text: unclear.words.to_string(),
        event_time: Some(timestamp(unclear.at)),
        hear_time: Some(timestamp(unclear.heard)),
        suppressed_until_time: suppressed_until.map(timestamp),
    }
}
