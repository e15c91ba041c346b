//! Refusals of customers that this instance has read or written. They hold while the store is away,
//! and after a store has lost them: a customer who is known to have opted out stays opted out.
//!
//! They can only turn an allow into a deny, so that customers who have not been asked about for the
//! longest time may be evicted.
//!
//! **Invariant:** what is remembered carries the version of its record and never goes back to an
//! older one, in whatever order reads and writes are answered. Where a read that began later finds
//! an older version, or none although the customer was not erased, the store has lost something.

use std::fmt;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use quick_cache::sync::Cache;

use super::Customer;
use super::Gate;
use crate::model::Instant;
use crate::model::Record;
use crate::operation;
use crate::store::Key;
use crate::store::Version;

/// The maximum number of customers whose refusals are remembered.
const CUSTOMERS_MAX: usize = 100_000;
/// The number of customers that can be noted at the same time.
const WRITERS: usize = 64;

/// Customers' refusals, and the order in which they were noted.
pub(super) struct KnownRefusals {
    known: Cache<Key, Arc<Known>>,
    noted: AtomicU64,
    writers: Box<[Mutex<()>]>,
    hasher: RandomState,
}

/// The number of the newest note when a read began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since(u64);

/// The result of a read, and its version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    /// The newest note when the read began.
    pub(super) since: Since,
    /// The version of the record. Unset if there is none, apart from the remains of an erasure.
    pub(super) version: Option<Version>,
    /// The time.
    pub(super) now: Instant,
}

/// The refusals that are known of one customer.
#[derive(Debug)]
struct Known {
    /// The refusals, as a record with nothing else in it but when the customer was erased.
    refusals: Arc<Record>,
    version: Option<Version>,
    /// Whether some of them may never have been written.
    is_doubtful: bool,
    /// The number of the note, in the order of notes.
    at: u64,
}

/// The relation of a read to the refusals that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    /// The read is as new, or newer.
    News,
    /// The read adds nothing, or it began before the refusals were noted.
    Old,
    /// The store has lost what is known.
    Loss,
}

impl Gate {
    /// The customer's refusals that this instance knows without asking the store, as a record with
    /// nothing else in it.
    #[must_use]
    pub fn refusals(&self, customer: &Customer) -> Arc<Record> {
        let known =
            self.known_refusals.known.get(&**customer).map(|known| Arc::clone(&known.refusals));
        let mut known = known.unwrap_or_default();
        for other in customer.others().iter().filter_map(|key| self.known_refusals.known.get(key)) {
            add(Arc::make_mut(&mut known), &other.refusals);
        }
        known
    }
}

impl KnownRefusals {
    pub(super) fn new() -> Self {
        Self {
            known: Cache::new(CUSTOMERS_MAX),
            noted: AtomicU64::new(0),
            writers: std::iter::repeat_with(Mutex::default).take(WRITERS).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Forgets all of them.
    #[cfg(test)]
    pub(super) fn clear(&self) {
        self.known.clear();
    }

    /// A read begins.
    pub(super) fn begin(&self) -> Since {
        Since(self.noted.load(Ordering::SeqCst))
    }

    /// Notes the refusals of a record that was read. Where the store has lost some that are known,
    /// the record gets them back, and the return is that it has.
    pub(super) fn note_read(&self, key: &Key, read: &Read, record: &mut Record) -> bool {
        let Some(known) = self.known.get(key) else {
            if has_refusals(record) {
                self.one_at_a_time(key, || self.note_if_news(key, read, record));
            }
            return false;
        };
        match known.finding(read, record) {
            Finding::News if known.version == read.version && !known.is_doubtful => false,
            Finding::News => {
                self.one_at_a_time(key, || self.note_if_news(key, read, record));
                false
            }
            Finding::Old => false,
            Finding::Loss => give_back(record, &known.refusals, read.now),
        }
    }

    /// Notes the refusals of a record that was written, as this version.
    pub(super) fn note_written(&self, key: &Key, version: Version, record: &Record) {
        self.one_at_a_time(key, || {
            let known = self.known.get(key).and_then(|known| known.version);
            if known.is_none_or(|known| !is_older(version, known)) {
                self.put(key, Some(version), false, record);
            }
        });
    }

    /// Notes what is left of a customer who was erased.
    pub(super) fn note_erased(&self, key: &Key, remains: &Record) {
        self.one_at_a_time(key, || self.put(key, None, false, remains));
    }

    /// Notes a change of a version that may not have happened: what was refused before or after it.
    pub(super) fn note_doubtful(
        &self,
        key: &Key,
        version: Option<Version>,
        (before, after): (&Record, &Record),
    ) {
        let mut both = refusals(after);
        add(&mut both, before);
        self.one_at_a_time(key, || {
            let known = self.known.get(key);
            if let Some(known) = &known {
                add(&mut both, &known.refusals);
            }
            let newer = known.and_then(|known| known.version);
            let newer = newer.filter(|known| version.is_none_or(|it| is_older(it, *known)));
            self.put(key, newer.or(version), true, &both);
        });
    }

    fn note_if_news(&self, key: &Key, read: &Read, record: &Record) {
        let known = self.known.get(key);
        if known.is_none_or(|known| known.finding(read, record) == Finding::News) {
            self.put(key, read.version, false, record);
        }
    }

    fn put(&self, key: &Key, version: Option<Version>, is_doubtful: bool, record: &Record) {
        if !has_refusals(record) {
            self.known.remove(key);
            return;
        }
        let at = self.noted.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        let refusals = Arc::new(refusals(record));
        self.known.insert(key.clone(), Arc::new(Known { refusals, version, is_doubtful, at }));
    }

    /// Compares and notes the refusals of a customer, one caller at a time.
    fn one_at_a_time(&self, key: &Key, note: impl FnOnce()) {
        let count = u64::try_from(self.writers.len()).unwrap_or(1).max(1);
        let position = usize::try_from(self.hasher.hash_one(key) % count).unwrap_or_default();
        let writer = self.writers.get(position).map(Mutex::lock);
        let _held = writer.map(|writer| writer.unwrap_or_else(PoisonError::into_inner));
        note();
    }
}

impl Known {
    fn finding(&self, read: &Read, record: &Record) -> Finding {
        let began_before = read.since.0 < self.at;
        match (read.version, self.version) {
            (found, known) if found == known && self.is_doubtful => {
                if began_before {
                    Finding::Old
                } else {
                    Finding::News
                }
            }
            (Some(found), Some(known)) if found.incarnation == known.incarnation => {
                match (is_older(found, known), began_before) {
                    (false, _) => Finding::News,
                    (true, true) => Finding::Old,
                    (true, false) => Finding::Loss,
                }
            }
            _ if began_before => Finding::Old,
            (Some(_), _) => Finding::News,
            // An erasure that this instance has not heard of tells it.
            (None, _) if record.erased > self.refusals.erased => Finding::News,
            (None, _) => Finding::Loss,
        }
    }
}

/// Whether `one` is an older version of the record than `other`.
const fn is_older(one: Version, other: Version) -> bool {
    one.incarnation == other.incarnation && one.counter < other.counter
}

const fn has_refusals(record: &Record) -> bool {
    !record.opt_outs.is_empty() || !record.suppressions.is_empty()
}

/// Adds the remembered refusals that still hold. Returns whether the record lacked one.
fn give_back(record: &mut Record, known: &Record, now: Instant) -> bool {
    let before = (record.opt_outs.clone(), record.suppressions.len());
    let mut lost = known.clone();
    operation::end_refusals(&mut lost, now);
    operation::erase::merge(record, &lost);
    let missing = lost.suppressions.into_iter().filter(|it| !record.suppressions.contains(it));
    let missing: Vec<_> = missing.collect();
    record.suppressions.extend(missing);
    before != (record.opt_outs.clone(), record.suppressions.len())
}

/// Adds what was refused before.
fn add(both: &mut Record, before: &Record) {
    let opt_outs = before.opt_outs.iter().filter(|it| !both.opt_outs.contains(it));
    let opt_outs: Vec<_> = opt_outs.cloned().collect();
    both.opt_outs.extend(opt_outs);
    let suppressions = before.suppressions.iter().filter(|it| !both.suppressions.contains(it));
    let suppressions: Vec<_> = suppressions.cloned().collect();
    both.suppressions.extend(suppressions);
}

/// The refusals of a record, and nothing else.
pub(super) fn refusals(record: &Record) -> Record {
    Record {
        opt_outs: record.opt_outs.clone(),
        suppressions: record.suppressions.clone(),
        erased: record.erased,
        ..Record::default()
    }
}

impl fmt::Debug for KnownRefusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownRefusals")
    }
}

#[cfg(test)]
mod tests;
