//! `courtesy serve`: the service.

use std::io::Write;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::signals;
use crate::cli::signals::Signal;
use crate::cli::variables::misspelt;
use crate::cli::wide::wide;
use crate::clock::Clock;
use crate::config;
use crate::config::Config;
use crate::config::Effective;
use crate::config::LogFormat;
use crate::config::ReservationDurability;
use crate::config::Settings;
use crate::config::Switch;
use crate::config::WishDurability;
use crate::server;
use crate::server::Ready;
use crate::server::connections::Limits;
use crate::server::tls::Files;
use crate::store::Durability;
use crate::telemetry::Metrics;
use crate::telemetry::log;
use crate::telemetry::log::Format;
use crate::telemetry::trace::Traces;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file of settings, as `courtesy config` prints them
    #[arg(long, env = "COURTESY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    given: Settings,
    #[command(flatten)]
    tzdb: Tzdb,
}

impl Args {
    /// Arguments with only these settings, without a file and the environment.
    pub(crate) const fn of(given: Settings, tzdb: Tzdb) -> Self {
        Self { config: None, given, tzdb }
    }

    /// The effective settings, and their origins.
    pub(crate) fn resolve(mut self) -> Result<(Config, Vec<Effective>), config::Error> {
        let file = self.config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
        self.given.tzdb = self.tzdb.tzdb.map(Switch::On);
        Ok(Config::resolve(self.given, file))
    }
}

pub(crate) fn run(args: Args, program: &str, out: &mut dyn Write) -> Result<Outcome, Error> {
    run_and(args, program, out, |_| ())
}

/// Serves, and does something once it serves.
pub(crate) fn run_and(
    args: Args,
    program: &str,
    out: &mut dyn Write,
    started: impl FnOnce(&Ready),
) -> Result<Outcome, Error> {
    let (config, _origins) = args.resolve()?;
    start_log(&config)?;
    let signals = signals::caught()?;
    let zones = Arc::new(super::zones(config.tzdb.clone().on().as_deref())?);
    let mut doubts = check_exposure(&config)?;
    check_console(&config)?;
    doubts.extend(wide(&config));
    doubts.extend(misspelt());
    let banner = config.log_format != LogFormat::Json;
    let (metrics, endpoint) = (Metrics::new(zones.version()), config.otlp_endpoint.clone().on());
    let traces = endpoint.map(|url| Traces::start(&url.0, config.otlp_sample.0, &metrics));
    let traces = traces.transpose().map_err(|error| Error::Input(super::chain(&error)))?;
    let mut written = Ok(());
    let ready = |ready: &Ready| {
        doubts.iter().for_each(|doubt| tracing::warn!("{doubt}"));
        tracing::info!(listen = %ready.listen, revision = ready.policy_revision, "serving");
        if banner {
            written = greet(ready, program, out);
        }
        started(ready);
    };
    let server = server::Config { metrics, traces: traces.clone(), ..to_server(config, zones)? };
    let served = server::run(&server, ready, stop_signal(signals, &server.rereads));
    if let Some(traces) = traces {
        traces.stop();
    }
    served?;
    tracing::info!("stopped");
    written?;
    Ok(Outcome::Yes)
}

fn start_log(config: &Config) -> Result<(), Error> {
    let format = match config.log_format {
        LogFormat::Text => Format::Text,
        LogFormat::Pretty => Format::Pretty,
        LogFormat::Json => Format::Json,
    };
    log::start(&config.log, format).map_err(|error| Error::Input(error.to_string()))
}

/// Checks that only this machine can call if callers need no credential, unless an operator permits
/// it. Returns warnings.
fn check_exposure(config: &Config) -> Result<Vec<String>, Error> {
    if config.listen.0.ip().is_loopback() || config.allow_unauthenticated {
        return Ok(Vec::new());
    }
    if config.credentials_file == Switch::Off {
        return Err(Error::Input(format!(
            "`{}` can be reached from other machines, and callers do not have to say who they are; \
             give --credentials-file (`courtesy credentials create` makes one), listen on \
             127.0.0.1, or give --allow-unauthenticated if the network lets only your senders in",
            config.listen
        )));
    }
    let is_clear = config.tls_cert_file == Switch::Off;
    let told = "keys and customers' ids travel in the clear; give --tls-cert-file and \
                --tls-key-file, unless the network encrypts";
    Ok(is_clear.then(|| told.to_owned()).into_iter().collect())
}

/// Beyond this machine the console asks who looks, and hides it from those between.
fn check_console(config: &Config) -> Result<(), Error> {
    let Switch::On(listen) = &config.console else { return Ok(()) };
    if listen.0.ip().is_loopback() {
        return Ok(());
    }
    let missing = match (&config.credentials_file, &config.tls_cert_file) {
        (Switch::Off, _) => {
            "it asks no one for a key: give --credentials-file (`courtesy credentials create` \
             makes one)"
        }
        (Switch::On(_), Switch::Off) => {
            "keys would travel in the clear: give --tls-cert-file and --tls-key-file"
        }
        (Switch::On(_), Switch::On(_)) => return Ok(()),
    };
    Err(Error::Input(format!(
        "the console at `{listen}` can be reached from other machines, and {missing}, or listen on \
         127.0.0.1 (setting `console`), or give --console off"
    )))
}

/// The files of the certificate, if there is to be one.
pub(crate) fn tls(config: &Config) -> Result<Option<Files>, Error> {
    let setting = |it: &Switch<PathBuf>| it.clone().on();
    match (setting(&config.tls_cert_file), setting(&config.tls_key_file)) {
        (Some(certificates), Some(key)) => {
            let client_authority = setting(&config.tls_client_ca_file);
            Ok(Some(Files { certificates, key, client_authority }))
        }
        (None, None) if config.tls_client_ca_file == Switch::Off => Ok(None),
        _ => Err(Error::Input(
            "TLS takes both a certificate and its key: give --tls-cert-file and --tls-key-file"
                .into(),
        )),
    }
}

fn to_server(config: Config, zones: Arc<Zones>) -> Result<server::Config, Error> {
    let (store, decisions) = (super::place::of(&config)?, super::place::decision_log(&config)?);
    let (tls, limits, clock) = (tls(&config)?, limits(&config), Clock::system());
    for doubt in tls.iter().flat_map(|files| files.doubts(clock.now())) {
        tracing::warn!("{doubt}");
    }
    Ok(server::Config {
        listen: config.listen.0,
        operations: config.operations.on().map(|it| it.0),
        pages: config.pages.on().map(|it| it.0),
        console: config.console.on().map(|it| it.0),
        console_url: config.console_url.on().map(|url| url.0),
        public_url: config.public_url.on().map(|url| url.0),
        logos: config.pages_logos.on(),
        secret: config.secret_file.on(),
        store,
        tenants: config.tenants.into_iter().map(|tenant| tenant.0).collect(),
        policy: config.policy.on(),
        store_timeout: config.store_timeout.0,
        wishes: match config.wish_durability {
            WishDurability::Synced => Durability::Synced,
            WishDurability::Replicated => Durability::Replicated,
        },
        reservations: match config.reservation_durability {
            ReservationDurability::Buffered => Durability::Buffered,
            ReservationDurability::Synced => Durability::Synced,
            ReservationDurability::Replicated => Durability::Replicated,
        },
        spelling: config.customer_ids.spelling(),
        threads: (config.threads > 0).then(|| usize::from(config.threads)),
        clock,
        cors_origins: config.cors_origins,
        deadline_max: config.deadline_max.0,
        drain: config.drain.0,
        connection_age_max: config.connection_age_max.on().map(|age| age.0),
        limits,
        credentials: config.credentials_file.on(),
        webhooks: config.webhooks_file.on(),
        tls,
        reflection: config.reflection,
        admin: config.admin,
        decisions,
        ..server::Config::new(zones)
    })
}

fn limits(config: &Config) -> Limits {
    let count = |it: NonZeroU32| usize::try_from(it.get()).unwrap_or(usize::MAX);
    Limits {
        connections_max: count(config.connections_max),
        strangers_max: count(config.strangers_max),
        strangers_per_address: count(config.strangers_per_address),
        trusted_proxies: config.trusted_proxies.iter().map(|it| it.0).collect(),
        first_byte_max: config.first_byte_max.0,
        idle_max: config.idle_max.0,
        stream_age_max: config.stream_age_max.0,
        ..Limits::default()
    }
}

/// Resolves when the process is asked to end. A hang-up makes it read its files again; the end of a
/// terminal does not.
async fn stop_signal(mut signals: UnboundedReceiver<Signal>, rereads: &watch::Sender<()>) {
    let told = loop {
        match signals.recv().await {
            Some(told @ (Signal::Terminate | Signal::Interrupt)) => break told,
            Some(Signal::Hangup) => {
                tracing::info!("SIGHUP: credentials, certificates and policies are read again");
                rereads.send_replace(());
            }
            // No signal is caught any more: the process runs until it is killed, which loses
            // nothing that was acknowledged.
            None => return std::future::pending().await,
        }
    };
    tracing::info!("SIG{}: calls in flight are finished, new ones are refused", told.name());
}

/// Prints the addresses that are served, and commands to try.
fn greet(ready: &Ready, program: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let api = reachable(ready.listen);
    let scheme = if ready.tls { "https" } else { "http" };
    writeln!(
        out,
        "courtesy {version}: may we contact this customer, on this channel, for this purpose, now?"
    )?;
    writeln!(out)?;
    writeln!(out, "  API         {scheme}://{api} (gRPC, gRPC-Web, Connect JSON)")?;
    for (name, scheme, port, what) in [
        ("operations", "http", ready.operations, "/livez, /readyz, /metrics, /version"),
        ("pages     ", "http", ready.pages, "unsubscribe and preference links"),
        ("console   ", scheme, ready.console, "for operators, in a browser"),
    ] {
        match port {
            Some(address) => writeln!(out, "  {name}  {scheme}://{} ({what})", reachable(address))?,
            None => writeln!(out, "  {name}  off")?,
        }
    }
    let callers = match ready.credentials {
        true => "say who they are by a key, a token or a certificate",
        false => "any caller that can reach it",
    };
    writeln!(out, "  callers     {callers}")?;
    writeln!(out, "  store       {}", ready.store)?;
    match ready.policy_revision {
        None => writeln!(out, "  policy      not known until the store can be read")?,
        Some(0) => writeln!(
            out,
            "  policy      the starter policy; `{program} policy apply FILE` replaces it"
        )?,
        Some(revision) => writeln!(out, "  policy      revision {revision}")?,
    }
    writeln!(out, "  time zones  {}", ready.tzdb_version)?;
    writeln!(out)?;
    writeln!(out, "Try, in another terminal:")?;
    let server = if api == Config::default().listen.0 && !ready.tls {
        String::new()
    } else {
        format!(" --server {scheme}://{api}")
    };
    if ready.credentials {
        writeln!(
            out,
            "  export COURTESY_API_KEY=…  # a sender's; `{program} credentials create` makes one"
        )?;
    }
    writeln!(out, "  {program} check --customer ada --channel email --purpose marketing{server}")?;
    writeln!(out, "  curl -H 'content-type: application/json' \\")?;
    if ready.credentials {
        writeln!(out, "    -H \"authorization: Bearer $COURTESY_API_KEY\" \\")?;
    }
    writeln!(
        out,
        "    -d '{{\"contact\": {{\"customer_id\": \"ada\", \"channel\": \"email\", \
         \"purpose\": \"marketing\"}}}}' \\"
    )?;
    writeln!(out, "    {scheme}://{api}/courtesy.v1.ContactService/CheckContact")?;
    out.flush()
}

/// The address at which a caller on this machine finds a server that listens there.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}
