//! `courtesy doctor`: what is wrong with a set-up, and what to do about it.

mod agenda;
mod customer_ids;
mod finding;
mod policies;

use std::fs;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use self::finding::Finding;
use self::finding::State;
use self::finding::doubtful;
use self::finding::fine;
use self::finding::write;
use self::finding::wrong;
use crate::access::credentials::Credentials;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::policy::day_of;
use crate::cli::serve;
use crate::cli::variables::misspelt;
use crate::cli::wide::wide;
use crate::clock;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::ReservationDurability;
use crate::config::StorePlace;
use crate::config::Switch;
use crate::gate::known_loss;
use crate::gate::noted_loss;
use crate::policy::preset;
use crate::policy::preset::REVIEW_DAYS_MAX;
use crate::secret::Secret;
use crate::store::embedded::Embedded;
use crate::store::embedded::OpenError;
use crate::store::redis::Redis;
use crate::store::redis::address::Address;
use crate::zone::Zones;

/// The time that a server may take to accept a connection.
const CONNECT_MAX: Duration = Duration::from_secs(1);

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[group(id = "doctor")]
pub(crate) struct Args {
    /// Check nothing; rebuild the agenda, the index of what is due, from the records. A directory
    /// must not be served meanwhile
    #[arg(long)]
    rebuild_agenda: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: serve::Args,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Args { rebuild_agenda, json, settings: args } = args;
    if rebuild_agenda {
        return agenda::rebuild(args, json, out);
    }
    let mut findings = Vec::new();
    match args.resolve() {
        Err(error) => findings.push(wrong("configuration", super::chain(&error))),
        Ok((config, _origins)) => {
            findings.push(fine(
                "configuration",
                "it can be read; `courtesy config` prints it".to_owned(),
            ));
            findings.push(zones(&config));
            findings.push(presets());
            let running = is_answering(config.listen.0);
            findings.push(listening("API", config.listen.0, running));
            for (what, port) in [("operations", config.operations), ("pages", config.pages)] {
                findings.extend(port.on().map(|address| listening(what, address.0, running)));
            }
            findings.push(exposure(&config));
            findings.extend(credentials(&config));
            findings.extend(certificates(&config));
            findings.extend(wide(&config).into_iter().map(|it| doubtful("files", it)));
            findings.extend(misspelt().into_iter().map(|it| doubtful("variables", it)));
            match &config.store {
                StorePlace::Directory(directory) => {
                    findings.push(store(directory, config.marks.clone().on().as_deref(), running));
                }
                StorePlace::Redis(address) => findings.extend(redis(&config, address)),
            }
            findings.extend(server(&config));
            findings.extend(customer_ids::look(&config));
            findings.extend(policies::look(&config));
            findings.push(secret(&config));
            findings.push(durability(&config));
        }
    }
    write(&findings, json, out)?;
    let any_wrong = findings.iter().any(|it| it.state == State::Wrong);
    Ok(if any_wrong { Outcome::No } else { Outcome::Yes })
}

/// Checks whether the laws' presets were reviewed lately.
fn presets() -> Finding {
    let old: Vec<&str> =
        preset::unreviewed(day_of(clock::now())).map(|(preset, _)| preset.name).collect();
    if old.is_empty() {
        return fine("presets", format!("all were reviewed in the last {REVIEW_DAYS_MAX} days"));
    }
    let says = format!(
        "{} were last reviewed more than {REVIEW_DAYS_MAX} days ago; a newer release may know \
         more: {}",
        old.len(),
        old.join(", ")
    );
    doubtful("presets", says)
}

fn zones(config: &Config) -> Finding {
    match super::zones(config.tzdb.clone().on().as_deref()) {
        Err(error) => wrong("time zones", super::chain(&error)),
        Ok(zones) => {
            let (version, bundled) = (zones.version(), Zones::bundled());
            let says = if version < bundled.version() {
                let newer = bundled.version();
                return doubtful(
                    "time zones",
                    format!(
                        "{version} is older than the bundled {newer}; leave --tzdb out, or update \
                         it"
                    ),
                );
            } else {
                format!("{version}; where a newer release matters to you, name it with --tzdb")
            };
            fine("time zones", says)
        }
    }
}

fn is_answering(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, CONNECT_MAX).is_ok()
}

fn listening(what: &'static str, address: SocketAddr, running: bool) -> Finding {
    match TcpListener::bind(address) {
        Ok(_free) => fine(what, format!("{address} is free to listen on")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            if running {
                fine(
                    what,
                    format!("something answers at {address}; a second server needs another port"),
                )
            } else {
                let says = format!(
                    "{address} is in use by another process; stop it, or choose another port"
                );
                wrong(what, says)
            }
        }
        Err(error) => wrong(what, format!("cannot listen on {address}: {error}")),
    }
}

fn exposure(config: &Config) -> Finding {
    let listen = config.listen.0;
    let knows_callers = config.credentials_file != Switch::Off;
    let speaks_tls = config.tls_cert_file != Switch::Off;
    match (listen.ip().is_loopback(), knows_callers, config.allow_unauthenticated) {
        (true, ..) => fine("exposure", "only this machine can ask".to_owned()),
        (false, true, _) if speaks_tls => {
            fine("exposure", format!("callers of {listen} need a credential, over TLS"))
        }
        (false, true, _) => doubtful(
            "exposure",
            format!(
                "keys travel to {listen} in the clear; give --tls-cert-file, unless the network \
                 encrypts"
            ),
        ),
        (false, false, false) => wrong(
            "exposure",
            format!(
                "{listen} can be reached from elsewhere, so `serve` wants --credentials-file, or \
                 --allow-unauthenticated"
            ),
        ),
        (false, false, true) => doubtful(
            "exposure",
            format!(
                "any caller that reaches {listen} may ask, record and change policies; let only \
                 your senders reach it"
            ),
        ),
    }
}

/// Checks whether the file of callers' credentials loads, if there is one.
fn credentials(config: &Config) -> Option<Finding> {
    let path = config.credentials_file.clone().on()?;
    Some(match Credentials::load(&path) {
        Ok(_loaded) => fine("credentials", format!("`{}` can be read", path.display())),
        Err(error) => wrong("credentials", error.to_string()),
    })
}

/// Checks whether the certificate and its key load, if there are any, and finds faults that clients
/// may reject.
fn certificates(config: &Config) -> Vec<Finding> {
    let files = match serve::tls(config) {
        Err(error) => return vec![wrong("TLS", error.to_string())],
        Ok(None) => return Vec::new(),
        Ok(Some(files)) => files,
    };
    if let Err(why) = files.check() {
        return vec![wrong("TLS", why)];
    }
    let together = fine("TLS", "the certificate and its key go together".to_owned());
    let doubts = files.doubts(Clock::system().now()).into_iter().map(|it| doubtful("TLS", it));
    [together].into_iter().chain(doubts).collect()
}

fn store(directory: &Path, marks: Option<&Path>, running: bool) -> Finding {
    let shown = directory.display();
    if !directory.exists() {
        let here = Path::new(".");
        let parent = directory.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(here);
        return match fs::metadata(parent) {
            Ok(it) if it.is_dir() && !it.permissions().readonly() => {
                fine("store", format!("{shown} will be made when `serve` starts"))
            }
            _ => wrong(
                "store",
                format!("{shown} cannot be made: {} is not there or read-only", parent.display()),
            ),
        };
    }
    match Embedded::open(directory) {
        Ok(opened) => match lost(&opened, marks) {
            Ok(None) => {
                fine("store", format!("{shown} opens, and holds all that was acknowledged"))
            }
            Ok(Some(lost)) => {
                let what = "Restore it; or start `serve`, and accept what is left with `courtesy \
                            store accept --reason TEXT`";
                wrong("store", format!("{shown}: {lost}. {what}"))
            }
            Err(why) => wrong("store", why),
        },
        Err(OpenError::Locked(_)) if running => {
            fine("store", format!("{shown} is in use by a running courtesy"))
        }
        Err(error) => wrong("store", super::chain(&error)),
    }
}

/// The loss of a directory since the note about the known store was kept elsewhere.
fn lost(store: &Embedded, marks: Option<&Path>) -> Result<Option<String>, String> {
    let Some(marks) = marks.filter(|marks| super::place::is_store(marks)) else { return Ok(None) };
    let kept = Embedded::open(marks).map_err(|error| super::chain(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(known_loss(store, &kept)).map_err(|error| error.to_string())
}

/// The findings about a Redis and its settings.
fn redis(config: &Config, address: &Address) -> Vec<Finding> {
    let look = || {
        let setting = super::place::redis(config, address).map_err(|it| super::chain(&it))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let store = Redis::open(setting).await.map_err(|error| error.to_string())?;
            let lost = noted_loss(&store).await.map_err(|error| error.to_string())?;
            Ok::<_, String>((store.replicas(), store.inspect(Clock::system().now()).await, lost))
        })
    };
    let (replicas, found, lost) = match look() {
        Ok(looked) => looked,
        Err(why) => return vec![wrong("store", format!("{address}: {why}"))],
    };
    let mut findings =
        vec![fine("store", format!("{address} answers; {replicas} replicas of each primary"))];
    findings.extend(lost.map(|lost| {
        wrong(
            "store",
            format!(
                "an instance has noted a loss: {lost}. Restore the store, or accept what is left \
                 with `courtesy store accept --reason TEXT`"
            ),
        )
    }));
    findings.extend(found.into_iter().map(|found| {
        let says = format!("{} {}", found.server, found.what);
        if found.is_unsafe { wrong("store", says) } else { doubtful("store", says) }
    }));
    findings
}

/// The report of a running server about its store, if there is one.
fn server(config: &Config) -> Option<Finding> {
    let address = config.operations.on()?.0;
    let mut stream = TcpStream::connect_timeout(&address, CONNECT_MAX).ok()?;
    stream.set_read_timeout(Some(CONNECT_MAX)).ok()?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, says) = answer.split_once("\r\n\r\n")?;
    let says = says.trim();
    if head.split(' ').nth(1)? == "200" && says == "ready" {
        return Some(fine("server", format!("the one at {address} is ready")));
    }
    Some(wrong(
        "server",
        format!(
            "the one at {address} says: {says}. Where the store has lost something, restore it, \
             and the server goes on by itself; or accept what is left with `courtesy store accept \
             --reason TEXT`"
        ),
    ))
}

fn secret(config: &Config) -> Finding {
    let named = config.secret_file.clone().on();
    let file = match (named, &config.store) {
        (Some(file), _) => file,
        (None, StorePlace::Redis(_)) => {
            let says = "instances that share a Redis share a secret: give --secret-file";
            return wrong("secret", says.to_owned());
        }
        (None, StorePlace::Directory(directory)) => {
            let file = directory.join("secret");
            if !file.exists() {
                let says = format!("{} will be made when `serve` starts", file.display());
                return fine("secret", says);
            }
            file
        }
    };
    match Secret::read(&file) {
        Ok(_secret) => fine("secret", format!("{} can be read", file.display())),
        Err(error) => wrong("secret", super::chain(&error)),
    }
}

fn durability(config: &Config) -> Finding {
    let is_redis = matches!(config.store, StorePlace::Redis(_));
    match (config.reservation_durability, is_redis) {
        (ReservationDurability::Synced, false) | (ReservationDurability::Replicated, _) => {
            fine("durability", "all that is acknowledged is as durable as the store can".to_owned())
        }
        (ReservationDurability::Buffered, false) => fine(
            "durability",
            "wishes are fsynced; a power cut may lose reservations of its last 100 ms \
             (--reservation-durability synced)"
                .to_owned(),
        ),
        (ReservationDurability::Buffered | ReservationDurability::Synced, true) => fine(
            "durability",
            "a fail-over may lose reservations of its last moments (--reservation-durability \
             replicated)"
                .to_owned(),
        ),
    }
}
