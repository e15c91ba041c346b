//! The customer of a call.

use std::cmp::Ordering;
use std::ops::Deref;

use crate::model::Name;
use crate::model::customer_id::CustomerId;
use crate::store::Key;
use crate::store::Space;

/// A customer: the key of the record, and the keys of other spellings of the id that may have a
/// record. Two customers are equal if their keys are.
#[derive(Clone, Debug)]
pub struct Customer {
    key: Key,
    others: Vec<Key>,
}

impl Customer {
    /// A tenant's customer with an id.
    #[must_use]
    pub fn new(tenant: &Name, id: &CustomerId) -> Self {
        let key =
            |id: &str| Key { space: Space::Customers, tenant: tenant.clone(), id: Box::from(id) };
        Self { key: key(id), others: id.others().iter().map(|it| key(it)).collect() }
    }

    /// The keys under which other spellings of the id may have a record.
    #[must_use]
    pub fn others(&self) -> &[Key] {
        &self.others
    }

    /// Adds the other spellings that another call knew of this customer.
    fn also(&mut self, same: Self) {
        for key in same.others {
            if !self.others.contains(&key) {
                self.others.push(key);
            }
        }
    }
}

/// Each customer once, in order, with everything that is about this customer in its own order.
#[must_use]
pub fn by_customer<T>(all: impl IntoIterator<Item = (Customer, T)>) -> Vec<(Customer, Vec<T>)> {
    let mut all: Vec<(Customer, T)> = all.into_iter().collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut groups: Vec<(Customer, Vec<T>)> = Vec::with_capacity(all.len());
    for (customer, item) in all {
        match groups.last_mut() {
            Some((known, items)) if *known == customer => {
                known.also(customer);
                items.push(item);
            }
            Some(_) | None => groups.push((customer, vec![item])),
        }
    }
    groups
}

impl From<Key> for Customer {
    /// The customer whose record is there and nowhere else.
    fn from(key: Key) -> Self {
        Self { key, others: Vec::new() }
    }
}

impl Deref for Customer {
    type Target = Key;

    fn deref(&self) -> &Key {
        &self.key
    }
}

impl PartialEq for Customer {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Customer {}

impl PartialOrd for Customer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Customer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}
