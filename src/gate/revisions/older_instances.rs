//! Policies that every instance can read: one that cannot would keep the previous policy, and say
//! yes where the new one says no.

use super::StoredPolicy;
use crate::gate::FORMAT;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::policies::sources;
use crate::policy::Source;
use crate::policy::newer_word;

impl Gate {
    /// Refuses documents that older instances cannot read, where they may run. Those that are in
    /// force already stay as they are.
    ///
    /// # Errors
    /// If older instances may still run on the store.
    pub(super) async fn require_known_words(
        &self,
        base: &StoredPolicy,
        documents: &[Source],
    ) -> Result<(), Failure> {
        let format = self.format();
        if format >= FORMAT {
            return Ok(());
        }
        let in_force = base.in_force.as_ref().map(sources).unwrap_or_default();
        let changed = documents.iter().filter(|it| !in_force.contains(it)).cloned();
        let changed: Vec<Source> = changed.collect();
        let newer = self.compiler.run(move || changed.iter().find_map(|it| newer_word(it, format)));
        newer.await.map_or(Ok(()), |word| Err(Failure::PolicyTooNew(word)))
    }
}
