//! Checks that the policies in a store load today, for `courtesy doctor`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::revisions::StoredPolicy;
use crate::model::Instant;
use crate::model::Name;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::store;
use crate::store::Space;
use crate::store::Store;
use crate::zone::Zones;

/// The errors and warnings of each tenant's own policy in force at an instant; a text if it cannot
/// be read at all.
///
/// # Errors
/// If the store cannot be read.
pub async fn policy_problems(
    store: &dyn Store,
    zones: &Arc<Zones>,
    now: Instant,
) -> Result<BTreeMap<Name, Result<Problems, String>>, store::Error> {
    let mut found = BTreeMap::new();
    let all = store.load_all(Space::Policies).await?.into_iter();
    for (key, stored) in all.filter(|(key, _)| key.id.is_empty()) {
        let problems = StoredPolicy::at(&stored, now).map_err(|unreadable| unreadable.to_string());
        let problems = problems.map(|base| match Policy::load_stored(&base.sources(), zones) {
            Ok((_, warnings)) => warnings,
            Err(problems) => problems,
        });
        found.insert(key.tenant, problems);
    }
    Ok(found)
}
