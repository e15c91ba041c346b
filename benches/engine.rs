//! How long a decision takes, by the length of the history and the number of rules.
//!
//! `cargo bench --bench engine`. Half of the rules are about other channels, as in a policy that
//! people write; the rest are all about the contact. Nothing is asked for in detail.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what cannot be built fails the benchmark"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use courtesy::engine;
use courtesy::engine::Detail;
use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::history::State;
use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::zone::Zones;
use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;

const HISTORY: [usize; 4] = [0, 30, 300, 1_000];
const RULES: [usize; 3] = [5, 20, 200];
const CHANNELS: [&str; 4] = ["email", "sms", "push", "voice"];

fn decisions(criterion: &mut Criterion) {
    let now = Instant::parse("2026-11-24T15:00:00Z").unwrap();
    let contact = Contact::new(name("email"), name("marketing"));
    for effect in ["allowed", "denied"] {
        let mut group = criterion.benchmark_group(effect);
        for rules in RULES {
            let policy = policy(rules, effect == "allowed");
            for contacts in HISTORY {
                let record = record(contacts, now);
                let id = BenchmarkId::new(format!("{rules} rules"), format!("{contacts} contacts"));
                group.bench_function(id, |bencher| {
                    bencher.iter(|| {
                        let (record, contact) = (black_box(&record), black_box(&contact));
                        engine::decide(&policy, record, contact, now, Detail::Brief).unwrap()
                    });
                });
            }
        }
        group.finish();
    }
}

/// So many rules of all families, over and over: the first of each round is about all channels,
/// every second of the rest about e-mail.
fn policy(rules: usize, roomy: bool) -> Policy {
    let limit = if roomy { 10_000 } else { 0 };
    let mut families: [String; 7] = Default::default();
    for number in 0..rules {
        let channel = if number % 2 == 0 { "email" } else { CHANNELS[number % 3 + 1] };
        let head = format!(
            "  - {{name: rule-{number:03}, for: {{channels: [{channel}], purposes: [marketing]}}, "
        );
        let (family, rest) = match number % 10 {
            0 => (0, format!("limit: {limit}, per: 7d}}")),
            1 | 2 => (0, "limit: 10000, per: 30d}".to_owned()),
            3 => (1, "least: 1m}".to_owned()),
            4 => (2, "after: 1000, base: 7d}".to_owned()),
            5 => (3, "open: [{from: \"08:00\", to: \"21:00\"}]}".to_owned()),
            6 => (4, "closed: [{from: \"22:00\", to: \"07:00\"}]}".to_owned()),
            7 => (5, "yearly: {from: 12-24, to: 12-26}}".to_owned()),
            8 => (6, "deny_when: contact.topic == \"baby\"}".to_owned()),
            _ => (0, "limit: 10000, per: {calendar: month}}".to_owned()),
        };
        writeln!(families[family], "{head}{rest}").unwrap();
    }
    let mut text = "name: bench\nchannels: {email: {}, sms: {}, push: {}, voice: {}}\n\
                    purposes: {marketing: {}, transactional: {}}\n"
        .to_owned();
    let names = [
        "budgets",
        "spacing",
        "backoff",
        "contact_hours",
        "quiet_hours",
        "quiet_periods",
        "content_rules",
    ];
    for (family, rules) in names.iter().zip(&families) {
        if !rules.is_empty() {
            write!(text, "{family}:\n{rules}").unwrap();
        }
    }
    let zones = Arc::new(Zones::bundled());
    match Policy::load(&[Source::new("bench.yaml", &text)], &zones) {
        Ok((policy, _warnings)) => policy,
        Err(problems) => panic!("{problems}"),
    }
}

/// A customer in New York with so many contacts over the last year.
fn record(contacts: usize, now: Instant) -> Record {
    let mut record = Record::default();
    record.profile.time_zone = Some(name("America/New_York"));
    let step = Span::from_hours(u32::try_from(365 * 24 / contacts.max(1)).unwrap());
    let mut at = now;
    for number in 0..contacts {
        at = at.minus(step);
        let purpose = if number % 2 == 0 { "marketing" } else { "transactional" };
        let contact = Contact::new(name(CHANNELS[number % 4]), name(purpose));
        record.history.add_contact(&contact, at, State::Sent).unwrap();
    }
    record
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

criterion_group!(benches, decisions);
criterion_main!(benches);
