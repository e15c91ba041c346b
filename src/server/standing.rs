//! Whether the caller who opened a stream may still have it. The caller of a single call is checked
//! once; a stream lasts, and ends if its key is revoked, a role is taken away or its token expires.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::Request;
use http_body::Frame;
use http_body::SizeHint;
use tokio::time::Interval;
use tokio::time::interval;
use tonic::Status;
use tonic::body::Body;

use crate::access::Identity;
use crate::access::Refused;
use crate::access::Session;
use crate::access::Shown;
use crate::access::certificate::Peer;
use crate::rpc::identity::Again;
use crate::rpc::status;
use crate::server::connections::Connection;
use crate::server::methods::Kind;
use crate::server::methods::Method;
use crate::server::shared::Shared;
use crate::server::stream::trailers_of;

/// The interval at which a stream's caller is looked up again: with the second in which a change of
/// the file is noticed, a revocation ends the stream within two.
const PERIOD: Duration = Duration::from_millis(500);

/// The caller who opened a stream, and the credential.
#[derive(Clone, Debug)]
pub(super) struct Standing(Arc<Opened>);

#[derive(Debug)]
struct Opened {
    shared: Arc<Shared>,
    method: Arc<Method>,
    headers: HeaderMap,
    peer: Option<Peer>,
    session: Option<Session>,
    identity: Arc<Identity>,
}

impl Standing {
    /// The caller that opened a stream, where streams have one.
    pub(super) fn of(
        shared: &Arc<Shared>,
        request: &Request<Body>,
        identity: &Arc<Identity>,
    ) -> Option<Self> {
        let method = shared.methods.at(request.uri().path())?;
        let is_owned = method.kind == Kind::Stream && method.needed.is_some();
        is_owned.then(|| {
            Self(Arc::new(Opened {
                shared: Arc::clone(shared),
                method: Arc::clone(method),
                headers: request.headers().clone(),
                peer: Connection::of(request.extensions()).and_then(|it| it.peer()).cloned(),
                session: request.extensions().get().copied(),
                identity: Arc::clone(identity),
            }))
        })
    }

    /// Asks for each chunk of the stream, at the expense of its caller's rate.
    pub(super) fn again(&self) -> Again {
        let opened = Arc::clone(&self.0);
        Arc::new(move || {
            let identity = opened.identify()?;
            identity.check_rate()?;
            Ok(identity)
        })
    }

    /// Ends an answer when its caller may no longer have it.
    pub(super) fn watch(self, body: Body) -> Body {
        Body::new(Watched { body, opened: self.0, ticks: interval(PERIOD), ended: false })
    }
}

impl Opened {
    fn identify(&self) -> Result<Arc<Identity>, Refused> {
        let Self { headers, peer, session, .. } = self;
        let shown = Shown { headers, peer: peer.as_ref(), session: *session };
        let access = self.shared.access.load();
        let identity = access.identify(self.method.needed, shown, self.shared.clock.now())?;
        if identity.covers(&self.identity) { Ok(identity) } else { Err(Refused::narrowed()) }
    }
}

/// The answer of a caller's stream.
struct Watched {
    body: Body,
    opened: Arc<Opened>,
    ticks: Interval,
    ended: bool,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        while self.ticks.poll_tick(context).is_ready() {
            if let Err(refused) = self.opened.identify() {
                self.ended = true;
                self.body = Body::empty();
                let trailers = trailers_of(&status::refused(&refused));
                return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
            }
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
