//! What holds at the edges. The decision table is in `tests/cases`, and the comparison with a
//! second engine in `tests/properties`.

use std::sync::Arc;

use super::*;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::decision::Outcome;
use crate::policy::Source;
use crate::policy::preset;
use crate::policy::suite::Suite;
use crate::zone::Zones;

fn zones() -> Arc<Zones> {
    Arc::new(Zones::bundled())
}

fn policy(text: &str) -> Policy {
    let loaded = Policy::load(&[Source::new("policy.yaml", text)], &zones());
    loaded.unwrap_or_else(|problems| panic!("{problems}")).0
}

fn customer(text: &str) -> Record {
    let loaded = Record::load(&Source::new("customer.yaml", text), &zones());
    loaded.unwrap_or_else(|problems| panic!("{problems}"))
}

fn contact(channel: &str, purpose: &str) -> Contact {
    Contact::new(Name::new(channel).unwrap(), Name::new(purpose).unwrap())
}

/// A policy with every family, and a customer with every wish.
const EVERYTHING: &str = include_str!("../policy/document/tests/language.yaml");
const CUSTOMER: &str = "\
time_zones: [America/New_York, Asia/Kolkata, Africa/Cairo]
jurisdictions: [US-FL, IT]
opt_outs: [{occasion: mothers_day}, {channel: push, until: 2026-12-01T00:00:00Z}]
consents: [{channel: sms}, {channel: push, at: 2026-01-01T00:00:00Z}]
suppressions: [{purpose: marketing, until: 2026-11-01T00:00:00Z}]
cadence: [{channel: email, limit: 2, per: 7d}, {limit: 9, per: {calendar: month}}]
quiet: [{from: 2026-12-20, to: 2027-01-05}, {yearly: 02-29, around: 3d}, {hours: {from: \"18:00\", to: \"09:00\"}}]
contacts:
  - {at: 1970-01-01T00:00:00Z, channel: email, purpose: marketing}
  - {at: 2026-11-20T09:00:00Z, channel: voice, purpose: marketing, topic: baby, state: reserved}
  - {at: 2199-12-31T23:59:59Z, channel: email, purpose: marketing, state: reserved}
events:
  - {at: 2026-11-19T09:00:00Z, type: conversation, channel: voice}
  - {at: 2026-11-21T09:00:00Z, type: refused, channel: voice}
  - {at: 2199-12-31T23:59:59Z, type: inbound, channel: email}
";

#[test]
fn no_instant_makes_it_panic() {
    let policy = policy(EVERYTHING);
    let record = customer(CUSTOMER);
    let edges = [i64::MIN, i64::MIN + 1, -1, 0, 1, 7_258_118_399_999, i64::MAX - 1, i64::MAX];
    for channel in ["email", "sms", "push", "voice", "whatsapp", "direct_mail"] {
        for purpose in ["marketing", "transactional", "service_reply", "legal_notice"] {
            for millis in edges {
                let at = Instant::from_millis(millis);
                let contact = contact(channel, purpose);
                decide(&policy, &record, &contact, at, Detail::Full).unwrap();
            }
        }
    }
}

#[test]
fn a_name_that_is_not_declared_is_no_decision() {
    let policy = policy("name: base\nchannels: {email: {}}\npurposes: {news: {}}\ntopics: [sport]");
    let now = Instant::parse("2026-11-22T12:00:00Z").unwrap();
    let ask = |contact: &Contact| {
        let answer = decide(&policy, &Record::default(), contact, now, Detail::Brief);
        answer.map(|decision| decision.effect).map_err(|undeclared| undeclared.to_string())
    };
    let news = contact("email", "news");
    assert_eq!(ask(&news), Ok(Effect::Allow));
    let expected = "the policy declares no channel `fax`; it declares `email`";
    assert_eq!(ask(&contact("fax", "news")), Err(expected.to_owned()));
    let expected = "the policy declares no purpose `marketing`; it declares `news`";
    assert_eq!(ask(&contact("email", "marketing")), Err(expected.to_owned()));
    let topic = Name::new("weather").ok();
    let expected = "the policy declares no topic `weather`; it declares `sport`";
    let labels = Labels { topic, ..Labels::NONE };
    assert_eq!(ask(&Contact { labels, ..news.clone() }), Err(expected.to_owned()));
    let occasions = vec![Name::new("groundhog_day").unwrap()];
    assert!(ask(&Contact { occasions, ..news }).unwrap_err().contains("`mothers_day`"));
}

#[test]
fn detail_changes_nothing_and_tells_of_every_rule() {
    let policy = policy(EVERYTHING);
    let record = customer(CUSTOMER);
    let at = Instant::parse("2026-11-22T12:00:00Z").unwrap();
    let voice = contact("voice", "marketing");
    let brief = decide(&policy, &record, &voice, at, Detail::Brief).unwrap();
    let full = decide(&policy, &record, &voice, at, Detail::Full).unwrap();
    assert_eq!(Decision { detail: None, ..full.clone() }, brief);
    let trace = full.detail.unwrap().trace;
    for rule in &policy.rules {
        let found = trace.iter().filter(|finding| finding.cause.rule() == Some(&rule.name));
        assert_eq!(found.count(), 1, "{}", rule.name);
    }
    let denying: Vec<Code> = trace
        .iter()
        .filter_map(|finding| match finding.outcome {
            Outcome::Denies(code, _) => Some(code),
            Outcome::NotConcerned
            | Outcome::Off
            | Outcome::NotInForce(_)
            | Outcome::Exempt
            | Outcome::Satisfied(_)
            | Outcome::WouldDeny(..) => None,
        })
        .collect();
    assert_eq!(denying.len(), brief.reasons.len());
    assert!(brief.reasons.iter().all(|reason| denying.contains(&reason.code)));
}

#[test]
fn a_rule_in_shadow_is_reported_and_denies_nothing() {
    let policy = policy(
        "name: base\nchannels: {email: {}}\npurposes: {news: {}}\n\
         budgets: [{name: tried-out, limit: 0, per: 1d, mode: shadow}, {name: off, limit: 0, per: 1d, mode: off}]",
    );
    let at = Instant::parse("2026-11-22T12:00:00Z").unwrap();
    let email = contact("email", "news");
    let decision = decide(&policy, &Record::default(), &email, at, Detail::Full).unwrap();
    assert_eq!((decision.effect, decision.reasons.len()), (Effect::Allow, 0));
    let shadow: Vec<Code> = decision.shadow.iter().map(|reason| reason.code).collect();
    assert_eq!(shadow, [Code::BudgetSpent]);
    assert_eq!(decision.remaining, []);
    let outcomes: Vec<Outcome> =
        decision.detail.unwrap().trace.iter().map(|finding| finding.outcome).collect();
    assert_eq!(outcomes, [Outcome::WouldDeny(Code::BudgetSpent, None), Outcome::Off]);
}

#[test]
fn the_starter_policy_answers_its_own_tests() {
    let tests = Source::new("starter_test.yaml", include_str!("../policy/starter_test.yaml"));
    let starter = [Source::new("starter.yaml", preset::STARTER)];
    let (suite, _warnings) = Suite::load(&tests, &starter, &zones()).unwrap();
    let mut asked = 0;
    for test in &suite.tests {
        let policy = suite.policy.clone().with_pauses(test.pauses.clone());
        for it in &test.expectations {
            let record = &test.customers[&it.customer];
            let answer = decide(&policy, record, &it.contact, it.at, Detail::Brief).unwrap();
            assert_eq!(answer.effect, it.effect, "{}", test.name);
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} questions were asked");
}

/// Each stretch says what `decide` says at its ends and in its middle, and no more than that.
fn hold(policy: &Policy, record: &Record, contact: &Contact, found: &Stretches) {
    let decided = |at| {
        let decision = decide(policy, record, contact, at, Detail::Brief).unwrap();
        let denials = decision.reasons.iter().map(|it| Denial::new(it.code, &it.cause));
        let mut denials: Vec<Denial> = denials.collect();
        denials.sort();
        denials.dedup();
        denials
    };
    let milli = Span::from_millis(1);
    for Stretch { from, until, denied_by } in &found.each {
        let middle = Instant::from_millis(i64::midpoint(from.millis(), until.millis()));
        for at in [*from, middle, until.minus(milli)] {
            assert_eq!(&decided(at), denied_by, "{at} of {from} to {until}");
        }
    }
    for pair in found.each.windows(2) {
        assert_eq!(pair[0].until, pair[1].from);
        assert_ne!(pair[0].denied_by, pair[1].denied_by);
    }
}

#[test]
fn stretches_say_what_is_decided() {
    let policy = policy(EVERYTHING);
    let record = customer(CUSTOMER);
    let from = Instant::parse("2026-11-20T08:00:00Z").unwrap();
    let until = from.plus(Span::from_days(12));
    for channel in ["email", "sms", "push", "voice", "whatsapp", "direct_mail"] {
        for purpose in ["marketing", "transactional", "service_reply", "legal_notice"] {
            let contact = contact(channel, purpose);
            let found = stretches(&policy, &record, &contact, from, until).unwrap();
            assert!(!found.truncated && found.each.len() <= STRETCHES_MAX);
            assert_eq!(found.each.first().unwrap().from, from);
            assert_eq!(found.each.last().unwrap().until, until);
            hold(&policy, &record, &contact, &found);
        }
    }
}

#[test]
fn stretches_are_bounded_and_say_so() {
    let policy = policy(
        "name: p\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
         quiet_hours: [{name: n, time_zone: UTC, closed: [{from: '20:00', to: '08:00'}]}]\n",
    );
    let (record, contact) = (Record::default(), contact("email", "marketing"));
    let from = Instant::parse("2026-11-20T12:00:00Z").unwrap();
    // Two a day: 249 nights, and the days around them.
    let until = Instant::parse("2027-07-27T20:00:00Z").unwrap();
    let whole = |until| stretches(&policy, &record, &contact, from, until).unwrap();
    let found = whole(until.plus(Span::from_hours(12)));
    assert_eq!((found.each.len(), found.truncated), (STRETCHES_MAX, false));
    let more = whole(until.plus(Span::from_hours(13)));
    assert_eq!((more.each == found.each, more.truncated), (true, true));
    hold(&policy, &record, &contact, &more);
}

#[test]
fn an_instant_between_two_contacts_is_a_stretch_of_a_millisecond() {
    let policy = policy(
        "name: p\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
         spacing: [{name: apart, least: 1d}]\n",
    );
    let record = customer(
        "contacts:\n  - {at: 2026-11-20T12:00:00Z, channel: email, purpose: marketing}\n  \
         - {at: 2026-11-22T12:00:00Z, channel: email, purpose: marketing, state: reserved}\n",
    );
    let contact = contact("email", "marketing");
    let from = Instant::parse("2026-11-20T13:00:00Z").unwrap();
    let found = stretches(&policy, &record, &contact, from, from.plus(Span::from_days(4))).unwrap();
    let shown: Vec<String> = found
        .each
        .iter()
        .map(|it| format!("{} {} {}", it.from, it.until, it.denied_by.len()))
        .collect();
    assert_eq!(
        shown,
        [
            "2026-11-20T13:00:00Z 2026-11-21T12:00:00Z 1",
            "2026-11-21T12:00:00Z 2026-11-21T12:00:00.001Z 0",
            "2026-11-21T12:00:00.001Z 2026-11-23T12:00:00Z 1",
            "2026-11-23T12:00:00Z 2026-11-24T13:00:00Z 0",
        ]
    );
    hold(&policy, &record, &contact, &found);
}
