//! The tenants that have records.

use std::collections::BTreeSet;

use super::Spaces;
use super::layout;
use crate::model::Name;
use crate::store::Space;

/// The tenants who have records, or something left of erased customers. It jumps from one tenant to
/// the next.
pub(super) fn all(spaces: &Spaces) -> Result<BTreeSet<Name>, fjall::Error> {
    let mut tenants = BTreeSet::new();
    for space in [Space::Customers, Space::Erased] {
        let mut from = Vec::new();
        while let Some(guard) = spaces.of(space).range(from.clone()..).next() {
            let key = guard.key()?;
            let Some(found) = layout::parse_key(space, &key) else { break };
            from = layout::prefix(space, Some(&found.tenant));
            tenants.insert(found.tenant);
            // The first key after all that begin with these bytes. No key consists only of bytes of
            // this value.
            while from.last() == Some(&u8::MAX) {
                from.pop();
            }
            let Some(last) = from.last_mut() else { break };
            *last = last.saturating_add(1);
        }
    }
    Ok(tenants)
}
