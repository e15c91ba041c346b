//! The four dialects, told apart by their content types.

use http::HeaderMap;
use http::Request;
use http::Version;
use http::header;

/// The dialect of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// gRPC over HTTP/2.
    Grpc,
    /// gRPC-Web, binary or base64.
    GrpcWeb,
    /// A Connect call with one request and one response.
    Connect(Codec),
    /// A Connect stream, which courtesy does not speak.
    ConnectStream(Codec),
}

/// The encoding of a Connect message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// Protobuf JSON.
    Json,
    /// Protobuf.
    Binary,
}

/// The content types that may be posted, as `Accept-Post` lists them.
pub(super) const ACCEPTED: &str = "application/json, application/proto, application/grpc, \
     application/grpc+proto, application/grpc-web, application/grpc-web+proto, \
     application/grpc-web-text, application/grpc-web-text+proto";

/// The reason why a request is in no known dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// The content type is not one of ours.
    ContentType,
    /// It is gRPC over HTTP/1, which cannot carry it.
    Http1,
}

/// The dialect of a request.
pub(super) fn of<B>(request: &Request<B>) -> Result<Dialect, Foreign> {
    let content_type = essence(request.headers()).ok_or(Foreign::ContentType)?;
    match content_type.as_str() {
        "application/grpc" | "application/grpc+proto" => match request.version() {
            Version::HTTP_2 => Ok(Dialect::Grpc),
            _ => Err(Foreign::Http1),
        },
        "application/grpc-web"
        | "application/grpc-web+proto"
        | "application/grpc-web-text"
        | "application/grpc-web-text+proto" => Ok(Dialect::GrpcWeb),
        "application/json" => Ok(Dialect::Connect(Codec::Json)),
        "application/proto" => Ok(Dialect::Connect(Codec::Binary)),
        "application/connect+json" => Ok(Dialect::ConnectStream(Codec::Json)),
        "application/connect+proto" => Ok(Dialect::ConnectStream(Codec::Binary)),
        _ => Err(Foreign::ContentType),
    }
}

/// The content type without parameters such as a charset.
fn essence(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = text.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}
