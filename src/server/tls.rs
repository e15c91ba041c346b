//! TLS at the API's port. The certificate, its key and the authority of clients are read again when
//! their files change; connections that are open stay as they are.

pub mod pem;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::FutureExt;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::stream::unfold;
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::Connected;

use crate::access::certificate::Peer;
use crate::model::Instant;

/// How long a client may take until both sides speak TLS.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How many clients may be on the way to that at once, on each thread; others wait to be accepted.
const SHAKING_MAX: usize = 256;

/// The files that TLS is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The server's certificate and those that sign it, in PEM.
    pub certificates: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// The certificates that sign those of clients, in PEM. If unset, clients have none.
    pub client_authority: Option<PathBuf>,
}

/// What connections are made with now.
pub(super) type Current = Arc<ArcSwap<ServerConfig>>;

impl Files {
    /// All of them.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let own = [self.certificates.clone(), self.key.clone()];
        own.into_iter().chain(self.client_authority.clone()).collect()
    }

    /// Whether they can be used.
    ///
    /// # Errors
    /// If not; the message names the file.
    pub fn check(&self) -> Result<(), String> {
        self.load().map(drop)
    }

    /// What clients may find wrong with the certificate, if it can be read.
    #[must_use]
    pub fn doubts(&self, now: Instant) -> Vec<String> {
        let read = pem::certificates(&self.certificates).unwrap_or_default();
        let found = read.first().map(|own| pem::doubts(own, now.millis().div_euclid(1_000)));
        let shown = self.certificates.display();
        found.unwrap_or_default().iter().map(|says| format!("`{shown}`: {says}")).collect()
    }

    /// Reads them.
    pub(super) fn load(&self) -> Result<ServerConfig, String> {
        let certificates = pem::certificates(&self.certificates)?;
        let key = pem::key(&self.key)?;
        pem::check_pair((&self.certificates, &certificates), (&self.key, &key))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = match &self.client_authority {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for certificate in pem::certificates(path)? {
                    let added = roots.add(certificate);
                    added.map_err(|error| format!("`{}`: {error}", path.display()))?;
                }
                // Who comes without a certificate may still have a key or a token.
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .allow_unauthenticated()
                        .build();
                builder.with_client_cert_verifier(verifier.map_err(|error| error.to_string())?)
            }
        };
        let config = builder.with_single_cert(certificates, key);
        let mut config = config.map_err(|error| {
            let (certificates, key) = (self.certificates.display(), self.key.display());
            format!("`{certificates}` and `{key}` do not go together: {error}")
        })?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// The connections that a listener accepts, once they speak TLS. Nobody waits for another's
/// handshake.
pub(super) fn incoming(
    listener: TcpListener,
    current: Current,
) -> impl Stream<Item = std::io::Result<Secured>> {
    let shaking: FuturesUnordered<BoxFuture<'static, Option<Secured>>> = FuturesUnordered::new();
    unfold((listener, current, shaking), |(listener, current, mut shaking)| async move {
        loop {
            let accepted = tokio::select! {
                Some(secured) = shaking.next(), if !shaking.is_empty() => match secured {
                    Some(secured) => return Some((Ok(secured), (listener, current, shaking))),
                    None => continue,
                },
                accepted = listener.accept(), if shaking.len() < SHAKING_MAX => accepted,
            };
            match accepted {
                Ok((stream, _address)) => {
                    shaking.push(shake_hands(stream, current.load_full()).boxed());
                }
                // There are too many open files: whoever ends a connection makes room.
                Err(error) => return Some((Err(error), (listener, current, shaking))),
            }
        }
    })
}

async fn shake_hands(stream: TcpStream, config: Arc<ServerConfig>) -> Option<Secured> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is slower than it could be");
    }
    let accepted = timeout(HANDSHAKE_MAX, TlsAcceptor::from(config).accept(stream)).await.ok()?;
    let told = |error: &std::io::Error| tracing::debug!(%error, "a caller does not speak TLS");
    let stream = accepted.inspect_err(told).ok()?;
    let certificates = stream.get_ref().1.peer_certificates();
    let peer = certificates.and_then(|all| all.first()).map(|first| Peer::of(first));
    Some(Secured { stream, peer: peer.unwrap_or_default() })
}

/// A connection that speaks TLS, and who is at its other end.
#[derive(Debug)]
pub(super) struct Secured {
    stream: TlsStream<TcpStream>,
    peer: Peer,
}

impl Connected for Secured {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
