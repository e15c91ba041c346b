use super::*;
use crate::model::EventKind;
use crate::model::Span;
use crate::model::Weekdays;
use crate::model::history::State;
use crate::model::wish::Cycle;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::policy::document::tests::cases;

#[test]
fn every_case_is_loaded_without_a_warning() {
    let zones = Arc::new(Zones::bundled());
    for (name, text) in cases() {
        let suite = Suite::load(&Source::new(&name, &text), &[], &zones);
        let (suite, warnings) = suite.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!suite.tests.is_empty());
        assert!(warnings.is_empty(), "{warnings}");
    }
}

#[test]
fn a_test_is_a_question_and_what_is_stated_of_its_answer() {
    let text = "
        documents: [{name: d, channels: {email: {}}, purposes: {p: {}}, spacing: [{name: s, least: 1h}]}]
        tests:
          - name: one
            now: 2026-11-22T15:00:00Z
            customers: {ada: {}}
            pauses: [{for: {channels: [email]}, until: 2026-11-23T00:00:00Z, reason: outage}]
            expect:
              - contact: {customer: ada, channel: email, purpose: p, topic: t, attributes: {k: v}}
                effect: DENY
                reasons: [PAUSED, PAUSED]
                rules: []
                next_allowed_time: null
                remaining: {s: null}
              - contact: {customer: ada, channel: email, purpose: p, at: 2026-11-23T00:00:00Z, priority: 7}
                effect: ALLOW
    ";
    let suite = load(text, &[]).unwrap();
    let test = &suite.tests[0];
    assert_eq!((test.name.as_str(), test.customers.len()), ("one", 1));
    assert_eq!(test.pauses[0].reason, "outage");
    let [first, second] = test.expectations.as_slice() else { panic!() };
    assert_eq!((first.line, second.line), (9, 15));
    assert_eq!((first.contact.labels.topic.as_deref(), first.contact.priority), (Some("t"), 50));
    assert_eq!(first.contact.attributes["k"], "v");
    assert_eq!(first.at, instant("2026-11-22T15:00:00Z"));
    assert_eq!(first.reasons.as_ref().unwrap().len(), 1);
    assert_eq!(first.rules.as_ref().unwrap().len(), 0);
    assert_eq!(first.next_allowed_time, Stated::Unset);
    assert_eq!(first.valid_until, Stated::Nothing);
    assert_eq!(first.remaining["s"], None);
    assert_eq!((second.at, second.contact.priority), (instant("2026-11-23T00:00:00Z"), 7));
    assert_eq!((second.effect, second.reasons.is_none()), (Effect::Allow, true));
}

#[test]
fn a_policy_can_be_in_files() {
    let text = "policy: [base.yaml, ../other.yaml]\ntests: [{name: t, now: 2026-11-22T15:00:00Z, customers: {ada: {}}, expect: [{contact: {customer: ada, channel: email, purpose: p}, effect: ALLOW}]}]";
    let source = Source::new("t.yaml", text);
    assert_eq!(Suite::files(&source).unwrap(), ["base.yaml", "../other.yaml"]);
    let base = Source::new("base.yaml", "name: base\nchannels: {email: {}}");
    let other = Source::new("other.yaml", "name: other\npurposes: {p: {}}");
    assert_eq!(load(text, &[base.clone(), other]).unwrap().policy.purposes.len(), 1);
    let wrong = Source::new("other.yaml", "name: other\npurposes: [p]");
    let problems = load(text, &[base, wrong]).unwrap_err();
    assert_eq!(problems.iter().map(|it| it.file.as_str()).collect::<Vec<_>>(), ["other.yaml"]);
}

#[test]
fn a_customer_is_a_record() {
    let text = "
        time_zone: Europe/London
        time_zones: [Europe/Paris]
        jurisdictions: [GB]
        segments: [vip]
        attributes: {age: '44'}
        opt_outs: [{}, {channel: email, until: 2026-12-01T00:00:00Z}]
        consents: [{channel: sms}, {channel: push, state: pending}]
        suppressions: [{purpose: marketing, reason: open_case}]
        cadence: [{channel: email, limit: 2, per: 7d}, {limit: 9, per: {calendar: month}}]
        quiet: [{from: 2026-12-20, to: 2027-01-05}, {yearly: 03-03, around: 3d}, {hours: {from: '18:00', to: '09:00'}}]
        contacts:
          - {at: 2026-11-20T00:00:00Z, channel: email, purpose: marketing, state: bounced}
          - {at: 2026-11-19T00:00:00Z, channel: sms, purpose: marketing}
        events: [{at: 2026-11-18T00:00:00Z, type: clicked}]
    ";
    let record = Record::load(&Source::new("ada.yaml", text), &Zones::bundled()).unwrap();
    assert_eq!(record.profile.time_zone.as_deref(), Some("Europe/London"));
    assert_eq!(record.profile.time_zones.len(), 1);
    assert_eq!(record.profile.attributes["age"], "44");
    assert_eq!(record.opt_outs[0].scope, crate::model::Scope::default());
    assert_eq!(record.opt_outs[1].until, Some(instant("2026-12-01T00:00:00Z")));
    assert_eq!((record.consents[0].confirmed, record.consents[1].confirmed), (true, false));
    assert_eq!(record.suppressions[0].reason.as_deref(), Some("open_case"));
    assert_eq!(record.cadence[0].per, Cycle::Sliding(Span::from_days(7)));
    assert!(matches!(record.cadence[1].per, Cycle::Calendar(_)));
    assert!(matches!(record.quiet[0], Quiet::Days { .. }));
    assert!(matches!(record.quiet[1], Quiet::Yearly { around: 3, .. }));
    assert_eq!(
        record.quiet[2],
        Quiet::Hours(QuietHours {
            from_secs: 64_800,
            to_secs: 32_400,
            days: Weekdays::ALL,
            channels: Vec::new(),
        })
    );
    let states: Vec<State> = record.history.entries().iter().map(|it| it.state).collect();
    assert_eq!(states, [State::Sent, State::Bounced]);
    assert_eq!(record.history.events()[0].kind, EventKind::Clicked);
    assert_eq!(record.history.events()[0].channel, None);
}

#[test]
fn a_customer_can_be_wrong() {
    let problems =
        Record::load(&Source::new("ada.yaml", "opt_out: []"), &Zones::bundled()).unwrap_err();
    assert!(problems.to_string().contains("did you mean `opt_outs`?"), "{problems}");
    let wrong = |text: &str, expected: &str| {
        let problems = Record::load(&Source::new("ada.yaml", text), &Zones::bundled()).unwrap_err();
        assert!(problems.to_string().contains(expected), "{problems}");
    };
    wrong("quiet: [{hours: {from: '08:00', to: '08:00'}}]", "these hours end where they begin");
    wrong("quiet: [{from: 2026-12-02, to: 2026-12-01}]", "before they begin on 2026-12-02");
    let contacts = |count: usize, occasions: usize| -> String {
        let contact = |number: usize| {
            let names: Vec<String> = (0..occasions).map(|it| format!("o{number}-{it}")).collect();
            let names = names.join(", ");
            format!(
                "- {{at: 2026-11-20T00:00:00Z, channel: c, purpose: p, occasions: [{names}]}}\n"
            )
        };
        format!("contacts:\n{}", (0..count).map(contact).collect::<String>())
    };
    assert!(Record::load(&Source::new("ada.yaml", &contacts(1_000, 4)), &Zones::bundled()).is_ok());
    wrong(&contacts(1_001, 0), "a record holds at most 1000 contacts");
    wrong(&contacts(1_000, 5), "at most 4096 different names");
}

fn load(text: &str, files: &[Source]) -> Result<Suite, Problems> {
    let zones = Arc::new(Zones::bundled());
    Suite::load(&Source::new("t.yaml", text), files, &zones).map(|(suite, _)| suite)
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

const EXPORTED: &str = r#"{"customerId":"cy","timeZone":"Europe/Paris","jurisdictions":["FR"],"segments":["vip"],"attributes":{"plan":"gold"},"cadence":[{"limit":2,"sliding":"604800s"},{"channel":"email","limit":1,"calendar":"CALENDAR_UNIT_WEEK"}],"quietTimes":[{"hours":{"from":"21:00","to":"08:00"}},{"yearly":{"date":"03-03","daysAround":2}},{"days":{"firstDate":"2026-12-20","lastDate":"2027-01-05"}}],"optOuts":[{"scope":{"channel":"sms"},"eventTime":"2026-11-29T14:59:31.532Z","untilTime":"2027-01-01T00:00:00Z","source":"cli"},{"scope":{}}],"consents":[{"channel":"email","eventTime":"2026-11-29T14:59:31.554Z","confirmed":false,"source":"cli","evidence":"form"}],"suppressions":[{"scope":{"purpose":"marketing"},"reasonCode":"open_case","setTime":"2026-11-29T14:59:31.603Z","source":"cli"}],"contacts":[{"contactTime":"2026-11-29T14:59:31.571Z","channel":"email","purpose":"marketing","priority":50,"state":"CONTACT_STATE_SENT","requestId":"q1"}],"events":[{"kind":"ENGAGEMENT_KIND_BOUNCED_HARD","channel":"email","eventTime":"2026-11-29T14:59:31Z"}]}"#;

const WRITTEN: &str = "
time_zone: Europe/Paris
jurisdictions: [FR]
segments: [vip]
attributes: {plan: gold}
cadence: [{limit: 2, per: 7d}, {channel: email, limit: 1, per: {calendar: week}}]
quiet:
  - hours: {from: '21:00', to: '08:00'}
  - {yearly: 03-03, around: 2d}
  - {from: 2026-12-20, to: 2027-01-05}
opt_outs: [{channel: sms, until: 2027-01-01T00:00:00Z}, {}]
consents: [{channel: email, at: 2026-11-29T14:59:31.554Z, state: pending}]
suppressions: [{purpose: marketing, reason: open_case}]
contacts: [{at: 2026-11-29T14:59:31.571Z, channel: email, purpose: marketing}]
events: [{at: 2026-11-29T14:59:31Z, type: bounced_hard, channel: email}]
";

#[test]
fn a_customer_may_be_a_line_of_an_export() {
    let zones = Zones::bundled();
    let read = |text: &str| {
        let read = Record::load(&Source::new("customer", text), &zones);
        read.unwrap_or_else(|problems| panic!("{problems}"))
    };
    assert_eq!(read(EXPORTED), read(WRITTEN));
    let text = format!(
        "documents: [{{name: d, channels: {{email: {{}}, sms: {{}}}}, purposes: {{marketing: {{}}}}}}]
tests:
  - name: one
    now: 2026-11-30T15:00:00Z
    customers:
      cy: {EXPORTED}
    expect: [{{contact: {{customer: cy, channel: sms, purpose: marketing}}, effect: DENY}}]"
    );
    let suite = load(&text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(suite.tests[0].customers["cy"], read(WRITTEN));
    // What is wrong with it is shown at its place.
    let wrong = EXPORTED.replace("Europe/Paris", "Paris");
    let problems = Record::load(&Source::new("customer", &wrong), &zones).unwrap_err();
    assert_eq!(problems.iter().map(|it| (it.line, it.column)).collect::<Vec<_>>(), [(1, 31)]);
}
