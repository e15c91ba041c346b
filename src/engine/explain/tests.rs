use std::sync::Arc;

use crate::engine::Detail;
use crate::engine::decide;
use crate::model::Contact;
use crate::model::Decision;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::decision::Outcome;
use crate::policy::Policy;
use crate::policy::Source;
use crate::zone::Zones;

const POLICY: &str = r#"
name: base
channels: {email: {}, sms: {consent: required, valid_for: 730d}, voice: {}}
purposes: {marketing: {}, reply: {replies: true}, notice: {exempt: [opt_outs, quiet_hours]}}
conversations: {window: 24h}
budgets: [{name: b, for: {purposes: [marketing]}, limit: 4, per: 7d}]
spacing: [{name: s, for: {purposes: [marketing]}, least: 20h}]
backoff: [{name: k, for: {channels: [email], purposes: [marketing]}, after: 5, base: 7d, most: 60d}]
contact_hours:
  - {name: c, source: "47 CFR 64.1200", for: {channels: [voice]}, open: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "21:00"}, {days: [sat], from: "09:00", to: "17:00"}]}
  - {name: old, for: {channels: [voice]}, open: [{from: "10:00", to: "11:00"}], effective: {until: 2026-08-10}}
quiet_hours: [{name: q, for: {channels: [email, sms]}, closed: [{from: "20:00", to: "09:00"}]}]
quiet_periods: [{name: m, for: {purposes: [marketing]}, occasion: mothers_day, before: 14d, after: 1d, who: opted_out}]
reactions: [{name: r, on: bounced_soft, times: 2, suppress: {channel: same}, for: 30d}]
"#;

fn asked(customer: &str, channel: &str, purpose: &str, at: &str) -> Decision {
    let zones = Arc::new(Zones::bundled());
    let (policy, _) = Policy::load(&[Source::new("p.yaml", POLICY)], &zones).unwrap();
    let record = Record::load(&Source::new("customer.yaml", customer), &zones).unwrap();
    let contact = Contact::new(Name::new(channel).unwrap(), Name::new(purpose).unwrap());
    decide(&policy, &record, &contact, Instant::parse(at).unwrap(), Detail::Full).unwrap()
}

/// The note of the finding with this title.
#[track_caller]
fn note(decision: &Decision, title: &str) -> String {
    let trace = &decision.detail.as_ref().unwrap().trace;
    let found = trace.iter().find(|finding| finding.title() == title);
    found.unwrap_or_else(|| panic!("{title}: {trace:#?}")).note.clone()
}

#[test]
fn hours_are_told_as_they_stand_now() {
    // Monday 23 November 2026, 15:00 and 22:00 in New York.
    let customer = "{time_zone: America/New_York}";
    let hours = "open mon to fri 08:00 to 21:00, sat 09:00 to 17:00 in America/New_York";
    let day = asked(customer, "voice", "marketing", "2026-11-23T20:00:00Z");
    assert_eq!(note(&day, "c"), format!("open now, closes 21:00 ({hours}) (47 CFR 64.1200)"));
    let night = asked(customer, "voice", "marketing", "2026-11-24T03:00:00Z");
    let opens = "closed now, opens 08:00 on tue 2026-11-24";
    assert_eq!(note(&night, "c"), format!("{opens} ({hours}) (47 CFR 64.1200)"));
    assert_eq!(
        note(&night, "old"),
        "not in force since 2026-08-11: open every day 10:00 to 11:00 in America/New_York"
    );
    let early = asked(customer, "email", "marketing", "2026-11-23T13:00:00Z");
    let closed = "closed every day 20:00 to 09:00 in America/New_York";
    assert_eq!(note(&early, "q"), format!("closed now, opens 09:00 ({closed})"));
    let late = asked(customer, "email", "marketing", "2026-11-23T20:00:00Z");
    assert_eq!(note(&late, "q"), format!("open now, closes 20:00 ({closed})"));
    assert_eq!(late.detail.unwrap().clocks, [Box::<str>::from("America/New_York")]);
    let nowhere = asked("{}", "email", "marketing", "2026-11-23T13:00:00Z");
    assert!(note(&nowhere, "q").contains("closed every day 20:00 to 09:00"), "{nowhere:?}");
}

#[test]
fn an_occasion_is_told_with_its_country_and_date() {
    let customer = "{time_zone: Europe/Paris, opt_outs: [{occasion: mothers_day}]}";
    let at = "2027-05-28T12:00:00Z";
    let told = "mothers_day is on 2027-05-30 in FR, closed 2027-05-16 to 2027-05-31";
    let closed = asked(customer, "email", "marketing", at);
    assert_eq!(closed.reasons[0].message.as_deref(), Some(told));
    assert_eq!(note(&closed, "m"), told);
    let monaco =
        "{jurisdictions: [MC], time_zone: Europe/Paris, opt_outs: [{occasion: mothers_day}]}";
    let open = asked(monaco, "email", "marketing", at);
    let next = "open now, closed next: mothers_day is on 2028-05-14 in MC, closed 2028-04-30 to 2028-05-15";
    assert_eq!(note(&open, "m"), next);
    let nowhere = asked("{opt_outs: [{occasion: mothers_day}]}", "email", "marketing", at);
    let message = nowhere.reasons.iter().find_map(|reason| reason.message.clone()).unwrap();
    assert!(message.contains("2027-05-30"), "{message}");
    assert!(message.contains("FR"), "{message}");
    assert!(message.contains("every country's dates count"), "{message}");
    let own = "{time_zone: Europe/Paris, quiet: [{from: 2027-05-27, to: 2027-05-29}]}";
    let own = asked(own, "email", "marketing", at);
    assert_eq!(own.reasons[0].message.as_deref(), Some("closed 2027-05-27 to 2027-05-29"));
}

#[test]
fn wishes_are_told_as_they_stand_now() {
    let at = "2026-11-23T12:00:00Z";
    let customer =
        "{time_zone: Europe/Paris, consents: [{channel: sms, at: 2026-03-01T10:00:00Z}]}";
    let given = asked(customer, "sms", "marketing", at);
    let told = "consent to sms given 2026-03-01T10:00:00Z (2026-03-01 11:00:00 Europe/Paris), \
                valid until 2028-02-29T10:00:00Z (2028-02-29 11:00:00 Europe/Paris)";
    assert_eq!(note(&given, "consent to sms"), told);
    let none = asked("{time_zone: Europe/Paris}", "sms", "marketing", at);
    assert_eq!(
        note(&none, "no consent to sms"),
        "needs a consent to sms for marketing: express, at most 730d old"
    );
    let aged = asked(
        "{time_zone: Europe/Paris, consents: [{channel: sms, at: 2023-03-01T10:00:00Z}]}",
        "sms",
        "marketing",
        at,
    );
    assert!(note(&aged, "no consent to sms").contains("at most 730d old"), "{aged:?}");

    let out =
        asked("{time_zone: Europe/Paris, opt_outs: [{channel: email}]}", "email", "marketing", at);
    let title = "an opt-out of channel email";
    assert!(note(&out, title).ends_with("until the customer opts in again"), "{out:?}");
    assert_eq!(out.reasons[0].message, None);
    let notice = asked("{opt_outs: [{channel: email}]}", "email", "notice", at);
    assert!(note(&notice, title).starts_with("purpose notice is exempt from it: "), "{notice:?}");
    let snooze = asked(
        "{time_zone: Europe/Paris, opt_outs: [{channel: email, until: 2029-01-01T00:00:00Z}]}",
        "email",
        "marketing",
        at,
    );
    assert_eq!(
        snooze.reasons[0].message.as_deref(),
        Some("until 2029-01-01T00:00:00Z (2029-01-01 01:00:00 Europe/Paris)")
    );
    let over = asked(
        "{time_zone: Europe/Paris, opt_outs: [{channel: email, until: 2026-11-01T00:00:00Z}]}",
        "email",
        "marketing",
        at,
    );
    assert!(note(&over, title).contains("ended at 2026-11-01"), "{over:?}");
    let few = "{cadence: [{limit: 2, per: 7d}], contacts: [{at: 2026-11-22T12:00:00Z, channel: email, purpose: reply}]}";
    let few = asked(few, "email", "reply", at);
    assert_eq!(note(&few, "the customer's cadence"), "1 of 2 left in 7d");
}

#[test]
fn counts_are_told_and_what_denies_comes_first() {
    let customer = "{time_zone: Europe/Paris, contacts: [
        {at: 2026-11-22T18:00:00Z, channel: email, purpose: marketing}],
        events: [{at: 2026-11-20T12:00:00Z, type: bounced_soft, channel: email}]}";
    let soon = asked(customer, "email", "marketing", "2026-11-23T12:00:00Z");
    assert_eq!(note(&soon, "b"), "3 of 4 left in 7d");
    assert_eq!(
        note(&soon, "s"),
        "20h between contacts; the nearest is at 2026-11-22T18:00:00Z (2026-11-22 19:00:00 Europe/Paris)"
    );
    let silence = "from 5 on 7d of silence, then 2 times as long, 60d at the most";
    let backoff = format!(
        "1 without an engagement, the last at 2026-11-22T18:00:00Z (2026-11-22 19:00:00 Europe/Paris); {silence}"
    );
    assert_eq!(note(&soon, "k"), backoff);
    assert_eq!(note(&soon, "r"), "bounced_soft 2 times in a row suppresses for 30d: 1 so far");
    let trace = soon.detail.unwrap().trace;
    assert!(matches!(trace[0].outcome, Outcome::Denies(..)), "{trace:#?}");
    let denying = trace.iter().map(|it| matches!(it.outcome, Outcome::Denies(..)));
    assert!(denying.is_sorted_by(|one, two| one >= two), "{trace:#?}");
    let reply = "{events: [{at: 2026-11-23T11:00:00Z, type: inbound, channel: email}]}";
    let reply = asked(reply, "email", "reply", "2026-11-23T12:00:00Z");
    let passed = "passed as a reply in a conversation that is open until 2026-11-24T11:00:00Z";
    assert_eq!(note(&reply, "q"), passed);
}
