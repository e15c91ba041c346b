//! The parts that can be lost alone: the shards. A shard is known by the lowest number whose note
//! falls into its slots.

use super::Shared;
use crate::model::Name;
use crate::store::Key;
use crate::store::Space;

/// The number of tags that are tried for each shard. If the prefix decides the slot, no tag reaches
/// the other shards, and they hold no values.
const TRIED_MAX: u32 = 256;

impl Shared {
    /// The numbers of the shards.
    pub(super) fn parts(&self) -> Vec<u32> {
        let topology = self.router.topology.load();
        let count = topology.shards.len();
        let mut found = vec![None; count.max(1)];
        let tries = TRIED_MAX.saturating_mul(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
        for number in 0..tries {
            if found.iter().all(Option::is_some) {
                break;
            }
            let place = self.note(number);
            let position = topology.position(&place).unwrap_or_default();
            if let Some(part @ None) = found.get_mut(position) {
                *part = Some(number);
            }
        }
        found.into_iter().flatten().collect()
    }

    /// The key of a part's note.
    fn note(&self, number: u32) -> Vec<u8> {
        let Ok(tenant) = Name::new("courtesy") else { return Vec::new() };
        let id = format!("mark {{{number}}}").into();
        self.layout.place(&Key { space: Space::Notes, tenant, id }).key
    }
}
