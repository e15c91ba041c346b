//! A start that can be called off.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::Error;
use super::Service;

/// Opens the service; `None` if the end is asked for before it is open. The end is listened for
/// from the first poll on: a caller who hears that we are ready may ask us to end.
pub(super) async fn opened(
    open: impl Future<Output = Result<Service, Error>>,
    mut shutdown: Pin<&mut impl Future<Output = ()>>,
) -> Result<Option<Service>, Error> {
    let service = tokio::select! {
        biased;
        () = shutdown.as_mut() => return Ok(None),
        opened = open => opened?,
    };
    // The end may have been asked for while the store was opened, which holds this thread.
    let now = poll_fn(|context| Poll::Ready(shutdown.as_mut().poll(context))).await;
    Ok(now.is_pending().then_some(service))
}
