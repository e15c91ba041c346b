//! The history of one customer: contacts made, contacts reserved, and the customer's events. Names
//! are kept once each; a contact holds small numbers.

mod forget;
mod parts;
mod replay;

pub use parts::Malformed;
pub use parts::Parts;
pub use replay::Ahead;

use std::cmp::Reverse;

use crate::model::contact::Contact;
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::label::Labels;
use crate::model::name::Name;
use crate::model::word::words;

/// The most contacts a record keeps.
pub const CONTACTS_MAX: usize = 1_000;
/// The most events a record keeps.
pub const EVENTS_MAX: usize = 1_000;
/// The maximum number of different names of one kind in a record.
pub const NAMES_MAX: usize = 4_096;

/// Contacts and events, each in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    channels: Vec<Name>,
    purposes: Vec<Name>,
    labels: Vec<Name>,
    // INVARIANT: in order of `at`; among equals in the order of arrival.
    entries: Vec<Entry>,
    // INVARIANT: in order of `at`; among equals refusals, bounces and complaints come first, so
    // that the order of arrival does not matter and the answer is the careful one.
    events: Vec<Event>,
    next_number: u32,
}

/// One contact on record. Each number is a position in the history's list of names of that kind.
#[derive(Clone, Debug, Eq)]
pub struct Entry {
    /// Identifies it among the customer's contacts, for as long as it is on record.
    pub number: u32,
    /// The time at which it was made, or is to be made.
    pub at: Instant,
    /// A position in [`History::channels`].
    pub channel: u16,
    /// A position in [`History::purposes`].
    pub purpose: u16,
    /// Positions in [`History::label`].
    pub labels: Labels<Option<u16>>,
    /// Positions in [`History::label`].
    pub occasions: Box<[u16]>,
    /// The priority, from 0 to 100.
    pub priority: u8,
    /// The state of the contact.
    pub state: State,
    /// For a reservation: the first instant at which it has expired. Unset if it never expires.
    pub hold_until: Option<Instant>,
    /// Whether the attempt was not answered.
    pub unanswered: bool,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        // Each field by its name, so that none is forgotten.
        let Self {
            number,
            at,
            channel,
            purpose,
            labels,
            occasions,
            priority,
            state,
            hold_until,
            unanswered,
        } = other;
        (self.number, self.at, self.channel, self.purpose) == (*number, *at, *channel, *purpose)
            && (self.labels, self.priority, self.state) == (*labels, *priority, *state)
            && (self.hold_until, self.unanswered) == (*hold_until, *unanswered)
            // Most have none. To compare nothing with nothing takes a hundred nanoseconds on some
            // processors, which is more than all else here.
            && self.occasions.len() == occasions.len()
            && (occasions.is_empty() || self.occasions == *occasions)
    }
}

words! {
    /// The state of a contact on record.
    pub enum State {
        /// Granted, and not yet known to be sent.
        Reserved,
        /// Sent.
        Sent,
        /// Given back by the sender.
        Released,
        /// Not confirmed in time.
        Expired,
        /// Sent, and came back.
        Bounced,
    }
}

impl State {
    /// Whether a contact in this state counts for nothing, unless a rule counts it expressly.
    #[must_use]
    pub const fn is_given_back(self) -> bool {
        match self {
            Self::Released | Self::Expired => true,
            Self::Reserved | Self::Sent | Self::Bounced => false,
        }
    }
}

/// One event of the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The time of the event.
    pub at: Instant,
    /// The kind of event.
    pub kind: EventKind,
    /// A position in [`History::channels`]; unset if the channel is unknown.
    pub channel: Option<u16>,
    /// The number of the contact that it is about, where it was named. It may be forgotten.
    pub contact: Option<u32>,
}

/// More different names than a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record holds at most {NAMES_MAX} different names of one sort")]
pub struct TooManyNames;

impl History {
    /// Adds a contact that happens, or happened, at `at`, and returns its number.
    ///
    /// # Errors
    /// If one of its names is new and there are [`NAMES_MAX`] already.
    pub fn add_contact(
        &mut self,
        contact: &Contact,
        at: Instant,
        state: State,
    ) -> Result<u32, TooManyNames> {
        let occasions: Result<Box<[u16]>, _> =
            contact.occasions.iter().map(|name| intern(&mut self.labels, name)).collect();
        let number = self.next_number;
        let entry = Entry {
            number,
            at,
            channel: intern(&mut self.channels, &contact.channel)?,
            purpose: intern(&mut self.purposes, &contact.purpose)?,
            labels: contact
                .labels
                .each()
                .try_map(|it| intern_optional(&mut self.labels, it.as_ref()))?,
            occasions: occasions?,
            priority: contact.priority,
            state,
            hold_until: None,
            unanswered: false,
        };
        self.insert(entry);
        // A number comes again only after 4,000 million contacts with one customer.
        self.next_number = number.wrapping_add(1);
        Ok(number)
    }

    fn insert(&mut self, entry: Entry) {
        let position = self.entries.partition_point(|other| other.at <= entry.at);
        self.entries.insert(position, entry);
    }

    /// Lets a reservation be given back by itself at `until`.
    pub fn hold(&mut self, number: u32, until: Instant) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            entry.hold_until = Some(until);
        }
    }

    /// Marks a contact as not answered.
    pub fn leave_unanswered(&mut self, number: u32) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            entry.unanswered = true;
        }
    }

    /// Sets the state and the time of a contact.
    pub fn settle(&mut self, number: u32, at: Instant, state: State) {
        let position = self.entries.iter().position(|entry| entry.number == number);
        if let Some(position) = position {
            let entry = self.entries.remove(position);
            self.insert(Entry { at, state, hold_until: None, ..entry });
        }
    }

    /// Gives back every reservation whose hold has ended.
    pub fn expire_holds(&mut self, now: Instant) {
        for entry in &mut self.entries {
            let ended = entry.hold_until.is_some_and(|until| until <= now);
            if ended && entry.state == State::Reserved {
                entry.state = State::Expired;
            }
        }
    }

    /// The contact with this number, if it is still on record.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.number == number)
    }

    /// Adds an event that names no contact.
    ///
    /// # Errors
    /// As [`History::add_event_about`].
    pub fn add_event(
        &mut self,
        kind: EventKind,
        at: Instant,
        channel: Option<&Name>,
    ) -> Result<(), TooManyNames> {
        self.add_event_about(None, kind, at, channel)
    }

    /// Adds an event, and the number of the contact that it is about. Beyond [`EVENTS_MAX`], the
    /// oldest event of the most frequent kind is removed, so that a thousand opened messages do not
    /// push out the one complaint.
    ///
    /// # Errors
    /// If its channel is new and there are [`NAMES_MAX`] already.
    pub fn add_event_about(
        &mut self,
        contact: Option<u32>,
        kind: EventKind,
        at: Instant,
        channel: Option<&Name>,
    ) -> Result<(), TooManyNames> {
        let channel = intern_optional(&mut self.channels, channel)?;
        let order = |event: &Event| (event.at, Reverse(event.kind));
        let event = Event { at, kind, channel, contact };
        let position = self.events.partition_point(|other| order(other) <= order(&event));
        self.events.insert(position, event);
        if self.events.len() > EVENTS_MAX {
            self.forget_commonest_event();
        }
        Ok(())
    }

    /// The contacts, in order of time.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The events, in order of time.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The channels that contacts and events have used.
    #[must_use]
    pub fn channels(&self) -> &[Name] {
        &self.channels
    }

    /// The purposes that contacts had.
    #[must_use]
    pub fn purposes(&self) -> &[Name] {
        &self.purposes
    }

    /// The labels and occasions of contacts.
    #[must_use]
    pub fn labels(&self) -> &[Name] {
        &self.labels
    }

    /// The label with this number.
    #[must_use]
    pub fn label(&self, number: u16) -> Option<&Name> {
        self.labels.get(usize::from(number))
    }
}

fn intern(names: &mut Vec<Name>, name: &Name) -> Result<u16, TooManyNames> {
    let known = names.iter().position(|other| other == name);
    let position = known.unwrap_or(names.len());
    let number = u16::try_from(position).map_err(|_too_large| TooManyNames)?;
    if known.is_none() {
        if position >= NAMES_MAX {
            return Err(TooManyNames);
        }
        names.push(name.clone());
    }
    Ok(number)
}

fn intern_optional(
    names: &mut Vec<Name>,
    name: Option<&Name>,
) -> Result<Option<u16>, TooManyNames> {
    name.map(|name| intern(names, name)).transpose()
}
