//! `us-strictest` against every preset of the United States: whatever it allows, all of them allow.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use courtesy::calendar;
use courtesy::engine;
use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Jurisdiction;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::history::State;
use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::policy::preset;
use courtesy::zone::Zones;

const STRICTEST: &str = "us-strictest";
const HOURS_OF_A_YEAR: u32 = 365 * 24;

#[test]
fn what_the_strictest_preset_allows_every_preset_allows_for_a_year_of_hours() {
    let zones = Arc::new(Zones::bundled());
    let strictest = policy(STRICTEST, &zones);
    let mut allowed: BTreeMap<(&str, usize), Vec<Instant>> = BTreeMap::new();
    let mut asked = 0;
    for name in presets() {
        let own = policy(name, &zones);
        let code = jurisdiction(name);
        // A wide state has several clocks; its first and last show the most.
        let clocks = calendar::zones_of(&code);
        let clocks: BTreeSet<&str> =
            [clocks.first(), clocks.last()].into_iter().flatten().copied().collect();
        for zone in clocks {
            let record = resident(&code, zone);
            for (number, contact) in contacts().into_iter().enumerate() {
                let hours = allowed
                    .entry((zone, number))
                    .or_insert_with(|| allowed_hours(&strictest, &record, &contact));
                for at in hours {
                    let refused = refuses(&own, &record, &contact, *at);
                    assert!(!refused, "{name} refuses {contact:?} in {zone} at {at}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 100_000, "{asked}");
}

/// The hours of a year, at half past, in which a contact is allowed.
fn allowed_hours(policy: &Policy, record: &Record, contact: &Contact) -> Vec<Instant> {
    let first = Instant::parse("2026-11-28T00:30:00Z").unwrap();
    let hours = (0..HOURS_OF_A_YEAR).map(|hour| first.plus(Span::from_hours(hour)));
    hours.filter(|at| !refuses(policy, record, contact, *at)).collect()
}

#[test]
fn no_preset_counts_more_strictly() {
    let zones = Arc::new(Zones::bundled());
    let strictest = policy(STRICTEST, &zones);
    // A Tuesday, at 14:00 in New York, with contacts of the days before at the same time.
    let at = Instant::parse("2026-11-17T19:00:00Z").unwrap();
    for name in presets() {
        let own = policy(name, &zones);
        let code = jurisdiction(name);
        for contact in contacts() {
            for (many, apart) in [(2, 1), (3, 1), (4, 5), (6, 24), (7, 20), (8, 20), (9, 20)] {
                let mut record = resident(&code, "America/New_York");
                for back in 1..=many {
                    let earlier = at.minus(Span::from_hours(back * apart));
                    record.history.add_contact(&contact, earlier, State::Sent).unwrap();
                }
                if !refuses(&strictest, &record, &contact, at) {
                    let allows = !refuses(&own, &record, &contact, at);
                    assert!(allows, "{name}: {many} contacts, {apart} h apart: {contact:?}");
                }
            }
        }
    }
}

/// Every preset of the United States but the strictest.
fn presets() -> impl Iterator<Item = &'static str> {
    let all = preset::all().iter().map(|preset| preset.name);
    all.filter(|name| name.starts_with("us-") && *name != STRICTEST)
}

/// The state of a preset; a federal one holds in a state as well.
fn jurisdiction(name: &str) -> String {
    let code = name.to_uppercase();
    if calendar::is_jurisdiction(&code) { code } else { "US-NY".to_owned() }
}

fn policy(preset: &str, zones: &Arc<Zones>) -> Policy {
    let text = format!(
        "name: base\nchannels: {{voice: {{}}, sms: {{}}, email: {{}}}}\n\
         purposes: {{marketing: {{}}, collection: {{}}}}\ninclude: [{preset}]\n"
    );
    Policy::load(&[Source::new("base", &text)], zones).unwrap().0
}

fn resident(code: &str, zone: &str) -> Record {
    let mut record = Record::default();
    record.profile.jurisdictions = vec![Jurisdiction::new(code).unwrap().unwrap()];
    record.profile.time_zone = Some(name(zone));
    record
}

/// What laws distinguish: calls and texts that sell, live, automated and recorded; and debts.
fn contacts() -> Vec<Contact> {
    let plain = |channel: &str, purpose: &str| Contact::new(name(channel), name(purpose));
    let declared = |attribute: &str, purpose: &str| Contact {
        attributes: BTreeMap::from([(name(attribute), "true".to_owned())]),
        ..plain("voice", purpose)
    };
    vec![
        plain("voice", "marketing"),
        plain("sms", "marketing"),
        declared("automated", "marketing"),
        declared("recorded", "marketing"),
        declared("collection", "marketing"),
        plain("voice", "collection"),
        plain("email", "collection"),
    ]
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn refuses(policy: &Policy, record: &Record, contact: &Contact, at: Instant) -> bool {
    !engine::refusals(policy, record, contact, at).unwrap().enforced.is_empty()
}
