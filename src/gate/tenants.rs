//! The tenants that exist: those in an operator's settings, those that were created or have a
//! policy, and those whose customers have something on record. A call for any other is refused:
//! under a misspelt name no opt-outs would be found.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Active;
use super::Attribution;
use super::Failure;
use super::Gate;
use crate::audit::Event;
use crate::codec::policy::Documents;
use crate::model::Instant;
use crate::model::Name;
use crate::model::revision::About;
use crate::policy::Policy;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;

/// A tenant, and the policy by which its customers' records are read.
#[derive(Clone, Copy, Debug)]
pub struct TenantPolicy<'a> {
    /// The tenant.
    pub tenant: &'a Name,
    /// The policy that is in force for it.
    pub policy: &'a Policy,
}

impl Gate {
    /// The policy in force for a tenant that exists.
    ///
    /// # Errors
    /// If there is no such tenant, or what is in force for it is not known: the starter policy
    /// never stands in for a policy that is missing.
    pub fn in_force(&self, tenant: &Name) -> Result<Arc<Active>, Failure> {
        if self.policies.load().contains_key(tenant) {
            return Ok(self.policy(tenant));
        }
        if !self.guard.is_loaded() {
            return Err(unread("the tenants' policies have not been read"));
        }
        if self.tenants.contains(tenant) || self.guard.known().tenants.contains(tenant) {
            return Ok(self.policy(tenant));
        }
        if !self.guard.is_listed() {
            return Err(unread("the list of tenants has not been read"));
        }
        Err(Failure::NoSuchTenant(tenant.clone()))
    }

    /// Whether the policies in force are known, from the store or from the copy beside it.
    #[must_use]
    pub fn knows_policies(&self) -> bool {
        self.guard.is_loaded()
    }

    /// All tenants that this instance knows of.
    #[must_use]
    pub fn tenants(&self) -> BTreeSet<Name> {
        let mut tenants = self.guard.known().tenants;
        tenants.extend(self.tenants.iter().cloned());
        tenants.extend(self.policies.load().keys().cloned());
        tenants
    }

    /// Makes a tenant, which the starter policy governs until another is applied. Returns whether
    /// there was none before.
    ///
    /// # Errors
    /// If it could not be stored.
    pub async fn create_tenant(&self, tenant: &Name, words: &Attribution) -> Result<bool, Failure> {
        let _one_at_a_time = self.changing.lock().await;
        let key = Key { space: Space::Policies, tenant: tenant.clone(), id: Box::from("") };
        if self.within("load", self.store.load(&key)).await?.is_some() {
            return Ok(false);
        }
        let event = Event {
            actor: words.actor.clone(),
            action: "CreateTenant".to_owned(),
            details: tenant.to_string(),
            author: words.author.as_deref().map(str::to_owned),
            ..Event::default()
        };
        let create = async {
            let none =
                Documents { revision: 0, documents: Vec::new(), about: About::at(Instant::FIRST) };
            let value = none.write();
            let replacement =
                Replacement { key, expected: None, value: value.clone(), expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            match self.within("replace", write).await? {
                Replaced::Done(version) => {
                    let stored = Stored { version, value };
                    let active =
                        self.starter.with_stored(&stored, &self.zones, self.clock.now())?;
                    self.install(tenant, active);
                    Ok(true)
                }
                Replaced::Changed(_) => Ok(false),
            }
        };
        Box::pin(self.audited(tenant, event, create)).await
    }
}

fn unread(what: &str) -> Failure {
    Failure::StoreUnavailable(format!("{what} since this instance started"))
}
