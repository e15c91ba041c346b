//! The configuration of a server.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::clock::Setter;
use crate::decision_log;
use crate::gate::TENANT_DEFAULT;
use crate::model::Name;
use crate::model::customer_id::Spelling;
use crate::server::connections::Limits;
use crate::server::tls::Files;
use crate::store::Durability;
use crate::store::redis::setting::Setting;
use crate::telemetry::Metrics;
use crate::telemetry::trace::Traces;
use crate::zone::Zones;

/// The place of the store.
#[derive(Clone, Debug)]
pub enum StorePlace {
    /// A directory for this process alone, which is made if it is missing; and the place for the
    /// note about the known store, if there is one.
    Embedded(PathBuf, Option<PathBuf>),
    /// A Redis for many processes; and the place for this process's journal of contacts that it
    /// allowed without the store, if there is one.
    Redis(Box<Setting>, Option<PathBuf>),
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded(directory, _) => write!(f, "embedded, in {}", directory.display()),
            Self::Redis(setting, _) => write!(f, "{}", setting.address),
        }
    }
}

/// The configuration of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address of the API; port 0 means a free one.
    pub listen: SocketAddr,
    /// The address of the operations port, if there is to be one; port 0 means a free one.
    pub operations: Option<SocketAddr>,
    /// The address of the pages for customers, if there are to be any; port 0 means a free one.
    pub pages: Option<SocketAddr>,
    /// The address of the console, if there is to be one; port 0 means a free one. If another
    /// process listens there, there is none.
    pub console: Option<SocketAddr>,
    /// The URL of the console for browsers, such as `https://console.example.com`, if that is not
    /// its own address.
    pub console_url: Option<String>,
    /// The URL of the pages for customers, such as `https://example.com`; their own address if
    /// unset.
    pub public_url: Option<String>,
    /// The directory with the logos that pages show; without logos if unset.
    pub logos: Option<PathBuf>,
    /// The file with the secret; if unset, `secret` in the embedded store's directory, made if it
    /// is missing.
    pub secret: Option<PathBuf>,
    /// The place of the store.
    pub store: StorePlace,
    /// The tenants that there are in any case.
    pub tenants: BTreeSet<Name>,
    /// The directory of policies that are put in force where it is not the last one that was, if
    /// there is one; or a file.
    pub policy: Option<PathBuf>,
    /// Asks for files to be read again at once.
    pub rereads: watch::Sender<()>,
    /// The longest time for one call of the store; after it the store counts as out of reach.
    pub store_timeout: Duration,
    /// The failures that a wish or a policy must survive before it is acknowledged.
    pub wishes: Durability,
    /// The failures that a reservation must survive before it is acknowledged.
    pub reservations: Durability,
    /// The rule by which two spellings of an id mean one customer.
    pub spelling: Spelling,
    /// The number of threads that serve; one for each core if unset.
    pub threads: Option<usize>,
    /// The time zones.
    pub zones: Arc<Zones>,
    /// The source of the time.
    pub clock: Clock,
    /// The setter of the clock, if callers may set it.
    pub hand: Option<Setter>,
    /// The origins whose web pages may call, such as `https://example.com`, or `*`.
    pub cors_origins: Vec<String>,
    /// The longest that a call may take, whatever deadline its caller sets.
    pub deadline_max: Duration,
    /// The longest time that the server waits for calls in flight when it shuts down.
    pub drain: Duration,
    /// The age at which a connection is asked to end, so that callers spread over new instances;
    /// never if unset.
    pub connection_age_max: Option<Duration>,
    /// The limits on connections and their lifetimes.
    pub limits: Limits,
    /// The file of callers' credentials; if unset, every caller may do everything.
    pub credentials: Option<PathBuf>,
    /// The file of webhooks, if there is one.
    pub webhooks: Option<PathBuf>,
    /// The files of the API's certificate; if unset, it does not speak TLS.
    pub tls: Option<Files>,
    /// Whether callers can list the services by reflection.
    pub reflection: bool,
    /// Whether policies can be changed here.
    pub admin: bool,
    /// The metrics.
    pub metrics: Metrics,
    /// The log of decisions, if there is to be one.
    pub decisions: Option<decision_log::Setting>,
    /// The receiver of calls' spans, if there is one.
    pub traces: Option<Traces>,
}

impl Config {
    /// The defaults: on this machine only, with a store in `./courtesy-data`.
    #[must_use]
    pub fn new(zones: Arc<Zones>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50_051)),
            operations: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 9_090))),
            pages: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 50_052))),
            console: None,
            console_url: None,
            public_url: None,
            logos: None,
            secret: None,
            store: StorePlace::Embedded(PathBuf::from("./courtesy-data"), None),
            tenants: Name::new(TENANT_DEFAULT).into_iter().collect(),
            policy: None,
            rereads: watch::Sender::new(()),
            store_timeout: Duration::from_millis(250),
            wishes: Durability::Replicated,
            reservations: Durability::Buffered,
            spelling: Spelling::Exact,
            threads: None,
            metrics: Metrics::new(zones.version()),
            decisions: None,
            traces: None,
            zones,
            clock: Clock::system(),
            hand: None,
            cors_origins: Vec::new(),
            deadline_max: Duration::from_secs(2),
            drain: Duration::from_secs(25),
            connection_age_max: Some(Duration::from_secs(30 * 60)),
            limits: Limits::default(),
            credentials: None,
            webhooks: None,
            tls: None,
            reflection: true,
            admin: true,
        }
    }
}
