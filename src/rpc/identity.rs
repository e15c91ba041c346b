//! The identity of the caller. A handler runs in the task of its call, and reads it there at the
//! beginning; it is not in the message, since callers write messages.

use std::fmt;
use std::sync::Arc;

use tokio::time::timeout;
use tonic::Status;

use super::status;
use crate::access::Identity;
use crate::access::Refused;

/// Asks who opened a stream whether they still may, at the expense of their rate.
pub type Again = Arc<dyn Fn() -> Result<Arc<Identity>, Refused> + Send + Sync>;

tokio::task_local! {
    static OPENER: Opener;
}

/// The identity of a caller and, for a stream, the way to check it again.
#[derive(Clone)]
pub struct Opener {
    identity: Arc<Identity>,
    again: Option<Again>,
    of_console: bool,
}

impl Opener {
    /// A caller that makes one call, or opens a stream and is asked `again` for each of its chunks.
    #[must_use]
    pub const fn new(identity: Arc<Identity>, again: Option<Again>) -> Self {
        Self { identity, again, of_console: false }
    }

    /// The same caller, with or without the mark of a console screen.
    #[must_use]
    pub fn of_console(self, of_console: bool) -> Self {
        Self { of_console, ..self }
    }

    /// Answers their call. It is no `async fn`, which would hold the handler twice, and what a
    /// call holds is copied and allocated for each.
    pub fn calling<F: Future>(self, handler: F) -> impl Future<Output = F::Output> + use<F> {
        OPENER.scope(self, handler)
    }

    /// Asks for one more chunk, and waits where their rate is spent.
    pub(super) async fn once_more(&mut self) -> Result<(), Status> {
        let Some(again) = &self.again else { return Ok(()) };
        loop {
            match again() {
                Ok(identity) => {
                    self.identity = identity;
                    return Ok(());
                }
                Err(Refused::TooOften { wait, .. }) => {
                    let waited = timeout(wait, std::future::pending::<()>()).await;
                    debug_assert!(waited.is_err(), "nothing comes of what is pending");
                }
                Err(refused) => return Err(status::refused(&refused)),
            }
        }
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// The caller of the stream that is being answered; outside of a call, an identity without
/// permissions.
pub(super) fn opener() -> Opener {
    let unknown = |_outside| Opener::new(Identity::unknown(), None);
    OPENER.try_with(Opener::clone).unwrap_or_else(unknown)
}

/// The caller; outside of a call, an identity without permissions.
pub(super) fn caller() -> Arc<Identity> {
    let known = OPENER.try_with(|it| Arc::clone(&it.identity));
    known.unwrap_or_else(|_outside| Identity::unknown())
}

/// Whether a screen of the console makes the call. Its questions are for a person to read, and are
/// neither counted nor logged as decisions on contacts.
pub(super) fn is_console() -> bool {
    OPENER.try_with(|it| it.of_console).unwrap_or_default()
}
