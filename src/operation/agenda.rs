//! The entries of a record in the agenda, by which it is found when something is due.

use super::idempotency::wishes_differ;
use super::reply;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::agenda::Item;
use crate::model::agenda::Topic;
use crate::model::unclear::Unclear;
use crate::policy::Policy;

/// After what time it is looked again whether an answer is late: a new policy may want it sooner.
pub const LOOKED_AT: Span = Span::from_secs(5 * 60);

/// The changes of a record's entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The entries that are added.
    pub put: Vec<Item>,
    /// The entries that are settled and removed.
    pub settled: Vec<Item>,
}

/// The entries that a change of a record adds to the agenda, and those that it settles.
#[must_use]
pub fn changed(policy: &Policy, before: &Record, after: &Record, now: Instant) -> Due {
    let (known, open) = (standing(policy, before, now), standing(policy, after, now));
    let has = |items: &[Item], it: &Item| {
        items.iter().any(|item| (item.list, item.item) == (it.list, it.item))
    };
    let mut put: Vec<Item> = open.iter().filter(|it| !has(&known, it)).copied().collect();
    if is_unclear_new(before, after) {
        put.push(Topic::Unclear.changed(now));
    }
    if wishes_differ(before, after) || before.consent_events != after.consent_events {
        put.push(Topic::Wishes.changed(now));
    }
    Due { put, settled: known.into_iter().filter(|it| !has(&open, it)).collect() }
}

/// The entries that are added again when a request is repeated, since it may have been broken off
/// after the record was written.
#[must_use]
pub fn repeated(policy: &Policy, record: &Record, now: Instant) -> Vec<Item> {
    let mut items = standing(policy, record, now);
    if record.has_unclear() {
        items.push(Topic::Unclear.changed(now));
    }
    items.push(Topic::Wishes.changed(now));
    items
}

/// The entries that a record has as it stands.
#[must_use]
pub fn standing(policy: &Policy, record: &Record, now: Instant) -> Vec<Item> {
    let unclear = record.unclear.iter().filter(|it| it.is_open()).map(Unclear::entry);
    let awaiting = reply::open(policy, record).flat_map(|it| {
        let due = reply::due(policy, it).map_or(Instant::LAST, |due| due.max(now));
        [it.waiting(), it.untold(due.min(now.plus(LOOKED_AT)))]
    });
    unclear.chain(awaiting).collect()
}

/// The time at which the last wish of a record was heard, as far as the record shows.
#[must_use]
pub fn last_wish(record: &Record) -> Option<Instant> {
    let events = record.consent_events.iter().map(|it| it.heard);
    events.chain(record.suppressions.iter().filter_map(|it| it.at)).max()
}

fn is_unclear_new(before: &Record, after: &Record) -> bool {
    let is_known = |it: &Unclear| before.unclear.iter().any(|known| known.id == it.id);
    after.unclear.iter().any(|it| it.is_open() && !is_known(it))
}
