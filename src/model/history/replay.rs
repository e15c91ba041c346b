//! A history that is replayed contact by contact, each with the history before it.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::Entry;
use super::Event;
use super::History;
use crate::model::contact::Contact;
use crate::model::instant::Instant;

/// The contacts and events from some instant on that have not been replayed yet.
#[derive(Debug)]
pub struct Ahead {
    entries: IntoIter<Entry>,
    events: Peekable<IntoIter<Event>>,
}

impl History {
    /// Takes away the contacts and events from an instant on, to be replayed.
    #[must_use]
    pub fn rewind(&mut self, from: Instant) -> Ahead {
        let entries = self.entries.partition_point(|entry| entry.at < from);
        let events = self.events.partition_point(|event| event.at < from);
        Ahead {
            entries: self.entries.split_off(entries).into_iter(),
            events: self.events.split_off(events).into_iter().peekable(),
        }
    }

    /// Puts back a contact that was replayed.
    pub fn put_back(&mut self, entry: Entry) {
        self.insert(entry);
    }

    /// The contact that an entry is of, as far as it is on record: attributes are not.
    #[must_use]
    pub fn contact(&self, entry: &Entry) -> Option<Contact> {
        let channel = self.channels.get(usize::from(entry.channel))?.clone();
        let purpose = self.purposes.get(usize::from(entry.purpose))?.clone();
        let label = |number: Option<u16>| self.label(number?).cloned();
        let occasions = entry.occasions.iter().filter_map(|number| self.label(*number).cloned());
        Some(Contact {
            labels: entry.labels.map(label),
            occasions: occasions.collect(),
            priority: entry.priority,
            ..Contact::new(channel, purpose)
        })
    }
}

impl Ahead {
    /// The next contact. `history` gets the events before it; the contact itself is for the caller
    /// to put back or not. An event at the very instant of a contact comes after it.
    pub fn next(&mut self, history: &mut History) -> Option<Entry> {
        let entry = self.entries.next()?;
        while let Some(event) = self.events.next_if(|event| event.at < entry.at) {
            history.events.push(event);
        }
        Some(entry)
    }
}
