//! Making room: what is too old, what counts for nothing, and names that are no longer used.

use std::collections::BTreeMap;

use super::Event;
use super::History;
use super::State;
use crate::model::instant::Instant;
use crate::model::label::labels_of;
use crate::model::name::Name;

impl History {
    /// Forgets contacts and events from before an instant. A reservation that is still open stays,
    /// and so does a contact whose number is in use, and an event that is needed.
    pub fn forget_before(
        &mut self,
        first: Instant,
        in_use: impl Fn(u32) -> bool,
        is_needed: impl Fn(&Event) -> bool,
    ) {
        let (contacts, events) = (self.entries.len(), self.events.len());
        self.entries.retain(|entry| {
            entry.at >= first
                || entry.state == State::Reserved && entry.hold_until.is_some()
                || in_use(entry.number)
        });
        self.events.retain(|event| event.at >= first || is_needed(event));
        if contacts > self.entries.len() || events > self.events.len() {
            self.compact();
        }
    }

    /// The number of the oldest contact that was given back, if there is one. It counts for
    /// nothing.
    #[must_use]
    pub fn oldest_given_back(&self) -> Option<u32> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.state.is_given_back()).map(|entry| entry.number)
    }

    /// Forgets a contact.
    pub fn forget(&mut self, number: u32) {
        self.entries.retain(|entry| entry.number != number);
        self.compact();
    }

    /// Forgets the oldest event of the most frequent kind and channel.
    pub(super) fn forget_commonest_event(&mut self) {
        let sort = |event: &Event| (event.kind, event.channel);
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for event in &self.events {
            *counts.entry(sort(event)).or_default() += 1;
        }
        let commonest = counts.into_iter().max_by_key(|(_, count)| *count).map(|(sort, _)| sort);
        let oldest = self.events.iter().position(|event| Some(sort(event)) == commonest);
        if let Some(oldest) = oldest {
            self.events.remove(oldest);
        }
    }

    /// Drops the names that no contact and no event uses, and numbers the others anew.
    fn compact(&mut self) {
        let mut channels = Renumbering::default();
        let mut purposes = Renumbering::default();
        let mut labels = Renumbering::default();
        for entry in &mut self.entries {
            channels.visit(&mut entry.channel);
            purposes.visit(&mut entry.purpose);
            let own = labels_of!(&mut entry.labels).into_iter().flatten();
            own.chain(&mut entry.occasions).for_each(|label| labels.visit(label));
        }
        for event in &mut self.events {
            event.channel.iter_mut().for_each(|channel| channels.visit(channel));
        }
        self.channels = channels.keep(&self.channels);
        self.purposes = purposes.keep(&self.purposes);
        self.labels = labels.keep(&self.labels);
    }
}

/// New numbers for names, in the order in which they are met.
#[derive(Default)]
struct Renumbering {
    old: Vec<u16>,
    new: BTreeMap<u16, u16>,
}

impl Renumbering {
    fn visit(&mut self, number: &mut u16) {
        // There are no more new numbers than old ones, so they fit.
        let next = u16::try_from(self.old.len()).unwrap_or(u16::MAX);
        let old = &mut self.old;
        *number = *self.new.entry(*number).or_insert_with_key(|met| {
            old.push(*met);
            next
        });
    }

    fn keep(&self, names: &[Name]) -> Vec<Name> {
        self.old.iter().filter_map(|number| names.get(usize::from(*number)).cloned()).collect()
    }
}
