//! A handler that panics ends its own call and nothing else.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::pin::pin;
use std::task::Poll;

/// The future has panicked; the panic's hook has said where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panicked;

/// Awaits `future` and turns a panic in it into an error.
///
/// What it shares with others must stay true when it stops anywhere: a dropped future does too, so
/// handlers are written for that.
pub(super) async fn guarded<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_payload) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}
