//! Learns of changes by other instances, and by other processes on the same store.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::gate::Failure;
use crate::gate::Gate;
use crate::store::Health;
use crate::store::Trouble;
use crate::store::Why;

/// The time for which a change by another instance without a message may go unnoticed.
const EVERY: Duration = Duration::from_millis(500);

/// Reads what has changed in the store, again and again.
#[derive(Clone, Debug)]
pub struct Refresh {
    gate: Arc<Gate>,
    wake: Arc<Notify>,
    felt: Option<Arc<Felt>>,
}

/// The health of the store as callers feel it, however well the store answers: a store that has
/// lost something is not used, and an instance whose clock is wrong grants nothing.
#[derive(Debug)]
struct Felt {
    store: watch::Receiver<Health>,
    lost: watch::Receiver<Option<String>>,
    /// The reason why no policy is known yet.
    unread: watch::Receiver<Option<String>>,
    clock: watch::Receiver<Option<Why>>,
    told: watch::Sender<Health>,
}

impl Felt {
    fn new(store: watch::Receiver<Health>, gate: &Gate) -> Self {
        let (told, _) = watch::channel(Health::Well);
        let (lost, unread, clock) = (gate.lost(), gate.unread(), gate.clock_trouble());
        let felt = Self { store, lost, unread, clock, told };
        felt.tell();
        felt
    }

    fn tell(&self) {
        let (store, lost) = (self.store.borrow().clone(), self.lost.borrow().clone());
        let unread = self.unread.borrow().clone();
        let felt = match (self.clock.borrow().clone(), unread, lost, store) {
            (Some(clock), ..) => Health::Away(clock),
            (None, _, _, Health::Away(why)) => Health::Away(why),
            (None, Some(why), lost, _) => {
                let trouble = if lost.is_some() { Trouble::Emptied } else { Trouble::Unreachable };
                Health::Away(Why::new(trouble, format!("no policy is known yet: {why}")))
            }
            (None, None, Some(lost), _) => Health::ReadOnly(Why::new(Trouble::Emptied, lost)),
            (None, None, None, store) => store,
        };
        self.told.send_replace(felt);
    }

    /// Publishes the health of the store whenever it changes, for as long as it is polled.
    async fn run(&self) -> Infallible {
        let (mut store, mut lost) = (self.store.clone(), self.lost.clone());
        let (mut unread, mut clock) = (self.unread.clone(), self.clock.clone());
        loop {
            tokio::select! {
                changed = store.changed() => if changed.is_err() {
                    let why = "the store's writing thread has ended; start courtesy again";
                    self.told.send_replace(Health::Away(why.to_owned().into()));
                    return pending().await;
                },
                changed = lost.changed() => if changed.is_err() {
                    return pending().await;
                },
                changed = unread.changed() => if changed.is_err() {
                    return pending().await;
                },
                changed = clock.changed() => if changed.is_err() {
                    return pending().await;
                },
            }
            self.tell();
        }
    }
}

impl Refresh {
    /// Twice a second, and whenever it is woken.
    #[must_use]
    pub const fn new(gate: Arc<Gate>, wake: Arc<Notify>) -> Self {
        Self { gate, wake, felt: None }
    }

    /// The same task, which also reports the store's health and this machine's clock as callers
    /// feel them.
    #[must_use]
    pub fn with_health(self, store: watch::Receiver<Health>) -> (Self, watch::Receiver<Health>) {
        let felt = Felt::new(store, &self.gate);
        let told = felt.told.subscribe();
        (Self { felt: Some(Arc::new(felt)), ..self }, told)
    }

    async fn refresh(&self) -> Result<(), Failure> {
        self.gate.compare_clock().await;
        self.gate.refresh().await?;
        self.gate.replay_journal().await
    }

    /// Goes on for as long as it is polled. While the store does not answer, what is in force
    /// stays.
    pub(super) async fn run(self) -> Infallible {
        let felt = self.felt.clone();
        tokio::select! {
            never = self.refresh_again_and_again() => never,
            never = async { match &felt {
                Some(felt) => felt.run().await,
                None => pending().await,
            } } => never,
        }
    }

    async fn refresh_again_and_again(&self) -> Infallible {
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
