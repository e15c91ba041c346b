//! Making the agenda anew of the records.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::Seal;
use super::changes::CHANGES_KEPT;
use super::changes::EPOCH;
use crate::codec::Decoded;
use crate::gate::mark::note_key;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::Item;
use crate::model::agenda::List;
use crate::model::agenda::Topic;
use crate::operation::agenda;
use crate::policy::Policy;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Key;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;

/// The number of records that are read at once.
const PAGE: usize = 500;

/// The treatment of the entries that exist already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Old {
    /// They are removed. No process may serve the store meanwhile: its new entries could be removed
    /// too.
    Cleared,
    /// They stay, so that no new entry is lost, also if the rebuild is broken off and begun again.
    /// An entry that leads to nothing is removed when it is read.
    Kept,
}

/// The settings of a rebuild.
pub(super) struct Rebuild<'a, P> {
    /// The tenants whose entries are made.
    pub(super) tenants: &'a BTreeSet<Name>,
    /// The policy of a tenant. The records of a tenant without one get no entries.
    pub(super) policy: P,
    pub(super) old: Old,
    pub(super) now: Instant,
}

/// Rebuilds the agenda of the records' tenants, and returns the number of entries. Followers of
/// changes have to read everything again, since it is not known how far they had come.
///
/// # Errors
/// If the store does not do what it is asked. Then the agenda does not count as whole until it is
/// made again.
pub(super) async fn rebuild<'a>(
    store: &dyn Store,
    seal: &Seal,
    of: Rebuild<'_, impl Fn(&Name) -> Option<&'a Policy>>,
) -> Result<u64, Error> {
    let Rebuild { tenants, policy, old, now } = of;
    unmake_agenda(store).await?;
    let key = note_key(EPOCH.to_owned()).map_err(|error| Error::Damaged(error.to_string()))?;
    for tenant in tenants.iter().filter(|_| old == Old::Cleared) {
        // An erasure leaves no record to be told of: changes stay, and lead to how it stands now.
        for list in List::ALL.into_iter().filter(|list| !list.grows_at_its_end()) {
            store.agenda().clear(list, tenant, Instant::LAST).await?;
        }
    }
    let mut count = 0_u64;
    let mut cursor: Option<Box<str>> = None;
    loop {
        let page = store.scan(Space::Customers, None, cursor.as_deref(), PAGE).await?;
        let mut entries: Vec<Entry> = Vec::new();
        for (key, stored) in page.values {
            // A damaged record is reported where it is read.
            let Ok(Ok(decoded)) = stored.map(|stored| Decoded::read(&stored.value)) else {
                continue;
            };
            let Some(policy) = policy(&key.tenant) else { continue };
            let items = items(policy, &decoded, now);
            entries.extend(items.iter().map(|item| seal.close(&item.of(&key.tenant, &key.id))));
        }
        store.agenda().put(&entries, Durability::Replicated).await?;
        count = count.saturating_add(u64::try_from(entries.len()).unwrap_or_default());
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    note(store, key).await?;
    Ok(count)
}

/// Notes that a store's agenda is not whole: the next server of it makes it anew. A copy cannot,
/// since it has no secret to seal ids with.
///
/// # Errors
/// If the store does not do what it is asked.
pub(in crate::gate) async fn unmake_agenda(store: &dyn Store) -> Result<(), Error> {
    let key = note_key(EPOCH.to_owned()).map_err(|error| Error::Damaged(error.to_string()))?;
    if let Some(known) = store.load(&key).await? {
        store.remove(&key, known.version, Durability::Replicated).await?;
    }
    Ok(())
}

/// The entries of one record, and its change if that is recent enough.
fn items(policy: &Policy, decoded: &Decoded, now: Instant) -> Vec<Item> {
    let mut items = agenda::standing(policy, &decoded.record, now);
    if agenda::last_wish(&decoded.record).is_some_and(|heard| heard >= now.minus(CHANGES_KEPT)) {
        items.push(Topic::Wishes.changed(now));
    }
    items
}

/// Notes that the agenda is complete. Another instance may have noted it already.
async fn note(store: &dyn Store, key: Key) -> Result<(), Error> {
    let mut drawn = [0; 6];
    getrandom::fill(&mut drawn).map_err(|error| Error::Unavailable(error.to_string()))?;
    let epoch: String = drawn.iter().map(|byte| format!("{byte:02x}")).collect();
    let replacement = Replacement { key, expected: None, value: Bytes::from(epoch), expires: None };
    store.replace(replacement, Durability::Replicated).await.map(drop)
}
