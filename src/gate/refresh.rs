//! Learning what other instances have changed.
//!
//! **Invariant:** what does not load never takes the place of what is in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Active;
use super::Failure;
use super::Gate;
use crate::codec::mark::Mark;
use crate::model::Name;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The versions that did not load, so that each is reported once.
pub(super) type Refused = BTreeMap<(Space, Name), Version>;

impl Gate {
    /// Puts in force what has changed in the store since it was last read, and learns whose records
    /// there are. What does not load is logged and counted, and changes nothing; but with the first
    /// reading it is an error. Returns what the store does not hold any more, in words.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) async fn learn(&self) -> Result<Option<String>, Failure> {
        let mut refused = self.changing.lock().await;
        self.tell_due();
        self.learn_tenants().await?;
        for space in [Space::Policies, Space::Pauses] {
            let versions = self.within("versions", self.store.versions(space)).await?;
            let versions = versions.into_iter().filter(|(key, _)| key.id.is_empty());
            let versions: Vec<(Key, Version)> = versions.collect();
            if let Some(missing) = self.missing_policy(space, &versions) {
                return Ok(Some(missing));
            }
            for (key, version) in versions {
                if self.is_known(&key, version, &refused) {
                    continue;
                }
                let stored = self.within("load", self.store.load(&key)).await;
                let (version, newer) = match stored {
                    Ok(Some(stored)) => (stored.version, self.newer(&key, &stored).await),
                    // The key was listed before its value was written.
                    Ok(None) => continue,
                    Err(Failure::Unreadable(why)) => (version, Err(Failure::Unreadable(why))),
                    Err(failure) => return Err(failure),
                };
                match newer {
                    Ok(active) if active.newest < self.policy(&key.tenant).newest => {
                        return Ok(Some(older(&key.tenant)));
                    }
                    Ok(active) => self.install(&key.tenant, active),
                    Err(why) if !self.guard.is_loaded() => return Err(why),
                    Err(why) => {
                        refused.insert((space, key.tenant.clone()), version);
                        self.metrics.policy_refused();
                        let tenant = &key.tenant;
                        tracing::error!(%tenant, ?space, %why, "what is stored does not load");
                    }
                }
            }
        }
        Ok(None)
    }

    /// Learns whose records there are. While the server that has the list is away, those that are
    /// known are.
    async fn learn_tenants(&self) -> Result<(), Failure> {
        // The first time it may go through the whole store.
        match self.store.tenants().await.map_err(Failure::from) {
            Ok(tenants) => {
                let mut known = self.guard.known();
                known.tenants = tenants;
                self.guard.know(known);
                self.guard.note_listed();
                Ok(())
            }
            Err(failure @ (Failure::StoreUnavailable(_) | Failure::StoreSilent(_))) => {
                tracing::debug!(%failure, "the tenants cannot be listed");
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// The tenant of a policy that decides here and that the store does not hold any more, in
    /// words.
    fn missing_policy(&self, space: Space, versions: &[(Key, Version)]) -> Option<String> {
        let policies = self.policies.load();
        let is_stored = |active: &Active| {
            let own = if space == Space::Pauses { active.pauses_version } else { active.version };
            own.is_some()
        };
        let mut stored = policies.iter().filter(|(_, active)| is_stored(active));
        let missing = |tenant: &Name| !versions.iter().any(|(key, _)| key.tenant == *tenant);
        let (tenant, _) = stored.find(|(tenant, _)| missing(tenant))?;
        let what = if space == Space::Pauses { "pauses" } else { "policy" };
        Some(format!("the {what} of the tenant `{tenant}` is gone from it"))
    }

    /// The values that the store's mark counts but the store does not have, in words: revisions of
    /// policies, and at the first look audit events.
    pub(super) async fn missing_count(&self, mark: &Mark) -> Result<Option<String>, Failure> {
        let is_all_read = self.changing.lock().await.is_empty();
        if is_all_read && mark.revisions > self.revisions_known() {
            let why = "revisions of policies are gone from it that were in force";
            return Ok(Some(why.to_owned()));
        }
        if self.guard.is_loaded() {
            return Ok(None);
        }
        let mut events = 0_u64;
        for tenant in self.tenants() {
            events = events.saturating_add(self.events(&tenant).await?);
        }
        let why = "events of its audit log are gone from it";
        Ok((mark.audit_events > events).then(|| why.to_owned()))
    }

    /// Puts back the policies and pauses that the store does not hold any more, as this instance
    /// knows them. Returns how many tenants have theirs again.
    pub(super) async fn put_back(&self) -> Result<usize, Failure> {
        let _one_at_a_time = self.changing.lock().await;
        let mut tenants = 0;
        for (tenant, active) in BTreeMap::clone(&self.policies.load()) {
            let values =
                [(Space::Policies, active.value.clone()), (Space::Pauses, active.pauses_value())];
            let mut is_put_back = false;
            for (space, value) in values {
                let Some(value) = value else { continue };
                let key = Key { space, tenant: tenant.clone(), id: Box::from("") };
                let there = self.within("load", self.store.load(&key)).await?;
                let is_kept = match &there {
                    None => false,
                    Some(_) if space == Space::Pauses => true,
                    Some(there) => {
                        self.newer(&key, there).await.is_ok_and(|it| it.newest >= active.newest)
                    }
                };
                if is_kept {
                    continue;
                }
                let expected = there.map(|there| there.version);
                let replacement =
                    Replacement { key: key.clone(), expected, value: value.clone(), expires: None };
                let write = self.store.replace(replacement, self.settings.wishes);
                if let Replaced::Done(version) = self.within("replace", write).await? {
                    is_put_back = true;
                    let stored = Stored { version, value };
                    self.install(&tenant, self.newer(&key, &stored).await?);
                }
            }
            tenants += usize::from(is_put_back);
        }
        Ok(tenants)
    }

    /// The tenant's policy and pauses with a newly stored value. Compiling takes long and happens
    /// on another thread, since this one answers probes and customers' pages.
    pub(super) async fn newer(&self, key: &Key, stored: &Stored) -> Result<Active, Failure> {
        let active = self.policy(&key.tenant);
        match key.space {
            Space::Pauses => active.with_stored_pauses(stored),
            Space::Policies
            | Space::Customers
            | Space::Erased
            | Space::Notes
            | Space::Revisions
            | Space::Audit
            | Space::OutageJournal => {
                let (stored, zones, now) =
                    (stored.clone(), Arc::clone(&self.zones), self.clock.now());
                self.learning.run(move || active.with_stored(&stored, &zones, now)).await
            }
        }
    }

    fn is_known(&self, key: &Key, version: Version, refused: &Refused) -> bool {
        let active = self.policy(&key.tenant);
        let known = if key.space == Space::Pauses { active.pauses_version } else { active.version };
        let given_up = refused.get(&(key.space, key.tenant.clone()));
        known == Some(version) || given_up == Some(&version)
    }
}

fn older(tenant: &Name) -> String {
    format!("the policy of the tenant `{tenant}` in it is older than the one that decides")
}
