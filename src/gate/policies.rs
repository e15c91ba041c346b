//! Tenants' policies: compiled once, held in memory, replaced as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Failure;
use super::Gate;
use crate::codec::policy::Documents;
use crate::model::Instant;
use crate::model::Name;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::preset;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;
use crate::zone::Zones;

/// A policy in force.
#[derive(Debug)]
pub struct Active {
    /// The compiled policy, with its revision.
    pub policy: Policy,
    /// Its documents, by their names.
    pub documents: BTreeMap<String, String>,
    /// When it was applied; unset for the starter policy.
    pub applied: Option<Instant>,
    version: Option<Version>,
}

/// A policy that was applied, or could be.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its revision.
    pub revision: u64,
    /// What is doubtful about it.
    pub warnings: Problems,
}

/// A change of a policy.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The revision that it replaces.
    pub expected: u64,
    /// Documents to add or to replace.
    pub documents: Vec<Source>,
    /// Documents to remove.
    pub remove: Vec<String>,
    /// Whether it is only tried.
    pub validate_only: bool,
}

impl Active {
    pub(super) fn starter(zones: &Arc<Zones>) -> Result<Self, Failure> {
        let source = Source::new("starter", preset::STARTER);
        let (policy, _warnings) = Policy::load(&[source], zones).map_err(Failure::InvalidPolicy)?;
        let documents = BTreeMap::from([("starter".to_owned(), preset::STARTER.to_owned())]);
        Ok(Self { policy, documents, applied: None, version: None })
    }

    fn load(stored: &Stored, zones: &Arc<Zones>) -> Result<Self, Failure> {
        let Documents { revision, documents, applied } = Documents::read(&stored.value)?;
        let sources: Vec<Source> =
            documents.iter().map(|(name, text)| Source::new(name, text)).collect();
        let (mut policy, _) = Policy::load(&sources, zones).map_err(Failure::InvalidPolicy)?;
        policy.revision = revision;
        let documents = documents.into_iter().collect();
        Ok(Self { policy, documents, applied: Some(applied), version: Some(stored.version) })
    }
}

impl Gate {
    /// Reads every tenant's policy from the store.
    ///
    /// # Errors
    /// If the store cannot say, or a policy cannot be read or compiled any more.
    pub async fn load_policies(&self) -> Result<(), Failure> {
        let stored = self.store.load_all(Space::Policies).await?;
        let mut policies = BTreeMap::new();
        for (key, stored) in stored {
            policies.insert(key.tenant, Arc::new(Active::load(&stored, &self.zones)?));
        }
        self.policies.store(Arc::new(policies));
        Ok(())
    }

    /// The policy in force for a tenant.
    #[must_use]
    pub fn policy(&self, tenant: &Name) -> Arc<Active> {
        let policies = self.policies.load();
        Arc::clone(policies.get(tenant).unwrap_or(&self.starter))
    }

    /// Replaces and removes documents of a tenant's policy as one new revision.
    ///
    /// # Errors
    /// If the policy has moved on, has mistakes, or could not be stored. The one in force stays.
    pub async fn apply(&self, tenant: &Name, revision: &Revision) -> Result<Applied, Failure> {
        let _one_at_a_time = self.applying.lock().await;
        let key = Key { space: Space::Policies, tenant: tenant.clone(), id: Box::from("") };
        let active = self.policy(tenant);
        let in_force = active.policy.revision;
        if revision.expected != in_force {
            return Err(Failure::RevisionMoved(in_force));
        }
        let next = in_force.saturating_add(1);
        let (documents, policy, warnings) = self.revise(&active, revision)?;
        if revision.validate_only {
            return Ok(Applied { revision: next, warnings });
        }
        let applied = self.clock.now();
        let texts = documents.clone().into_iter().collect();
        let value = Documents { revision: next, documents: texts, applied }.write();
        let replacement = Replacement { key, expected: active.version, value, expires: None };
        let write = self.store.replace(replacement, self.settings.wishes);
        let version = match self.within("replace", write).await? {
            Replaced::Done(version) => Some(version),
            Replaced::Changed(_) => {
                self.load_policies().await?;
                return Err(Failure::RevisionMoved(self.policy(tenant).policy.revision));
            }
        };
        let policy = Policy { revision: next, ..policy };
        let active = Active { policy, documents, applied: Some(applied), version };
        let mut policies = BTreeMap::clone(&self.policies.load());
        policies.insert(tenant.clone(), Arc::new(active));
        self.policies.store(Arc::new(policies));
        Ok(Applied { revision: next, warnings })
    }

    /// The documents after a change, compiled.
    fn revise(
        &self,
        active: &Active,
        revision: &Revision,
    ) -> Result<(BTreeMap<String, String>, Policy, Problems), Failure> {
        // The starter policy makes room for what the operator wants, whatever that is.
        let mut documents = match active.applied {
            Some(_) => active.documents.clone(),
            None => BTreeMap::new(),
        };
        for name in &revision.remove {
            documents.remove(name).ok_or_else(|| Failure::NoSuchDocument(name.clone()))?;
        }
        for source in &revision.documents {
            documents.insert(source.name().to_owned(), source.text().to_owned());
        }
        let sources: Vec<Source> =
            documents.iter().map(|(name, text)| Source::new(name, text)).collect();
        let (policy, warnings) =
            Policy::load(&sources, &self.zones).map_err(Failure::InvalidPolicy)?;
        Ok((documents, policy, warnings))
    }
}
