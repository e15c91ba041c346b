//! The periodic work on the agenda, outside calls: a missing agenda is built, late answers are
//! reported, and old changes are forgotten.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio::time::interval;

use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::model::Name;

/// The interval for a store of this instance alone, and for a shared one, where every look costs a
/// command for each bucket.
const EVERY: Duration = Duration::from_secs(1);
const EVERY_SHARED: Duration = Duration::from_secs(10);
/// The number of looks after which late answers are counted, if none has been reported.
const COUNTED: u64 = 3;
/// The number of looks after which a missing agenda is built, and old entries are forgotten.
const MADE: u64 = 360;

/// Keeps the agenda, for as long as it is polled.
#[derive(Clone, Debug)]
pub(super) struct Keeper(Arc<Gate>);

impl Keeper {
    pub(super) const fn new(gate: Arc<Gate>) -> Self {
        Self(gate)
    }

    pub(super) async fn run(self) -> Infallible {
        tokio::select! {
            never = self.0.hear_of_changes() => never,
            never = self.look_again_and_again() => never,
        }
    }

    async fn look_again_and_again(&self) -> Infallible {
        let mut ticks = interval(if self.0.is_shared() { EVERY_SHARED } else { EVERY });
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut is_made, mut failing) = (false, false);
        let mut lost = self.0.lost();
        for look in 0_u64.. {
            ticks.tick().await;
            // A store that has lost something, and was accepted, has no agenda.
            if lost.has_changed().unwrap_or_default() {
                lost.mark_unchanged();
                is_made = false;
            }
            let looked = self.look(look, &mut is_made).await;
            match looked {
                Ok(()) => failing = false,
                Err(_) if failing => {}
                Err(why) => {
                    failing = true;
                    tracing::warn!(%why, "the agenda is not looked after; it is tried again");
                }
            }
        }
        std::future::pending().await
    }

    async fn look(&self, look: u64, is_made: &mut bool) -> Result<(), Failure> {
        if !*is_made || look.is_multiple_of(MADE) {
            if self.0.make_agenda().await? {
                tracing::info!("the agenda is made of the records");
            }
            *is_made = true;
        }
        for tenant in self.0.tenants() {
            self.keep(look, &tenant).await?;
        }
        Ok(())
    }

    async fn keep(&self, look: u64, tenant: &Name) -> Result<(), Failure> {
        let active = self.0.policy(tenant);
        let whose = TenantPolicy { tenant, policy: &active.policy };
        let now = self.0.clock().now();
        let mut has_told = false;
        if active.policy.settings.reply.is_some() {
            while self.0.tell_overdue(whose, now).await? > 0 {
                has_told = true;
            }
        }
        if has_told || look.is_multiple_of(COUNTED) {
            let count = self.0.count_overdue(whose, now).await?;
            self.0.metrics().overdue_replies(tenant, count);
        }
        if look.is_multiple_of(MADE) {
            self.0.forget_changes(tenant, now).await?;
        }
        Ok(())
    }
}
