//! What of a record belongs into the agenda, so that it is found when it is due.

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

/// What a change of a record does to its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// What is put.
    pub put: Vec<Item>,
    /// What is settled, and taken out.
    pub settled: Vec<Item>,
}

/// What belongs into the agenda of what a change has added to a record, and what no longer does.
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

/// What is put again when a request is repeated, which may have been broken off after the record
/// was written.
#[must_use]
pub fn repeated(policy: &Policy, record: &Record, now: Instant) -> Vec<Item> {
    let mut items = standing(policy, record, now);
    if record.has_unclear() {
        items.push(Topic::Unclear.changed(now));
    }
    items.push(Topic::Wishes.changed(now));
    items
}

/// What is due of a record as it stands.
#[must_use]
pub fn standing(policy: &Policy, record: &Record, now: Instant) -> Vec<Item> {
    let unclear = record.unclear.iter().filter(|it| it.is_open()).map(Unclear::entry);
    let awaiting = reply::open(policy, record).flat_map(|it| {
        let due = reply::due(policy, it).map_or(Instant::LAST, |due| due.max(now));
        [it.waiting(), it.untold(due.min(now.plus(LOOKED_AT)))]
    });
    unclear.chain(awaiting).collect()
}

/// When the wishes of a record were heard last, as far as it tells.
#[must_use]
pub fn last_wish(record: &Record) -> Option<Instant> {
    let events = record.consent_events.iter().map(|it| it.heard);
    events.chain(record.suppressions.iter().filter_map(|it| it.at)).max()
}

fn is_unclear_new(before: &Record, after: &Record) -> bool {
    let is_known = |it: &Unclear| before.unclear.iter().any(|known| known.id == it.id);
    after.unclear.iter().any(|it| it.is_open() && !is_known(it))
}
