//! What holds at the edges. The decision table is in `tests/cases`, and the comparison with a
//! second engine in `tests/properties`.

use std::sync::Arc;

use super::*;
use crate::model::Name;
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
    assert_eq!(ask(&Contact { topic, ..news.clone() }), Err(expected.to_owned()));
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
