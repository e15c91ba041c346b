//! One connection to one server, which is made when it is needed and replaced when it is dead.
//!
//! The library does not replace a connection that has gone silent or broken, and where it does
//! reconnect it repeats commands that may have been obeyed. So nothing is ever sent twice here: a
//! caller without an answer does not know the result, and asks again according to the record.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use redis::AsyncConnectionConfig;
use redis::Cmd;
use redis::ErrorKind;
use redis::Pipeline;
use redis::RedisError;
use redis::Value;
use redis::aio::MultiplexedConnection;

use super::address::Host;
use super::reply::is_forbidden;
use super::router::Lane;
use super::setting::Setting;
use crate::clock::Stopwatch;

/// The number of calls in a row without an answer after which a connection counts as dead.
const SILENCES_MAX: u32 = 3;
/// The time after a failure to connect in which no other attempt is made, so that callers fail at
/// once.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection to a server.
#[derive(Debug)]
pub(super) struct Link {
    door: Door,
    setup: Vec<Cmd>,
    // Only this thread's calls use it, so none waits for it.
    current: Mutex<Current>,
    /// Held by the one who connects, while others wait; and why there was no connection.
    connecting: tokio::sync::Mutex<Option<(Stopwatch, Broken)>>,
    silences: AtomicU32,
    breaks: Breaks,
}

/// The server of a link, and the credentials. Files are read again for each connection.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) setting: Setting,
    pub(super) host: Host,
    pub(super) lane: Lane,
}

/// The number of broken connections to a server: of this thread, and those that all threads left.
#[derive(Debug, Default)]
pub(super) struct Breaks {
    pub(super) here: Arc<AtomicU64>,
    pub(super) everywhere: Arc<AtomicU64>,
}

impl Breaks {
    fn count(&self) -> u64 {
        self.here.load(Ordering::Relaxed).wrapping_add(self.everywhere.load(Ordering::Relaxed))
    }
}

/// The connection that is in use.
#[derive(Debug, Default)]
struct Current {
    connection: Option<MultiplexedConnection>,
    /// The number of broken connections to this server when this one was made.
    breaks: u64,
    /// Identifies the connection.
    number: u64,
}

/// The reason why there is no answer.
#[derive(Clone, Debug)]
pub(super) enum Broken {
    /// Nothing was sent.
    Unsent(String),
    /// Nothing was sent, since the server does not let us in, however long one waits.
    Refused(String),
    /// The command was sent, and its result is unknown.
    Silent(String),
    /// The connection has broken, and whether anything was sent before is unknown.
    Closed(String),
}

impl Broken {
    /// The reason, for people.
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Unsent(why) | Self::Refused(why) | Self::Silent(why) | Self::Closed(why) => why,
        }
    }
}

impl Link {
    /// A link through a door. Each new connection begins with `setup`. All links to a server share
    /// `breaks`: where one connection has broken, the others probably have, and no call needs to
    /// find that out with a command that is lost.
    pub(super) fn new(door: Door, setup: Vec<Cmd>, breaks: Breaks) -> Self {
        let (current, connecting) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { door, setup, current, connecting, silences: AtomicU32::new(0), breaks }
    }

    /// The server of the link.
    pub(super) const fn host(&self) -> &Host {
        &self.door.host
    }

    /// The lane of the link.
    pub(super) const fn lane(&self) -> Lane {
        self.door.lane
    }

    /// Sends commands in one go, and returns the reply to each.
    pub(super) async fn send(&self, commands: &Pipeline) -> Result<Vec<Value>, Broken> {
        let (mut connection, number) = self.connection().await?;
        match connection.send_packed_commands(commands, 0, commands.len()).await {
            Ok(replies) => {
                self.silences.store(0, Ordering::Relaxed);
                Ok(replies)
            }
            Err(error) => Err(self.broken(&error, number)),
        }
    }

    /// Drops the connection, so that the next call makes a new one.
    pub(super) fn renew(&self) {
        self.current().connection = None;
    }

    fn broken(&self, error: &RedisError, number: u64) -> Broken {
        let is_silent = error.is_timeout();
        let silences = self.silences.fetch_add(1, Ordering::Relaxed) + 1;
        if !is_silent || silences >= SILENCES_MAX {
            let mut current = self.current();
            if current.number == number && current.connection.take().is_some() {
                self.silences.store(0, Ordering::Relaxed);
                if !is_silent {
                    self.breaks.here.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let why = describe(error);
        if is_silent { Broken::Silent(why) } else { Broken::Closed(why) }
    }

    async fn connection(&self) -> Result<(MultiplexedConnection, u64), Broken> {
        if let Some(ready) = self.ready() {
            return Ok(ready);
        }
        let mut failed = self.connecting.lock().await;
        if let Some(ready) = self.ready() {
            return Ok(ready);
        }
        if let Some((since, why)) = &*failed
            && since.elapsed() < PAUSE
        {
            return Err(why.clone());
        }
        let breaks = self.breaks.count();
        match self.connect().await {
            Ok(connection) => {
                *failed = None;
                let mut current = self.current();
                let number = current.number + 1;
                *current = Current { connection: Some(connection.clone()), breaks, number };
                Ok((connection, number))
            }
            Err(why) => {
                *failed = Some((Stopwatch::start(), why.clone()));
                Err(why)
            }
        }
    }

    /// The connection, unless it is dead, and its number.
    fn ready(&self) -> Option<(MultiplexedConnection, u64)> {
        let current = self.current();
        let connection =
            current.connection.clone().filter(|_| current.breaks == self.breaks.count());
        Some((connection?, current.number))
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<MultiplexedConnection, Broken> {
        let Door { setting, host, lane } = &self.door;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(setting.patience))
            .set_response_timeout(Some(setting.patience));
        let client = setting.client(host, *lane).map_err(|error| unsent(&error))?;
        let connected = client.get_multiplexed_async_connection_with_config(&config).await;
        let mut connection = connected.map_err(|error| unsent(&error))?;
        for command in &self.setup {
            let reply = connection.send_packed_command(command).await;
            reply.and_then(Value::extract_error).map_err(|error| unsent(&error))?;
        }
        Ok(connection)
    }
}

/// The reason why there is no connection.
fn unsent(error: &RedisError) -> Broken {
    let why = describe(error);
    if is_refusal(error) { Broken::Refused(why) } else { Broken::Unsent(why) }
}

/// Whether a server answered but does not let us in: the user, the database number or one of the
/// certificates is wrong.
fn is_refusal(error: &RedisError) -> bool {
    let is_of_tls = std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<Arc<dyn std::error::Error + Send + Sync>>())
        .and_then(|source| source.downcast_ref::<std::io::Error>())
        .and_then(std::io::Error::get_ref)
        .is_some_and(|inner| inner.is::<rustls::Error>());
    error.kind() == ErrorKind::AuthenticationFailed
        || error.code().is_some_and(|code| is_forbidden(code) || code == "ERR")
        || is_of_tls
}

/// An error of the library in one line, without a customer's id: Redis's answers to our commands
/// never repeat a key.
pub(super) fn describe(error: &RedisError) -> String {
    if error.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    error.to_string().replace('\n', " ")
}
