//! Calls made by hand: any head, any body, in each of the dialects.

use std::net::SocketAddr;

use crate::wait::PATIENCE;
use bytes::Bytes;
use bytes::BytesMut;
use courtesy::proto::DESCRIPTORS;
use http::HeaderMap;
use http::Request;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

pub(super) const CHECK: &str = "/courtesy.v1.ContactService/CheckContact";
pub(super) const RESERVE: &str = "/courtesy.v1.ContactService/ReserveContact";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Grpc,
    GrpcWeb,
    Json,
    Proto,
}

pub(super) const DIALECTS: [Dialect; 4] =
    [Dialect::Grpc, Dialect::GrpcWeb, Dialect::Json, Dialect::Proto];

impl Dialect {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Grpc => "application/grpc",
            Self::GrpcWeb => "application/grpc-web+proto",
            Self::Json => "application/json",
            Self::Proto => "application/proto",
        }
    }

    /// A message that is protobuf, as this dialect's body.
    pub(super) fn body(self, path: &str, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Grpc | Self::GrpcWeb => frame(0, message),
            Self::Json => json(path, message),
            Self::Proto => message.to_vec(),
        }
    }

    /// The head of a call.
    pub(super) fn head(self, path: &str) -> http::request::Builder {
        let head = head("POST", path).header("content-type", self.content_type());
        if self == Self::Grpc { head.header("te", "trailers") } else { head }
    }

    /// How a call ended.
    pub(super) fn code(self, answer: &Answer) -> Code {
        let from = |headers: &HeaderMap| {
            headers.get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()))
        };
        match self {
            Self::Grpc => from(&answer.headers).or_else(|| from(&answer.trailers)).unwrap(),
            Self::GrpcWeb => from(&answer.headers).unwrap_or_else(|| web_code(&answer.body)),
            Self::Json | Self::Proto if answer.http == 200 => Code::Ok,
            Self::Json | Self::Proto => connect_code(&answer.body),
        }
    }

    /// Why a call failed, by the error's `ErrorInfo`; empty where it has none.
    pub(super) fn reason(self, answer: &Answer) -> String {
        let info = |headers: &HeaderMap| {
            Status::from_header_map(headers).and_then(|it| it.get_details_error_info())
        };
        let info = match self {
            Self::Grpc | Self::GrpcWeb => info(&answer.headers).or_else(|| info(&answer.trailers)),
            Self::Json | Self::Proto => {
                let error: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
                let details = error["details"].as_array().cloned().unwrap_or_default();
                let is_info = |it: &&serde_json::Value| it["type"] == "google.rpc.ErrorInfo";
                let reason = details.iter().find(is_info).map(|it| it["debug"]["reason"].clone());
                return reason.and_then(|it| Some(it.as_str()?.to_owned())).unwrap_or_default();
            }
        };
        info.map(|info| info.reason).unwrap_or_default()
    }
}

pub(super) fn head(method: &str, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(format!("http://courtesy.test{path}"))
}

/// A message in gRPC's frame.
pub(super) fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    let mut frame = vec![flag];
    frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    frame.extend(message);
    frame
}

/// A message as JSON, by the type that a method takes.
fn json(path: &str, message: &[u8]) -> Vec<u8> {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let (service, method) = path.trim_start_matches('/').split_once('/').unwrap();
    let service = pool.get_service_by_name(service).unwrap();
    let method = service.methods().find(|it| it.name() == method).unwrap();
    let message = DynamicMessage::decode(method.input(), message).unwrap();
    serde_json::to_vec(&message).unwrap()
}

fn web_code(body: &[u8]) -> Code {
    let text = String::from_utf8_lossy(body);
    let (_, code) = text.rsplit_once("grpc-status:").unwrap();
    let digits: String = code.trim_start().chars().take_while(char::is_ascii_digit).collect();
    Code::from_bytes(digits.as_bytes())
}

fn connect_code(body: &[u8]) -> Code {
    let error: serde_json::Value = serde_json::from_slice(body).unwrap();
    match error["code"].as_str().unwrap() {
        "invalid_argument" => Code::InvalidArgument,
        "deadline_exceeded" => Code::DeadlineExceeded,
        "out_of_range" => Code::OutOfRange,
        "unimplemented" => Code::Unimplemented,
        "already_exists" => Code::AlreadyExists,
        "not_found" => Code::NotFound,
        "aborted" => Code::Aborted,
        "unavailable" => Code::Unavailable,
        "resource_exhausted" => Code::ResourceExhausted,
        "failed_precondition" => Code::FailedPrecondition,
        "canceled" => Code::Cancelled,
        "unauthenticated" => Code::Unauthenticated,
        "permission_denied" => Code::PermissionDenied,
        "internal" => Code::Internal,
        other => panic!("{other}"),
    }
}

/// All of an answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) http: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) trailers: HeaderMap,
}

/// Sends a whole request on a connection of its own.
pub(super) async fn send(address: SocketAddr, head: http::request::Builder, body: &[u8]) -> Answer {
    Caller::connect(address).await.send(head, body).await
}

/// A call of a method, in a dialect.
pub(super) async fn call(
    address: SocketAddr,
    dialect: Dialect,
    path: &str,
    message: &[u8],
) -> Answer {
    send(address, dialect.head(path), &dialect.body(path, message)).await
}

/// A call whose body has not ended.
pub(super) type Held = (h2::client::ResponseFuture, h2::SendStream<Bytes>);

/// An HTTP/2 connection.
pub(super) struct Caller {
    requests: h2::client::SendRequest<Bytes>,
}

impl Caller {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        // With a smaller window this client would take many answers that are not read for an
        // attack.
        let mut client = h2::client::Builder::new();
        client.initial_connection_window_size(1 << 20);
        let (requests, connection) = client.handshake(stream).await.unwrap();
        // Some tests want the server to break it off.
        tokio::runtime::Handle::current().spawn(async move { drop(connection.await) });
        Self { requests }
    }

    pub(super) async fn send(&mut self, head: http::request::Builder, body: &[u8]) -> Answer {
        let whole = Some(Bytes::copy_from_slice(body));
        timeout(PATIENCE, self.exchange(head, whole)).await.unwrap().unwrap()
    }

    /// Sends the head of a request and never the end of its body.
    pub(super) async fn begin(&mut self, head: http::request::Builder) -> Answer {
        timeout(PATIENCE, self.exchange(head, None)).await.unwrap().unwrap()
    }

    /// Sends the head of a request whose body goes on for as long as the returned half lives, and
    /// does not wait for an answer.
    pub(super) async fn hold(&mut self, head: http::request::Builder) -> Held {
        std::future::poll_fn(|context| self.requests.poll_ready(context)).await.unwrap();
        self.requests.send_request(head.body(()).unwrap(), false).unwrap()
    }

    pub(super) async fn exchange(
        &mut self,
        head: http::request::Builder,
        body: Option<Bytes>,
    ) -> Result<Answer, h2::Error> {
        let request = head.body(()).unwrap();
        let ends = body.as_ref().is_some_and(Bytes::is_empty);
        std::future::poll_fn(|context| self.requests.poll_ready(context)).await?;
        let (response, mut stream) = self.requests.send_request(request, ends)?;
        if let Some(body) = body.filter(|_| !ends) {
            // A server that has answered already does not read the rest.
            drop(stream.send_data(body, true));
        }
        let (head, mut body) = response.await?.into_parts();
        let mut read = BytesMut::new();
        while let Some(data) = body.data().await {
            let Ok(data) = data else { break };
            body.flow_control().release_capacity(data.len())?;
            read.extend_from_slice(&data);
        }
        let trailers = body.trailers().await.ok().flatten().unwrap_or_default();
        let (http, headers) = (head.status.as_u16(), head.headers);
        Ok(Answer { http, headers, body: read.freeze(), trailers })
    }
}
