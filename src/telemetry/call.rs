//! The call that is being answered, as far as its log lines and its spans know it.
//!
//! It belongs to the task, and costs a call nothing but a few pointers: the log asks for it when it
//! writes a line. A span of `tracing` for each call would cost a microsecond, which a check hardly
//! has.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tonic::Code;

use super::trace::Traced;

tokio::task_local! {
    static CURRENT: Call;
}

/// A call. Clones are the same call.
#[derive(Clone, Debug)]
pub struct Call {
    id: u64,
    method: Arc<str>,
    traced: Option<Traced>,
}

impl Call {
    /// The call with this id of ours, which is not traced.
    #[must_use]
    pub const fn new(id: u64, method: Arc<str>) -> Self {
        Self { id, method, traced: None }
    }

    /// The same call, with a span.
    #[must_use]
    pub fn traced_as(self, traced: Option<Traced>) -> Self {
        Self { traced, ..self }
    }

    /// Does something at once that belongs to it.
    pub fn during<T>(&self, act: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), act)
    }

    /// Answers it, so that what is logged and done meanwhile belongs to it. It is no `async fn`,
    /// which would hold `answer` twice.
    pub fn within<F: Future>(self, answer: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self, answer)
    }

    /// Ends it: notes that in the log, and ends its span.
    pub fn end(&self, code: Code, elapsed: std::time::Duration) {
        let answered = || tracing::debug!(?code, ?elapsed, "answered");
        self.during(answered);
        if let Some(traced) = &self.traced {
            traced.end(code);
        }
    }

    /// The call that is being answered on this task, if one is.
    pub(super) fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// The span of the call that is being answered on this task, if it is traced.
    pub(super) fn traced() -> Option<Traced> {
        CURRENT.try_with(|call| call.traced.clone()).ok().flatten()
    }

    /// The fields that identify the call, with their values.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        let trace = self.traced.as_ref().map(|traced| ("trace", traced.trace_id().to_string()));
        let own = [("request", format!("{:016x}", self.id)), ("method", self.method.to_string())];
        own.into_iter().chain(trace)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}
