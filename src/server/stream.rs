//! Answers that last: watching health, asking reflection. They are counted when they end, and end
//! when the server goes down, so that a client that only watches does not hold up the drain, or
//! when they are old.

use std::fmt;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use http_body::SizeHint;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;

use crate::server::calls::Ending;
use crate::server::explained::in_own_words;
use crate::server::shared::Shared;
use crate::server::shared::drained;
use crate::server::streams::StreamPermit;

/// The body of an answer that lasts.
pub(super) struct Lasting {
    body: Body,
    goodbye: Pin<Box<dyn Future<Output = Status> + Send>>,
    ended: bool,
    ending: Ending,
    _room: StreamPermit,
}

impl Lasting {
    /// Lets `body` last until it ends, or the server does, or it is old.
    pub(super) fn body(body: Body, shared: &Shared, ending: Ending, room: StreamPermit) -> Body {
        let drained = timeout(shared.streams.age_max, drained(shared.draining.clone()));
        let goodbye = Box::pin(async move {
            Status::unavailable(match drained.await {
                Ok(()) => "the server is going down",
                Err(_elapsed) => "the stream has lasted as long as streams may; open another",
            })
        });
        Body::new(Self { body, goodbye, ended: false, ending, _room: room })
    }

    fn end(&mut self, code: Code) {
        self.ended = true;
        self.ending.code = code;
    }
}

impl http_body::Body for Lasting {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // Messages that are ready go out first: a watcher learns that we go down, and then the
        // stream ends.
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let Some(trailers) = frame.trailers_ref() else { return polled };
                let status = Status::from_header_map(trailers);
                let own = status.as_ref().and_then(|it| in_own_words(self.ending.method(), it));
                self.end(own.as_ref().or(status.as_ref()).map_or(Code::Unknown, Status::code));
                match own {
                    Some(own) => Poll::Ready(Some(Ok(Frame::trailers(trailers_of(&own))))),
                    None => polled,
                }
            }
            Poll::Ready(Some(Err(status))) => {
                let own = in_own_words(self.ending.method(), status);
                self.end(own.as_ref().unwrap_or(status).code());
                polled
            }
            Poll::Ready(None) => {
                self.end(Code::Ok);
                polled
            }
            Poll::Pending => match self.goodbye.as_mut().poll(context) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(goodbye) => {
                    self.end(goodbye.code());
                    Poll::Ready(Some(Ok(Frame::trailers(trailers_of(&goodbye)))))
                }
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

impl fmt::Debug for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lasting").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The trailers in which a status ends an answer.
pub(super) fn trailers_of(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    if status.add_header(&mut trailers).is_err() {
        tracing::debug!("a status did not fit into trailers");
    }
    trailers
}
