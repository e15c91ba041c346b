//! Two records that turn out to be of one customer: under two spellings of the id.
//!
//! **Invariant:** what either of them refuses, both refuse together. A record is taken over once:
//! what the customer takes back later does not come again with it.

use super::erase;
use super::eviction;
use super::unclear;
use super::wish;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Profile;
use crate::model::Record;
use crate::model::consent_event::CONSENT_EVENTS_MAX;
use crate::model::history::Entry;
use crate::model::history::Event;
use crate::model::profile::Known;
use crate::model::profile::facts;
use crate::model::record::TakenOver;

/// Whether a record has taken over another in its present version.
#[must_use]
pub fn has_taken_over(record: &Record, other: &TakenOver) -> bool {
    record.taken_over.iter().any(|known| {
        (&known.id, known.incarnation) == (&other.id, other.incarnation)
            && known.counter >= other.counter
    })
}

/// Takes over the content of a record under another spelling. If both have a field of the profile,
/// the own one stays.
pub fn take_over(record: &mut Record, other: &Record, of: TakenOver) {
    let is_again = record.taken_over.iter().any(|known| known.id == of.id);
    take_over_profile(&mut record.profile, &other.profile);
    erase::merge(record, &Record { requests: Vec::new(), ..other.clone() });
    wish::take_over(record, other);
    add_new(&mut record.suppressions, &other.suppressions);
    add_new(&mut record.cadence, &other.cadence);
    add_new(&mut record.quiet, &other.quiet);
    add_new(&mut record.consent_events, &other.consent_events);
    record.consent_events.sort_by_key(|event| event.heard);
    let excess = record.consent_events.len().saturating_sub(CONSENT_EVENTS_MAX);
    record.consent_events.drain(..excess);
    for message in &other.unclear {
        if record.unclear.iter().all(|known| known.id != message.id) {
            unclear::note(record, message.clone());
        }
    }
    record.unclear.sort_by_key(|message| message.heard);
    for awaiting in &other.awaiting {
        super::reply::note(record, awaiting.clone());
    }
    take_over_history(record, other, is_again);
    record.taken_over.retain(|known| known.id != of.id);
    record.taken_over.push(of);
    // If there is no room although the oldest entries were removed, the rest is kept: it is never
    // more than two records.
    let _full = eviction::make(record);
}

fn add_new<T: PartialEq + Clone>(own: &mut Vec<T>, other: &[T]) {
    for item in other {
        if !own.contains(item) {
            own.push(item.clone());
        }
    }
}

fn take_over_profile(own: &mut Profile, other: &Profile) {
    let zones = (own.time_zone.clone(), own.time_zones.clone());
    // Every law under which one of them falls, and every group of which one is.
    facts!(add_known(&mut own, &other));
    // Where the customer is, one of them knows alone.
    if zones != Default::default() {
        (own.time_zone, own.time_zones) = zones;
    }
}

fn add_known<T: Known>(own: &mut T, other: &T) {
    own.add(other);
}

/// Takes over contacts with their requests, and events. Contacts that were taken over before are
/// not counted again: two contacts are equal if their requests are, or if all of their parts are.
fn take_over_history(record: &mut Record, other: &Record, is_again: bool) {
    let same = |own: &Record, entry: &Entry| (entry.at, own.history.contact(entry));
    let mut known: Vec<(Instant, Option<Contact>)> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    if is_again {
        known.extend(record.history.entries().iter().map(|entry| same(record, entry)));
        events.extend(record.history.events());
    }
    let mut numbers = Vec::new();
    for entry in other.history.entries() {
        let request = other.requests.iter().find(|it| it.contact == Some(entry.number));
        if request.is_some_and(|it| record.request(&it.id).is_some()) {
            continue;
        }
        if let Some(position) = known.iter().position(|own| *own == same(other, entry)) {
            known.swap_remove(position);
            continue;
        }
        // Beyond the names that a record holds, which no customer has, a contact is left out.
        if let Some(number) = add(record, other, entry) {
            numbers.push((entry.number, number));
        }
    }
    let number = |of_other: Option<u32>| {
        numbers.iter().find(|(it, _)| Some(*it) == of_other).map(|(_, number)| *number)
    };
    for request in &other.requests {
        if record.request(&request.id).is_none() {
            let mut request = request.clone();
            request.contact = number(request.contact);
            record.requests.push(request);
        }
    }
    for event in other.history.events() {
        let same = |own: &Event| (own.at, own.kind) == (event.at, event.kind);
        if let Some(position) = events.iter().position(same) {
            events.swap_remove(position);
            continue;
        }
        let channel = event.channel.and_then(|it| other.history.channels().get(usize::from(it)));
        let (contact, history) = (number(event.contact), &mut record.history);
        // As above.
        let _left_out = history.add_event_about(contact, event.kind, event.at, channel).is_err();
    }
}

/// Adds a contact that another record has, with what became of it.
fn add(record: &mut Record, other: &Record, entry: &Entry) -> Option<u32> {
    let contact = other.history.contact(entry)?;
    let history = &mut record.history;
    let number = history.add_contact(&contact, entry.at, entry.state).ok()?;
    if let Some(until) = entry.hold_until {
        history.hold(number, until);
    }
    if entry.unanswered {
        history.leave_unanswered(number);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;
    use crate::model::Scope;
    use crate::model::Span;
    use crate::model::history::State;
    use crate::model::request::Request;
    use crate::model::wish::OptIn;
    use crate::model::wish::OptOut;
    use crate::operation::idempotency::RequestKey;

    fn at(hours: u32) -> Instant {
        Instant::from_millis(1_700_000_000_000).plus(Span::from_hours(hours))
    }

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn no(hours: u32) -> OptOut {
        OptOut {
            scope: Scope::default(),
            at: Some(at(hours)),
            until: None,
            source: None,
            stop: None,
        }
    }

    fn of(counter: u64) -> TakenOver {
        TakenOver { id: "ann ".into(), incarnation: 7, counter }
    }

    /// A contact, made by a request if it is named.
    fn contacted(record: &mut Record, hours: u32, request: Option<&str>) {
        let contact = Contact::new(name("email"), name("marketing"));
        let number = record.history.add_contact(&contact, at(hours), State::Sent).unwrap();
        record.requests.extend(request.map(|id| Request {
            contact: Some(number),
            ..RequestKey { id: id.into(), body: 1, earlier: Vec::new() }.answered_at(at(hours))
        }));
    }

    fn united(one: &Record, other: &Record) -> Record {
        let mut both = one.clone();
        take_over(&mut both, other, of(1));
        both
    }

    #[test]
    fn a_no_of_either_is_one_of_both_unless_a_later_yes_of_either_ends_it() {
        let refuses = Record { opt_outs: vec![no(5)], ..Record::default() };
        let yes = |hours| OptIn { scope: Scope::default(), at: at(hours) };
        let allows = |hours| Record { opt_ins: vec![yes(hours)], ..Record::default() };
        assert_eq!(united(&Record::default(), &refuses).opt_outs, [no(5)]);
        for (one, other) in [(&refuses, &allows(4)), (&allows(4), &refuses)] {
            assert_eq!(united(one, other).opt_outs, [no(5)]);
        }
        for (one, other) in [(&refuses, &allows(6)), (&allows(6), &refuses)] {
            assert!(united(one, other).opt_outs.is_empty());
        }
    }

    #[test]
    fn a_version_is_taken_over_once() {
        let both =
            united(&Record::default(), &Record { opt_outs: vec![no(5)], ..Record::default() });
        assert!(has_taken_over(&both, &of(1)) && !has_taken_over(&both, &of(2)));
        let other_one = TakenOver { incarnation: 8, ..of(1) };
        assert!(!has_taken_over(&both, &other_one));
        assert!(!has_taken_over(&both, &TakenOver { id: " ann".into(), ..of(1) }));
    }

    #[test]
    fn contacts_are_counted_once_each() {
        let (mut one, mut other) = (Record::default(), Record::default());
        contacted(&mut one, 1, Some("a"));
        contacted(&mut other, 1, Some("b"));
        contacted(&mut other, 2, None);
        contacted(&mut other, 2, None);
        let mut both = united(&one, &other);
        let times = |it: &Record| it.history.entries().iter().map(|it| it.at).collect::<Vec<_>>();
        assert_eq!(times(&both), [at(1), at(1), at(2), at(2)]);
        let entry = |id: &str| both.history.entry(both.request(id)?.contact?);
        assert!(entry("a").is_some() && entry("b").is_some() && entry("a") != entry("b"));
        // An older instance has written to the other spelling meanwhile.
        contacted(&mut other, 3, None);
        take_over(&mut both, &other, of(2));
        assert_eq!(times(&both), [at(1), at(1), at(2), at(2), at(3)]);
        assert_eq!(both.taken_over, [of(2)]);
    }
}
