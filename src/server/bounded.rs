//! A request's body, which must not be longer than its method takes. A service bounds all of its
//! methods alike, by the one that takes the most; this bounds each by its own, and all together.
//! And it must not list more than any method takes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http_body::Frame;
use http_body::SizeHint;
use tonic::Status;
use tonic::body::Body;

use crate::rpc::status;
use crate::server::elements::Elements;
use crate::server::methods::Method;
use crate::server::weight::Weight;

/// A body of at most `bytes_max` bytes.
#[derive(Debug)]
pub(super) struct Bounded {
    body: Body,
    bytes_max: usize,
    left: usize,
    weight: Arc<Weight>,
    /// `None` if the body is not in binary form.
    elements: Option<Elements>,
    method: Arc<Method>,
}

impl Bounded {
    /// The body with a limit of `bytes_max`.
    pub(super) fn body(
        body: Body,
        bytes_max: usize,
        weight: Arc<Weight>,
        elements: Option<Elements>,
        method: &Arc<Method>,
    ) -> Body {
        let method = Arc::clone(method);
        Body::new(Self { body, bytes_max, left: bytes_max, weight, elements, method })
    }
}

impl http_body::Body for Bounded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match self.left.checked_sub(length) {
                Some(left) if self.weight.add(length).is_ok() => self.left = left,
                Some(_) => {
                    self.method.rpc.overloaded("memory");
                    return Poll::Ready(Some(Err(status::overloaded())));
                }
                None => return Poll::Ready(Some(Err(status::too_long(self.bytes_max)))),
            }
            if let (Some(elements), Some(seen)) = (&mut self.elements, frame.data_ref())
                && let Err(refused) = elements.see(seen)
            {
                return Poll::Ready(Some(Err(refused)));
            }
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
