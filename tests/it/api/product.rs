//! A server of its own for each test.

use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::wait::PATIENCE;
use courtesy::background::Background;
use courtesy::clock::Clock;
use courtesy::clock::Setter;
use courtesy::clock::Stopwatch;
use courtesy::codec::Decoded;
use courtesy::console::Seals;
use courtesy::gate;
use courtesy::gate::Gate;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use courtesy::rpc;
use courtesy::rpc::Links;
use courtesy::secret::Secret;
use courtesy::server;
use courtesy::store::Durability;
use courtesy::store::Health;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use courtesy::store::embedded::OpenError;
use courtesy::telemetry::Metrics;
use courtesy::unsubscribe::Sealer;
use courtesy::zone::Zones;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tonic::Status;
use tonic::transport::Channel;

/// The start of most tests' time.
pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

/// The tenants that tests speak of.
const TENANTS: [&str; 5] = ["default", "default2", "north", "other", "unused"];

/// A running server. Dropping it stops it.
pub(crate) struct Product {
    pub(crate) hand: Setter,
    pub(crate) store: Arc<Embedded>,
    pub(crate) metrics: Metrics,
    runtime: Option<Runtime>,
    channel: Channel,
    /// Where it listens.
    pub(crate) ready: server::Ready,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    directory: Option<tempfile::TempDir>,
}

/// A server's settings, with ports that are free.
pub(crate) fn on_free_ports(zones: &Arc<Zones>) -> server::Config {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    server::Config {
        listen: free,
        operations: None,
        pages: Some(free),
        threads: Some(2),
        deadline_max: PATIENCE,
        tenants: TENANTS.iter().map(|name| Name::new(name).unwrap()).collect(),
        ..server::Config::new(Arc::clone(zones))
    }
}

fn settings() -> gate::Settings {
    gate::Settings { store_timeout: PATIENCE, ..Default::default() }
}

/// What a service has beside its gate.
struct Beside {
    sealer: Sealer,
    seals: Seals,
    /// Where its pages are.
    pages: Option<SocketAddr>,
    metrics: Metrics,
    store_health: watch::Receiver<Health>,
    /// The file of its webhooks.
    webhooks: Option<PathBuf>,
}

/// What is served over a gate.
fn service(gate: &Arc<Gate>, beside: Beside) -> server::Service {
    let Beside { sealer, seals, pages, metrics, store_health, webhooks } = beside;
    let base = pages.map(|it| format!("http://{it}/"));
    let (background, runner) = Background::new();
    let links = Links { sealer: sealer.clone(), base };
    let events = webhooks.map(|it| server::Events::begin(it, &metrics).unwrap());
    let hooks = events.as_ref().map(server::Events::hooks).unwrap_or_default();
    server::Service {
        routes: rpc::routes(gate, links, background, hooks, None),
        pages: courtesy::pages::router(gate, sealer, courtesy::pages::Logos::default()),
        seals,
        metrics,
        store: String::new(),
        store_health,
        policy_revision: Some(0),
        snapshot_server: None,
        policies: None,
        events,
        background: runner,
        refresh: server::Refresh::new(Arc::clone(gate), Arc::default()),
        gate: Arc::clone(gate),
    }
}

impl Product {
    /// A server with an empty store.
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// A server with a store.
    pub(crate) fn start_in(directory: tempfile::TempDir) -> Self {
        Self::start_on(directory, |store| store)
    }

    /// A server with an empty store that is set up otherwise.
    pub(crate) fn start_with(change: impl FnOnce(&mut server::Config)) -> Self {
        Self::start_as(tempfile::tempdir().unwrap(), change, |store| store)
    }

    /// A server that sees the store through something else.
    pub(crate) fn start_on(
        directory: tempfile::TempDir,
        through: impl FnOnce(Arc<Embedded>) -> Arc<dyn Store>,
    ) -> Self {
        Self::start_as(directory, |_| {}, through)
    }

    /// A server that is set up otherwise and sees the store through something else.
    pub(crate) fn start_as(
        directory: tempfile::TempDir,
        change: impl FnOnce(&mut server::Config),
        through: impl FnOnce(Arc<Embedded>) -> Arc<dyn Store>,
    ) -> Self {
        let zones = Arc::new(Zones::bundled());
        let (clock, hand) = Clock::manual(at(NOW));
        let store = Arc::new(open(directory.path()));
        let metrics = Metrics::new("");
        let mut config = on_free_ports(&zones);
        change(&mut config);
        if config.console.is_some() {
            config.clock = clock.clone();
        }
        let spelling = config.spelling;
        let secret = directory.path().join("secret");
        let (tenants, webhooks) = (config.tenants.clone(), config.webhooks.clone());
        let open = {
            let store_health = store.health();
            let (store, metrics) = (through(Arc::clone(&store)), metrics.clone());
            async move |pages: Option<SocketAddr>| {
                let settings = gate::Settings { spelling, ..settings() };
                let secret = Secret::read_or_make(&secret).unwrap();
                let (sealer, seals) = (Sealer::new(&secret), Seals::new(&secret));
                let metrics_too = metrics.clone();
                let parts = gate::Parts {
                    store,
                    outage_journal: None,
                    secret,
                    zones,
                    clock,
                    settings,
                    tenants,
                    metrics: metrics_too,
                    decisions: None,
                };
                let gate = Gate::new(parts).unwrap();
                gate.check_secret().await.unwrap();
                gate.begin(Duration::ZERO).await.unwrap();
                // As a start does, with patience. A store that is to fail gets it beside the calls.
                let _made_or_not = gate.make_agenda().await;
                let beside = Beside { sealer, seals, pages, metrics, store_health, webhooks };
                Ok(service(&Arc::new(gate), beside))
            }
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let ready = |it: &server::Ready| ready.send(it.clone()).unwrap();
            let shutdown = async { drop(stopped.await) };
            server::serve(&config, open, ready, shutdown).unwrap();
        });
        let ready = told.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let channel = {
            let _inside = runtime.enter();
            connect(ready.listen)
        };
        let (stop, thread, directory) = (Some(stop), Some(thread), Some(directory));
        Self {
            hand,
            store,
            metrics,
            runtime: Some(runtime),
            channel,
            ready,
            stop,
            thread,
            directory,
        }
    }

    /// The same with other settings.
    pub(crate) fn restart_with(mut self, change: impl FnOnce(&mut server::Config)) -> Self {
        let directory = self.directory.take().unwrap();
        drop(self);
        Self::start_as(directory, change, |store| store)
    }

    /// Another gate to its store, as one of the server's own pages would use it.
    pub(crate) fn gate(&self) -> Gate {
        let parts = gate::Parts {
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            outage_journal: None,
            secret: Secret::read(&self.directory().join("secret")).unwrap(),
            zones: Arc::new(Zones::bundled()),
            clock: Clock::manual(at(NOW)).0,
            settings: settings(),
            tenants: TENANTS.iter().map(|name| Name::new(name).unwrap()).collect(),
            metrics: Metrics::new(""),
            decisions: None,
        };
        let gate = Gate::new(parts).unwrap();
        self.wait(gate.begin(Duration::ZERO)).unwrap();
        gate
    }

    /// Where its store and its secret are.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.as_ref().unwrap().path()
    }

    /// Asks the server to end, and does not wait for it.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Stops the server, and starts another one on the same directory.
    pub(crate) fn restart(mut self) -> Self {
        let directory = self.directory.take().unwrap();
        drop(self);
        Self::start_in(directory)
    }

    /// Where it listens, for callers with connections of their own.
    pub(crate) fn address(&self) -> SocketAddr {
        self.ready.listen
    }

    pub(crate) fn contacts(&self) -> ContactServiceClient<Channel> {
        ContactServiceClient::new(self.channel.clone())
    }

    pub(crate) fn customers(&self) -> CustomerServiceClient<Channel> {
        CustomerServiceClient::new(self.channel.clone())
    }

    pub(crate) fn policies(&self) -> PolicyServiceClient<Channel> {
        PolicyServiceClient::new(self.channel.clone())
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(future)
    }

    /// Puts a policy of one document in force in place of `expected`.
    pub(crate) fn apply(&self, text: &str, expected: u64) -> Result<u64, Status> {
        let request = v1::ApplyPolicyRequest {
            documents: vec![v1::PolicyDocument { text: text.to_owned(), name: String::new() }],
            expected_revision: Some(expected),
            ..Default::default()
        };
        let applied = self.wait(self.policies().apply_policy(request))?;
        Ok(applied.into_inner().revision)
    }

    /// Puts a record in the store, as a copying tool would.
    pub(crate) fn seed(&self, customer_id: &str, record: &Record) {
        self.seed_bytes(customer_id, Decoded::default().write(record));
    }

    pub(crate) fn seed_bytes(&self, customer_id: &str, value: bytes::Bytes) {
        let tenant = Name::new("default").unwrap();
        let key = Key { space: Space::Customers, tenant, id: Box::from(customer_id) };
        let expected = self.wait(self.store.load(&key)).unwrap().map(|stored| stored.version);
        let replacement = Replacement { key, expected, value, expires: None };
        let replaced = self.wait(self.store.replace(replacement, Durability::Buffered));
        assert!(matches!(replaced.unwrap(), Replaced::Done(_)));
    }

    pub(crate) fn check(&self, contact: v1::Contact) -> Result<v1::Decision, Status> {
        let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
        Ok(self.wait(self.contacts().check_contact(request))?.into_inner().decision.unwrap())
    }

    pub(crate) fn reserve(
        &self,
        request: v1::ReserveContactRequest,
    ) -> Result<v1::ReserveContactResponse, Status> {
        Ok(self.wait(self.contacts().reserve_contact(request))?.into_inner())
    }

    pub(crate) fn record(&self, request_id: &str, contact: v1::Contact) -> v1::Decision {
        let request = v1::RecordContactRequest {
            contact: Some(contact),
            request_id: request_id.to_owned(),
            ..Default::default()
        };
        self.wait(self.contacts().record_contact(request)).unwrap().into_inner().decision.unwrap()
    }

    pub(crate) fn opt_out(&self, request: v1::OptOutRequest) -> Result<v1::OptOutResponse, Status> {
        Ok(self.wait(self.customers().opt_out(request))?.into_inner())
    }

    pub(crate) fn list(&self, customer_id: &str) -> Vec<v1::RecordedContact> {
        let request = v1::ListContactsRequest {
            customer_id: customer_id.to_owned(),
            page_size: Some(1_000),
            ..Default::default()
        };
        self.wait(self.customers().list_contacts(request)).unwrap().into_inner().contacts
    }
}

/// Opens a store that no other process uses. A command that another test has begun to start holds
/// the lock of one just closed, until it runs its own program.
fn open(directory: &Path) -> Embedded {
    let began = Stopwatch::start();
    loop {
        match Embedded::open(directory) {
            Err(OpenError::Locked(_)) if began.elapsed() < PATIENCE => std::thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // The client goes first: the server waits for clients that are still connected.
        drop(self.runtime.take());
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

/// A connection, which the runtime that is entered keeps.
pub(crate) fn connect(address: SocketAddr) -> Channel {
    Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn timestamp(text: &str) -> prost_types::Timestamp {
    rpc::convert::time::timestamp(at(text))
}

/// An e-mail to a customer, for marketing.
pub(crate) fn email(customer_id: &str) -> v1::Contact {
    v1::Contact {
        customer_id: customer_id.to_owned(),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        ..Default::default()
    }
}

/// A reservation of such an e-mail.
pub(crate) fn reservation(customer_id: &str, request_id: &str) -> v1::ReserveContactRequest {
    v1::ReserveContactRequest {
        contact: Some(email(customer_id)),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn seconds(seconds: i64) -> prost_types::Duration {
    prost_types::Duration { seconds, nanos: 0 }
}

pub(crate) fn is_allowed(decision: &v1::Decision) -> bool {
    decision.effect() == v1::Effect::Allow
}

/// The codes of a decision's reasons, without their prefix.
pub(crate) fn codes(decision: &v1::Decision) -> Vec<String> {
    let codes = decision.reasons.iter().map(|reason| reason.code().as_str_name());
    codes.map(|code| code.trim_start_matches("REASON_CODE_").to_owned()).collect()
}

/// The reason of an error.
pub(crate) fn reason(status: &Status) -> String {
    use tonic_types::StatusExt;
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The fields that an error complains of.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let violations = status.get_details_bad_request().map(|it| it.field_violations);
    violations.unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

/// What it says of each of them.
pub(crate) fn violations(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let violations = status.get_details_bad_request().map(|it| it.field_violations);
    violations.unwrap_or_default().into_iter().map(|violation| violation.description).collect()
}
