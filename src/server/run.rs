//! The whole service: the embedded store, the gate, the API.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use super::Config;
use super::Error;
use super::Ready;
use super::Refresh;
use super::Service;
use super::serve;
use crate::gate;
use crate::gate::Gate;
use crate::model::Name;
use crate::pages;
use crate::rpc;
use crate::rpc::Links;
use crate::secret::Secret;
use crate::store::Store;
use crate::store::embedded::Embedded;
use crate::telemetry::Metrics;
use crate::unsubscribe::Sealer;

/// Opens the store, loads every tenant's policy, and serves until `shutdown`, then drains. The store
/// is fsynced before it returns.
///
/// # Errors
/// If a port is taken, the store cannot be opened, or a policy in it does not load.
pub fn run(
    config: &Config,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let open = async |pages| open(config, pages).await.map_err(Error::Open);
    serve(config, open, ready, shutdown)
}

async fn open(
    config: &Config,
    pages: Option<SocketAddr>,
) -> Result<Service, Box<dyn std::error::Error + Send + Sync>> {
    let store = Embedded::open(&config.store)?;
    let store_stopped = store.stopped();
    let store: Arc<dyn Store> = Arc::new(store);
    let metrics = Metrics::new();
    let settings = gate::Settings {
        wishes: config.wishes,
        reservations: config.reservations,
        store_timeout: config.store_timeout,
    };
    let (zones, clock) = (Arc::clone(&config.zones), config.clock.clone());
    let of_the_store = config.store.join("secret");
    let (file, secret) = match &config.secret {
        Some(file) => (file, Secret::read(file)?),
        None => (&of_the_store, Secret::read_or_make(&of_the_store)?),
    };
    let sealer = Sealer::new(&secret);
    let parts = gate::Parts { store, secret, zones, clock, settings, metrics: metrics.clone() };
    let gate = Gate::new(parts)?;
    let checked = gate.check_secret().await;
    checked.map_err(|failure| format!("cannot use `{}`: {failure}", file.display()))?;
    gate.load_policies().await?;
    let gate = Arc::new(gate);
    let policy_revision = gate.policy(&Name::new("default")?).policy.revision;
    let links = Links { sealer: sealer.clone(), base: base(config, pages) };
    Ok(Service {
        pages: pages::router(&gate, sealer),
        routes: rpc::routes(&gate, links),
        metrics,
        store: describe(&config.store),
        store_stopped,
        policy_revision,
        refresh: Refresh::new(gate, Arc::default()),
    })
}

/// Where links lead, up to the token.
fn base(config: &Config, pages: Option<SocketAddr>) -> Option<String> {
    let here = || pages.map(|address| format!("http://{address}"));
    let url = config.public_url.clone().or_else(here)?;
    Some(format!("{}{}", url.trim_end_matches('/'), pages::PATH))
}

fn describe(directory: &Path) -> String {
    format!("embedded, in {}", directory.display())
}
