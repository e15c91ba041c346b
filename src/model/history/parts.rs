//! A history taken apart, as stores keep it, and put together again.

use super::CONTACTS_MAX;
use super::EVENTS_MAX;
use super::Entry;
use super::Event;
use super::History;
use super::NAMES_MAX;
use crate::model::name::Name;

/// The lists of a history.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The channels.
    pub channels: Vec<Name>,
    /// The purposes.
    pub purposes: Vec<Name>,
    /// Labels and occasions.
    pub labels: Vec<Name>,
    /// Contacts, in order of time.
    pub entries: Vec<Entry>,
    /// Events, in order of time.
    pub events: Vec<Event>,
    /// The number that the next contact gets.
    pub next_number: u32,
}

/// The reason why parts make no history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// One of the lists is longer than a record's may be.
    #[error("a list of the history is too long")]
    TooLong,
    /// Contacts or events are not in order of time.
    #[error("the history is not in order of time")]
    Unordered,
    /// A contact or an event refers to a name that is not there.
    #[error("the history refers to a name that it does not hold")]
    Dangling,
}

impl History {
    /// The history with these parts.
    ///
    /// # Errors
    /// If they break an invariant of histories.
    pub fn from_parts(parts: Parts) -> Result<Self, Malformed> {
        let names = [&parts.channels, &parts.purposes, &parts.labels];
        if names.iter().any(|names| names.len() > NAMES_MAX)
            || parts.entries.len() > CONTACTS_MAX
            || parts.events.len() > EVENTS_MAX
        {
            return Err(Malformed::TooLong);
        }
        if !parts.entries.is_sorted_by_key(|entry| entry.at)
            || !parts.events.is_sorted_by_key(|event| event.at)
        {
            return Err(Malformed::Unordered);
        }
        let entries_refer = parts.entries.iter().all(|entry| parts.holds_names_of(entry));
        let channels = parts.events.iter().filter_map(|event| event.channel);
        if !entries_refer || !channels.into_iter().all(|it| is_in(&parts.channels, it)) {
            return Err(Malformed::Dangling);
        }
        let Parts { channels, purposes, labels, entries, events, next_number } = parts;
        Ok(Self { channels, purposes, labels, entries, events, next_number })
    }

    /// The number that the next contact gets.
    #[must_use]
    pub const fn next_number(&self) -> u32 {
        self.next_number
    }
}

impl Parts {
    fn holds_names_of(&self, entry: &Entry) -> bool {
        let own = entry.labels.into_iter().flatten();
        let mut labels = own.chain(entry.occasions.iter().copied());
        is_in(&self.channels, entry.channel)
            && is_in(&self.purposes, entry.purpose)
            && labels.all(|label| is_in(&self.labels, label))
    }
}

fn is_in(names: &[Name], number: u16) -> bool {
    usize::from(number) < names.len()
}
