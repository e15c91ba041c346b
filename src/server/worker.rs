//! One thread of the server: a runtime and a socket of its own. It answers all connections that it
//! accepts, so no request ever crosses from one thread to another.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::time::interval;
use tokio::time::timeout;

use crate::server::connections::Connections;
use crate::server::front::Front;
use crate::server::port::Port;
use crate::server::port::http;
use crate::server::shared::drained;
use crate::server::tls;

/// The number of calls that one connection may have open.
const STREAMS_PER_CONNECTION_MAX: u32 = 256;

/// The number of threads of each worker beside its own, for long work.
const ASIDE_MAX: usize = 4;

/// The longest time that a thread sleeps: shorter than whatever a call waits for.
const TICK: Duration = Duration::from_millis(50);

/// The interval at which a server that goes down checks whether anything is being answered.
const QUIET_LOOK: Duration = Duration::from_millis(100);

/// The number of checks in a row that must find nothing, so that clients have the time to read
/// their answers.
const QUIET_LOOKS: u32 = 11;

/// The configuration of a worker.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    pub(super) front: Front,
    /// The TLS of connections, if there is any.
    pub(super) tls: Option<tls::Current>,
    pub(super) connections: Arc<Connections>,
    pub(super) draining: watch::Receiver<bool>,
    pub(super) drain: Duration,
    pub(super) connection_age_max: Option<Duration>,
}

/// Sends a message when it is dropped: when its worker ends, also by a panic.
struct Ended(mpsc::UnboundedSender<()>);

impl Drop for Ended {
    fn drop(&mut self) {
        if self.0.send(()).is_err() {
            tracing::debug!("a worker ended after the server had stopped waiting for it");
        }
    }
}

impl Worker {
    /// Starts a thread that serves what `listener` accepts, and tells `ended` when it no longer
    /// does.
    pub(super) fn start(
        self,
        number: usize,
        listener: TcpListener,
        ended: mpsc::UnboundedSender<()>,
    ) -> io::Result<JoinHandle<()>> {
        thread::Builder::new().name(format!("serve-{number}")).spawn(move || {
            let _ended = Ended(ended);
            if let Err(error) = self.run(listener) {
                tracing::error!("a thread of the server could not go on: {error}");
            }
        })
    }

    fn run(self, listener: TcpListener) -> io::Result<()> {
        let runtime =
            Builder::new_current_thread().enable_all().max_blocking_threads(ASIDE_MAX).build()?;
        let watched = self.front.clone();
        runtime.block_on(async {
            let served = {
                let mut server = http(STREAMS_PER_CONNECTION_MAX);
                if let Some(age) = self.connection_age_max {
                    // Never with a grace: the connection would then be cut instead of being asked
                    // to end.
                    server = server.max_connection_age(age);
                }
                let port = Port { listener, tls: self.tls, connections: self.connections };
                port.serve(server, self.front.for_thread(), &self.draining)?
            };
            let bounded = async {
                drained(self.draining.clone()).await;
                // Calls that have not finished by then are cut off with the runtime.
                timeout(self.drain, quiet(&watched)).await
            };
            tokio::select! {
                ended = served => ended.map_err(io::Error::other),
                _elapsed = bounded => Ok(()),
                never = keep_time() => match never {},
            }
        })
    }
}

/// Wakes the thread now and then, for ever. A timer that is due before all others wakes it at once,
/// to be taken note of: each call would do so with each of its timers.
async fn keep_time() -> Infallible {
    let mut ticks = interval(TICK);
    loop {
        ticks.tick().await;
    }
}

/// Resolves when nothing has been answered for a while: some clients read that they are to leave
/// only when they call next, and are not waited for.
async fn quiet(front: &Front) {
    let mut ticks = interval(QUIET_LOOK);
    let mut looks = 0;
    while looks < QUIET_LOOKS {
        ticks.tick().await;
        looks = if front.is_quiet() { looks + 1 } else { 0 };
    }
}
