//! Learning what other instances have changed.
//!
//! **Invariant:** what does not load never takes the place of what is in force.

use std::collections::BTreeMap;

use super::Active;
use super::Failure;
use super::Gate;
use crate::model::Name;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The versions that did not load, so that each is told once.
pub(super) type Refused = BTreeMap<(Space, Name), Version>;

impl Gate {
    /// Reads every tenant's policy and pauses from the store.
    ///
    /// # Errors
    /// If the store cannot say, or one of them does not load.
    pub async fn load_policies(&self) -> Result<(), Failure> {
        let _one_at_a_time = self.changing.lock().await;
        for space in [Space::Policies, Space::Pauses] {
            let all = self.within("load_all", self.store.load_all(space)).await?;
            for (key, stored) in all {
                let active = self.newer(&key, &stored)?;
                self.install(&key.tenant, active);
            }
        }
        Ok(())
    }

    /// Puts in force what has changed in the store since it was last read. What does not load is
    /// logged and counted, and changes nothing.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let mut refused = self.changing.lock().await;
        self.tell_due();
        for space in [Space::Policies, Space::Pauses] {
            let versions = self.within("versions", self.store.versions(space)).await?;
            for (key, version) in versions {
                if self.is_known(&key, version, &refused) {
                    continue;
                }
                let stored = self.within("load", self.store.load(&key)).await;
                let (version, newer) = match stored {
                    Ok(Some(stored)) => (stored.version, self.newer(&key, &stored)),
                    // It is gone, and what is in force stays.
                    Ok(None) => continue,
                    Err(Failure::Unreadable(why)) => (version, Err(Failure::Unreadable(why))),
                    Err(failure) => return Err(failure),
                };
                match newer {
                    Ok(active) => self.install(&key.tenant, active),
                    Err(why) => {
                        refused.insert((space, key.tenant.clone()), version);
                        self.metrics.policy_refused();
                        let tenant = &key.tenant;
                        tracing::error!(%tenant, ?space, %why, "what is stored does not load");
                    }
                }
            }
        }
        Ok(())
    }

    /// What is in force with what is stored.
    fn newer(&self, key: &Key, stored: &Stored) -> Result<Active, Failure> {
        let active = self.policy(&key.tenant);
        match key.space {
            Space::Pauses => active.with_stored_pauses(stored),
            Space::Policies
            | Space::Customers
            | Space::Erased
            | Space::Notes
            | Space::Revisions
            | Space::Audit
            | Space::Debts => active.with_stored(stored, &self.zones, self.clock.now()),
        }
    }

    fn is_known(&self, key: &Key, version: Version, refused: &Refused) -> bool {
        let active = self.policy(&key.tenant);
        let known = if key.space == Space::Pauses { active.pauses_version } else { active.version };
        let given_up = refused.get(&(key.space, key.tenant.clone()));
        known == Some(version) || given_up == Some(&version)
    }
}
