//! Accepts connections. No connection waits for the handshake of another.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::stream::unfold;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::access::certificate::Peer;
use crate::server::connections::Connections;
use crate::server::connections::socket::Socket;
use crate::server::tls;

/// The pause after the system could not accept a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// The connections that a listener accepts, and `connections` takes in.
pub(in crate::server) fn incoming(
    listener: TcpListener,
    connections: Arc<Connections>,
) -> impl Stream<Item = io::Result<Socket>> {
    unfold((listener, connections), |(listener, connections)| async move {
        let socket = accept(&listener, &connections).await;
        Some((Ok(socket), (listener, connections)))
    })
}

async fn accept(listener: &TcpListener, connections: &Arc<Connections>) -> Socket {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection is slower than it could be");
                }
                if let Some(socket) = connections.take_in(stream, address.ip()) {
                    return socket;
                }
            }
            // The client gave the connection up before we came to it.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                connections.make_room();
                pause().await;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing announces a descriptor that becomes free")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

/// The connections of a listener, once they speak TLS. The number of open handshakes is bounded
/// like that of connections.
pub(in crate::server) fn secured(
    listener: TcpListener,
    connections: Arc<Connections>,
    current: tls::Current,
) -> impl Stream<Item = io::Result<TlsStream<Socket>>> {
    let shaking: FuturesUnordered<BoxFuture<'static, Option<TlsStream<Socket>>>> =
        FuturesUnordered::new();
    let state = (Box::pin(incoming(listener, connections)), current, shaking);
    unfold(state, |(mut accepted, current, mut shaking)| async move {
        loop {
            tokio::select! {
                Some(secured) = shaking.next(), if !shaking.is_empty() => {
                    if let Some(secured) = secured {
                        return Some((Ok(secured), (accepted, current, shaking)));
                    }
                }
                socket = accepted.next() => {
                    let config = TlsAcceptor::from(current.load_full());
                    shaking.push(shake_hands(config, socket?.ok()?).boxed());
                }
            }
        }
    })
}

/// `None` for a client that does not speak TLS, or was dropped meanwhile.
async fn shake_hands(acceptor: TlsAcceptor, mut socket: Socket) -> Option<TlsStream<Socket>> {
    // The first byte does not count; the handshake does.
    socket.greets = false;
    let told = |error: &io::Error| tracing::debug!(%error, "a caller does not speak TLS");
    let stream = acceptor.accept(socket).await.inspect_err(told).ok()?;
    let (socket, session) = stream.get_ref();
    socket.connection.greet();
    if let Some(certificate) = session.peer_certificates().and_then(|all| all.first()) {
        // The peer is set this once.
        socket.connection.peer.get_or_init(|| Peer::of(certificate));
    }
    Some(stream)
}
