//! The web pages that may call. A browser sends the origin of its page, which has to be configured;
//! other clients send none.

use http::HeaderMap;
use http::HeaderValue;
use http::Response;
use http::header;
use tonic::body::Body;

/// Request headers that a page may send, beside those that browsers always allow.
const REQUEST_HEADERS: &str = "authorization, connect-protocol-version, connect-timeout-ms, \
     content-type, grpc-timeout, traceparent, tracestate, x-grpc-web, x-user-agent";

/// Response headers that a page may read.
const RESPONSE_HEADERS: &str = "grpc-message, grpc-status, grpc-status-details-bin, x-request-id";

/// The time for which a browser may remember the answer, in seconds: two hours, the most that any
/// browser keeps.
const PREFLIGHT_SECS: &str = "7200";

/// The origins whose pages may call.
#[derive(Clone, Debug)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    /// The given origins; `*` is all.
    pub(super) fn new(origins: &[String]) -> Self {
        Self(origins.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect())
    }

    /// Whether a request with these headers may be answered.
    pub(super) fn allow(&self, headers: &HeaderMap) -> bool {
        headers.get(header::ORIGIN).is_none_or(|origin| {
            self.0.iter().any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes())
        })
    }
}

/// Lets the page at `origin` read the answer.
pub(super) fn admit(origin: Option<HeaderValue>, response: &mut Response<Body>) {
    let Some(origin) = origin else { return };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers
        .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(RESPONSE_HEADERS));
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}

/// Answers a browser that asks before it calls.
pub(super) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::NO_CONTENT;
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECS),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
