//! The server's end, for calls that wait: they answer what they have. A handler runs in the task of
//! its call, and asks here.

use tokio::sync::watch;

tokio::task_local! {
    static DRAINING: Option<watch::Receiver<bool>>;
}

/// Answers a call that can learn that the server ends.
pub fn telling<F: Future>(
    draining: Option<watch::Receiver<bool>>,
    handler: F,
) -> impl Future<Output = F::Output> + use<F> {
    DRAINING.scope(draining, handler)
}

/// Whether the server ends.
pub(super) fn begun() -> bool {
    let told = DRAINING.try_with(|draining| draining.as_ref().is_some_and(|it| *it.borrow()));
    told.unwrap_or_default()
}

/// Resolves when the server ends; outside of a call, never.
pub(super) async fn wait() {
    let draining = DRAINING.try_with(Option::clone);
    if let Ok(Some(mut draining)) = draining
        && draining.wait_for(|draining| *draining).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}
