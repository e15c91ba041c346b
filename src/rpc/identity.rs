//! Who makes the call that is being answered. A handler runs in the task of its call, and reads it
//! where it begins; the message does not say it, since callers write messages.

use std::sync::Arc;

use crate::access::Identity;

tokio::task_local! {
    static IDENTITY: Arc<Identity>;
}

/// Answers a call of `identity`. It is no `async fn`, which would hold the handler twice, and what a
/// call holds is copied and allocated for each.
pub fn calling<F: Future>(
    identity: Arc<Identity>,
    handler: F,
) -> impl Future<Output = F::Output> + use<F> {
    IDENTITY.scope(identity, handler)
}

/// Who calls; outside of a call, nobody, who may do nothing.
pub(super) fn caller() -> Arc<Identity> {
    IDENTITY.try_with(Arc::clone).unwrap_or_else(|_outside| Identity::nobody())
}
