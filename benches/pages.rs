//! How long it takes to render the preference page: at most half a millisecond of a core, where the
//! policy has twelve topics.
//!
//! `cargo bench --bench pages`. The page is made by the router that serves it, over an embedded
//! store, so that the time includes reading the record, and sealing what was shown.

#![expect(clippy::unwrap_used, reason = "what cannot be built fails the benchmark")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use courtesy::clock;
use courtesy::clock::Clock;
use courtesy::gate;
use courtesy::gate::Attribution;
use courtesy::gate::Candidate;
use courtesy::gate::Edit;
use courtesy::gate::Gate;
use courtesy::gate::Revision;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Span;
use courtesy::pages;
use courtesy::policy::Source;
use courtesy::secret::Secret;
use courtesy::store::embedded::Embedded;
use courtesy::telemetry::Metrics;
use courtesy::unsubscribe::PreferenceLink;
use courtesy::unsubscribe::Sealer;
use courtesy::zone::Zones;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use http_body_util::BodyExt;
use tower::ServiceExt;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}, push: {}, letters: {}}
purposes: {offers: {}, surveys: {}, receipts: {marketing: false, exempt: [opt_outs]}}
topics: [books, cars, events, food, garden, games, health, home, music, news, sports, travel]
budgets: [{name: weekly, for: {purposes: [offers]}, limit: 4, per: 7d}]
quiet_periods: [{name: days, occasion: any, before: 3d, who: opted_out}]
settings: {time_zone: {assume: UTC}}
pages: {name: Example Shop, confirm: [sms]}
";

async fn served(directory: &Path) -> (Router, String) {
    let secret = Secret::read_or_make(&directory.join("secret")).unwrap();
    let now = clock::now();
    let (clock, _hand) = Clock::manual(now);
    let parts = gate::Parts {
        store: Arc::new(Embedded::open(&directory.join("store")).unwrap()),
        outage_journal: None,
        secret: secret.clone(),
        zones: Arc::new(Zones::bundled()),
        clock,
        settings: gate::Settings::default(),
        tenants: BTreeSet::new(),
        metrics: Metrics::new(""),
        decisions: None,
    };
    let gate = Arc::new(Gate::new(parts).unwrap());
    gate.check_secret().await.unwrap();
    gate.begin(Duration::ZERO).await.unwrap();
    let tenant = Name::new(gate::TENANT_DEFAULT).unwrap();
    let documents = vec![Source::new("base", POLICY)];
    let revision = Revision {
        expected: 0,
        candidate: Candidate::Edited(Edit { documents, ..Edit::default() }),
        effective: None,
        validate_only: false,
        words: Attribution::default(),
    };
    gate.apply(&tenant, &revision).await.unwrap();
    let sealer = Sealer::new(&secret);
    let link = link(tenant, now);
    let path = format!("/preferences/{}", sealer.seal_preferences(&link));
    (pages::router(&gate, sealer, pages::Logos::default()), path)
}

fn link(tenant: Name, now: Instant) -> PreferenceLink {
    PreferenceLink {
        tenant,
        customer_id: "ada".into(),
        channel: None,
        brand: None,
        expires: now.plus(Span::from_days(400)),
    }
}

async fn page(router: &Router, path: &str) -> usize {
    let request = http::Request::get(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert!(answer.status().is_success());
    answer.into_body().collect().await.unwrap().to_bytes().len()
}

fn pages(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (router, path) = runtime.block_on(served(directory.path()));
    let bytes = runtime.block_on(page(&router, &path));
    let mut group = criterion.benchmark_group("pages");
    group.bench_function(format!("preferences, {bytes} bytes"), |bencher| {
        bencher.iter(|| runtime.block_on(page(&router, &path)));
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
