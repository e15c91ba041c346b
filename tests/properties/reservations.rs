//! Reservations over random histories of calls, retries, crashes between sending and confirming,
//! and clocks: a caller that is told yes may send at that moment, and what was sent stays on
//! record.
//!
//! The reference is a list of contacts and what became of each. It asks a check about every answer:
//! with the contacts on its list, without the reservation in question, and, where that is held,
//! without the reasons for which the reservation itself stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use courtesy::engine::Detail;
use courtesy::model::Contact;
use courtesy::model::Ground;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Scope;
use courtesy::model::Span;
use courtesy::model::consent_event::ConsentKind;
use courtesy::model::decision::Code;
use courtesy::model::history::History;
use courtesy::model::history::State;
use courtesy::model::pause;
use courtesy::operation;
use courtesy::operation::Context;
use courtesy::operation::Draft;
use courtesy::operation::Fault;
use courtesy::operation::RequestKey;
use courtesy::operation::choose;
use courtesy::operation::choose::Candidate;
use courtesy::operation::choose::Choose;
use courtesy::operation::recheck;
use courtesy::operation::recheck::Recheck;
use courtesy::operation::record_contact;
use courtesy::operation::record_contact::Past;
use courtesy::operation::reserve;
use courtesy::operation::reserve::Reserve;
use courtesy::operation::reserve::Reserved;
use courtesy::operation::settle;
use courtesy::operation::settle::Made;
use courtesy::operation::wish;
use courtesy::operation::wish::Wish;
use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::policy::rules::Pause;
use courtesy::zone::Zones;

use crate::dice::Dice;

const HISTORIES: u64 = 400;
const STEPS: usize = 120;
const IDS: usize = 12;
/// The reasons for which a reservation itself stands.
const SPENT: [Code; 4] =
    [Code::BudgetSpent, Code::PersonalCadence, Code::TooSoon, Code::BackingOff];
const MEMORY: Span = Span::from_hours(48);
const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
budgets: [{name: weekly, limit: 4, per: 7d}, {name: daily, limit: 2, per: {calendar: day, time_zone: UTC}}]
spacing: [{name: apart, least: 1h}]
backoff: [{name: silence, after: 4, base: 12h, factor: 2}]
quiet_hours: [{name: night, time_zone: UTC, closed: [{from: '21:00', to: '08:00'}]}]
";

/// One message to the customer, and what every attempt to send it says.
#[derive(Clone)]
struct Message {
    id: String,
    /// One, or two of which the more valuable one is chosen.
    contacts: Vec<Contact>,
    at: Option<Instant>,
    hold: Option<Span>,
}

/// A contact as the reference knows it.
#[derive(Clone)]
struct Sending {
    id: String,
    contact: Contact,
    at: Instant,
    state: State,
    hold_until: Option<Instant>,
    /// When its request need not be remembered any more.
    forgotten: Instant,
}

/// What is tested, and what the reference knows.
struct Desk {
    policy: Policy,
    paused: Policy,
    is_paused: bool,
    now: Instant,
    record: Record,
    sendings: Vec<Sending>,
    seen: BTreeMap<&'static str, usize>,
}

#[test]
fn a_reservation_is_never_granted_on_what_is_no_longer_true() {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 0..HISTORIES {
        let mut dice = Dice::new(seed);
        let mut desk = Desk::new();
        let messages: Vec<Message> =
            (0..IDS).map(|number| message(&mut dice, number, desk.now)).collect();
        for step in 0..STEPS {
            desk.step(&mut dice, &messages);
            desk.check_record(&format!("seed {seed}, step {step}"));
        }
        for (what, count) in desk.seen {
            *seen.entry(what).or_default() += count;
        }
    }
    let rare: Vec<_> = seen.iter().filter(|(_, count)| **count < 30).collect();
    assert!(rare.is_empty() && seen.len() == 11, "too little happened: {seen:?}");
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn message(dice: &mut Dice, number: usize, now: Instant) -> Message {
    let purpose = dice.one(&["marketing", "marketing", "receipt"]);
    let contact = |channel| Contact::new(name(channel), name(purpose));
    let both = dice.percent(25);
    let contacts = if both {
        vec![contact("email"), contact("sms")]
    } else {
        vec![contact(dice.one(&["email", "sms"]))]
    };
    let ahead = Span::from_hours(u32::try_from(dice.below(240)).unwrap());
    let hold = Span::from_hours(u32::try_from(1 + dice.below(72)).unwrap());
    Message {
        id: format!("message-{number}"),
        contacts,
        at: dice.percent(40).then(|| now.plus(ahead)),
        hold: dice.percent(70).then_some(hold),
    }
}

impl Desk {
    fn new() -> Self {
        let zones = Arc::new(Zones::bundled());
        let policy = Policy::load(&[Source::new("base", POLICY)], &zones).unwrap().0;
        let everything = pause::Pause {
            name: name("crisis"),
            selection: pause::Selection::default(),
            reason: Box::from(""),
            from: None,
            until: None,
            author: None,
            set: Instant::from_millis(0),
        };
        let pauses = vec![Pause::of(&everything, &policy)];
        Self {
            paused: policy.clone().with_pauses(pauses),
            policy,
            is_paused: false,
            now: Instant::parse("2026-11-22T09:00:00Z").unwrap(),
            record: Record::default(),
            sendings: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    fn context(&self) -> (Policy, Instant) {
        (if self.is_paused { self.paused.clone() } else { self.policy.clone() }, self.now)
    }

    fn step(&mut self, dice: &mut Dice, messages: &[Message]) {
        let minutes = match dice.below(10) {
            0 => dice.between(-30, 0),
            1 => dice.between(600, 3_000),
            _ => dice.between(0, 240),
        };
        self.now = Instant::from_millis(self.now.millis() + minutes * 60_000);
        let (policy, now) = self.context();
        operation::refresh(&policy, &mut self.record, now);
        for sending in &mut self.sendings {
            let ended = sending.hold_until.is_some_and(|until| until <= now);
            if ended && sending.state == State::Reserved {
                sending.state = State::Expired;
            }
            if sending.forgotten <= now {
                sending.forgotten = Instant::from_millis(0);
            }
        }
        let message = dice.one(messages);
        match dice.below(100) {
            0..55 => self.reserve(&message),
            55..70 => self.recheck(&message, dice.percent(50)),
            70..80 => self.confirm(&message.id),
            80..86 => self.release(&message.id),
            86..88 => self.say(ConsentKind::OptOut),
            88..93 => self.say(ConsentKind::OptIn),
            93..96 => self.is_paused = !self.is_paused && dice.percent(50),
            _ => self.record_one(dice),
        }
    }

    /// The last contact of a request that is remembered.
    fn last(&self, id: &str) -> Option<usize> {
        let last = self.sendings.iter().rposition(|sending| sending.id == id)?;
        self.sendings.get(last).filter(|sending| self.now < sending.forgotten).map(|_| last)
    }

    /// Why a check refuses a contact, without one of those on the list.
    fn reasons(&self, contact: &Contact, at: Instant, without: Option<usize>) -> Vec<Code> {
        let (policy, now) = self.context();
        let mut history = History::default();
        for (position, sending) in self.sendings.iter().enumerate() {
            if Some(position) != without {
                history.add_contact(&sending.contact, sending.at, sending.state).unwrap();
            }
        }
        let record = Record { history, requests: Vec::new(), ..self.record.clone() };
        let context = Context { policy: &policy, now };
        operation::check(context, &record, contact, at, Detail::Brief).unwrap().answer.codes()
    }

    fn reserve(&mut self, message: &Message) {
        let before = self.last(&message.id);
        let state = before.map(|position| self.sendings[position].state);
        let earliest = self.now.minus(reserve::PAST_MAX);
        let is_passed = message.at.is_some_and(|at| at < earliest);
        let asked = self.ask(message);
        if is_passed && before.is_none() {
            assert_eq!(asked, Err(Fault::ContactTimePassed));
            self.note("too late for a new one");
            return;
        }
        let (chosen, reserved) = asked.unwrap();
        let allowed = reserved.decided.is_allowed();
        let contact = &message.contacts[chosen];
        let codes = reserved.decided.answer.codes();
        match (state, before) {
            (Some(State::Sent | State::Bounced), _) => {
                assert_eq!(codes, [Code::AlreadySent]);
                self.note("already sent");
            }
            (Some(State::Reserved), Some(position)) => {
                let at = self.sendings[position].at.max(self.now);
                let contact = self.sendings[position].contact.clone();
                let mut denied = self.reasons(&contact, at, Some(position));
                denied.retain(|code| !SPENT.contains(code));
                assert_eq!(codes, denied);
                assert!(reserved.replayed);
                if !allowed {
                    self.sendings[position].state = State::Expired;
                }
                self.note(if allowed { "granted again" } else { "ended by a refusal" });
            }
            (state, _) => {
                let at = message.at.unwrap_or(self.now);
                let at = if state.is_some() { at.max(self.now) } else { at };
                assert_eq!(codes, self.reasons(contact, at, None));
                if allowed {
                    let until = message.hold.map(|hold| at.max(self.now).plus(hold));
                    self.grant(message, contact.clone(), at, until);
                }
                self.note(match (allowed, state.is_some()) {
                    (true, true) => "granted anew",
                    (true, false) => "granted",
                    (false, _) => "refused",
                });
            }
        }
        assert_eq!(reserved.state == Some(State::Reserved), allowed);
    }

    /// Asks for a message: which of its contacts the answer is about, and the answer.
    fn ask(&mut self, message: &Message) -> Result<(usize, Reserved), Fault> {
        let (policy, now) = self.context();
        let context = Context { policy: &policy, now };
        let request = RequestKey { id: message.id.clone().into(), body: 1, earlier: Vec::new() };
        let (at, hold) = (message.at, message.hold);
        if let [contact] = &*message.contacts {
            let (contact, detail) = (contact.clone(), Detail::Brief);
            let asked = Reserve { request, contact, contact_body: 0, at, hold, detail };
            let mut draft = Draft::of(&self.record);
            let reserved = reserve::reserve(context, &mut draft, &asked)?;
            self.change(draft.changed());
            return Ok((0, reserved));
        }
        let candidates = (0_u64..).zip(&message.contacts).map(|(body, contact)| Candidate {
            contact: contact.clone(),
            contact_body: body,
            at,
            value: 10 - body,
        });
        let asked = Choose { request, candidates: candidates.collect(), hold };
        let mut draft = Draft::of(&self.record);
        let chosen = choose::choose(context, &mut draft, &asked)?;
        self.change(draft.changed());
        let (position, decided) = chosen.decisions.last().cloned().unwrap();
        assert_eq!(chosen.position, decided.is_allowed().then_some(position));
        let choose::Chosen { hold_until, replayed, state, .. } = chosen;
        Ok((position, Reserved { decided, hold_until, replayed, state }))
    }

    /// Takes over what an operation has changed.
    fn change(&mut self, changed: Option<Box<Record>>) {
        if let Some(record) = changed {
            self.record = *record;
        }
    }

    fn grant(&mut self, message: &Message, contact: Contact, at: Instant, until: Option<Instant>) {
        let forgotten = until.map_or(at, |until| until.max(at)).max(self.now).plus(MEMORY);
        let (id, state) = (message.id.clone(), State::Reserved);
        self.sendings.push(Sending { id, contact, at, state, hold_until: until, forgotten });
    }

    fn recheck(&mut self, message: &Message, release_if_denied: bool) {
        let (policy, now) = self.context();
        let before = self.last(&message.id);
        let sending = before.map(|position| self.sendings[position].clone());
        let contact = sending.as_ref().map_or(&message.contacts[0], |sending| &sending.contact);
        let body = message.contacts.iter().position(|it| it == contact).unwrap();
        let asked = Recheck {
            request_id: message.id.clone().into(),
            contact: contact.clone(),
            contact_bodies: vec![body.try_into().unwrap()],
            detail: Detail::Brief,
            release_if_denied,
        };
        let before_it = self.record.clone();
        let context = Context { policy: &policy, now };
        let mut draft = Draft::of(&self.record);
        let result = recheck::recheck(context, &mut draft, &asked);
        self.change(draft.changed());
        let (Some(position), Some(sending)) = (before, sending) else {
            assert_eq!(result, Err(Fault::ReservationNotFound));
            return;
        };
        let other = Recheck { contact_bodies: vec![99], ..asked };
        let reused = recheck::recheck(context, &mut Draft::of(&self.record), &other);
        assert_eq!(reused, Err(Fault::RequestIdReused));
        let codes = result.unwrap().decided.answer.codes();
        match sending.state {
            State::Sent | State::Bounced => assert_eq!(codes, [Code::AlreadySent]),
            State::Released | State::Expired => assert_eq!(codes, [Code::ReservationEnded]),
            State::Reserved => {
                let at = sending.at.max(now);
                let mut denied = self.reasons(&sending.contact, at, Some(position));
                denied.retain(|code| !SPENT.contains(code));
                assert_eq!(codes, denied);
                if !denied.is_empty() && release_if_denied {
                    self.sendings[position].state = State::Expired;
                    self.note("ended before it was sent");
                    return;
                }
                self.note("asked about");
            }
        }
        assert_eq!(self.record, before_it, "nothing is changed");
    }

    /// A worker says that it sent, whatever has happened since it was told yes.
    fn confirm(&mut self, id: &str) {
        let (policy, now) = self.context();
        let last = self.last(id);
        let context = Context { policy: &policy, now };
        let result = settle::confirm(context, &mut self.record, id, Made::default());
        let Some(sending) = last.and_then(|position| self.sendings.get_mut(position)) else {
            assert_eq!(result, Err(Fault::ReservationNotFound));
            return;
        };
        match sending.state {
            State::Released => assert_eq!(result, Err(Fault::AlreadyReleased)),
            State::Sent | State::Bounced => assert!(result.is_ok()),
            State::Reserved | State::Expired => {
                let late = sending.state == State::Expired;
                assert_eq!(result.unwrap().late, late);
                sending.forgotten = sending.forgotten.max(sending.at.max(now).plus(MEMORY));
                (sending.state, sending.at) = (State::Sent, sending.at.min(now));
                self.note(if late { "confirmed late" } else { "confirmed" });
            }
        }
    }

    fn release(&mut self, id: &str) {
        let last = self.last(id);
        let result = settle::release(&mut self.record, id);
        let Some(sending) = last.and_then(|position| self.sendings.get_mut(position)) else {
            assert_eq!(result, Err(Fault::ReservationNotFound));
            return;
        };
        match sending.state {
            State::Reserved => sending.state = State::Released,
            State::Sent | State::Bounced => assert_eq!(result, Err(Fault::AlreadyConfirmed)),
            State::Released | State::Expired => assert!(result.is_ok()),
        }
    }

    fn say(&mut self, kind: ConsentKind) {
        let (policy, now) = self.context();
        let scope = Scope { channel: Some(name("email")), ..Scope::default() };
        let wish = Wish {
            request: None,
            kind,
            scope,
            at: None,
            until: None,
            source: None,
            evidence: None,
            stop: None,
            takes_back: false,
            ground: Ground::default(),
        };
        wish::take(Context { policy: &policy, now }, &mut self.record, &wish).unwrap();
    }

    fn record_one(&mut self, dice: &mut Dice) {
        let (policy, now) = self.context();
        let id = format!("past-{}", self.sendings.len());
        let request = RequestKey { id: id.clone().into(), body: 2, earlier: Vec::new() };
        let contact = Contact::new(name(dice.one(&["email", "sms"])), name("receipt"));
        let asked = Past { request, contact: contact.clone(), at: None, unanswered: false };
        let context = Context { policy: &policy, now };
        let first = record_contact::record(context, &mut self.record, &asked).unwrap();
        assert_eq!(
            record_contact::record(context, &mut self.record, &asked).unwrap().answer,
            first.answer
        );
        let (state, forgotten) = (State::Sent, now.plus(MEMORY));
        self.sendings.push(Sending { id, contact, at: now, state, hold_until: None, forgotten });
    }

    fn note(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// What is on the list is on record, and nothing else; and no id twice.
    fn check_record(&self, place: &str) {
        let mut listed: Vec<_> = self.sendings.iter().map(|it| (it.at, it.state)).collect();
        let entries = self.record.history.entries();
        let mut kept: Vec<_> = entries.iter().map(|it| (it.at, it.state)).collect();
        listed.sort_unstable();
        kept.sort_unstable();
        assert_eq!(kept, listed, "{place}");
        let mut ids: Vec<&str> = self.record.requests.iter().map(|it| &*it.id).collect();
        let mut numbers: Vec<_> = self.record.requests.iter().map(|it| it.contact).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((ids.len(), numbers.len()), (count, count), "{place}");
        for sending in self.sendings.iter().filter(|it| self.now < it.forgotten) {
            assert!(self.record.request(&sending.id).is_some(), "{place}: {}", sending.id);
        }
    }
}
