//! How long it takes to understand what a customer writes: under 20 µs for a text message, under 1
//! ms for a page of an e-mail.
//!
//! `cargo bench --bench inbound`. The messages are those of `tests/inbound`, each in turn.

#![expect(clippy::unwrap_used, reason = "what cannot be built fails the benchmark")]

use std::hint::black_box;

use courtesy::inbound;
use courtesy::inbound::Operator;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;

/// Text messages that people sent one another, and refusals.
const PEOPLE: &str = include_str!("../tests/inbound/people.tsv");
const WRITTEN: &str = include_str!("../tests/inbound/written.tsv");

/// A page of an e-mail has about so many bytes.
const PAGE: usize = 3_000;

fn messages(criterion: &mut Criterion) {
    let operator = Operator::default();
    let mut group = criterion.benchmark_group("inbound");
    for (name, file) in [("people", PEOPLE), ("written", WRITTEN)] {
        let texts = texts(file);
        let mut next = texts.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| inbound::understand(black_box(next.next().unwrap()), &operator));
        });
    }
    let words = texts(PEOPLE).join(" ");
    let page: String = words.chars().take(PAGE).collect();
    group.bench_function("page", |bencher| {
        bencher.iter(|| inbound::understand(black_box(&page), &operator));
    });
    group.finish();
}

/// The messages of a file.
fn texts(file: &str) -> Vec<String> {
    let lines = file.lines().filter(|line| !line.starts_with("# "));
    lines.filter_map(|line| line.split('\t').next()).map(|it| it.replace("\\n", "\n")).collect()
}

criterion_group!(benches, messages);
criterion_main!(benches);
