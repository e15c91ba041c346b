//! What this instance has seen of customers' refusals, for the time when the store is away: whoever is
//! known to have opted out stays so.
//!
//! It only ever makes a no out of a yes that nobody could check, so it may be old, and it may forget.

use std::fmt;
use std::sync::Arc;

use quick_cache::sync::Cache;

use super::Gate;
use crate::model::Record;
use crate::store::Key;

/// How many customers with refusals are kept in mind.
const CUSTOMERS_MAX: usize = 100_000;

/// Customers' refusals, as records with nothing else in them.
pub(super) struct Seen(Cache<Key, Arc<Record>>);

impl Gate {
    /// What this instance knows of a customer's refusals without asking the store, as a record with
    /// nothing else in it.
    #[must_use]
    pub fn refusals(&self, key: &Key) -> Arc<Record> {
        self.seen.0.get(key).unwrap_or_default()
    }
}

impl Seen {
    pub(super) fn new() -> Self {
        Self(Cache::new(CUSTOMERS_MAX))
    }

    /// Notes the refusals of a record that was read or written.
    pub(super) fn note(&self, key: &Key, record: &Record) {
        if record.opt_outs.is_empty() && record.suppressions.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.clone(), Arc::new(refusals(record)));
        }
    }

    /// Notes a change that may not have happened: what was refused before or after it.
    pub(super) fn note_doubtful(&self, key: &Key, before: &Record, after: &Record) {
        let mut both = refusals(after);
        let (opt_outs, suppressions) = (&before.opt_outs, &before.suppressions);
        both.opt_outs.extend(opt_outs.iter().filter(|it| !after.opt_outs.contains(it)).cloned());
        let missing = suppressions.iter().filter(|it| !after.suppressions.contains(it));
        both.suppressions.extend(missing.cloned());
        self.note(key, &both);
    }
}

fn refusals(record: &Record) -> Record {
    Record {
        opt_outs: record.opt_outs.clone(),
        suppressions: record.suppressions.clone(),
        ..Record::default()
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seen")
    }
}
