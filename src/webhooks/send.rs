//! One signed call. Redirects are not followed, and nothing of the answer but its status is read.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::Uri;
use http::header;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls_pki_types::ServerName;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::Webhook;
use super::sign::signature;
use crate::model::Instant;

/// The longest time for a call, from the look-up of the address to the status.
const CALL_MAX: Duration = Duration::from_secs(5);

/// Sends events.
#[derive(Clone)]
pub struct Sender(TlsConnector);

/// The answer of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of the answer; `None` if there was no answer.
    pub status: Option<u16>,
    /// The reason why the event counts as not sent, in words; `None` if it was sent.
    pub problem: Option<String>,
}

impl Sender {
    /// Trusts the certificates that this machine trusts.
    ///
    /// # Errors
    /// If no version of TLS can be spoken.
    pub fn new() -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (_added, _ignored) = roots.add_parsable_certificates(found.certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Sends an event, and returns the result.
    pub async fn post(
        &self,
        webhook: &Webhook,
        (id, now): (&str, Instant),
        body: String,
    ) -> Answer {
        let seconds = now.millis().div_euclid(1_000);
        let signature = signature(&webhook.keys, (id, seconds), &body);
        let url = &webhook.url;
        let host = url.authority().map(ToString::to_string).unwrap_or_default();
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        let request = Request::post(path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/cloudevents+json; charset=UTF-8")
            .header(header::USER_AGENT, concat!("courtesy/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(Full::new(Bytes::from(body)));
        let sent = async {
            let request = request.map_err(|error| error.to_string())?;
            self.send(url, request).await
        };
        match timeout(CALL_MAX, sent).await {
            Ok(Ok(status)) => Answer { status: Some(status), problem: problem_of(status) },
            Ok(Err(why)) => Answer { status: None, problem: Some(why) },
            Err(_elapsed) => {
                let why = format!("it does not answer within {} s", CALL_MAX.as_secs());
                Answer { status: None, problem: Some(why) }
            }
        }
    }

    async fn send(&self, url: &Uri, request: Request<Full<Bytes>>) -> Result<u16, String> {
        let host = url.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_tls = url.scheme_str() == Some("https");
        let port = url.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let found = tokio::net::lookup_host((bare, port)).await;
        let found: Vec<SocketAddr> = found.map_err(|error| connecting(&error))?.collect();
        // A name that leads to this machine in one moment may lead elsewhere in the next.
        if !is_tls && !found.iter().all(|address| address.ip().is_loopback()) {
            return Err(
                "its address does not lead to this machine, and is not encrypted".to_owned()
            );
        }
        let stream = TcpStream::connect(&*found).await.map_err(|error| connecting(&error))?;
        if !is_tls {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(|error| error.to_string())?;
        let stream = self.0.connect(name, stream).await.map_err(|error| connecting(&error))?;
        exchange(stream, request).await
    }
}

fn connecting(error: &io::Error) -> String {
    format!("it cannot be reached: {error}")
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<u16, String> {
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| error.to_string())?;
    let mut asked = pin!(sender.send_request(request));
    // The connection is driven until the status is there, and then left.
    let first = tokio::select! {
        answered = &mut asked => Some(answered),
        ended = connection => ended.err().map(Err),
    };
    let answered = match first {
        Some(answered) => answered,
        // The connection has ended after the answer, or without one.
        None => asked.await,
    };
    let response = answered.map_err(|error| format!("it does not answer: {error}"))?;
    Ok(response.status().as_u16())
}

/// The reason why an answer with this status is not a success.
fn problem_of(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!("it answers {status}, and redirects are not followed")),
        _ => Some(format!("it answers {status}")),
    }
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sender")
    }
}
