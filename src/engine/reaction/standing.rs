//! The events that must not be forgotten: those by which a reaction suppresses for good.

use std::collections::BTreeSet;

use super::Seen;
use super::concerned;
use super::triggers;
use crate::model::Instant;
use crate::model::history::Event;
use crate::model::history::History;
use crate::policy::Policy;
use crate::policy::rules::Reaction;

/// The events that suppress for good: those that set off a reaction without an end for the first
/// time, of each channel where it suppresses that of its event. Without them the reaction would end
/// when the history is forgotten, and a no would become a yes. Reactions of any mode count, since
/// a mode can be changed.
#[must_use]
pub fn standing(policy: &Policy, history: &History, now: Instant) -> Standing {
    let mut standing = Standing::default();
    for reaction in policy.reactions.iter().filter(|reaction| reaction.lasts.is_none()) {
        let channels = 0..u16::try_from(history.channels().len()).unwrap_or(u16::MAX);
        // An event on an unknown channel is met without any.
        let own = channels.map(Some).filter(|_| reaction.same_channel);
        for channel in own.chain([None]) {
            standing.add(Seen { history, channel }, reaction, now);
        }
    }
    standing
}

/// Events that suppress for good.
#[derive(Debug, Default)]
pub struct Standing {
    // Equal events tell the same.
    events: BTreeSet<Key>,
}

type Key = (Instant, crate::model::EventKind, Option<u16>);

fn key(event: &Event) -> Key {
    (event.at, event.kind, event.channel)
}

impl Standing {
    /// Whether there are no such events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether an event is one of them.
    #[must_use]
    pub fn has(&self, event: &Event) -> bool {
        self.events.contains(&key(event))
    }

    /// Adds the events that set it off first.
    fn add(&mut self, seen: Seen<'_>, reaction: &Reaction, now: Instant) {
        let set_off = triggers(seen, reaction, now).events;
        let Some(last) = set_off.first() else { return };
        let times = usize::try_from(reaction.times).unwrap_or(usize::MAX);
        let until: Vec<&Event> =
            concerned(seen, reaction).take_while(|event| event.at <= last.at).collect();
        self.events.extend(until.iter().rev().take(times).map(|event| key(event)));
    }
}
