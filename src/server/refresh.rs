//! Learning what other instances, and other processes on the same store, have changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use crate::gate::Failure;
use crate::gate::Gate;

/// How long a change by somebody else may go unnoticed where nobody tells of it.
const EVERY: Duration = Duration::from_millis(500);

/// Reads what has changed in the store, again and again.
#[derive(Clone, Debug)]
pub struct Refresh {
    gate: Arc<Gate>,
    wake: Arc<Notify>,
}

impl Refresh {
    /// Twice a second, and whenever it is woken.
    #[must_use]
    pub const fn new(gate: Arc<Gate>, wake: Arc<Notify>) -> Self {
        Self { gate, wake }
    }

    async fn refresh(&self) -> Result<(), Failure> {
        self.gate.refresh().await?;
        self.gate.pay().await
    }

    /// Goes on for as long as it is polled. While the store does not answer, what is in force stays.
    pub(super) async fn run(self) -> Infallible {
        let mut failing = false;
        loop {
            let _woken_or_not = timeout(EVERY, self.wake.notified()).await;
            let refreshed = self.refresh().await;
            self.gate.tell_what_is_in_force();
            self.gate.metrics().refresh(refreshed.is_ok());
            match refreshed {
                Ok(()) if failing => {
                    failing = false;
                    tracing::info!("policies and pauses can be read again");
                }
                Ok(()) => {}
                Err(_) if failing => {}
                Err(why) => {
                    failing = true;
                    tracing::error!(%why, "changes of policies and pauses go unnoticed");
                }
            }
        }
    }
}
