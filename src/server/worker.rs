//! One thread of the server: a runtime and a socket of its own. What it accepts it also answers, so
//! no request ever crosses from one thread to another.

use std::io;
use std::net::TcpListener;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::Either;
use http::Request;
use http::Response;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::time::timeout;
use tonic::body::Body;
use tonic::transport;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tower::Service;

use crate::server::front::Front;
use crate::server::front::HEADERS_BYTES_MAX;
use crate::server::leftover::Leftover;
use crate::server::shared::drained;
use crate::server::tls;

/// How many calls one connection may have open.
const STREAMS_PER_CONNECTION_MAX: u32 = 256;

/// How many calls of one connection may have been given up by their caller before we have looked at
/// them. Whoever exceeds it loses the connection, so that nobody keeps us busy with calls that are given up
/// at once. The library's own bound of 20 cuts off callers who only run out of patience while we are
/// behind: all of their open calls end together, and so may those that take their places. This is four
/// times as many as may be open.
const GIVEN_UP_MAX: usize = 1_024;

/// After how long without a word we ask whether a connection is still there.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// How long we wait for its answer.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// What each worker is to do.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    pub(super) front: Front,
    /// What connections are secured with, if they are.
    pub(super) tls: Option<tls::Current>,
    pub(super) draining: watch::Receiver<bool>,
    pub(super) drain: Duration,
    pub(super) connection_age_max: Option<Duration>,
}

/// Says that a worker has ended, also when it does so by a panic.
struct Ended(mpsc::UnboundedSender<()>);

impl Drop for Ended {
    fn drop(&mut self) {
        if self.0.send(()).is_err() {
            tracing::debug!("a worker ended after everybody had stopped waiting for it");
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
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let served = {
                let port = (listener, self.tls);
                serve(self.front.for_thread(), port, self.connection_age_max, &self.draining)?
            };
            let bounded = async {
                drained(self.draining.clone()).await;
                // Whoever has not finished by then is cut off with the runtime.
                timeout(self.drain, std::future::pending::<()>()).await
            };
            tokio::select! {
                ended = served => ended.map_err(io::Error::other),
                _elapsed = bounded => Ok(()),
            }
        })
    }
}

/// Serves what a port accepts, over TLS if that is given, until `draining`, and then what has been accepted.
pub(super) fn serve<S>(
    service: S,
    (listener, tls): (TcpListener, Option<tls::Current>),
    connection_age_max: Option<Duration>,
    draining: &watch::Receiver<bool>,
) -> io::Result<impl Future<Output = Result<(), transport::Error>> + use<S>>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<tower::BoxError> + Send + 'static,
{
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = Leftover(service);
    let mut server = Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(STREAMS_PER_CONNECTION_MAX)
        .http2_max_pending_accept_reset_streams(Some(GIVEN_UP_MAX))
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT));
    if let Some(age) = connection_age_max {
        // Never with a grace: the connection would then be cut instead of being asked to end.
        server = server.max_connection_age(age);
    }
    let drained = drained(draining.clone());
    Ok(match tls {
        Some(current) => {
            let incoming = tls::incoming(listener, current);
            Either::Left(server.serve_with_incoming_shutdown(service, incoming, drained))
        }
        None => {
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            Either::Right(server.serve_with_incoming_shutdown(service, incoming, drained))
        }
    })
}
