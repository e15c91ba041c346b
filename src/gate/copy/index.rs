//! The index of unclear messages, which a copy makes anew of the records.

use super::PAGE;
use super::others;
use crate::codec::Decoded;
use crate::gate::unclear::note_of;
use crate::gate::unclear::replacement;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;

/// Whether a customer belongs into the index.
pub(super) fn is_listed(stored: &Stored) -> bool {
    Decoded::read(&stored.value).is_ok_and(|decoded| decoded.record.has_unclear())
}

/// Puts customers into the index who are not there.
pub(super) async fn add(to: &dyn Store, customers: &[Key]) -> Result<(), Error> {
    let notes: Vec<Key> = customers.iter().map(note_of).collect();
    let mut missing = Vec::new();
    for (customer, there) in customers.iter().zip(to.load_many(&notes).await) {
        if there?.is_none() {
            missing.push(replacement(customer, None));
        }
    }
    for replaced in to.replace_many(missing, Durability::Replicated).await {
        if let Replaced::Changed(_) = replaced? {
            return Err(others());
        }
    }
    Ok(())
}

/// Removes from the index who does not belong there.
pub(super) async fn prune(to: &dyn Store) -> Result<(), Error> {
    let mut cursor: Option<Box<str>> = None;
    loop {
        let page = to.scan(Space::Unclear, None, cursor.as_deref(), PAGE).await?;
        let notes = page.values.into_iter().filter_map(|(key, note)| Some((key, note.ok()?)));
        let notes: Vec<(Key, Stored)> = notes.collect();
        let customer = |(key, _): &(Key, Stored)| Key { space: Space::Customers, ..key.clone() };
        let customers: Vec<Key> = notes.iter().map(customer).collect();
        for ((key, note), customer) in notes.into_iter().zip(to.load_many(&customers).await) {
            if !customer?.is_some_and(|stored| is_listed(&stored)) {
                to.remove(&key, note.version, Durability::Replicated).await?;
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}
