//! The frame of every call, in any dialect: the bound on the number of calls, the deadline, the
//! handling of a panic, and the count of how calls ended.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use http::Request;
use http::Response;
use http::header;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;

use crate::access::Identity;
use crate::access::OfConsole;
use crate::clock::Stopwatch;
use crate::rpc::ending;
use crate::rpc::identity::Opener;
use crate::rpc::status;
use crate::server::Answering;
use crate::server::bounded::Bounded;
use crate::server::connections::Connection;
use crate::server::connections::Work;
use crate::server::deadline;
use crate::server::elements::Elements;
use crate::server::explained::explained;
use crate::server::guard::guarded;
use crate::server::methods::Kind;
use crate::server::methods::Method;
use crate::server::methods::Priority;
use crate::server::shared::Permit;
use crate::server::shared::Shared;
use crate::server::shedding::LoadShedder;
use crate::server::standing::Standing;
use crate::server::stream::Lasting;
use crate::server::streams::StreamPermit;
use crate::telemetry::Call;

/// The deadline of calls that wait: longer than any of them waits.
const WAIT_MAX: Duration = Duration::from_secs(25);
/// The bytes that gRPC writes before each message.
const FRAME_HEAD_BYTES: usize = 5;

/// Answers gRPC calls.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    pub(super) shared: Arc<Shared>,
    pub(super) routes: Routes,
    /// Refuses calls where the thread that answers is behind.
    pub(super) shedder: LoadShedder,
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
        self.answer_once(request, |request| ready(Ok(request))).await
    }

    /// Answers one call that is put into gRPC's form by `read`, which happens only if its head is
    /// admitted: the body of a call that is refused is not read.
    pub(super) async fn answer_once<F>(
        self,
        request: Request<Body>,
        read: impl FnOnce(Request<Body>) -> F,
    ) -> Response<Body>
    where
        F: Future<Output = Result<Request<Body>, Status>>,
    {
        let shared = Arc::clone(&self.shared);
        let Some(method) = shared.methods.at(request.uri().path()) else {
            shared.methods.unknown.handled(Code::Unimplemented, Duration::ZERO);
            return unknown_method().into_http();
        };
        let id = shared.requests.next();
        let call = Call::new(id.0, method.rpc.method());
        let admitted = call.during(|| shared.admit(method, &request));
        let is_due = || method.kind != Kind::Call || method.priority >= self.shedder.call();
        if admitted.is_ok() && !is_due() {
            method.rpc.handled(Code::ResourceExhausted, Duration::ZERO);
            method.rpc.overloaded("behind");
            let mut response = status::overloaded().into_http();
            id.tell(response.headers_mut());
            return response;
        }
        // A caller without authentication does not choose whether we trace.
        let chooses = admitted.is_ok() && method.needed.is_some();
        let headers = chooses.then(|| request.headers());
        let traces = shared.traces.as_ref();
        let call = call.traced_as(traces.and_then(|it| it.call(method.rpc.names(), headers, id.0)));
        let work = Connection::of(request.extensions()).map(Connection::work);
        let ending = Ending::of(Arc::clone(method), call.clone(), work);
        let answered = async move {
            match admitted {
                Ok(identity) => self.answer_admitted((request, identity), read, ending).await,
                Err(refused) => {
                    let refusal = status::refused(&refused);
                    if refusal.code() == Code::ResourceExhausted {
                        ending.method.rpc.overloaded("rate");
                    }
                    refuse(refusal, ending)
                }
            }
        };
        let mut response = call.within(answered).await;
        if code_of(&response) != Code::Ok {
            id.tell(response.headers_mut());
        }
        response
    }

    async fn answer_admitted<F>(
        self,
        (request, identity): (Request<Body>, Arc<Identity>),
        read: impl FnOnce(Request<Body>) -> F,
        mut ending: Ending,
    ) -> Response<Body>
    where
        F: Future<Output = Result<Request<Body>, Status>>,
    {
        let shared = Arc::clone(&self.shared);
        let method = Arc::clone(&ending.method);
        let Ok(place) = place(&shared, &method, &request) else {
            method.rpc.overloaded(match method.kind {
                Kind::Call => "places",
                Kind::Probe => "probes",
                Kind::Stream => "streams",
            });
            return refuse(status::overloaded(), ending);
        };
        let weight = shared.weights.weight();
        let elements = counted(&method, &request);
        let bounded = |body| {
            Bounded::body(body, longest_body(&method), Arc::clone(&weight), elements, &method)
        };
        let request = match method.kind {
            Kind::Call => request.map(bounded),
            Kind::Probe | Kind::Stream => request,
        };
        let request = match read(request).await {
            Ok(request) => request,
            Err(refused) => return refuse(refused, ending),
        };
        let response = explained(&method, self.within_deadline(&method, request, identity).await);
        ending.code = code_of(&response);
        match place {
            Taken::StreamPermit(room) if ending.code == Code::Ok => {
                response.map(|body| Lasting::body(body, &shared, ending, room))
            }
            Taken::StreamPermit(_) | Taken::Place { .. } | Taken::Nothing => response,
        }
    }

    async fn within_deadline(
        mut self,
        method: &Method,
        request: Request<Body>,
        identity: Arc<Identity>,
    ) -> Response<Body> {
        let client = deadline::grpc_timeout(request.headers());
        let most = self.shared.deadline_max;
        let most = if method.waits { most.max(WAIT_MAX) } else { most };
        let allowance = deadline::allowance(client, most);
        if allowance.is_zero() {
            return status::deadline_exceeded().into_http();
        }
        let standing = Standing::of(&self.shared, &request, &identity);
        let of_console = request.extensions().get::<OfConsole>().is_some();
        let opener = Opener::new(identity, standing.as_ref().map(Standing::again));
        let opener = opener.of_console(of_console);
        let draining = method.waits.then(|| self.shared.draining.clone());
        let handled = ending::telling(draining, self.routes.call(request));
        let handled = guarded(opener.calling(handled));
        match timeout(allowance, handled).await {
            Ok(Ok(Ok(response))) => match standing {
                Some(standing) => response.map(|body| standing.watch(body)),
                None => response,
            },
            Ok(Err(_panicked)) => {
                tracing::error!("a handler panicked; its caller was told INTERNAL");
                status::internal().into_http()
            }
            Err(_elapsed) => status::deadline_exceeded().into_http(),
        }
    }
}

/// Refuses a call.
fn refuse(refusal: Status, mut ending: Ending) -> Response<Body> {
    ending.code = refusal.code();
    refusal.into_http()
}

/// A path that is not a method's.
pub(super) fn unknown_method() -> Status {
    status::unimplemented("there is no such method; reflection lists those that there are")
}

/// The counter of elements for a request in gRPC frames. The elements of a Connect call are counted
/// after it has been read.
fn counted(method: &Method, request: &Request<Body>) -> Option<Elements> {
    let content_type = request.headers().get(header::CONTENT_TYPE)?;
    let is_framed = content_type.as_bytes().starts_with(b"application/grpc");
    is_framed.then(|| Elements::new(method.input.clone(), true))
}

/// The longest body that holds the longest message of a method.
const fn longest_body(method: &Method) -> usize {
    method.request_bytes_max.saturating_add(FRAME_HEAD_BYTES)
}

/// There is no room for the call.
struct NoRoom;

/// The places that a call takes while it is worked on.
enum Taken {
    Nothing,
    Place { _place: Permit },
    StreamPermit(StreamPermit),
}

fn place(shared: &Shared, method: &Method, request: &Request<Body>) -> Result<Taken, NoRoom> {
    match method.kind {
        Kind::Probe => match Connection::of(request.extensions()) {
            Some(connection) if !connection.may_probe() => Err(NoRoom),
            _ => Ok(Taken::Nothing),
        },
        Kind::Call => {
            // Calls that wait have places of their own, and each may take any of them.
            let place = match method.waits {
                true => shared.waiting.take(Priority::Refusal),
                false => shared.calls.take(method.priority),
            };
            let place = place.ok_or(NoRoom)?;
            Ok(Taken::Place { _place: place })
        }
        Kind::Stream => shared.streams.take(request).map(Taken::StreamPermit).ok_or(NoRoom),
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
    /// The connection has something to do until then.
    _work: Option<Work>,
}

impl Ending {
    /// The method that was called.
    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    /// Starts counting a call. If its end is not reported, its caller has gone away.
    fn of(method: Arc<Method>, call: Call, work: Option<Work>) -> Self {
        let stopwatch = Stopwatch::start();
        method.rpc.begun();
        Self { method, stopwatch, code: Code::Cancelled, call, _work: work }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let elapsed = self.stopwatch.elapsed();
        self.method.rpc.handled(self.code, elapsed);
        self.method.rpc.ended();
        self.call.end(self.code, elapsed);
    }
}
