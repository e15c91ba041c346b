//! A handler that panics ends its own call and nothing else.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::TryFutureExt;

/// The future has panicked; the panic's hook has said where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panicked;

/// Awaits `future` and turns a panic in it into an error.
///
/// State that it shares with others must stay valid wherever it stops. A dropped future stops
/// anywhere too, so handlers are written for that.
pub(super) fn guarded<F: Future>(future: F) -> impl Future<Output = Result<F::Output, Panicked>> {
    AssertUnwindSafe(future).catch_unwind().map_err(|_payload| Panicked)
}
