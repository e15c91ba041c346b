//! The whole service: the embedded store, the gate, the API.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use super::Config;
use super::Error;
use super::Ready;
use super::Service;
use super::serve;
use crate::gate;
use crate::gate::Gate;
use crate::model::Name;
use crate::rpc;
use crate::store::Store;
use crate::store::embedded::Embedded;
use crate::telemetry::Metrics;

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
    let open = async || open(config).await.map_err(Error::Open);
    serve(config, open, ready, shutdown)
}

async fn open(config: &Config) -> Result<Service, Box<dyn std::error::Error + Send + Sync>> {
    let store: Arc<dyn Store> = Arc::new(Embedded::open(&config.store)?);
    let metrics = Metrics::new();
    let settings =
        gate::Settings { reservations: config.reservations, store_timeout: config.store_timeout };
    let (zones, clock) = (Arc::clone(&config.zones), config.clock.clone());
    let gate = Gate::new(store, zones, clock, settings, metrics.clone())?;
    gate.load_policies().await?;
    let gate = Arc::new(gate);
    let policy_revision = gate.policy(&Name::new("default")?).policy.revision;
    Ok(Service {
        routes: rpc::routes(&gate),
        metrics,
        store: describe(&config.store),
        policy_revision,
    })
}

fn describe(directory: &Path) -> String {
    format!("embedded, in {}", directory.display())
}
