//! The front door of the one port: finds the dialect of a request, and answers in it. A request in
//! no known dialect gets an answer in plain HTTP.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use arc_swap::ArcSwap;
use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::Version;
use http::header;
use http_body_util::Full;
use tonic::body::Body;
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tonic_web::GrpcWebService;
use tower::Layer;
use tower::Service;
use tower::util::BoxCloneSyncService;

use crate::access::Access;
use crate::console::Api;
use crate::server::Answering;
use crate::server::calls::Calls;
use crate::server::connect;
use crate::server::cors;
use crate::server::dialect;
use crate::server::dialect::Dialect;
use crate::server::dialect::Foreign;
use crate::server::shared::Shared;
use crate::server::shedding::LoadShedder;

/// The longest head of a request, in bytes. HTTP/2 counts for itself.
pub(super) const HEADERS_BYTES_MAX: u32 = 16 << 10;

/// Answers everything that arrives at the port.
#[derive(Clone, Debug)]
pub(super) struct Front {
    calls: Calls,
    web: GrpcWebService<Calls>,
}

impl Front {
    /// Whether nothing is being answered.
    pub(super) fn is_quiet(&self) -> bool {
        self.calls.shared.is_quiet()
    }

    pub(super) fn new(routes: Routes, shared: &Arc<Shared>) -> Self {
        let (shared, routes, shedder) =
            (Arc::clone(shared), routes.prepare(), LoadShedder::default());
        Self::of(Calls { shared, routes, shedder })
    }

    fn of(calls: Calls) -> Self {
        let web = GrpcWebLayer::new().layer(calls.clone());
        Self { calls, web }
    }

    /// The callers' credentials.
    pub(super) fn access(&self) -> Arc<ArcSwap<Access>> {
        Arc::clone(&self.calls.shared.access)
    }

    /// The service that answers calls from within the process.
    pub(super) fn inside(&self) -> Api {
        BoxCloneSyncService::new(self.calls.clone())
    }

    /// The front door for another thread, with a load shedder of its own.
    pub(super) fn for_thread(self) -> Self {
        Self::of(Calls { shedder: LoadShedder::default(), ..self.calls })
    }

    async fn answer(mut self, request: Request<Body>) -> Response<Body> {
        let shared = Arc::clone(&self.calls.shared);
        if request.version() < Version::HTTP_2 && is_too_long(request.headers()) {
            let code = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return plain(code, "the headers are longer than 16 KiB\n");
        }
        if !shared.origins.allow(request.headers()) {
            let text = "pages of this origin may not call; `cors_origins` lists those that may\n";
            return plain(StatusCode::FORBIDDEN, text);
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = if origin.is_some() && request.method() == Method::OPTIONS {
            cors::preflight()
        } else {
            self.answer_call(request, &shared).await
        };
        cors::admit(origin, &mut response);
        response
    }

    async fn answer_call(&mut self, request: Request<Body>, shared: &Shared) -> Response<Body> {
        let known = shared.methods.at(request.uri().path()).is_some();
        let is_post = request.method() == Method::POST;
        match dialect::of(&request) {
            _ if known && !is_post => method_not_allowed(),
            _ if !is_post => nothing_here(),
            Ok(Dialect::Grpc) => self.calls.clone().answer(request).await,
            Ok(Dialect::GrpcWeb) => match self.web.call(request).await {
                Ok(response) => response,
            },
            Ok(Dialect::Connect(codec)) => connect::answer(&self.calls, request, codec).await,
            Ok(Dialect::ConnectStream(codec)) => connect::refuse_stream(codec),
            Err(Foreign::Http1) => plain(
                StatusCode::BAD_REQUEST,
                "gRPC needs HTTP/2; over HTTP/1.1 post JSON, or speak gRPC-Web\n",
            ),
            Err(Foreign::ContentType) if known => unsupported_media_type(),
            Err(Foreign::ContentType) => nothing_here(),
        }
    }
}

impl Service<Request<Body>> for Front {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        // Nearly all calls are like this one, and are spared the room that the other dialects take.
        if is_plain_call(&request) {
            return self.calls.call(request);
        }
        let front = self.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}

/// Whether the request is gRPC and not from a browser. `Front::answer` would treat it in the same
/// way.
fn is_plain_call(request: &Request<Body>) -> bool {
    request.version() == Version::HTTP_2
        && request.method() == Method::POST
        && !request.headers().contains_key(header::ORIGIN)
        && matches!(dialect::of(request), Ok(Dialect::Grpc))
}

fn is_too_long(headers: &HeaderMap) -> bool {
    // As HTTP/2 counts: 32 bytes for each beside its name and value.
    let lengths = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32);
    u32::try_from(lengths.sum::<usize>()).is_ok_and(|sum| sum > HEADERS_BYTES_MAX)
}

fn method_not_allowed() -> Response<Body> {
    let text = "a method is called by POST\n";
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, text);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

fn nothing_here() -> Response<Body> {
    plain(
        StatusCode::NOT_FOUND,
        "there is nothing here. courtesy answers gRPC, gRPC-Web, and JSON posted to \
         /courtesy.v1.ContactService/CheckContact and its other methods\n",
    )
}

fn unsupported_media_type() -> Response<Body> {
    let text = "post JSON with `content-type: application/json`, or speak gRPC or gRPC-Web\n";
    let mut response = plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text);
    response.headers_mut().insert("accept-post", HeaderValue::from_static(dialect::ACCEPTED));
    response
}

fn plain(code: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::from(text)));
    *response.status_mut() = code;
    let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}
