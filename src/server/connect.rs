//! The Connect protocol's unary calls: a message in, a message out, in JSON or binary, over any
//! HTTP. Each is handed on as the gRPC call that it means, so there is one implementation of every
//! method, and its answer is put back into Connect's form.

mod error;
mod frame;
mod transcode;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use http::Version;
use http::header;
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::LengthLimitError;
use http_body_util::Limited;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;
use tonic_types::FieldViolation;

use crate::clock::Stopwatch;
use crate::proto::v1::ErrorReason;
use crate::rpc::status;
use crate::server::calls::Calls;
use crate::server::calls::unknown_method;
use crate::server::deadline;
use crate::server::dialect::Codec;
use crate::server::methods::Kind;
use crate::server::methods::Method;
use crate::server::request::REQUEST_ID;

/// The headers that belong to the HTTP exchange and not to the call inside it.
const NOT_PASSED_ON: [header::HeaderName; 6] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::TRANSFER_ENCODING,
];

/// The size from which on converting a message takes long.
const LONG_BYTES: usize = 64 << 10;

/// Answers a Connect call.
pub(super) async fn answer(calls: &Calls, request: Request<Body>, codec: Codec) -> Response<Body> {
    let methods = &calls.shared.methods;
    let Some(method) = methods.at(request.uri().path()).map(Arc::clone) else {
        methods.unknown.handled(Code::Unimplemented, Duration::ZERO);
        let mut response = error::response(methods, &unknown_method());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let read = |request| inward(calls, &method, request, codec);
    let answer = calls.clone().answer_once(request, read).await;
    let id = answer.headers().get(REQUEST_ID).cloned();
    match outward(&method, answer, codec).await {
        Ok(body) => success(body, codec),
        Err(status) => {
            let mut response = error::response(methods, &status);
            response.headers_mut().extend(id.map(|id| (REQUEST_ID, id)));
            response
        }
    }
}

/// Refuses a stream, in the form that a stream's client reads.
pub(super) fn refuse_stream(codec: Codec) -> Response<Body> {
    let status = Status::unimplemented("courtesy has no streams to speak by Connect");
    error::end_of_stream(&status, codec)
}

/// The gRPC call that a Connect call means.
async fn inward(
    calls: &Calls,
    method: &Method,
    request: Request<Body>,
    codec: Codec,
) -> Result<Request<Body>, Status> {
    let stopwatch = Stopwatch::start();
    let (mut head, body) = request.into_parts();
    check_head(method, &head.headers)?;
    let most = calls.shared.deadline_max;
    let allowance = deadline::connect_timeout(&head.headers).unwrap_or(most).min(most);
    let Ok(read) = timeout(allowance, read(body, method.request_bytes_max)).await else {
        return Err(status::deadline_exceeded());
    };
    let (read, input) = (read?, method.input.clone());
    let message = transcoded(read.len(), move || match codec {
        Codec::Json => transcode::from_json(&input, &read),
        Codec::Binary => transcode::from_binary(&input, read),
    });
    let message = message.await?;
    let left = allowance.saturating_sub(stopwatch.elapsed());
    pass_on(&mut head.headers, left)?;
    head.version = Version::HTTP_2;
    Ok(Request::from_parts(head, Body::new(Full::new(frame::around(&message)))))
}

fn check_head(method: &Method, headers: &HeaderMap) -> Result<(), Status> {
    if method.kind == Kind::Stream {
        return Err(status::unimplemented("this method streams, and answers to gRPC only"));
    }
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(status::unimplemented("bodies must not be compressed"));
    }
    match headers.get("connect-protocol-version") {
        Some(version) if version != "1" => {
            let violation = FieldViolation::new("connect-protocol-version", "must be 1");
            Err(status::invalid(ErrorReason::InvalidRequest, vec![violation]))
        }
        _ => Ok(()),
    }
}

async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Status> {
    let error = match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => return Ok(collected.to_bytes()),
        Err(error) => error,
    };
    let code = error.downcast_ref::<Status>().map(Status::code);
    Err(if error.is::<LengthLimitError>() || code == Some(Code::OutOfRange) {
        status::too_long(bytes_max)
    } else if code == Some(Code::ResourceExhausted) {
        status::overloaded()
    } else {
        Status::cancelled("the body ended before it was complete")
    })
}

/// Makes a Connect call's headers a gRPC call's.
fn pass_on(headers: &mut HeaderMap, left: Duration) -> Result<(), Status> {
    for name in &NOT_PASSED_ON {
        headers.remove(name);
    }
    let timeout = HeaderValue::try_from(deadline::in_grpc(left))
        .map_err(|_unreachable| status::internal())?;
    headers.insert("grpc-timeout", timeout);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(header::TE, HeaderValue::from_static("trailers"));
    Ok(())
}

/// The message of a gRPC answer, or the error that it is.
async fn outward(method: &Method, response: Response<Body>, codec: Codec) -> Result<Bytes, Status> {
    succeeded(response.headers())?;
    let collected = response.into_body().collect().await?;
    if let Some(trailers) = collected.trailers() {
        succeeded(trailers)?;
    }
    let message = frame::message(&collected.to_bytes()).ok_or_else(status::internal)?;
    match codec {
        Codec::Json => {
            let output = method.output.clone();
            transcoded(message.len(), move || transcode::to_json(&output, message)).await
        }
        Codec::Binary => Ok(message),
    }
}

/// Converts a message of `bytes` bytes. A long one is converted on another thread, so that it
/// delays no answers.
async fn transcoded<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    if bytes < LONG_BYTES {
        return work();
    }
    spawn_blocking(work).await.unwrap_or_else(|_panicked| Err(status::internal()))
}

fn succeeded(headers: &HeaderMap) -> Result<(), Status> {
    match Status::from_header_map(headers) {
        Some(status) if status.code() != Code::Ok => Err(status),
        _ => Ok(()),
    }
}

fn success(body: Bytes, codec: Codec) -> Response<Body> {
    let content_type = match codec {
        Codec::Json => "application/json",
        Codec::Binary => "application/proto",
    };
    let mut response = Response::new(Body::new(Full::new(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
