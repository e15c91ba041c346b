//! The periodic work on the agenda, outside calls: it builds a missing agenda, reports late
//! answers, and forgets old changes.

use super::changes::CHANGES_KEPT;
use super::changes::EPOCH;
use super::of_tenant;
use super::rebuild::Old;
use super::rebuild::Rebuild;
use super::rebuild::rebuild;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::gate::mark::note_key;
use crate::gate::mark::trusted;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::model::agenda::Topic;
use crate::model::customer_id::CustomerId;
use crate::operation::agenda::LOOKED_AT;
use crate::operation::reply;
use crate::store::Ask;

/// The number of entries that are looked at in one go.
const ENTRIES_MAX: usize = 100;
/// The time for which other instances leave a claimed entry alone.
const LEASE: Span = Span::from_secs(30);
/// The extra time for which changes are kept, since clocks differ.
const MARGIN: Span = Span::from_hours(1);

impl Gate {
    /// Makes the agenda of a store that has none yet. Returns whether it had none.
    ///
    /// # Errors
    /// If the store does not do what it is asked.
    pub async fn make_agenda(&self) -> Result<bool, Failure> {
        let key = note_key(EPOCH.to_owned())?;
        if self.within("load", self.store.load(&key)).await?.is_some() {
            return Ok(false);
        }
        self.rebuild(Old::Kept).await.map(|_count| true)
    }

    /// Makes the agenda anew of the records, and returns how many entries it has. No process may
    /// serve the store meanwhile.
    ///
    /// # Errors
    /// If the store does not do what it is asked.
    pub async fn rebuild_agenda(&self) -> Result<u64, Failure> {
        self.rebuild(Old::Cleared).await
    }

    async fn rebuild(&self, old: Old) -> Result<u64, Failure> {
        Box::pin(trusted(async {
            self.learn().await?;
            let mut tenants = self.store.tenants().await?;
            tenants.extend(self.tenants());
            let all: std::collections::BTreeMap<_, _> =
                tenants.iter().map(|tenant| (tenant.clone(), self.policy(tenant))).collect();
            let policy = |tenant: &Name| all.get(tenant).map(|active| &active.policy);
            let of = Rebuild { tenants: &tenants, policy, old, now: self.clock.now() };
            Ok(rebuild(&*self.store, &self.seal, of).await?)
        }))
        .await
    }

    /// Forgets the changes of a tenant that are older than what is promised.
    ///
    /// # Errors
    /// If the store does not do what it is asked.
    pub async fn forget_changes(&self, tenant: &Name, now: Instant) -> Result<(), Failure> {
        let until = now.minus(CHANGES_KEPT).minus(MARGIN);
        let clear = self.store.agenda().clear(List::Changes, tenant, until);
        self.within("agenda", clear).await
    }

    /// Reports each answer of a tenant that has become late, once, and returns how many were
    /// examined.
    ///
    /// # Errors
    /// If the store does not do what it is asked.
    pub async fn tell_overdue(&self, of: TenantPolicy<'_>, now: Instant) -> Result<usize, Failure> {
        let TenantPolicy { tenant, policy } = of;
        let agenda = self.store.agenda();
        let ask = Ask { list: List::Untold, tenant, after: &[], until: now, limit: ENTRIES_MAX };
        let claimed = self.within("agenda", agenda.claim(ask, now.plus(LEASE))).await?;
        let claimed = self.seal.open(claimed);
        let customer = |id: &str| Customer::new(tenant, &CustomerId::new(id, self.spelling()));
        let customers: Vec<Customer> =
            claimed.iter().map(|it| customer(&it.entry.customer)).collect();
        let looked = self.read_many(&customers, policy, now).await;
        let (mut put, mut told, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (found, looked) in claimed.iter().zip(looked) {
            let entry = &found.entry;
            // One that cannot be read is looked at again when the lease is over.
            let Ok(snapshot) = looked else { continue };
            let mut open = reply::open(policy, &snapshot.record);
            let Some(awaiting) = open.find(|it| it.item() == entry.item) else {
                done.push(entry.clone());
                continue;
            };
            match reply::due(policy, awaiting) {
                Some(due) if due <= now => {
                    told.push(Topic::Overdue.changed(now).of(tenant, &entry.customer));
                    done.push(entry.clone());
                }
                Some(due) => put.push(Entry { due: due.min(now.plus(LOOKED_AT)), ..entry.clone() }),
                None => put.push(Entry { due: now.plus(LOOKED_AT), ..entry.clone() }),
            }
        }
        put.extend(told.iter().cloned());
        self.put_entries(&put, self.settings.wishes).await?;
        self.take_out(&done).await;
        Ok(claimed.len())
    }

    /// The entry about a change of a tenant's topic.
    pub(in crate::gate) fn of_tenant(&self, tenant: &Name, topic: Topic) -> Entry {
        of_tenant(tenant, topic, self.clock.now())
    }
}
