//! Tenants' policies, and what operators have paused: compiled once, held in memory, replaced as a
//! whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Failure;
use super::Gate;
use crate::codec;
use crate::codec::policy::Documents;
use crate::model::Name;
use crate::model::pause::Pause;
use crate::model::revision::About;
use crate::policy::Policy;
use crate::policy::Source;
use crate::policy::preset;
use crate::policy::rules;
use crate::store::Stored;
use crate::store::Version;
use crate::zone::Zones;

/// The tenant of callers who name none.
pub const TENANT_DEFAULT: &str = "default";

/// What is in force for a tenant.
#[derive(Clone, Debug)]
pub struct Active {
    /// The compiled policy, with its revision and its pauses.
    pub policy: Policy,
    /// Its documents, by their names.
    pub documents: BTreeMap<String, String>,
    /// Who applied it, when and why; unset for the starter policy.
    pub about: Option<About>,
    /// The pauses, those that are over included, in order of name.
    pub pauses: Vec<Pause>,
    /// The policy's version in the store.
    pub(super) version: Option<Version>,
    /// The pauses' version in the store.
    pub(super) pauses_version: Option<Version>,
}

impl Active {
    pub(super) fn starter(zones: &Arc<Zones>) -> Result<Self, Failure> {
        let (policy, _warnings) =
            Policy::load(&[starter()], zones).map_err(Failure::InvalidPolicy)?;
        let documents = BTreeMap::from([("starter".to_owned(), preset::STARTER.to_owned())]);
        Ok(Self {
            policy,
            documents,
            about: None,
            pauses: Vec::new(),
            version: None,
            pauses_version: None,
        })
    }

    /// The same pauses with the policy that is stored.
    pub(super) fn with_stored(&self, stored: &Stored, zones: &Arc<Zones>) -> Result<Self, Failure> {
        let documents = Documents::read(&stored.value)?;
        let (policy, _) =
            Policy::load(&sources(&documents), zones).map_err(Failure::InvalidPolicy)?;
        Ok(self.with_policy(policy, documents, stored.version))
    }

    /// The same pauses with a policy.
    pub(super) fn with_policy(
        &self,
        policy: Policy,
        documents: Documents,
        version: Version,
    ) -> Self {
        let policy = Policy { revision: documents.revision, ..policy };
        Self {
            policy: paused(policy, &self.pauses),
            documents: documents.documents.into_iter().collect(),
            about: Some(documents.about),
            pauses: self.pauses.clone(),
            version: Some(version),
            pauses_version: self.pauses_version,
        }
    }

    /// The same policy with the pauses that are stored.
    pub(super) fn with_stored_pauses(&self, stored: &Stored) -> Result<Self, Failure> {
        Ok(self.with_pauses(codec::pause::read(&stored.value)?, stored.version))
    }

    /// The same policy with pauses.
    pub(super) fn with_pauses(&self, pauses: Vec<Pause>, version: Version) -> Self {
        Self {
            policy: paused(self.policy.clone(), &pauses),
            pauses,
            pauses_version: Some(version),
            ..self.clone()
        }
    }
}

impl Gate {
    /// What is in force for a tenant.
    #[must_use]
    pub fn policy(&self, tenant: &Name) -> Arc<Active> {
        let policies = self.policies.load();
        Arc::clone(policies.get(tenant).unwrap_or(&self.starter))
    }

    /// Tells the metrics what is in force for each tenant, and for the default one in any case.
    pub fn tell_what_is_in_force(&self) {
        let (policies, now) = (self.policies.load(), self.clock.now());
        let tell = |tenant: &Name, active: &Active| {
            let pauses = active.pauses.iter().filter(|pause| !pause.is_over(now)).count();
            self.metrics.in_force(tenant, active.policy.revision, pauses);
        };
        for (tenant, active) in policies.iter() {
            tell(tenant, active);
        }
        if let Ok(default) = Name::new(TENANT_DEFAULT)
            && !policies.contains_key(&default)
        {
            tell(&default, &self.starter);
        }
    }

    /// Puts something in force for a tenant. Whoever calls it holds the lock for changes.
    pub(super) fn install(&self, tenant: &Name, active: Active) {
        let mut policies = BTreeMap::clone(&self.policies.load());
        policies.insert(tenant.clone(), Arc::new(active));
        self.policies.store(Arc::new(policies));
    }
}

fn paused(policy: Policy, pauses: &[Pause]) -> Policy {
    let pauses = pauses.iter().map(|pause| rules::Pause::of(pause, &policy)).collect();
    policy.with_pauses(pauses)
}

/// The policy that runs while none is applied.
pub(super) fn starter() -> Source {
    Source::new("starter", preset::STARTER)
}

/// Documents, to be loaded.
pub(super) fn sources(documents: &Documents) -> Vec<Source> {
    documents.documents.iter().map(|(name, text)| Source::new(name, text)).collect()
}
