//! The connections of one port. A connection is a stranger's until a call on it was admitted by its
//! credential. Strangers are bounded, on each port and from each source, and the oldest makes way
//! for the newest, so that held connections keep no caller out. Those who say nothing, or ask
//! nothing, are dropped. Callers are bounded only by what the port can have.

mod accept;
mod ports;
mod share;
mod socket;
mod source;
#[cfg(test)]
mod tests;

pub(super) use accept::incoming;
pub(super) use accept::secured;
pub(super) use ports::Ports;
pub(super) use source::Source;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Extensions;
use http::HeaderMap;
use socket2::SockRef;
use strum::VariantArray;
use tokio::net::TcpStream;
use tonic::transport::server::TlsConnectInfo;

use crate::access::certificate::Peer;
use crate::clock::Stopwatch;
use crate::network::Network;
use crate::server::connections::share::Share;
use crate::server::connections::socket::Socket;
use crate::telemetry::Metrics;

/// The interval at which silent connections are looked for.
const LOOKED_AFTER: Duration = Duration::from_millis(500);

/// The number of calls that a stranger's connection may have open for its probes to be answered.
const PROBES_MAX: usize = 16;

/// The number of refused streams after which a stranger's connection is dropped.
const REFUSED_STREAMS_MAX: usize = 16;

/// The limits on connections and their lifetimes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum number of connections of the API's port, of callers and strangers, on all
    /// threads.
    pub connections_max: usize,
    /// The maximum number of strangers' connections of each port.
    pub strangers_max: usize,
    /// The maximum number of strangers' connections of each port from one address, or for IPv6 from
    /// one /64.
    pub strangers_per_address: usize,
    /// The maximum number of strangers' streams.
    pub stranger_streams_max: usize,
    /// The maximum number of strangers' streams from one address, or for IPv6 from one /64.
    pub stranger_streams_per_address: usize,
    /// The proxies that are believed about the addresses that they forward for.
    pub trusted_proxies: Vec<Network>,
    /// The longest time until a connection sends its first byte, and over TLS has shaken hands.
    pub first_byte_max: Duration,
    /// The longest that a stranger's connection is without a call.
    pub idle_max: Duration,
    /// The longest that a stream lasts.
    pub stream_age_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 10_000,
            strangers_max: 1_024,
            strangers_per_address: 128,
            stranger_streams_max: 1_024,
            stranger_streams_per_address: 64,
            trusted_proxies: Vec::new(),
            first_byte_max: Duration::from_secs(5),
            idle_max: Duration::from_secs(60),
            stream_age_max: Duration::from_secs(3_600),
        }
    }
}

/// The reason why a connection was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Cause {
    /// The source has newer connections.
    Address,
    /// The port has newer ones.
    Port,
    /// The port has no room but for callers that are there.
    Callers,
    /// The process has no descriptors left.
    Descriptors,
    /// The client was silent, or did not complete the handshake.
    Silent,
    /// The client made no request for too long.
    Idle,
    /// The connection has been open for as long as a stream may be.
    Age,
    /// A stream of another had no room, or its own asked for more and more.
    Streams,
}

/// The connections of one port.
#[derive(Debug)]
pub(super) struct Connections {
    port: &'static str,
    limits: Arc<Limits>,
    share: Share,
    metrics: Metrics,
    open: Mutex<Open>,
}

/// The connections that are open.
#[derive(Debug, Default)]
struct Open {
    last: u64,
    /// The strangers' connections by number, so that the oldest comes first.
    strangers: BTreeMap<u64, Arc<Connection>>,
    callers: usize,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    number: u64,
    from: IpAddr,
    source: Source,
    stream: Weak<TcpStream>,
    peer: OnceLock<Peer>,
    connections: Arc<Connections>,
    opened: Stopwatch,
    is_heard: AtomicBool,
    is_known: AtomicBool,
    is_shut: AtomicBool,
    /// The number of calls that are worked on.
    calls: AtomicUsize,
    /// The number of streams on it that were refused.
    refused_streams: AtomicUsize,
    /// The time at which the last call ended, in milliseconds after the connection was opened.
    quiet_since: AtomicU64,
}

impl Connections {
    fn new(
        (port, share): (&'static str, Share),
        limits: Arc<Limits>,
        metrics: Metrics,
    ) -> Arc<Self> {
        for cause in Cause::VARIANTS {
            metrics.connections_dropped(port, cause.into(), 0);
        }
        Arc::new(Self { port, limits, share, metrics, open: Mutex::default() })
    }

    /// Takes in a connection, for which another may be dropped. `None` if there is no room for it.
    fn take_in(self: &Arc<Self>, stream: TcpStream, from: IpAddr) -> Option<Socket> {
        let source = source::of_connection(from, &self.limits.trusted_proxies);
        let mut open = self.open();
        let same = |it: &&Arc<Connection>| it.source == source;
        if source.is_some()
            && open.strangers.values().filter(same).count() >= self.limits.strangers_per_address
        {
            let oldest = open.strangers.values().find(same).map(|it| it.number);
            self.drop_stranger(&mut open, oldest, Cause::Address);
        }
        let strangers = open.strangers.len();
        if strangers >= self.share.strangers || strangers + open.callers >= self.share.all {
            let oldest = open.strangers.keys().next().copied();
            if !self.drop_stranger(&mut open, oldest, Cause::Port) {
                self.metrics.connections_dropped(self.port, Cause::Callers.into(), 1);
                return None;
            }
        }
        open.last += 1;
        let stream = Arc::new(stream);
        let connection = Arc::new(Connection {
            number: open.last,
            from,
            source,
            stream: Arc::downgrade(&stream),
            peer: OnceLock::new(),
            connections: Arc::clone(self),
            opened: Stopwatch::start(),
            is_heard: AtomicBool::new(false),
            is_known: AtomicBool::new(false),
            is_shut: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
            refused_streams: AtomicUsize::new(0),
            quiet_since: AtomicU64::new(0),
        });
        open.strangers.insert(connection.number, Arc::clone(&connection));
        Some(Socket { stream, connection, greets: true })
    }

    /// Drops the oldest stranger, so that a descriptor is free again.
    fn make_room(&self) {
        let mut open = self.open();
        let oldest = open.strangers.keys().next().copied();
        self.drop_stranger(&mut open, oldest, Cause::Descriptors);
    }

    /// Drops a stranger's connection, if there is one. The task that serves it finds that it has
    /// ended.
    fn drop_stranger(&self, open: &mut Open, number: Option<u64>, cause: Cause) -> bool {
        let Some(connection) = number.and_then(|it| open.strangers.remove(&it)) else {
            return false;
        };
        self.metrics.connections_dropped(self.port, cause.into(), 1);
        connection.shut();
        true
    }

    /// Drops strangers who say or ask nothing for too long.
    async fn look_after(&self) -> Infallible {
        let mut ticks = tokio::time::interval(LOOKED_AFTER);
        loop {
            ticks.tick().await;
            let mut open = self.open();
            let overdue = open.strangers.iter().filter_map(|(number, connection)| {
                connection.overdue(&self.limits).map(|cause| (*number, cause))
            });
            for (number, cause) in overdue.collect::<Vec<_>>() {
                self.drop_stranger(&mut open, Some(number), cause);
            }
            let (strangers, callers) = (open.strangers.len(), open.callers);
            drop(open);
            self.metrics.connections(self.port, strangers, callers);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// The connection on which a call came.
    pub(super) fn of(extensions: &Extensions) -> Option<&Arc<Self>> {
        let secured = || Some(extensions.get::<TlsConnectInfo<Arc<Self>>>()?.get_ref());
        extensions.get::<Arc<Self>>().or_else(secured)
    }

    /// The peer, if the connection is over TLS.
    pub(super) fn peer(&self) -> Option<&Peer> {
        self.peer.get()
    }

    /// The source of a call on this connection.
    pub(super) fn source(&self, headers: &HeaderMap) -> Source {
        source::of_call(self.from, &self.connections.limits.trusted_proxies, headers)
    }

    /// Whether a call on it was admitted by its credential.
    pub(super) fn is_known(&self) -> bool {
        self.is_known.load(Ordering::Relaxed)
    }

    /// Notes that a call on it was admitted.
    pub(super) fn know(&self) {
        if self.is_known() {
            return;
        }
        let mut open = self.connections.open();
        // The connection may just have been dropped.
        if open.strangers.remove(&self.number).is_some() {
            open.callers += 1;
            self.is_known.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a probe on this connection is answered: strangers may make only a few at once.
    pub(super) fn may_probe(&self) -> bool {
        self.is_known() || self.calls.load(Ordering::Relaxed) <= PROBES_MAX
    }

    /// Notes that the peer has sent something.
    fn greet(&self) {
        self.is_heard.store(true, Ordering::Relaxed);
    }

    /// Notes that a call is worked on, until that is dropped.
    pub(super) fn work(self: &Arc<Self>) -> Work {
        self.calls.fetch_add(1, Ordering::Relaxed);
        Work(Arc::clone(self))
    }

    /// Whether the connection is open, and no call on it was admitted.
    pub(super) fn is_stranger(&self) -> bool {
        !self.is_known() && !self.is_shut.load(Ordering::Relaxed)
    }

    /// Drops this connection so that another has room for a stream. Not for its own streams. One
    /// that has ended meanwhile has made way.
    pub(super) fn make_way_for(&self, other: &Self) -> bool {
        !std::ptr::eq(self, other) && (self.drop_for_streams() || !self.is_stranger())
    }

    /// Notes that a stream on it was refused. A connection that keeps asking is dropped.
    pub(super) fn note_refused_stream(&self) {
        if self.refused_streams.fetch_add(1, Ordering::Relaxed) >= REFUSED_STREAMS_MAX {
            self.drop_for_streams();
        }
    }

    /// Drops it, unless it is that of a trusted proxy, on which others have theirs.
    fn drop_for_streams(&self) -> bool {
        let connections = &self.connections;
        self.source.is_some()
            && connections.drop_stranger(&mut connections.open(), Some(self.number), Cause::Streams)
    }

    fn overdue(&self, limits: &Limits) -> Option<Cause> {
        let age = self.opened.elapsed();
        if !self.is_heard.load(Ordering::Relaxed) {
            return (age >= limits.first_byte_max).then_some(Cause::Silent);
        }
        if age >= limits.stream_age_max {
            return Some(Cause::Age);
        }
        let quiet_since = Duration::from_millis(self.quiet_since.load(Ordering::Relaxed));
        // A trusted proxy keeps connections for those who come.
        let is_quiet = self.source.is_some() && self.calls.load(Ordering::Relaxed) == 0;
        (is_quiet && age.saturating_sub(quiet_since) >= limits.idle_max).then_some(Cause::Idle)
    }

    fn shut(&self) {
        self.is_shut.store(true, Ordering::Relaxed);
        let Some(stream) = self.stream.upgrade() else { return };
        if let Err(error) = SockRef::from(&*stream).shutdown(Shutdown::Both) {
            tracing::debug!(%error, "a connection had ended before it was dropped");
        }
    }

    fn ended(&self) {
        let mut open = self.connections.open();
        self.is_shut.store(true, Ordering::Relaxed);
        if open.strangers.remove(&self.number).is_none() && self.is_known() {
            open.callers -= 1;
        }
    }
}

/// A call that is worked on.
#[derive(Debug)]
pub(super) struct Work(Arc<Connection>);

impl Drop for Work {
    fn drop(&mut self) {
        let now = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.quiet_since.store(now, Ordering::Relaxed);
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
