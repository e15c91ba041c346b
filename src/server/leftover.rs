//! The rest of a request whose answer is known already: a refusal seldom needs the body. Over
//! HTTP/1.1 that body comes before the connection's next request, so it is read and thrown away, or
//! the answer ends the connection. HTTP/2 has a way of its own to refuse the rest.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::future::Either;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::Version;
use http::header;
use http_body::Frame;
use http_body::SizeHint;
use http_body_util::BodyExt;
use tokio::time::timeout;
use tonic::Status;
use tonic::body::Body;
use tower::Service;

/// The number of bytes of a body that are thrown away.
const BYTES_MAX: u64 = 16 << 20;

/// The time that an answer waits for the rest of its request.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// Answers as `S` does, and leaves no connection behind with half a request on it.
#[derive(Clone, Debug)]
pub(super) struct Leftover<S>(pub(super) S);

impl<S> Service<Request<Body>> for Leftover<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<Response<Body>, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if request.version() >= Version::HTTP_2 || http_body::Body::is_end_stream(request.body()) {
            return Either::Left(self.0.call(request));
        }
        // A client that waits for `100 Continue` has not sent the body; reading would ask for it.
        let waits = request.headers().contains_key(header::EXPECT);
        let unread = Unread::default();
        let counted = unread.clone();
        let request = request.map(|body| Body::new(Counted { body, unread: counted }));
        let answer = self.0.call(request);
        Either::Right(Box::pin(async move {
            let mut response = answer.await?;
            if let Some(rest) = unread.take()
                && (waits || !read_out(rest).await)
            {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok(response)
        }))
    }
}

/// Reads a body to its end, and returns whether it got there.
async fn read_out(mut body: Body) -> bool {
    if http_body::Body::size_hint(&body).lower() > BYTES_MAX {
        return false;
    }
    let reading = async {
        let mut read = 0_u64;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            read = read.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
            if read > BYTES_MAX {
                return false;
            }
        }
        true
    };
    timeout(WAIT_MAX, reading).await.unwrap_or_default()
}

/// The body of a request whose handler let go of it before its end.
#[derive(Clone, Default)]
struct Unread(Arc<Mutex<Option<Body>>>);

impl Unread {
    fn take(&self) -> Option<Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A body that comes back when it is dropped before its end.
struct Counted {
    body: Body,
    unread: Unread,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(None | Some(Err(_))) = polled {
            // There is nothing left of it.
            self.body = Body::empty();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if !http_body::Body::is_end_stream(&self.body) {
            let rest = std::mem::replace(&mut self.body, Body::empty());
            let mut unread = self.unread.0.lock().unwrap_or_else(PoisonError::into_inner);
            *unread = Some(rest);
        }
    }
}
