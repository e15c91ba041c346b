//! The index of customers who wrote something that a human has to look at.
//!
//! **Invariant:** a customer who has such a message on record is in the index, or is put there by
//! the call that records it before that is acknowledged. The index may name others: their records
//! tell.

use bytes::Bytes;

use super::Customer;
use super::Failure;
use super::Gate;
use super::Scanned;
use super::by_customer;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::customer_id::CustomerId;
use crate::policy::Policy;
use crate::store::Key;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Version;

/// What stands in the index.
pub(super) const NOTE: &[u8] = b"1";

/// Where a customer stands in the index.
pub(super) fn note_of(customer: &Key) -> Key {
    Key { space: Space::Unclear, ..customer.clone() }
}

/// A customer's place in the index, to write.
pub(super) fn replacement(customer: &Key, expected: Option<Version>) -> Replacement {
    let value = Bytes::from_static(NOTE);
    Replacement { key: note_of(customer), expected, value, expires: None }
}

impl Gate {
    /// Puts a customer into the index. An entry that is there gets a new version, so that no
    /// instance removes what was seen before.
    ///
    /// # Errors
    /// If the store does not acknowledge it.
    pub async fn list_unclear(&self, customer: &Key) -> Result<(), Failure> {
        let there = self.within("load", self.store.load(&note_of(customer))).await?;
        let replacement = replacement(customer, there.map(|it| it.version));
        let replace = self.store.replace(replacement, self.settings.wishes);
        // Somebody else who was faster has done the same.
        self.within("replace", replace).await.map(drop)
    }

    /// Puts a customer into the index who is not there: somebody may have removed what was put
    /// there before the record was written.
    ///
    /// # Errors
    /// If the store does not acknowledge it.
    pub async fn keep_unclear(&self, customer: &Key) -> Result<(), Failure> {
        let there = self.within("load", self.store.load(&note_of(customer))).await?;
        if there.is_some() { Ok(()) } else { self.list_unclear(customer).await }
    }

    /// The place of a customer in the index, to remove it later.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn unclear_place(&self, customer: &Key) -> Result<Option<Version>, Failure> {
        let there = self.within("load", self.store.load(&note_of(customer))).await?;
        Ok(there.map(|it| it.version))
    }

    /// Takes a customer out of the index, unless something has come since the place was seen.
    ///
    /// # Errors
    /// If the store does not acknowledge it.
    pub async fn unlist_unclear(
        &self,
        customer: &Key,
        place: Option<Version>,
    ) -> Result<(), Failure> {
        let Some(place) = place else { return Ok(()) };
        let key = note_of(customer);
        let remove = self.store.remove(&key, place, self.settings.wishes);
        self.within("remove", remove).await.map(drop)
    }

    /// Takes a customer who is erased out of the index.
    pub(super) async fn forget_unclear(
        &self,
        customer: &Key,
        record: &Record,
    ) -> Result<(), Failure> {
        if record.unclear.is_empty() {
            return Ok(());
        }
        let place = self.unclear_place(customer).await?;
        self.unlist_unclear(customer, place).await
    }

    /// The records of about `limit` customers in the index, and where to go on, as for `scan`.
    /// Those who have no such message any more are left out.
    ///
    /// # Errors
    /// If the store cannot say, or the cursor is none that it gave.
    pub async fn unclear(
        &self,
        (tenant, policy): (&Name, &Policy),
        cursor: Option<&str>,
        limit: usize,
        now: Instant,
    ) -> Result<Scanned, Failure> {
        let scan = self.store.scan(Space::Unclear, Some(tenant), cursor, limit);
        let page = self.within("scan", scan).await?;
        // What stood under another spelling of an id may have been taken over since.
        let customer = |id: &str| Customer::new(tenant, &CustomerId::new(id, self.spelling()));
        let listed = page.values.iter().map(|(key, _)| (customer(&key.id), ()));
        let customers: Vec<Customer> = by_customer(listed).into_iter().map(|(it, _)| it).collect();
        let looked = self.look_at_all(&customers, policy, now).await;
        let records = customers.iter().map(|customer| customer.id.clone()).zip(looked);
        let is_open = |(_, looked): &(Box<str>, Result<super::Snapshot, Failure>)| {
            looked.as_ref().map_or(true, |snapshot| snapshot.record.has_unclear())
        };
        Ok(Scanned { records: records.filter(is_open).collect(), next: page.next })
    }
}
