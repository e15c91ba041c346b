//! What surrounds every call, whichever dialect it came in: the bound on their number, the
//! deadline, the net under a panic, and the count of how it ended.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use http::Request;
use http::Response;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;

use crate::access::Identity;
use crate::access::Refused;
use crate::clock::Stopwatch;
use crate::rpc::identity::calling;
use crate::rpc::status;
use crate::server::Answering;
use crate::server::bounded::Bounded;
use crate::server::deadline;
use crate::server::explained::explained;
use crate::server::guard::guarded;
use crate::server::methods::Kind;
use crate::server::methods::Method;
use crate::server::shared::Place;
use crate::server::shared::Shared;
use crate::server::stream::Lasting;
use crate::server::turns::Turns;
use crate::telemetry::Call;

/// What gRPC writes before each message.
const FRAME_HEAD_BYTES: usize = 5;

/// Answers gRPC calls.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    pub(super) shared: Arc<Shared>,
    pub(super) routes: Routes,
    /// The turns of the thread that answers.
    pub(super) turns: Turns,
}

impl Service<Request<Body>> for Calls {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        let calls = self.clone();
        Box::pin(async move { Ok(calls.answer(request).await) })
    }
}

impl Calls {
    /// Answers one call, in gRPC's own form.
    pub(super) async fn answer(self, request: Request<Body>) -> Response<Body> {
        let shared = Arc::clone(&self.shared);
        let Some(method) = shared.methods.at(request.uri().path()) else {
            shared.methods.unknown.handled(Code::Unimplemented, Duration::ZERO);
            return unknown_method().into_http();
        };
        let id = shared.requests.next();
        if method.kind == Kind::Call && method.eighths < self.turns.call() {
            method.rpc.handled(Code::ResourceExhausted, Duration::ZERO);
            let mut response = status::overloaded().into_http();
            id.tell(response.headers_mut());
            return response;
        }
        let call = Call::new(id.0, method.rpc.method());
        let admitted = call.during(|| shared.admit(method, &request));
        // Who did not have to say who they are does not choose what we trace.
        let chooses = admitted.is_ok() && method.needed.is_some();
        let headers = chooses.then(|| request.headers());
        let traces = shared.traces.as_ref();
        let call = call.traced_as(traces.and_then(|it| it.call(method.rpc.names(), headers, id.0)));
        let ending = Ending::of(Arc::clone(method), call.clone());
        let answer = self.answer_admitted(request, (method, admitted), ending);
        let mut response = call.within(answer).await;
        if code_of(&response) != Code::Ok {
            id.tell(response.headers_mut());
        }
        response
    }

    async fn answer_admitted(
        self,
        request: Request<Body>,
        (method, admitted): (&Method, Result<Arc<Identity>, Refused>),
        mut ending: Ending,
    ) -> Response<Body> {
        let shared = Arc::clone(&self.shared);
        let identity = match admitted {
            Ok(identity) => identity,
            Err(refused) => {
                let refusal = status::refused(&refused);
                ending.code = refusal.code();
                return refusal.into_http();
            }
        };
        let Ok(place) = place(&shared, method) else {
            ending.code = Code::ResourceExhausted;
            return status::overloaded().into_http();
        };
        let request = match method.kind {
            Kind::Call => request.map(|body| Bounded::body(body, longest_body(method))),
            Kind::Probe | Kind::Stream => request,
        };
        let response = explained(method, self.within_deadline(request, identity).await);
        ending.code = code_of(&response);
        if method.kind == Kind::Stream && ending.code == Code::Ok {
            return response.map(|body| Lasting::body(body, &shared, ending, place));
        }
        response
    }

    async fn within_deadline(
        mut self,
        request: Request<Body>,
        identity: Arc<Identity>,
    ) -> Response<Body> {
        let client = deadline::grpc_timeout(request.headers());
        let allowance = deadline::allowance(client, self.shared.deadline_max);
        if allowance.is_zero() {
            return status::deadline_exceeded().into_http();
        }
        let handled = guarded(calling(identity, self.routes.call(request)));
        match timeout(allowance, handled).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(_panicked)) => {
                tracing::error!("a handler panicked; its caller was told INTERNAL");
                status::internal().into_http()
            }
            Err(_elapsed) => status::deadline_exceeded().into_http(),
        }
    }
}

/// A path that is no method's.
pub(super) fn unknown_method() -> Status {
    status::unimplemented("there is no such method; reflection lists those that there are")
}

/// The longest body that holds the longest message of a method.
const fn longest_body(method: &Method) -> usize {
    method.request_bytes_max.saturating_add(FRAME_HEAD_BYTES)
}

/// There is no room for the call.
struct NoRoom;

fn place(shared: &Shared, method: &Method) -> Result<Option<Place>, NoRoom> {
    match method.kind {
        Kind::Probe => Ok(None),
        Kind::Call => shared.calls.take(method.eighths).map(Some).ok_or(NoRoom),
        Kind::Stream => shared.streams.take(8).map(Some).ok_or(NoRoom),
    }
}

/// The status in an answer's head. An answer without one is a success whose status follows its
/// message.
fn code_of(response: &Response<Body>) -> Code {
    response.headers().get("grpc-status").map_or(Code::Ok, |code| Code::from_bytes(code.as_bytes()))
}

/// Counts a call when it ends, in whatever way.
#[derive(Debug)]
pub(super) struct Ending {
    method: Arc<Method>,
    stopwatch: Stopwatch,
    pub(super) code: Code,
    call: Call,
}

impl Ending {
    /// Which method was called.
    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    /// Starts counting a call. If nobody says how it ended, its caller has gone away.
    fn of(method: Arc<Method>, call: Call) -> Self {
        Self { method, stopwatch: Stopwatch::start(), code: Code::Cancelled, call }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let elapsed = self.stopwatch.elapsed();
        self.method.rpc.handled(self.code, elapsed);
        self.call.end(self.code, elapsed);
    }
}
