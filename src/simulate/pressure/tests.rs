//! Hand-made histories.

use std::sync::Arc;

use super::*;
use crate::model::Ground;
use crate::model::Scope;
use crate::model::consent_event::ConsentEvent;
use crate::policy::Source;
use crate::zone::Zones;

const NOW: &str = "2026-11-22T12:00:00Z";

const POLICY: &str = "\
name: base
settings: {time_zone: {assume: UTC}}
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
budgets:
  - {name: weekly, limit: 3, per: 7d}
  - {name: gold, for: {segments: [gold]}, limit: 1, per: 1d}
  - {name: by-topic, for: {channels: [sms]}, by: [topic], limit: 1, per: 7d}
  - {name: watched, limit: 0, per: 1d, mode: shadow}
  - {name: later, limit: 0, per: 1d, effective: {from: 2027-01-01}}
quiet_hours: [{name: nights, closed: [{from: '20:00', to: '08:00'}]}]
";

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

/// A customer who was written to at these times.
fn mailed(times: &[&str]) -> Record {
    let contact = |at: &&str| format!("  - {{at: {at}, channel: email, purpose: marketing}}\n");
    customer(&format!("contacts:\n{}", times.iter().map(contact).collect::<String>()))
}

fn report(days: u32, records: &[Record]) -> Report {
    let mut pressure = Pressure::new(policy(POLICY), at(NOW), days);
    records.iter().for_each(|record| pressure.add(record));
    pressure.finish()
}

fn counts(histogram: &Histogram) -> Vec<u64> {
    histogram.buckets().map(|bucket| bucket.count).collect()
}

#[test]
fn buckets_touch_and_each_number_is_in_one() {
    let mut histogram = Histogram::default();
    (0..=22).for_each(|contacts| histogram.count(contacts));
    histogram.count(u32::MAX);
    assert_eq!(counts(&histogram), [1, 1, 1, 1, 1, 1, 5, 10, 3]);
    let buckets: Vec<Bucket> = histogram.buckets().collect();
    for pair in buckets.windows(2) {
        assert_eq!(pair[0].most, Some(pair[1].least - 1));
    }
    assert_eq!((buckets[0].least, buckets[8].most), (0, None));
}

#[test]
fn weeks_end_now_and_only_whole_ones_count() {
    let ada = mailed(&[
        // 17 days before now: in no whole week of 17 days.
        "2026-11-05T12:00:00Z",
        // The first instants of both weeks, and the last ones.
        "2026-11-08T12:00:00Z",
        "2026-11-15T11:59:59Z",
        "2026-11-15T12:00:00Z",
        "2026-11-22T11:59:59Z",
        // Not yet.
        "2026-11-22T12:00:00Z",
    ]);
    let text = "contacts:
  - {at: 2026-11-20T09:00:00Z, channel: sms, purpose: receipt}
  - {at: 2026-11-20T10:00:00Z, channel: email, purpose: marketing, state: released}
  - {at: 2026-11-20T11:00:00Z, channel: letter, purpose: marketing, state: bounced}
";
    let report = report(17, &[ada, customer(text), Record::default()]);
    assert_eq!((report.customers_seen, report.weeks), (3, 2));
    assert_eq!(report.all.contacts, 7);
    // Of six weeks, three have two contacts: both of Ada, and one of the second customer.
    assert_eq!(counts(&report.all.weeks), [3, 0, 3, 0, 0, 0, 0, 0, 0]);
    let channel = |of: &str| {
        let channel = &report.channels[&name(of)];
        (channel.contacts, counts(&channel.weeks)[..4].to_vec())
    };
    assert_eq!(channel("email"), (5, vec![4, 0, 2, 0]));
    assert_eq!(channel("sms"), (1, vec![5, 1, 0, 0]));
    assert_eq!(channel("letter"), (1, vec![5, 1, 0, 0]), "no channel of the policy any more");
}

#[test]
fn fewer_than_seven_days_have_no_week() {
    let report = report(6, &[mailed(&["2026-11-20T09:00:00Z"])]);
    assert_eq!((report.weeks, report.all.contacts, report.all.weeks.all()), (0, 1, 0));
}

#[test]
fn a_customer_is_at_a_limit_where_the_budget_would_refuse() {
    let three = ["2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z"];
    let gold = |record: Record| {
        let mut record = record;
        record.profile.segments = vec![name("gold")];
        record
    };
    let report = report(
        28,
        &[mailed(&three), mailed(&three[..2]), gold(mailed(&three[2..])), gold(Record::default())],
    );
    let budget = |of: &str| {
        let it = report.budgets[&name(of)];
        (it.customers, it.at_limit)
    };
    assert_eq!(budget("weekly"), (4, 1));
    assert_eq!(budget("gold"), (2, 1));
    assert_eq!(budget("by-topic"), (4, 0));
    assert_eq!(budget("later"), (0, 0), "it is not in force yet");
    assert!(!report.budgets.contains_key(&name("watched")), "it is in shadow");
}

#[test]
fn budgets_by_topic_are_tried_with_the_topics_on_record() {
    let text = "contacts:
  - {at: 2026-11-20T09:00:00Z, channel: sms, purpose: marketing, topic: baby}
";
    let report = report(28, &[customer(text)]);
    assert_eq!(report.budgets[&name("by-topic")].at_limit, 1);
}

#[test]
fn what_a_budget_would_have_refused_is_told_again() {
    // Five within a week: had the policy been in force, the fourth and the fifth were refused. One
    // at night is refused for the hour, so it spends nothing and is not a refusal of a budget.
    let record = mailed(&[
        "2026-11-09T09:00:00Z",
        "2026-11-10T09:00:00Z",
        "2026-11-10T23:00:00Z",
        "2026-11-11T09:00:00Z",
        "2026-11-12T09:00:00Z",
        "2026-11-13T09:00:00Z",
    ]);
    assert_eq!(report(28, &[record]).budgets[&name("weekly")].would_refuse, 2);
}

#[test]
fn opt_outs_are_told_by_what_came_in_the_week_before() {
    let mut record = mailed(&[
        "2026-11-01T09:00:00Z",
        "2026-11-13T09:00:00Z",
        "2026-11-13T10:00:00Z",
        "2026-11-19T09:00:00Z",
        "2026-11-20T09:00:01Z",
    ]);
    let event = |time: &str, channel: &str, kind| ConsentEvent {
        heard: at(NOW),
        kind,
        ground: Ground::EXPRESS,
        scope: Scope { channel: Some(name(channel)), ..Scope::default() },
        at: at(time),
        until: None,
        source: None,
        evidence: None,
    };
    record.consent_events = vec![
        // Too long ago.
        event("2026-10-20T09:00:00Z", "email", ConsentKind::OptOut),
        event("2026-11-05T09:00:00Z", "email", ConsentKind::OptOut),
        event("2026-11-06T09:00:00Z", "email", ConsentKind::OptIn),
        // Two noes of one moment are one; 13 November at 09:00 is exactly seven days before.
        event("2026-11-20T09:00:00Z", "email", ConsentKind::OptOut),
        event("2026-11-20T09:00:00Z", "sms", ConsentKind::OptOut),
    ];
    let report = report(28, &[record]);
    assert_eq!(counts(&report.opt_outs), [0, 1, 0, 1, 0, 0, 0, 0, 0]);
}
