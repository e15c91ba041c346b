//! The server: threads, ports and what every call passes on its way to the API.
//!
//! The caller's own thread listens on the operations port and waits for the end. Beside it runs one
//! thread for each core, and each has a runtime and a socket of its own (`worker`). A request there
//! is recognised by its dialect (`front`), converted to gRPC if it is another (`connect`), and
//! answered within bounds (`calls`).
//!
//! The server decides nothing and knows no rules.

mod agenda;
mod bounded;
mod calls;
mod config;
mod connect;
pub mod connections;
mod console;
mod cors;
mod deadline;
mod dialect;
mod elements;
mod error;
mod events;
mod explained;
mod files;
mod front;
mod guard;
mod leftover;
mod listen;
mod methods;
mod operations;
mod policy_directory;
mod port;
mod refresh;
mod reload;
mod request;
mod run;
mod shared;
mod shedding;
mod standard;
mod standing;
mod start;
mod stream;
mod streams;
mod taken;
pub mod tls;
mod unauthenticated;
mod weight;
mod worker;
mod workers;

pub use config::Config;
pub use config::StorePlace;
pub use error::Error;
pub use events::Events;
pub use policy_directory::PolicyDirectory;
pub use refresh::Refresh;
pub use run::run;

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use http::Response;
use tokio::runtime::Builder;
use tokio::sync::watch;
use tonic::body::Body;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::access::Access;
use crate::background::Runner;
use crate::console::Seals;
use crate::gate::Gate;
use crate::server::connections::Ports;
use crate::server::console::Sources;
use crate::server::cors::Origins;
use crate::server::files::CERTIFICATES;
use crate::server::files::CREDENTIALS;
use crate::server::files::certificates;
use crate::server::files::credentials;
use crate::server::files::fresh;
use crate::server::files::keep_all;
use crate::server::front::Front;
use crate::server::methods::ADMIN;
use crate::server::methods::CLOCK;
use crate::server::methods::Methods;
use crate::server::methods::REFLECTION;
use crate::server::operations::Operations;
use crate::server::port::serve_pages;
use crate::server::reload::Reload;
use crate::server::request::Requests;
use crate::server::shared::Bound;
use crate::server::shared::Shared;
use crate::server::streams::Streams;
use crate::server::taken::Taken;
use crate::server::taken::address_of;
use crate::server::unauthenticated::Unauthenticated;
use crate::server::weight::Weights;
use crate::server::worker::Worker;
use crate::server::workers::Workers;
use crate::snapshot_server::SnapshotServer;
use crate::store::Health;
use crate::telemetry::Metrics;

/// The time that threads may take to stop, beyond the drain.
const STOP_MAX: Duration = Duration::from_secs(1);

/// A socket, and where it listens.
type Listening = (std::net::TcpListener, SocketAddr);

/// An answer that is being made.
type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

/// The parts of the service, once its store is open.
#[derive(Debug)]
pub struct Service {
    /// The API's services.
    pub routes: Routes,
    /// The pages for customers.
    pub pages: Router,
    /// The seals of the console's cookies and addresses.
    pub seals: Seals,
    /// The metrics, to which the server adds its calls.
    pub metrics: Metrics,
    /// The name of the store, for people.
    pub store: String,
    /// The health of the store. The service is not ready while the store is away.
    pub store_health: watch::Receiver<Health>,
    /// The revision of the default tenant's policy, 0 for the starter policy; unset while the store
    /// has not said which.
    pub policy_revision: Option<u64>,
    /// The task that learns of changes by others in the store.
    pub refresh: Refresh,
    /// The webhooks that receive changes, if there are any.
    pub events: Option<Events>,
    /// The gate whose agenda is looked after.
    pub gate: Arc<Gate>,
    /// The runner of long work for callers.
    pub background: Runner,
    /// Serves an embedded store to other commands, if it could be set up.
    pub snapshot_server: Option<SnapshotServer>,
    /// The policies that this instance puts in force by itself, if there are any.
    pub policies: Option<PolicyDirectory>,
}

/// The addresses of the server, and other facts, once it can be called.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The address of the API.
    pub listen: SocketAddr,
    /// The address of the operations port, if there is one.
    pub operations: Option<SocketAddr>,
    /// The address of the pages for customers, if there are any.
    pub pages: Option<SocketAddr>,
    /// The address of the console, if there is one.
    pub console: Option<SocketAddr>,
    /// The name of the store, for people.
    pub store: String,
    /// The revision of the default tenant's policy, 0 for the starter policy; unset while the store
    /// has not said which.
    pub policy_revision: Option<u64>,
    /// The release of the time-zone database.
    pub tzdb_version: String,
    /// Whether the API speaks TLS.
    pub tls: bool,
    /// Whether callers have to authenticate.
    pub credentials: bool,
}

/// Serves what `open` makes until `shutdown`, and then until what is in flight has ended, at most
/// for `config.drain`. The ports are taken first, so that a server that cannot have them touches
/// nothing else.
///
/// # Errors
/// If a port is taken, or `open` fails, or a thread stops early.
pub fn serve(
    config: &Config,
    open: impl AsyncFnOnce(Option<SocketAddr>) -> Result<Service, Error>,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Thread)?;
    runtime.block_on(async {
        let taken = Taken::of(config)?;
        announce(config, &taken);
        let access = config.credentials.clone().map(credentials).transpose()?;
        let tls = config.tls.clone().map(certificates).transpose()?;
        let mut shutdown = pin!(shutdown);
        let open = open(address_of(taken.pages.as_ref()));
        let Some(service) = start::opened(open, shutdown.as_mut()).await? else { return Ok(()) };
        let ports = Ports::new(&config.limits, &service.metrics);
        let (drain, draining) = watch::channel(false);
        let operations_pages = Operations {
            metrics: service.metrics.clone(),
            draining: draining.clone(),
            store_health: service.store_health.clone(),
            tzdb_version: config.zones.version().to_owned(),
            files: fresh(access.as_ref(), tls.as_ref(), &service),
        };
        let told = taken.ready(config, &service, (tls.is_some(), access.is_some()));
        let Taken { listeners, operations, pages, console, .. } = taken;
        let store_health = service.store_health.clone();
        let (metrics, customers) = (service.metrics.clone(), service.pages.clone());
        let refresh = service.refresh.clone();
        let gate = Arc::clone(&service.gate);
        let telling = events::tell(service.events, service.gate, &config.rereads);
        let (snapshot_server, background) = (service.snapshot_server, service.background);
        let secured = tls.as_ref().map(Reload::current);
        let health = HealthReporter::new();
        standard::report(&health, ServingStatus::Serving, ServingStatus::Serving).await;
        let shared = shared(config, &metrics, access.as_ref(), &draining)?;
        let front = front(config, service.routes, &health, shared)?;
        let sources = Sources { seals: service.seals, operations: operations_pages.clone(), gate };
        let screens = console::router(config, &front, address_of(console.as_ref()), sources);
        let worker = Worker {
            front,
            tls: secured.clone(),
            connections: Arc::clone(&ports.api),
            draining,
            drain: config.drain,
            connection_age_max: config.connection_age_max,
        };
        let workers = Workers::start(&worker, listeners)?;
        drop(worker);
        ready(&told);
        tokio::select! {
            ended = watch_store(store_health, &health, &metrics) => ended,
            never = refresh.run() => match never {},
            never = serve_snapshots(snapshot_server) => match never {},
            never = keep_all((access, tls, service.policies), &config.rereads, &metrics) => {
                match never {}
            }
            never = background.run() => match never {},
            never = telling => match never {},
            never = ports.look_after() => match never {},
            ended = serve_pages(operations_pages.router(), ports.operations(operations)) => ended,
            ended = serve_pages(customers, ports.pages(pages)) => ended,
            ended = serve_pages(screens, ports.console(console, secured)) => ended,
            ended = until_drained(shutdown, &health, &drain, workers, config.drain) => ended,
        }
    })
}

/// Serves the store to copies, if it can be. That a copy fails must not end the service.
async fn serve_snapshots(snapshot_server: Option<SnapshotServer>) -> Infallible {
    if let Some(snapshot_server) = snapshot_server
        && let Err(error) = snapshot_server.serve().await
    {
        tracing::error!(%error, "the store cannot be copied and compacted while it is served");
    }
    pending().await
}

/// Writes the first line of the log.
fn announce(config: &Config, taken: &Taken) {
    let shown = |it: &Option<Listening>| {
        address_of(it.as_ref()).map_or_else(|| "off".to_owned(), |it| it.to_string())
    };
    let Taken { listen, operations, pages, console, .. } = taken;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        store = %config.store,
        %listen,
        operations = shown(operations),
        pages = shown(pages),
        console = shown(console),
        tzdb = config.zones.version(),
        "starting"
    );
}

/// The state that all calls share, on all threads.
fn shared(
    config: &Config,
    metrics: &Metrics,
    access: Option<&Reload<Access>>,
    draining: &watch::Receiver<bool>,
) -> Result<Shared, Error> {
    let mut hidden: Vec<&str> = Vec::new();
    hidden.extend(REFLECTION.iter().filter(|_| !config.reflection));
    hidden.extend([ADMIN].iter().filter(|_| !config.admin));
    hidden.extend([CLOCK].iter().filter(|_| config.hand.is_none()));
    [CREDENTIALS, CERTIFICATES].into_iter().for_each(|what| metrics.reload_failed(what, false));
    let open = || Arc::new(ArcSwap::from_pointee(Access::Open));
    Ok(Shared {
        methods: Methods::new(metrics, &hidden).map_err(Error::descriptors)?,
        origins: Origins::new(&config.cors_origins),
        access: access.map_or_else(open, Reload::current),
        clock: config.clock.clone(),
        deadline_max: config.deadline_max,
        calls: Bound::calls(),
        waiting: Bound::waiting(),
        streams: Streams::new(&config.limits),
        weights: Weights::default(),
        requests: Requests::default(),
        unauthenticated: Unauthenticated::new(metrics.clone()),
        traces: config.traces.clone(),
        draining: draining.clone(),
    })
}

/// The API's own routes, health and reflection, behind what every call passes.
fn front(
    config: &Config,
    routes: Routes,
    health: &HealthReporter,
    shared: Shared,
) -> Result<Front, Error> {
    let routes = standard::add_to(routes, health, config.hand.is_some());
    Ok(Front::new(routes.map_err(Error::descriptors)?, &Arc::new(shared)))
}

/// Takes the service out of its callers' rotation while the store does nothing. Checks are still
/// answered, each by its purpose's failure mode, so the process stays up.
async fn watch_store(
    mut store: watch::Receiver<Health>,
    health: &HealthReporter,
    metrics: &Metrics,
) -> Result<(), Error> {
    loop {
        let now = store.borrow_and_update().clone();
        metrics.store_health(&now);
        let (status, changes) = match now {
            Health::Well | Health::Impaired(_) => (ServingStatus::Serving, ServingStatus::Serving),
            Health::ReadOnly(_) => (ServingStatus::Serving, ServingStatus::NotServing),
            Health::Away(_) => (ServingStatus::NotServing, ServingStatus::NotServing),
        };
        standard::report(health, status, changes).await;
        if store.changed().await.is_err() {
            // Without its own thread a store writes nothing.
            metrics.store_health(&Health::Away(String::new().into()));
            standard::report(health, ServingStatus::NotServing, ServingStatus::NotServing).await;
            return pending().await;
        }
    }
}

/// Waits for the end to be asked for, and then lets the workers finish.
async fn until_drained(
    shutdown: impl Future<Output = ()>,
    health: &HealthReporter,
    drain: &watch::Sender<bool>,
    mut workers: Workers,
    drain_max: Duration,
) -> Result<(), Error> {
    let stopped = tokio::select! {
        () = shutdown => Ok(()),
        _ = workers.ended.recv() => Err(Error::Stopped),
    };
    standard::report(health, ServingStatus::NotServing, ServingStatus::NotServing).await;
    drain.send_replace(true);
    workers.join(drain_max.saturating_add(STOP_MAX)).await;
    stopped
}
