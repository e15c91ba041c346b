//! Reading all records of a tenant, page by page.

use super::Failure;
use super::Gate;
use super::read::WholeRecord;
use crate::gate::TenantPolicy;
use crate::model::Instant;
use crate::store::Space;

/// Some of a tenant's customers.
#[derive(Debug)]
pub struct Scanned {
    /// Their ids and records.
    pub records: Vec<(Box<str>, Result<WholeRecord, Failure>)>,
    /// The place to continue from, if there are more.
    pub next: Option<Box<str>>,
}

impl Gate {
    /// About `limit` records of a tenant's customers, and the place to continue from: after
    /// `cursor`, or from the first. Without a next cursor this was the last page. A customer may
    /// come twice if the store moves values meanwhile. A record that cannot be read is a failure in
    /// its place.
    ///
    /// # Errors
    /// If the store cannot be read, or it did not issue the cursor.
    pub async fn scan(
        &self,
        of: TenantPolicy<'_>,
        cursor: Option<&str>,
        limit: usize,
        now: Instant,
    ) -> Result<Scanned, Failure> {
        let scan = self.store.scan(Space::Customers, Some(of.tenant), cursor, limit);
        // A scan reads a page of hundreds, and no contact waits for it.
        let page = self.within_time(self.patience(), "scan", scan).await?;
        let snapshot = |stored| self.refreshed(&stored, of.policy, now);
        let records = page.values.into_iter();
        let records = records
            .map(|(key, stored)| (key.id, stored.map_err(Failure::from).and_then(snapshot)))
            .collect();
        Ok(Scanned { records, next: page.next })
    }
}
