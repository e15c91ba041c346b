//! The connections of all ports.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::sync::Arc;

use crate::server::connections::Connections;
use crate::server::connections::Limits;
use crate::server::connections::share::Shares;
use crate::server::port::Port;
use crate::server::tls;
use crate::telemetry::Metrics;

/// The connections of each port.
#[derive(Debug)]
pub(in crate::server) struct Ports {
    pub(in crate::server) api: Arc<Connections>,
    pages: Arc<Connections>,
    console: Arc<Connections>,
    operations: Arc<Connections>,
}

impl Ports {
    /// The ports, without connections. The process's descriptors are shared among them.
    pub(in crate::server) fn new(limits: &Limits, metrics: &Metrics) -> Self {
        let shares = Shares::of_process(limits);
        let limits = Arc::new(limits.clone());
        let of =
            |port, share| Connections::new((port, share), Arc::clone(&limits), metrics.clone());
        Self {
            api: of("api", shares.api),
            pages: of("pages", shares.other),
            console: of("console", shares.other),
            operations: of("operations", shares.other),
        }
    }

    /// The port of the pages.
    pub(in crate::server) fn pages(
        &self,
        listening: Option<(TcpListener, SocketAddr)>,
    ) -> Option<Port> {
        plain(&self.pages, listening)
    }

    /// The port of the console, secured as the API's is.
    pub(in crate::server) fn console(
        &self,
        listening: Option<(TcpListener, SocketAddr)>,
        tls: Option<tls::Current>,
    ) -> Option<Port> {
        let (listener, _address) = listening?;
        Some(Port { listener, tls, connections: Arc::clone(&self.console) })
    }

    /// The operations port.
    pub(in crate::server) fn operations(
        &self,
        listening: Option<(TcpListener, SocketAddr)>,
    ) -> Option<Port> {
        plain(&self.operations, listening)
    }

    /// Drops those who say or ask nothing for too long.
    pub(in crate::server) async fn look_after(&self) -> Infallible {
        tokio::select! {
            never = self.api.look_after() => never,
            never = self.pages.look_after() => never,
            never = self.console.look_after() => never,
            never = self.operations.look_after() => never,
        }
    }
}

fn plain(
    connections: &Arc<Connections>,
    listening: Option<(TcpListener, SocketAddr)>,
) -> Option<Port> {
    let (listener, _address) = listening?;
    Some(Port { listener, tls: None, connections: Arc::clone(connections) })
}
