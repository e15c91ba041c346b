//! Tenants' policies, and what operators have paused: compiled once, held in memory, replaced as a
//! whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::Failure;
use super::Gate;
use super::revisions::StoredPolicy;
use crate::codec;
use crate::codec::policy::Documents;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
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

/// The policy and the pauses that are in force for a tenant.
#[derive(Clone, Debug)]
pub struct Active {
    /// The compiled policy, with its revision and its pauses.
    pub policy: Policy,
    /// Its documents, by their names.
    pub documents: BTreeMap<String, String>,
    /// The person who applied it, the time and the reason; unset for the starter policy.
    pub about: Option<About>,
    /// The policy that is scheduled, and the time from which it is in force.
    pub(super) next: Option<(Instant, Arc<Self>)>,
    /// The pauses, those that are over included, in order of name.
    pub pauses: Vec<Pause>,
    /// The highest number that a revision has had.
    pub(super) newest: u64,
    /// The policy as it is stored.
    pub(super) value: Option<Bytes>,
    /// The policy's version in the store.
    pub(super) version: Option<Version>,
    /// The pauses' version in the store.
    pub(super) pauses_version: Option<Version>,
}

impl Active {
    /// The revision that is scheduled, and from when on it is in force.
    #[must_use]
    pub fn scheduled(&self) -> Option<(Instant, &Self)> {
        self.next.as_ref().map(|(effective, next)| (*effective, &**next))
    }

    pub(super) fn starter(zones: &Arc<Zones>) -> Result<Self, Failure> {
        let (policy, _warnings) =
            Policy::load(&[starter()], zones).map_err(Failure::InvalidPolicy)?;
        Ok(Self {
            policy,
            documents: starter_texts(),
            about: None,
            next: None,
            pauses: Vec::new(),
            newest: 0,
            value: None,
            version: None,
            pauses_version: None,
        })
    }

    /// The same pauses with the stored policy, and with the one that is scheduled.
    pub(super) fn with_stored(
        &self,
        stored: &Stored,
        zones: &Arc<Zones>,
        now: Instant,
    ) -> Result<Self, Failure> {
        let base = StoredPolicy::at(stored, now)?;
        let loaded = Policy::load_stored(&base.sources(), zones);
        let (policy, _) = loaded.map_err(Failure::InvalidPolicy)?;
        let active = self.with_policy(policy, base.in_force, stored.version);
        let active = Self { newest: base.newest, value: Some(stored.value.clone()), ..active };
        let Some(scheduled) = base.scheduled else { return Ok(active) };
        let effective = scheduled.about.effective.unwrap_or(now);
        let loaded = Policy::load_stored(&sources(&scheduled), zones);
        let (policy, _) = loaded.map_err(Failure::InvalidPolicy)?;
        let next = self.with_policy(policy, Some(scheduled), stored.version);
        let next = Self { newest: base.newest, value: Some(stored.value.clone()), ..next };
        Ok(Self { next: Some((effective, Arc::new(next))), ..active })
    }

    /// The same pauses with a policy. Without documents it is the starter policy.
    fn with_policy(&self, policy: Policy, documents: Option<Documents>, version: Version) -> Self {
        let (revision, texts, about) = match documents {
            Some(Documents { revision, documents, about }) => {
                (revision, documents.into_iter().collect(), Some(about))
            }
            None => (0, starter_texts(), None),
        };
        Self {
            policy: paused(Policy { revision, ..policy }, &self.pauses),
            documents: texts,
            about,
            next: None,
            pauses: self.pauses.clone(),
            newest: 0,
            value: None,
            version: Some(version),
            pauses_version: self.pauses_version,
        }
    }

    /// The pauses as they are stored.
    pub(super) fn pauses_value(&self) -> Option<Bytes> {
        self.pauses_version.map(|_version| codec::pause::write(&self.pauses))
    }

    /// The same policy with the stored pauses.
    pub(super) fn with_stored_pauses(&self, stored: &Stored) -> Result<Self, Failure> {
        Ok(self.with_pauses(codec::pause::read(&stored.value)?, stored.version))
    }

    /// The same policy with pauses.
    pub(super) fn with_pauses(&self, pauses: Vec<Pause>, version: Version) -> Self {
        let next = self.next.as_ref().map(|(effective, next)| {
            (*effective, Arc::new(next.with_pauses(pauses.clone(), version)))
        });
        Self {
            next,
            policy: paused(self.policy.clone(), &pauses),
            pauses,
            pauses_version: Some(version),
            ..self.clone()
        }
    }
}

impl Gate {
    /// The policy and the pauses that are in force for a tenant now.
    #[must_use]
    pub fn policy(&self, tenant: &Name) -> Arc<Active> {
        let policies = self.policies.load();
        let active = policies.get(tenant).unwrap_or(&self.starter);
        match &active.next {
            // INVARIANT: what is scheduled is in force at its very time, however busy the instance
            // is.
            Some((effective, next)) if *effective <= self.clock.now() => Arc::clone(next),
            Some(_) | None => Arc::clone(active),
        }
    }

    /// Installs each scheduled revision whose time has come, and logs it once.
    pub(super) fn tell_due(&self) {
        for (tenant, active) in &**self.policies.load() {
            let due = self.policy(tenant);
            if !Arc::ptr_eq(active, &due) {
                let revision = due.policy.revision;
                tracing::info!(%tenant, revision, "a scheduled revision of the policy is in force");
                self.install(tenant, Active::clone(&due));
            }
        }
    }

    /// Sets the metrics of policies, pauses and presets, always for the default tenant too.
    pub fn tell_what_is_in_force(&self) {
        let (policies, now) = (self.policies.load(), self.clock.now());
        self.metrics.store_lost(self.lost().borrow().is_some());
        let number = now.millis().div_euclid(Span::from_days(1).millis());
        let today = Day::from_number(i32::try_from(number).unwrap_or_default());
        self.metrics.presets_unreviewed(preset::unreviewed(today).count());
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

    /// The sum of the newest revisions of all tenants.
    pub(super) fn revisions_known(&self) -> u64 {
        self.policies.load().values().map(|active| active.newest).sum()
    }

    /// Forgets every policy: the store is another one.
    pub(super) fn forget_policies(&self) {
        self.policies.store(Arc::default());
    }

    /// Puts something in force for a tenant. The caller holds the lock for changes.
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

fn starter_texts() -> BTreeMap<String, String> {
    BTreeMap::from([("starter".to_owned(), preset::STARTER.to_owned())])
}

/// The starter policy, which is in force until another is applied.
pub(super) fn starter() -> Source {
    Source::new("starter", preset::STARTER)
}

/// Documents, to be loaded.
pub(super) fn sources(documents: &Documents) -> Vec<Source> {
    documents.documents.iter().map(|(name, text)| Source::new(name, text)).collect()
}
