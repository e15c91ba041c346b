//! Errors in Connect's form: a code, a message, and the details both as protobuf and readable.

use bytes::Bytes;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header;
use http_body_util::Full;
use prost::Message;
use prost_reflect::DynamicMessage;
use serde::Serialize;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;
use tonic::metadata::BinaryMetadataValue;

use crate::server::connect::frame;
use crate::server::dialect::Codec;
use crate::server::methods::Methods;

#[derive(Serialize)]
struct Error<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
}

#[derive(Serialize)]
struct Detail {
    #[serde(rename = "type")]
    type_name: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct EndOfStream<'a> {
    error: Error<'a>,
}

/// The answer to a unary call.
pub(super) fn response(methods: &Methods, status: &Status) -> Response<Body> {
    let (code, http_status) = in_connect(status.code());
    let error = Error { code, message: status.message(), details: details(methods, status) };
    let mut response = json(&error);
    *response.status_mut() = http_status;
    response
}

/// The answer to a stream: its end, in an envelope whose flag marks it. The end is JSON in every
/// codec, but a client reads it only under the content type that it asked in.
pub(super) fn end_of_stream(status: &Status, codec: Codec) -> Response<Body> {
    let (code, _) = in_connect(status.code());
    let error = Error { code, message: status.message(), details: Vec::new() };
    let mut end = frame::around(&bytes_of(&EndOfStream { error })).to_vec();
    if let Some(flag) = end.first_mut() {
        *flag = 2;
    }
    let content_type = match codec {
        Codec::Json => "application/connect+json",
        Codec::Binary => "application/connect+proto",
    };
    with_content_type(content_type, end.into())
}

fn details(methods: &Methods, status: &Status) -> Vec<Detail> {
    let Ok(packed) = tonic_types::pb::Status::decode(status.details()) else { return Vec::new() };
    let details = packed.details.into_iter();
    details
        .map(|detail| {
            let type_name = detail.type_url.rsplit('/').next().unwrap_or_default().to_owned();
            let readable = methods.message(&type_name).and_then(|message| {
                let message = DynamicMessage::decode(message, detail.value.as_slice()).ok()?;
                serde_json::to_value(message).ok()
            });
            Detail { type_name, value: base64(&detail.value), debug: readable }
        })
        .collect()
}

/// Base64 without padding, which Connect's details and gRPC's binary metadata have in common.
fn base64(bytes: &[u8]) -> String {
    let value = BinaryMetadataValue::from_bytes(bytes);
    String::from_utf8_lossy(value.as_encoded_bytes()).into_owned()
}

fn json(body: &impl Serialize) -> Response<Body> {
    with_content_type("application/json", bytes_of(body).into())
}

fn bytes_of(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_else(|_unreachable| b"{\"code\":\"internal\"}".to_vec())
}

fn with_content_type(content_type: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A code's name in Connect, and the HTTP status that goes with it.
fn in_connect(code: Code) -> (&'static str, StatusCode) {
    match code {
        Code::Cancelled => ("canceled", client_closed_request()),
        // An error is never OK; were it so, it would be our defect.
        Code::Ok | Code::Unknown => ("unknown", StatusCode::INTERNAL_SERVER_ERROR),
        Code::InvalidArgument => ("invalid_argument", StatusCode::BAD_REQUEST),
        Code::DeadlineExceeded => ("deadline_exceeded", StatusCode::GATEWAY_TIMEOUT),
        Code::NotFound => ("not_found", StatusCode::NOT_FOUND),
        Code::AlreadyExists => ("already_exists", StatusCode::CONFLICT),
        Code::PermissionDenied => ("permission_denied", StatusCode::FORBIDDEN),
        Code::ResourceExhausted => ("resource_exhausted", StatusCode::TOO_MANY_REQUESTS),
        Code::FailedPrecondition => ("failed_precondition", StatusCode::BAD_REQUEST),
        Code::Aborted => ("aborted", StatusCode::CONFLICT),
        Code::OutOfRange => ("out_of_range", StatusCode::BAD_REQUEST),
        Code::Unimplemented => ("unimplemented", StatusCode::NOT_IMPLEMENTED),
        Code::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        Code::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
        Code::DataLoss => ("data_loss", StatusCode::INTERNAL_SERVER_ERROR),
        Code::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED),
    }
}

/// 499, the status of Connect for a call that its caller cancelled. It has no name of its own.
fn client_closed_request() -> StatusCode {
    StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST)
}
