//! Reads all values of a kind, page by page.

use std::collections::BTreeSet;

use super::Error;
use super::Key;
use super::Space;
use super::Store;
use super::Stored;
use crate::model::Name;

/// The number of values that are read at once: as many of the longest records as one answer of a
/// snapshot server may have.
const VALUES: usize = 500;
/// The number of records that are looked at in one go, to find the tenants.
const RECORDS: usize = 1_000;

/// All values of a kind.
pub(super) async fn values<S: Store + ?Sized>(
    store: &S,
    space: Space,
) -> Result<Vec<(Key, Stored)>, Error> {
    let mut all = Vec::new();
    let mut cursor: Option<Box<str>> = None;
    loop {
        let page = store.scan(space, None, cursor.as_deref(), VALUES).await?;
        for (key, stored) in page.values {
            all.push((key, stored?));
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// The tenants whose customers have something on record.
pub(super) async fn tenants<S: Store + ?Sized>(store: &S) -> Result<BTreeSet<Name>, Error> {
    let mut tenants = BTreeSet::new();
    let mut cursor: Option<Box<str>> = None;
    loop {
        let page = store.scan(Space::Customers, None, cursor.as_deref(), RECORDS).await?;
        tenants.extend(page.values.into_iter().map(|(key, _)| key.tenant));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(tenants);
        }
    }
}
