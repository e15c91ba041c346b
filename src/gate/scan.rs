//! Reading all records of a tenant, page by page.

use super::Failure;
use super::Gate;
use super::look::Snapshot;
use crate::model::Instant;
use crate::model::Name;
use crate::policy::Policy;
use crate::store::Space;

impl Gate {
    /// The records of a tenant's customers after the one with the id `after`, or from the first, in
    /// the order of their ids, at most `limit`. None are left where none are returned. One that cannot
    /// be read is a failure in its place.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn scan(
        &self,
        (tenant, policy): (&Name, &Policy),
        after: Option<&str>,
        limit: usize,
        now: Instant,
    ) -> Result<Vec<(Box<str>, Result<Snapshot, Failure>)>, Failure> {
        let scan = self.store.scan(Space::Customers, tenant, after, limit);
        let found = self.within("scan", scan).await?;
        let snapshot = |stored| self.snapshot(&stored, policy, now);
        let found = found.into_iter();
        Ok(found
            .map(|(key, stored)| (key.id, stored.map_err(Failure::from).and_then(snapshot)))
            .collect())
    }
}
