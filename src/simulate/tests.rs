//! Hand-made histories under hand-made policies.

use std::sync::Arc;

use super::*;
use crate::engine::Refusal;
use crate::model::Ground;
use crate::model::Name;
use crate::model::Scope;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::decision::Code;
use crate::model::wish::Consent;
use crate::model::wish::OptOut;
use crate::policy::Source;
use crate::zone::Zones;

const NOW: &str = "2026-11-22T12:00:00Z";

const THREE: &str = "\
name: base
settings: {time_zone: {assume: UTC}}
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
budgets: [{name: weekly, limit: 3, per: 7d}]
";

fn two() -> String {
    THREE.replace("limit: 3", "limit: 2")
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn policy(text: &str) -> Policy {
    let loaded = Policy::load(&[Source::new("policy.yaml", text)], &Arc::new(Zones::bundled()));
    loaded.unwrap_or_else(|problems| panic!("{problems}")).0
}

fn customer(text: &str) -> Record {
    let loaded = Record::load(&Source::new("customer.yaml", text), &Zones::bundled());
    loaded.unwrap_or_else(|problems| panic!("{problems}"))
}

/// Marketing e-mails at noon on these days of November.
fn mailed(days: &[u8]) -> Record {
    let contact = |day| {
        format!("  - {{at: 2026-11-{day:02}T09:00:00Z, channel: email, purpose: marketing}}\n")
    };
    customer(&format!("contacts:\n{}", days.iter().map(contact).collect::<String>()))
}

fn question(current: &str, candidate: &str, days: u32) -> Question {
    let (current, candidate) = (policy(current), policy(candidate));
    Question { current, candidate, now: at(NOW), days, sample: None }
}

fn simulate(question: Question, customers: &[(&str, Record)]) -> Tally {
    let mut simulation = Simulation::new(question);
    for (id, record) in customers {
        simulation.add(id, record);
    }
    simulation.finish()
}

fn rule(code: Code, rule: &str) -> Cause {
    Cause::Refusal(Refusal { code, rule: Some(name(rule)) })
}

const fn effect(current: u64, candidate: u64, newly_refused: u64, newly_allowed: u64) -> Effect {
    Effect { current, candidate, newly_refused, newly_allowed }
}

#[test]
fn what_a_policy_refuses_does_not_stand_against_what_follows() {
    // Three a week for three weeks. Against the contacts that were made, all from the third on
    // would be too many; without those that it refuses, the third of each week is.
    let days = [2, 4, 6, 9, 11, 13, 16, 18, 20];
    let tally = simulate(question(THREE, &two(), 30), &[("ada", mailed(&days))]);
    assert_eq!(tally.all, Share { contacts: 9, effect: effect(0, 3, 3, 0) });
    let expected = [(rule(Code::BudgetSpent, "weekly"), effect(0, 3, 3, 0))];
    assert_eq!(tally.by_cause, expected.into());
    let refused: Vec<String> = tally
        .by_day
        .iter()
        .filter(|(_, share)| share.effect.newly_refused > 0)
        .map(|(day, _)| day.to_string())
        .collect();
    assert_eq!(refused, ["2026-11-06", "2026-11-13", "2026-11-20"]);
    assert_eq!(tally.worst().collect::<Vec<_>>(), [("ada", 3)]);
}

#[test]
fn what_is_newly_allowed_is_told_as_well() {
    let tally = simulate(question(&two(), THREE, 30), &[("ada", mailed(&[2, 4, 6]))]);
    assert_eq!(tally.all, Share { contacts: 3, effect: effect(1, 0, 0, 1) });
    let expected = [(rule(Code::BudgetSpent, "weekly"), effect(1, 0, 0, 1))];
    assert_eq!(tally.by_cause, expected.into());
    assert_eq!((tally.customers_affected, tally.worst().count()), (1, 0));
}

#[test]
fn days_are_those_of_utc_with_today_as_the_last() {
    let record = customer(
        "contacts:
  - {at: 2026-11-19T23:59:59Z, channel: email, purpose: marketing}
  - {at: 2026-11-20T00:00:00Z, channel: sms, purpose: marketing}
  - {at: 2026-11-22T11:59:59Z, channel: email, purpose: marketing}
  - {at: 2026-11-22T12:00:00Z, channel: email, purpose: marketing, state: reserved}
",
    );
    let tally = simulate(question(THREE, &two(), 3), &[("ada", record)]);
    let days: Vec<(String, u64)> =
        tally.by_day.iter().map(|(day, share)| (day.to_string(), share.contacts)).collect();
    let expected = [("2026-11-20", 1), ("2026-11-21", 0), ("2026-11-22", 1)];
    assert_eq!(days, expected.map(|(day, count)| (day.to_owned(), count)));
    // What was before them still counts.
    assert_eq!(tally.all.effect, effect(0, 1, 1, 0));
    let share = |contacts, effect| Share { contacts, effect };
    let channels = [
        (name("email"), share(1, effect(0, 1, 1, 0))),
        (name("sms"), share(1, effect(0, 0, 0, 0))),
    ];
    assert_eq!(tally.by_channel, channels.into());
}

#[test]
fn what_was_given_back_is_not_judged() {
    let record = customer(
        "contacts:
  - {at: 2026-11-19T10:00:00Z, channel: email, purpose: marketing, state: released}
  - {at: 2026-11-19T11:00:00Z, channel: email, purpose: marketing, state: expired}
  - {at: 2026-11-19T12:00:00Z, channel: email, purpose: marketing, state: bounced}
  - {at: 2026-11-19T13:00:00Z, channel: email, purpose: marketing}
",
    );
    let counting = THREE.replace("limit: 3,", "limit: 3, refund_on: [],");
    let tally = simulate(question(THREE, &counting, 30), &[("ada", record)]);
    assert_eq!(tally.all, Share { contacts: 2, effect: effect(0, 1, 1, 0) });
}

#[test]
fn purposes_that_pass_a_rule_pass_it_here() {
    let record = customer(
        "contacts:
  - {at: 2026-11-19T10:00:00Z, channel: email, purpose: receipt}
  - {at: 2026-11-19T11:00:00Z, channel: email, purpose: receipt}
  - {at: 2026-11-19T12:00:00Z, channel: email, purpose: receipt}
  - {at: 2026-11-19T13:00:00Z, channel: email, purpose: marketing}
",
    );
    let tally = simulate(question(THREE, &two(), 30), &[("ada", record)]);
    // The receipts are sent, and spend.
    assert_eq!(tally.all.effect, effect(1, 1, 0, 0));
}

#[test]
fn names_that_the_candidate_drops_are_refused() {
    let record =
        customer("contacts: [{at: 2026-11-19T10:00:00Z, channel: sms, purpose: marketing}]");
    let without = THREE.replace(", sms: {}", "");
    let tally = simulate(question(THREE, &without, 30), &[("ada", record)]);
    assert_eq!(tally.by_cause, [(Cause::Undeclared, effect(0, 1, 1, 0))].into());
}

#[test]
fn a_wish_holds_from_when_it_was_stated() {
    let mut record = mailed(&[2, 4, 6]);
    record.opt_outs.push(OptOut {
        scope: Scope::default(),
        at: Some(at("2026-11-05T00:00:00Z")),
        until: None,
        source: None,
        stop: None,
    });
    let tally = simulate(question(THREE, THREE, 30), &[("ada", record)]);
    let opted_out = Cause::Refusal(Refusal { code: Code::OptedOut, rule: None });
    assert_eq!(tally.by_cause, [(opted_out, effect(1, 1, 0, 0))].into());
}

#[test]
fn a_consent_that_was_renewed_since_held_before() {
    let needed = THREE.replace("email: {}", "email: {consent: required}");
    let renewed = |events: &[(ConsentKind, &str)]| {
        let mut record = mailed(&[4]);
        let scope = Scope { channel: Some(name("email")), ..Scope::default() };
        record.consents.push(Consent {
            scope: scope.clone(),
            at: Some(at("2026-11-20T00:00:00Z")),
            confirmed: true,
            ground: Ground::EXPRESS,
        });
        record.consent_events.extend(events.iter().map(|(kind, when)| ConsentEvent {
            heard: at(when),
            kind: *kind,
            ground: Ground::EXPRESS,
            scope: scope.clone(),
            at: at(when),
            until: None,
            source: None,
            evidence: None,
        }));
        simulate(question(THREE, &needed, 30), &[("ada", record)]).all.effect.newly_refused
    };
    let (yes, no) = (ConsentKind::OptIn, ConsentKind::OptOut);
    let (first, second) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z");
    assert_eq!(renewed(&[]), 1, "it was given later");
    assert_eq!(renewed(&[(yes, first)]), 0);
    assert_eq!(renewed(&[(yes, first), (no, second)]), 1);
    assert_eq!(renewed(&[(no, first), (yes, second)]), 0);
}

#[test]
fn an_event_stands_against_what_follows_it() {
    let reacting =
        format!("{THREE}reactions: [{{on: complained, suppress: {{purposes: [marketing]}}}}]\n");
    let record = customer(
        "contacts:
  - {at: 2026-11-19T10:00:00Z, channel: email, purpose: marketing}
  - {at: 2026-11-20T10:00:00Z, channel: email, purpose: marketing}
events: [{at: 2026-11-19T10:00:00Z, type: complained, channel: email}]
",
    );
    let tally = simulate(question(THREE, &reacting, 30), &[("ada", record)]);
    assert_eq!(tally.all.effect, effect(0, 1, 1, 0));
}

#[test]
fn rules_in_shadow_are_told_and_refuse_nothing() {
    let shadow = two().replace("per: 7d", "per: 7d, mode: shadow");
    let tally = simulate(question(THREE, &shadow, 30), &[("ada", mailed(&[2, 4, 6, 7]))]);
    assert_eq!(tally.all.effect, effect(1, 0, 0, 1));
    let weekly = Refusal { code: Code::BudgetSpent, rule: Some(name("weekly")) };
    assert_eq!((tally.shadow, tally.shadow_contacts), ([(weekly, 2)].into(), 2));
}

#[test]
fn the_ten_who_are_affected_most_are_named() {
    let many: Vec<(String, Record)> = (0..20)
        .map(|number| {
            let days: Vec<u8> = (1..=number + 2).collect();
            (format!("c{number:02}"), mailed(&days))
        })
        .collect();
    let limited = |limit: &str| THREE.replace("limit: 3", limit);
    let asked = question(&limited("limit: 100"), &limited("limit: 0"), 30);
    let mut simulation = Simulation::new(asked);
    for (id, record) in &many {
        simulation.add(id, record);
        // A store that moves things about shows some of them twice.
        simulation.add(id, record);
    }
    let tally = simulation.finish();
    let worst: Vec<&str> = tally.worst().map(|(id, _)| id).collect();
    assert_eq!(worst.len(), WORST_MAX);
    assert_eq!(worst.first(), Some(&"c19"));
    assert!(tally.worst().is_sorted_by_key(|(_, count)| std::cmp::Reverse(count)));
    assert!(worst.iter().all(|id| worst.iter().filter(|other| *other == id).count() == 1));
}

#[test]
fn a_sample_has_its_size_and_is_always_the_same() {
    let ids: Vec<String> = (0..500).map(|number| format!("c{number}")).collect();
    let sampled = |order: &mut dyn Iterator<Item = &String>| {
        let none = THREE.replace("limit: 3", "limit: 0");
        let asked = Question { sample: Some(5), ..question(THREE, &none, 30) };
        let mut simulation = Simulation::new(asked);
        for id in order {
            simulation.add(id, &mailed(&[2]));
        }
        simulation.add(&ids[0], &mailed(&[2]));
        simulation.finish()
    };
    let (forth, back) = (sampled(&mut ids.iter()), sampled(&mut ids.iter().rev()));
    assert_eq!((forth.customers, forth.customers_seen), (5, 501));
    assert_eq!((forth.all.contacts, forth.all.effect.newly_refused), (5, 5));
    assert_eq!(forth, back);
    let chosen: Vec<&str> = forth.worst().map(|(id, _)| id).collect();
    assert_ne!(chosen, ["c0", "c1", "c2", "c3", "c4"], "not the first that come");
    let few = sampled(&mut ids.iter().take(3));
    assert_eq!((few.customers, few.customers_seen), (3, 4));
}

#[test]
fn pauses_are_left_out() {
    let mut asked = question(THREE, THREE, 30);
    let selection = crate::model::pause::Selection::default();
    let pause = crate::model::pause::Pause {
        name: name("crisis"),
        selection,
        reason: Box::from("crisis"),
        from: None,
        until: None,
        author: None,
        set: at(NOW),
    };
    let pauses = vec![crate::policy::rules::Pause::of(&pause, &asked.current)];
    asked.current = asked.current.with_pauses(pauses);
    let tally = simulate(asked, &[("ada", mailed(&[2]))]);
    assert_eq!(tally.all.effect, effect(0, 0, 0, 0));
}
