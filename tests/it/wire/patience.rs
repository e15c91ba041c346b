//! What waits for a store that is there and busy: a start, and what operators do.

use std::collections::BTreeSet;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use courtesy::audit::Event;
use courtesy::clock::Clock;
use courtesy::gate;
use courtesy::gate::Gate;
use courtesy::model::Name;
use courtesy::secret::Secret;
use courtesy::store::Key;
use courtesy::store::Space;
use courtesy::store::embedded::Embedded;
use courtesy::telemetry::Metrics;
use courtesy::zone::Zones;
use futures_util::future::BoxFuture;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::through::Step;
use super::through::Through;

type Waits = BoxFuture<'static, ()>;

/// A gate to a store in a directory, in which something happens before each answer.
fn gate(directory: &Path, before: impl Fn(Step, &Key) -> Waits + Send + Sync + 'static) -> Gate {
    let store = Arc::new(Embedded::open(&directory.join("store")).unwrap());
    let parts = gate::Parts {
        store: Through::before(store, before),
        outage_journal: None,
        secret: Secret::read_or_make(&directory.join("secret")).unwrap(),
        zones: Arc::new(Zones::bundled()),
        clock: Clock::system(),
        settings: gate::Settings::default(),
        tenants: BTreeSet::new(),
        metrics: Metrics::new(""),
        decisions: None,
    };
    Gate::new(parts).unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Keeps silent about the mark, once.
fn silent_once() -> impl Fn(Step, &Key) -> Waits + Send + Sync + 'static {
    let is_silent = AtomicBool::new(true);
    move |step, key| {
        let is_asked = step == Step::Load && key.id.starts_with("mark {");
        let waits = is_asked && is_silent.swap(false, Ordering::Relaxed);
        Box::pin(async move {
            if waits {
                pending::<()>().await;
            }
        })
    }
}

#[test]
fn a_start_asks_a_busy_store_again_before_it_serves() {
    let directory = tempfile::tempdir().unwrap();
    let patient = gate(directory.path(), silent_once());
    let begun = runtime().block_on(patient.begin(Duration::from_secs(3_600))).unwrap();
    assert!(begun.is_none() && patient.knows_policies(), "{begun:?}");
    let directory = tempfile::tempdir().unwrap();
    let impatient = gate(directory.path(), silent_once());
    let begun = runtime().block_on(impatient.begin(Duration::ZERO)).unwrap();
    assert!(begun.is_some() && !impatient.knows_policies(), "{begun:?}");
}

/// An export, say, is not refused because a disk takes longer than a sender would wait.
#[test]
fn the_audit_log_waits_longer_for_the_store_than_senders_do() {
    let directory = tempfile::tempdir().unwrap();
    let late = gate::Settings::default().store_timeout * 2;
    let gate = gate(directory.path(), move |step, key| {
        let is_link = step == Step::Replace && key.space == Space::Audit && &*key.id != "head";
        Box::pin(async move {
            if is_link {
                // Nothing comes; only the time passes.
                assert!(timeout(late, pending::<()>()).await.is_err());
            }
        })
    });
    let event = Event { action: "ExportCustomers".to_owned(), ..Event::default() };
    let noted = runtime().block_on(async {
        gate.begin(Duration::ZERO).await.unwrap();
        gate.note(&Name::new("default").unwrap(), &event).await
    });
    noted.unwrap();
}
