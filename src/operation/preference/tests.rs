//! Laws of the form: what is posted unchanged changes nothing, what may only refuse allows nothing,
//! and what is refused is denied while everything else stays as it was.

use std::sync::Arc;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::engine;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Labels;
use crate::model::Record;
use crate::model::Span;
use crate::model::history::State as HistoryState;
use crate::model::wish::Cadence;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Cycle;
use crate::model::wish::OptOut;
use crate::operation::Context;
use crate::policy::Policy;
use crate::policy::Source;
use crate::zone::Zones;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}, letters: {}}
purposes:
  offers: {marketing: true}
  surveys: {marketing: true}
  receipts: {marketing: false}
  codes: {marketing: false, exempt: [opt_outs, budgets, quiet_periods]}
  reply: {marketing: false, replies: true}
conversations: {window: 24h}
topics: [news, events]
quiet_periods: [{name: days, occasion: any, before: 3d, who: opted_out}]
settings: {time_zone: {assume: UTC}}
";
const NARROW: &str = "pages: {purposes: [offers, surveys], confirm: [sms]}\n";
const WIDE: &str = "pages: {confirm: [sms]}\n";

const CHANNELS: [&str; 3] = ["email", "sms", "letters"];
const PURPOSES: [&str; 5] = ["offers", "surveys", "receipts", "codes", "reply"];
const TOPICS: [&str; 2] = ["news", "events"];

/// With all purposes on its pages that can be, or with some.
fn policy(wide: bool) -> &'static Policy {
    static LOADED: LazyLock<[Policy; 2]> = LazyLock::new(|| {
        let zones = Arc::new(Zones::bundled());
        [NARROW, WIDE].map(|pages| {
            let source = Source::new("base", &format!("{POLICY}{pages}"));
            Policy::load(&[source], &zones).unwrap().0
        })
    });
    &LOADED[usize::from(wide)]
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-22T12:00:00Z").unwrap()
}

/// Every contact that there can be, with and without a topic, and one about an occasion.
fn contacts() -> Vec<Contact> {
    let mut contacts = Vec::new();
    for channel in CHANNELS {
        for purpose in PURPOSES {
            let plain = Contact::new(name(channel), name(purpose));
            let about = |it| Labels { topic: Some(name(it)), ..Labels::NONE };
            contacts.extend(TOPICS.map(|it| Contact { labels: about(it), ..plain.clone() }));
            contacts.push(Contact { occasions: vec![name("christmas")], ..plain.clone() });
            contacts.push(plain);
        }
    }
    contacts
}

fn allowed(policy: &Policy, record: &Record) -> Vec<bool> {
    let is_allowed = |contact: &Contact| {
        engine::refusals(policy, record, contact, now()).unwrap().enforced.is_empty()
    };
    contacts().iter().map(is_allowed).collect()
}

fn part(names: &'static [&'static str]) -> impl Strategy<Value = Option<Name>> {
    proptest::option::weighted(0.4, select(names).prop_map(name))
}

fn scope() -> impl Strategy<Value = Scope> {
    let parts = (part(&CHANNELS), part(&PURPOSES), part(&TOPICS), any::<bool>());
    parts.prop_map(|(channel, purpose, topic, marketing)| Scope {
        marketing: marketing && purpose.is_none(),
        channel,
        purpose,
        topic,
        ..Scope::default()
    })
}

/// Limits of the customer's own, of which one contact has spent some.
fn cadence() -> impl Strategy<Value = Vec<Cadence>> {
    let limit = (1..3_u32, 1..40_u32, any::<bool>(), any::<bool>());
    let limit = limit.prop_map(|(limit, days, wide, calendar)| Cadence {
        channel: None,
        purposes: limits_of(policy(wide)),
        topics: Vec::new(),
        limit,
        per: if calendar {
            Cycle::Calendar(CalendarUnit::Month)
        } else {
            Cycle::Sliding(Span::from_days(days))
        },
    });
    proptest::collection::vec(limit, 0..4)
}

/// The purposes of a form that its limits are about.
fn limits_of(policy: &Policy) -> Vec<Name> {
    let mut purposes = policy.pages.purposes.clone();
    purposes.sort();
    purposes
}

fn record() -> impl Strategy<Value = Record> {
    let opt_out = (scope(), 0..3_u32).prop_map(|(scope, days)| OptOut {
        scope,
        at: Some(now().minus(Span::from_days(1))),
        until: (days > 0).then(|| now().plus(Span::from_days(days * 10))),
        source: None,
        stop: None,
    });
    (proptest::collection::vec(opt_out, 0..5), cadence()).prop_map(|(opt_outs, cadence)| {
        let mut record = Record { cadence, ..Record::default() };
        opt_outs.into_iter().for_each(|it| crate::operation::wish::refuse(&mut record, it));
        let sent = Contact::new(name("email"), name("offers"));
        let at = now().minus(Span::from_hours(2));
        record.history.add_contact(&sent, at, HistoryState::Sent).unwrap();
        record
    })
}

fn some(names: &'static [&'static str]) -> impl Strategy<Value = Vec<Name>> {
    proptest::sample::subsequence(names, 0..=names.len())
        .prop_map(|names| names.into_iter().map(name).collect())
}

fn names() -> impl Strategy<Value = Names> {
    let all = (some(&TOPICS), some(&["offers", "surveys"]), some(&CHANNELS), some(&["christmas"]));
    all.prop_map(|(topics, purposes, channels, occasions)| Names {
        topics,
        purposes,
        channels,
        occasions,
    })
}

fn saving() -> impl Strategy<Value = Saving> {
    let limit = proptest::option::of(proptest::option::of(1..3_u32));
    (names(), names(), limit, any::<bool>(), any::<bool>(), proptest::option::of(1..40_u32))
        .prop_map(|(refused, wanted, limit, end_break, stop_all, days)| Saving {
            refused,
            wanted,
            limit: limit.map(|it| Choose(it.map(|it| limits::sliding(it, Span::from_days(7))))),
            end_break,
            stop_all,
            break_for: days.map(Span::from_days),
            evidence: "form".into(),
            ..Saving::default()
        })
}

/// The contacts that a choice describes.
fn describes(policy: &Policy, sort: Sort, chosen: &Name, contact: &Contact) -> bool {
    policy.pages.purposes.contains(&contact.purpose)
        && match sort {
            Sort::Topic => contact.labels.topic.as_ref() == Some(chosen),
            Sort::Purpose => contact.purpose == *chosen,
            Sort::Channel => contact.channel == *chosen,
            Sort::Occasion => contact.occasions.contains(chosen),
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_says_nothing_new_changes_nothing(record in record(), wide in any::<bool>()) {
        let policy = policy(wide);
        let context = Context { policy, now: now() };
        let mut after = record.clone();
        let saving = Saving { is_current: true, evidence: "form".into(), ..Saving::default() };
        save(context, &mut after, &saving).unwrap();
        prop_assert_eq!(after, record);
    }

    #[test]
    fn what_is_shown_as_refused_is_and_what_is_wanted_is_not(
        record in record(),
        wide in any::<bool>(),
    ) {
        let policy = policy(wide);
        let offered = form(Context { policy, now: now() }, &record, None);
        for choice in &offered.purposes {
            // No channel and no topic of the policy: what is refused here is all of the purpose.
            let purpose = choice.name.clone();
            let labels = Labels { topic: Some(name("none")), ..Labels::NONE };
            let whole = Contact { labels, ..Contact::new(name("fax"), purpose) };
            let is_marketing =
                policy.purposes.iter().any(|it| it.name == choice.name && it.marketing);
            let refused = record.opt_outs.iter().any(|it| {
                it.until.is_none() && it.scope.matches(&whole, is_marketing)
            });
            prop_assert_eq!(choice.state == State::Wanted, !refused, "{}", choice.name);
        }
    }

    #[test]
    fn what_may_only_refuse_allows_nothing(
        record in record(),
        saving in saving(),
        wide in any::<bool>(),
    ) {
        let policy = policy(wide);
        let before = allowed(policy, &record);
        let mut after = record;
        save(Context { policy, now: now() }, &mut after, &saving).unwrap();
        for (contact, (was, is)) in contacts().iter().zip(before.into_iter().zip(allowed(policy, &after))) {
            prop_assert!(was || !is, "{contact:?}");
        }
    }

    #[test]
    fn what_is_refused_is_denied_and_the_rest_stays(record in record(), wide in any::<bool>()) {
        let policy = policy(wide);
        let context = Context { policy, now: now() };
        let offered = form(context, &record, None);
        let mut choices: Vec<(Sort, Name)> = Vec::new();
        choices.extend(offered.topics.iter().map(|it| (Sort::Topic, it.name.clone())));
        choices.extend(offered.purposes.iter().map(|it| (Sort::Purpose, it.name.clone())));
        choices.extend(offered.channels.iter().map(|it| (Sort::Channel, it.name.clone())));
        choices.push((Sort::Occasion, name("christmas")));
        let before = allowed(policy, &record);
        for (sort, chosen) in choices {
            let mut refused = Names::default();
            match sort {
                Sort::Topic => refused.topics.push(chosen.clone()),
                Sort::Purpose => refused.purposes.push(chosen.clone()),
                Sort::Channel => refused.channels.push(chosen.clone()),
                Sort::Occasion => refused.occasions.push(chosen.clone()),
            }
            let mut after = record.clone();
            let saving = Saving { refused, evidence: "form".into(), ..Saving::default() };
            save(context, &mut after, &saving).unwrap();
            let now_allowed = allowed(policy, &after);
            for (contact, (was, is)) in contacts().iter().zip(before.iter().zip(now_allowed)) {
                let expected = *was && !describes(policy, sort, &chosen, contact);
                prop_assert_eq!(is, expected, "{} {:?}", chosen, contact);
            }
        }
    }

    #[test]
    fn what_is_wanted_allows_nothing_beyond_the_form(
        record in record(),
        wanted in names(),
        wide in any::<bool>(),
    ) {
        let policy = policy(wide);
        let before = allowed(policy, &record);
        let mut after = record;
        let saving = Saving { wanted, is_current: true, evidence: "form".into(), ..Saving::default() };
        save(Context { policy, now: now() }, &mut after, &saving).unwrap();
        for (contact, (was, is)) in contacts().iter().zip(before.into_iter().zip(allowed(policy, &after))) {
            let is_about = policy.pages.purposes.contains(&contact.purpose);
            prop_assert!(is_about || was == is, "{contact:?}");
        }
    }
}
