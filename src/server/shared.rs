//! The state that all threads of the server share.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::Request;
use tokio::sync::watch;

use crate::access::Access;
use crate::access::Identity;
use crate::access::Refused;
use crate::access::Shown;
use crate::clock::Clock;
use crate::server::connections::Connection;
use crate::server::cors::Origins;
use crate::server::methods::Method;
use crate::server::methods::Methods;
use crate::server::methods::Priority;
use crate::server::request::Requests;
use crate::server::streams::Streams;
use crate::server::unauthenticated::Unauthenticated;
use crate::server::weight::Weights;
use crate::telemetry::trace::Traces;

/// The number of calls that are worked on at once, over all connections. More would only wait for
/// each other until their deadlines.
const CALLS_MAX: usize = 4_096;

/// The number of calls that wait for an event at once. They cost a look at the store now and then.
const WAITING_MAX: usize = 1_024;

/// The number of streams that are open at once. They wait, and cost memory only.
const STREAMS_MAX: usize = 1_024;

/// The state that all threads share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) methods: Methods,
    pub(super) origins: Origins,
    /// The callers' credentials.
    pub(super) access: Arc<ArcSwap<Access>>,
    pub(super) clock: Clock,
    pub(super) deadline_max: Duration,
    pub(super) calls: Bound,
    /// The calls that wait for something to happen.
    pub(super) waiting: Bound,
    pub(super) streams: Streams,
    pub(super) weights: Weights,
    pub(super) requests: Requests,
    pub(super) unauthenticated: Unauthenticated,
    pub(super) traces: Option<Traces>,
    /// Whether the server is going down.
    pub(super) draining: watch::Receiver<bool>,
}

impl Shared {
    /// Whether nothing is being answered. Streams of strangers end by themselves when the server
    /// does.
    pub(super) fn is_quiet(&self) -> bool {
        self.calls.is_empty() && self.waiting.is_empty() && self.streams.are_empty()
    }

    /// The caller, if known and allowed.
    pub(super) fn admit<B>(
        &self,
        method: &Method,
        request: &Request<B>,
    ) -> Result<Arc<Identity>, Refused> {
        let connection = Connection::of(request.extensions());
        let shown = Shown {
            headers: request.headers(),
            peer: connection.and_then(|it| it.peer()),
            session: request.extensions().get().copied(),
        };
        let admitted = self.access.load().admit(method.needed, shown, self.clock.now());
        match &admitted {
            Err(refused) => self.unauthenticated.note(refused),
            Ok(_) if method.needed.is_none() => {}
            Ok(_) => connection.into_iter().for_each(|it| it.know()),
        }
        admitted
    }
}

/// A bound on a number, and the number that is taken.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    most: usize,
    taken: Arc<AtomicUsize>,
}

/// One place; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Permit(Arc<AtomicUsize>);

impl Bound {
    pub(super) fn calls() -> Self {
        Self { most: CALLS_MAX, taken: Arc::default() }
    }

    pub(super) fn waiting() -> Self {
        Self { most: WAITING_MAX, taken: Arc::default() }
    }

    pub(super) fn streams() -> Self {
        Self { most: STREAMS_MAX, taken: Arc::default() }
    }

    /// Whether no place is taken.
    pub(super) fn is_empty(&self) -> bool {
        self.taken.load(Ordering::Relaxed) == 0
    }

    /// A place, if one is free for calls of this priority.
    pub(super) fn take(&self, priority: Priority) -> Option<Permit> {
        let place = Permit(Arc::clone(&self.taken));
        // A caller that finds no room gives the place back by dropping it.
        let before = self.taken.fetch_add(1, Ordering::Relaxed);
        (before < priority.places(self.most)).then_some(place)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Resolves when the server is on its way down.
pub(super) async fn drained(mut draining: watch::Receiver<bool>) {
    // The sender is gone only with the server itself.
    if draining.wait_for(|draining| *draining).await.is_err() {
        tracing::debug!("the server has ended");
    }
}
