//! Events in a row: consecutive contacts to which the same event happened.

use super::Seen;
use super::Triggers;
use super::is_concerned;
use super::is_on_its_channel;
use crate::engine::status::earlier;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Span;
use crate::model::history::Entry;
use crate::model::history::Event;
use crate::model::history::State;
use crate::policy::rules::ROW_AGE;
use crate::policy::rules::Reaction;

/// The time in which a contact may still bounce. Until then it does not break a row.
const UNDECIDED: Span = Span::from_hours(72);

/// The events which show that a message has arrived, and so break a row.
const ARRIVED: [EventKind; 4] =
    [EventKind::Opened, EventKind::Clicked, EventKind::Converted, EventKind::Complained];

/// The events that end a row of the demanded length, as known at an instant.
pub(super) fn triggers<'a>(seen: Seen<'a>, reaction: &Reaction, at: Instant) -> Triggers<'a> {
    follow(seen, reaction, at).0
}

/// The number of events in a row at an instant.
pub(super) fn length(seen: Seen<'_>, reaction: &Reaction, at: Instant) -> usize {
    let (_, row) = follow(seen, reaction, at);
    row.members.iter().filter(|member| member.at <= at && at < member.at.plus(ROW_AGE)).count()
}

/// The events that have ended a row of the demanded length, and the row that has not ended.
fn follow<'a>(seen: Seen<'a>, reaction: &Reaction, at: Instant) -> (Triggers<'a>, Row<'a>) {
    let met = contacts_met(seen, reaction);
    let breaks = |entry: &&Entry| entry.state == State::Sent && !met.contains(&entry.number);
    let mut contacts = seen.history.entries().iter().filter(breaks).peekable();
    let mut row = Row::default();
    let mut triggers = Triggers { events: Vec::new(), until: None };
    for event in seen.history.events() {
        // An event at the very instant of a contact comes after it.
        while let Some(entry) = contacts.next_if(|entry| entry.at <= event.at) {
            let decided = entry.at.plus(UNDECIDED);
            if decided <= at {
                row.end_on(Some(entry.channel));
            } else if row.is_on(entry.channel) {
                triggers.until = earlier(triggers.until, Some(decided));
            }
        }
        if is_concerned(seen, event, reaction) {
            row.members.retain(|member| event.at < member.at.plus(ROW_AGE));
            row.members.push(event);
            if row.members.len() >= usize::try_from(reaction.times).unwrap_or(usize::MAX) {
                triggers.events.push(event);
            }
        } else if ARRIVED.contains(&event.kind)
            && event.kind != reaction.on
            && is_on_its_channel(seen, event, reaction)
        {
            row.end_on(event.channel);
        }
    }
    for entry in contacts.filter(|entry| entry.at.plus(UNDECIDED) <= at) {
        row.end_on(Some(entry.channel));
    }
    (triggers, row)
}

/// Events in a row.
#[derive(Default)]
struct Row<'a> {
    members: Vec<&'a Event>,
}

impl Row<'_> {
    /// Ends the rows on a channel where a message has arrived. On an unknown channel that may be
    /// any row.
    fn end_on(&mut self, channel: Option<u16>) {
        match channel {
            Some(_) => self.members.retain(|member| member.channel != channel),
            None => self.members.clear(),
        }
    }

    fn is_on(&self, channel: u16) -> bool {
        self.members.iter().any(|member| member.channel == Some(channel))
    }
}

/// The numbers of the contacts to which the event happened, or that bounced. An event that names no
/// contact belongs to the newest before it on its channel.
fn contacts_met(seen: Seen<'_>, reaction: &Reaction) -> Vec<u32> {
    let is_met = |kind: EventKind| {
        kind == reaction.on || matches!(kind, EventKind::BouncedHard | EventKind::BouncedSoft)
    };
    let events = seen.history.events().iter().filter(|event| is_met(event.kind));
    events.filter_map(|event| event.contact.or_else(|| newest_before(seen, event))).collect()
}

fn newest_before(seen: Seen<'_>, event: &Event) -> Option<u32> {
    let entries = seen.history.entries();
    let before = entries.partition_point(|entry| entry.at <= event.at);
    let was_made = |entry: &&Entry| !matches!(entry.state, State::Released | State::Expired);
    let mut on_channel =
        entries.iter().take(before).rev().filter(|entry| Some(entry.channel) == event.channel);
    on_channel.find(was_made).map(|entry| entry.number)
}
