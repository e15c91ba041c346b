//! A port: a socket, its connections, and HTTP on them.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::Either;
use http::Request;
use http::Response;
use tokio::sync::watch;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport;
use tonic::transport::Server;
use tower::Service;
use tower::service_fn;

use crate::server::Error;
use crate::server::connections;
use crate::server::connections::Connection;
use crate::server::connections::Connections;
use crate::server::front::HEADERS_BYTES_MAX;
use crate::server::leftover::Leftover;
use crate::server::shared::drained;
use crate::server::tls;

/// The number of calls of one connection that their caller may have given up before we have looked
/// at them. A client that exceeds it loses the connection, so that it cannot keep us busy with
/// calls that it gives up at once. The library's own bound of 20 cuts off callers who only run out
/// of patience while we are behind: all of their open calls end together, and so may those that
/// follow. This is four times as many as may be open.
const GIVEN_UP_MAX: usize = 1_024;

/// The number of bytes of a body that may arrive before it is read, for one call and for all of a
/// connection. The library's own bound is 1 MiB for each, which strangers could fill.
const UNREAD_BYTES_MAX: u32 = 256 << 10;

/// The silence after which we ask whether a connection is still there.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// The time for which we wait for its answer.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of open requests on one connection, at a port for people and for machines that ask
/// once.
const PLAIN_STREAMS_MAX: u32 = 16;

/// A port that accepts connections.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) listener: TcpListener,
    /// The TLS of connections, if there is any.
    pub(super) tls: Option<tls::Current>,
    pub(super) connections: Arc<Connections>,
}

/// HTTP of both versions, with `streams` requests at once on each connection.
pub(super) fn http(streams: u32) -> Server {
    Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(streams)
        .initial_stream_window_size(UNREAD_BYTES_MAX)
        .initial_connection_window_size(UNREAD_BYTES_MAX)
        .http2_max_pending_accept_reset_streams(Some(GIVEN_UP_MAX))
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
}

impl Port {
    /// Serves what it accepts until `draining`, and then what has been accepted.
    pub(super) fn serve<S>(
        self,
        server: Server,
        service: S,
        draining: &watch::Receiver<bool>,
    ) -> io::Result<impl Future<Output = Result<(), transport::Error>> + use<S>>
    where
        S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<tower::BoxError> + Send + 'static,
    {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let (service, drained) = (Leftover(service), drained(draining.clone()));
        Ok(match self.tls {
            Some(current) => {
                let incoming = connections::secured(listener, self.connections, current);
                Either::Left(server.serve_with_incoming_shutdown(service, incoming, drained))
            }
            None => {
                let incoming = connections::incoming(listener, self.connections);
                Either::Right(server.serve_with_incoming_shutdown(service, incoming, drained))
            }
        })
    }
}

/// Serves plain HTTP for as long as it is asked for; without a port, waits for ever.
pub(super) async fn serve_pages(pages: Router, port: Option<Port>) -> Result<(), Error> {
    let Some(port) = port else { return pending().await };
    // The channel stays open to announce the drain, and ends with the runtime.
    let (_never, lasting) = watch::channel(false);
    let routes = Routes::from(pages).prepare();
    let service = service_fn(move |request: Request<Body>| {
        let work = Connection::of(request.extensions()).map(Connection::work);
        let answered = routes.clone().call(request);
        async move {
            let answered: Result<Response<Body>, Infallible> = answered.await;
            drop(work);
            answered
        }
    });
    let served = port.serve(http(PLAIN_STREAMS_MAX), service, &lasting).map_err(Error::Thread)?;
    served.await.map_err(|error| Error::Open(error.into()))?;
    Err(Error::Stopped)
}
