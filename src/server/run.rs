//! The whole service: the store, the gate, the API.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::watch;

use super::Config;
use super::Error;
use super::Events;
use super::Ready;
use super::Refresh;
use super::Service;
use super::StorePlace;
use super::policy_directory::PolicyDirectory;
use super::serve;
use crate::background::Background;
use crate::console::Seals;
use crate::decision_log::DecisionLog;
use crate::gate;
use crate::gate::Gate;
use crate::model::Name;
use crate::pages;
use crate::rpc;
use crate::rpc::Links;
use crate::secret::Secret;
use crate::snapshot_server::SnapshotServer;
use crate::store::Health;
use crate::store::Store;
use crate::store::embedded::Embedded;
use crate::store::embedded::When;
use crate::store::redis::Redis;
use crate::store::redis::inspect::Finding;
use crate::store::redis::setting::Setting;
use crate::unsubscribe::Sealer;

/// The time that a start waits for the agenda of a store that has none.
const AGENDA_MAX: Duration = Duration::from_secs(2);

/// Opens the store, loads every tenant's policy, and serves until `shutdown`, then drains. The
/// store is fsynced before it returns.
///
/// # Errors
/// If a port is taken, the store cannot be opened, or a policy in it does not load.
pub fn run(
    config: &Config,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    rpc::warm_up().map_err(Error::Thread)?;
    let decisions = OnceLock::new();
    let open = async |pages| open(config, pages, &decisions).await.map_err(Error::Open);
    let served = serve(config, open, ready, shutdown);
    if let Some(Some(log)) = decisions.get() {
        DecisionLog::stop(log);
    }
    served
}

/// The time that a start waits for a store that is there but too busy to give the policies in
/// force.
const BUSY: Duration = Duration::from_secs(2);

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Logs why not everything could be read.
fn tell_why(gate: &Gate, why: &gate::Failure) {
    match gate.knows_policies() {
        true => tracing::warn!(%why, "it begins with what is kept beside the store"),
        false => tracing::error!(
            %why,
            "no policy is known: every call is refused until the store can be read"
        ),
    }
}

async fn open(
    config: &Config,
    pages: Option<SocketAddr>,
    decisions: &OnceLock<Option<DecisionLog>>,
) -> Result<Service, Failed> {
    if let StorePlace::Redis(..) = &config.store {
        // Before anything is made: the embedded store's own is made with it.
        secret(config)?;
    }
    let opened = open_store(config).await?;
    let Opened { store, outage_journal, health: store_health, says, news, is_there } = opened;
    keeps_secret(config, store.as_ref()).await?;
    let snapshot_server = snapshot_server(config, &store, outage_journal.as_ref());
    let metrics = config.metrics.clone();
    if let StorePlace::Embedded(directory, _) = &config.store {
        metrics.store_directory(directory);
    }
    let settings = gate::Settings {
        wishes: config.wishes,
        reservations: config.reservations,
        store_timeout: config.store_timeout,
        spelling: config.spelling,
    };
    let (zones, clock) = (Arc::clone(&config.zones), config.clock.clone());
    let (file, secret) = secret(config)?;
    let (sealer, seals) = (Sealer::new(&secret), Seals::new(&secret));
    let log = config.decisions.as_ref();
    let log = log.map(|it| DecisionLog::start(it, &secret, &metrics)).transpose()?;
    let decisions = decisions.get_or_init(|| log).clone();
    let parts = gate::Parts {
        store,
        outage_journal,
        secret,
        zones,
        clock,
        settings,
        tenants: config.tenants.clone(),
        metrics: metrics.clone(),
        decisions,
    };
    let gate = Gate::new(parts)?;
    begin(&gate, is_there, &file).await?;
    let gate = Arc::new(gate);
    let policies = match &config.policy {
        Some(path) => Some(PolicyDirectory::begin(path, &governed(config)?, &gate).await?),
        None => None,
    };
    let revision = gate.policy(&Name::new("default")?).policy.revision;
    let policy_revision = gate.knows_policies().then_some(revision);
    let (refresh, store_health) = Refresh::new(Arc::clone(&gate), news).with_health(store_health);
    let (background, runner) = Background::new();
    let events = config.webhooks.clone().map(|path| Events::begin(path, &metrics)).transpose()?;
    let hooks = events.as_ref().map(Events::hooks).unwrap_or_default();
    let logos = config.logos.as_deref().map(pages::Logos::read).transpose()?;
    let logos = logos.unwrap_or_default();
    let links = Links { sealer: sealer.clone(), base: base(config, pages) };
    Ok(Service {
        seals,
        pages: pages::router(&gate, sealer, logos),
        routes: rpc::routes(&gate, links, background, hooks, config.hand.clone()),
        metrics,
        store: says,
        store_health,
        policy_revision,
        refresh,
        snapshot_server,
        background: runner,
        events,
        gate,
        policies,
    })
}

/// Reads what is in force.
async fn begin(gate: &Gate, is_there: bool, secret: &Path) -> Result<(), Failed> {
    let begun = gate.begin(if is_there { BUSY } else { Duration::ZERO }).await;
    let told = |failure: gate::Failure| {
        if matches!(failure, gate::Failure::OtherSecret) {
            return format!("cannot use `{}`: {failure}", secret.display()).into();
        }
        Failed::from(failure)
    };
    if let Some(why) = begun.map_err(told)? {
        tell_why(gate, &why);
    }
    gate.compare_clock().await;
    // A store without an agenda gets one. Where that takes longer, it is made beside the calls.
    let _made_or_not = tokio::time::timeout(AGENDA_MAX, gate.make_agenda()).await;
    Ok(())
}

/// The tenant of the directory: the only one that is named, or the default one.
fn governed(config: &Config) -> Result<Name, Failed> {
    let only = config.tenants.first().filter(|_| config.tenants.len() == 1);
    Ok(only.map_or_else(|| Name::new(gate::TENANT_DEFAULT), |only| Ok(only.clone()))?)
}

/// The URL of the pages for customers.
fn base(config: &Config, pages: Option<SocketAddr>) -> Option<String> {
    let here = || pages.map(|address| format!("http://{address}"));
    let url = config.public_url.clone().or_else(here)?;
    Some(format!("{}/", url.trim_end_matches('/')))
}

/// The server of an embedded store, or of the journal beside another store. The service does
/// without one where there can be no socket.
fn snapshot_server(
    config: &Config,
    store: &Arc<dyn Store>,
    outage_journal: Option<&Arc<dyn Store>>,
) -> Option<SnapshotServer> {
    let (directory, store) = match &config.store {
        StorePlace::Embedded(directory, _) => (directory, store),
        StorePlace::Redis(_, journal) => (journal.as_ref()?, outage_journal?),
    };
    let snapshot_server = SnapshotServer::listen(Arc::clone(store), directory);
    let warn = |error: &_| {
        tracing::warn!(%error, "the store cannot be copied and compacted while it is served");
    };
    snapshot_server.inspect_err(warn).ok()
}

/// A store that is open.
struct Opened {
    store: Arc<dyn Store>,
    outage_journal: Option<Arc<dyn Store>>,
    health: watch::Receiver<Health>,
    /// Its name, for people.
    says: String,
    /// Told when another instance has changed a policy or a pause.
    news: Arc<Notify>,
    /// Whether it answered.
    is_there: bool,
}

/// The store of notes beside the main store.
fn beside(directory: Option<&Path>) -> Result<Option<Arc<dyn Store>>, Failed> {
    let kept = directory.map(|it| Embedded::open_to_rewrite(it, When::JOURNAL)).transpose()?;
    Ok(kept.map(|it| -> Arc<dyn Store> { Arc::new(it) }))
}

async fn open_store(config: &Config) -> Result<Opened, Failed> {
    match &config.store {
        StorePlace::Embedded(directory, marks) => {
            let store = Embedded::open(directory)?;
            let says = format!("embedded, in {}", directory.display());
            let (health, news) = (store.health(), Arc::default());
            let outage_journal = beside(marks.as_deref())?;
            Ok(Opened {
                store: Arc::new(store),
                outage_journal,
                health,
                says,
                news,
                is_there: true,
            })
        }
        StorePlace::Redis(setting, journal) => {
            let address = setting.address.to_string();
            let opened = Redis::open_if_there(Setting::clone(setting)).await;
            let (store, away) = opened.map_err(|error| format!("cannot use {address}: {error}"))?;
            match &away {
                None => warn(&store.inspect(config.clock.now()).await),
                Some(why) => {
                    tracing::error!(why, "the store is away: it is served without records");
                }
            }
            let says = format!("{address}, {} replicas each", store.replicas());
            let outage_journal = beside(journal.as_deref())?;
            let (health, news, is_there) = (store.health(), store.news(), away.is_none());
            Ok(Opened { store: Arc::new(store), outage_journal, health, says, news, is_there })
        }
    }
}

/// Warns of settings that could lose what is acknowledged.
fn warn(findings: &[Finding]) {
    for Finding { server, what, .. } in findings {
        tracing::warn!(server, "{what}");
    }
}

/// Refuses to make another secret in the place of one that is gone.
async fn keeps_secret(config: &Config, store: &dyn Store) -> Result<(), Failed> {
    let (None, StorePlace::Embedded(directory, _)) = (&config.secret, &config.store) else {
        return Ok(());
    };
    let file = directory.join("secret");
    if file.exists() || !gate::was_served(store).await? {
        return Ok(());
    }
    let file = file.display();
    Err(format!(
        "the store has been served with the secret in `{file}`, which is gone: without it no \
         unsubscribe link that was sent is good, and no erased customer is recognised. Put it \
         back; to go on without, make another one: (umask 077; head -c 32 /dev/urandom | base64 > \
         {file})"
    )
    .into())
}

fn secret(config: &Config) -> Result<(PathBuf, Secret), Failed> {
    match (&config.secret, &config.store) {
        (Some(file), _) => Ok((file.clone(), Secret::read(file)?)),
        (None, StorePlace::Embedded(directory, _)) => {
            let file = directory.join("secret");
            let secret = Secret::read_or_make(&file)?;
            Ok((file, secret))
        }
        (None, StorePlace::Redis(..)) => Err("instances that share a Redis share a secret, which \
             it does not hold: make one with `(umask 077; head -c 32 /dev/urandom | base64 > \
             secret)`, keep it, and give each instance --secret-file"
            .into()),
    }
}
