//! The reply latency: how long a customer who wrote to us waits for an answer.

use crate::model::Contact;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::history::Entry;
use crate::model::history::History;
use crate::model::history::State;
use crate::policy::Policy;

/// The time that the customer will have waited on the contact's channel if the contact is made at
/// `at`: since the first message that no reply has followed. `None` if the contact is not a reply,
/// or no customer waits.
pub(super) fn waited(
    policy: &Policy,
    history: &History,
    contact: &Contact,
    at: Instant,
) -> Option<Span> {
    if !is_reply(policy, &contact.purpose) {
        return None;
    }
    let channel = history.channels().iter().position(|it| *it == contact.channel)?;
    let channel = u16::try_from(channel).ok()?;
    let replied = |entry: &&Entry| {
        let purpose = history.purposes().get(usize::from(entry.purpose));
        entry.channel == channel
            && entry.at <= at
            && !matches!(entry.state, State::Released | State::Expired)
            && purpose.is_some_and(|purpose| is_reply(policy, purpose))
    };
    let last = history.entries().iter().rfind(replied).map(|entry| entry.at);
    let first = history.events().iter().find(|event| {
        event.kind == EventKind::Inbound
            && event.channel == Some(channel)
            && last.is_none_or(|last| event.at > last)
    })?;
    let millis = at.millis().saturating_sub(first.at.millis());
    (millis >= 0).then(|| Span::from_millis(millis))
}

/// Whether contacts for a purpose are replies to customers.
pub(super) fn is_reply(policy: &Policy, purpose: &Name) -> bool {
    let position = policy.purpose_position(purpose);
    position.and_then(|position| policy.purposes.get(position)).is_some_and(|it| it.replies)
}
