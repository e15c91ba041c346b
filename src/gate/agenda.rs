//! The agenda: finding what is due, and what has changed, without reading every record.
//!
//! **Invariant:** an entry is put after the record that it leads to, and before that is
//! acknowledged; a repeated request puts it again; and only a worker that has seen in the record
//! that the thing is settled takes it out. An entry may lead to nothing: the record tells.

mod changes;
mod cursor;
mod rebuild;
mod sealed;
mod sweep;

pub use changes::CHANGES_KEPT;
pub use changes::ChangedSince;
pub use changes::Changes;
pub use changes::Told;
pub(super) use changes::is_epoch;
pub use cursor::Cursor;
pub(super) use rebuild::unmake_agenda;
pub(super) use sealed::Seal;

use super::Bulk;
use super::Change;
use super::Customer;
use super::Failure;
use super::Gate;
use super::by_customer;
use super::read::WholeRecord;
use crate::gate::TenantPolicy;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::agenda::Entry;
use crate::model::agenda::Item;
use crate::model::agenda::List;
use crate::model::agenda::Topic;
use crate::model::customer_id::CustomerId;
use crate::operation::agenda;
use crate::operation::agenda::Due;
use crate::operation::reply::late_since;
use crate::store::Ask;
use crate::store::Durability;
use crate::store::Found;
use crate::store::Key;

/// The age of a wish up to which a list that repeats it may be an earlier list that was broken off.
const REPEATED: Span = Span::from_hours(48);

/// A customer with something due.
#[derive(Debug)]
pub struct Listed {
    /// The customer's id.
    pub id: Box<str>,
    /// The record, or why it cannot be read.
    pub looked: Result<WholeRecord, Failure>,
    /// The customer's items that are meant.
    pub items: Vec<u64>,
}

/// The entries that a change puts and takes out.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) put: Vec<Entry>,
    pub(super) settled: Vec<Entry>,
}

impl Entries {
    /// The entries that follow from a change of a record.
    pub(super) fn of(change: &Change<'_>, snapshot: &WholeRecord, after: &Record) -> Self {
        let (policy, now) = (change.policy, change.now);
        let Due { mut put, settled } = agenda::changed(policy, &snapshot.record, after, now);
        if snapshot.is_ahead {
            // Entries that stood elsewhere, or were in doubt, are put under this key.
            put.extend(again_of(change, after));
        }
        Self { put: of(change.key, &put), settled: of(change.key, &settled) }
    }
}

/// The entries of a customer.
fn of(key: &Key, items: &[Item]) -> Vec<Entry> {
    items.iter().map(|item| item.of(&key.tenant, &key.id)).collect()
}

/// The entries that are put again by a change that finds its work done already.
fn again_of(change: &Change<'_>, record: &Record) -> Vec<Item> {
    match change.is_wish {
        true => agenda::repeated(change.policy, record, change.now),
        false => agenda::standing(change.policy, record, change.now),
    }
}

/// The entries of one customer of a list that is imported again, because its import may have been
/// broken off. Only recent wishes are among them: a list that is imported every night has few new
/// ones.
pub(super) fn again(bulk: &Bulk<'_>, key: &Key, record: &Record) -> Vec<Entry> {
    let (policy, now) = (bulk.policy, bulk.now);
    let mut items = agenda::standing(policy, record, now);
    if bulk.is_wish && agenda::last_wish(record) >= Some(now.minus(REPEATED)) {
        items.push(Topic::Wishes.changed(now));
    }
    of(key, &items)
}

/// The entry about a change of a tenant's topic.
pub(super) fn of_tenant(tenant: &Name, topic: Topic, now: Instant) -> Entry {
    topic.changed(now).of(tenant, "")
}

/// The part of a list that is read.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// The place to continue from.
    cursor: Option<&'a str>,
    /// The end of the part: later entries are left out.
    until: Instant,
    limit: usize,
    now: Instant,
}

impl Gate {
    /// Puts the entries of a request that is repeated: it may have been broken off behind the
    /// record.
    pub(super) async fn put_again(
        &self,
        change: &Change<'_>,
        record: &Record,
    ) -> Result<(), Failure> {
        let items = again_of(change, record);
        self.put_entries(&of(change.key, &items), change.durability).await
    }

    /// Puts entries, and tells this instance's followers of changes.
    pub(super) async fn put_entries(
        &self,
        entries: &[Entry],
        durability: Durability,
    ) -> Result<(), Failure> {
        if entries.is_empty() {
            return Ok(());
        }
        let sealed = self.sealed(entries);
        self.within("agenda", self.store.agenda().put(&sealed, durability)).await?;
        self.tell_changed(entries);
        Ok(())
    }

    /// Notes that a customer was erased, and takes out what was due.
    pub(super) async fn put_erased(
        &self,
        change: &Change<'_>,
        record: &Record,
    ) -> Result<(), Failure> {
        let entries = of(change.key, &[Topic::Wishes.changed(change.now)]);
        self.put_entries(&entries, self.settings.wishes).await?;
        let standing = agenda::standing(change.policy, record, change.now);
        self.take_out(&of(change.key, &standing)).await;
        Ok(())
    }

    /// Removes entries that were found to be settled. One that stays there does no harm.
    pub(super) async fn take_out(&self, settled: &[Entry]) {
        if settled.is_empty() {
            return;
        }
        let sealed = self.sealed(settled);
        let taken = self.within("agenda", self.store.agenda().take_out(&sealed)).await;
        if let Err(why) = taken {
            tracing::debug!(%why, "what is settled is not taken out of the agenda");
        }
    }

    /// Entries as they are stored.
    pub(super) fn sealed(&self, entries: &[Entry]) -> Vec<Entry> {
        entries.iter().map(|entry| self.seal.close(entry)).collect()
    }

    /// Notifies the waiters for changes on this instance.
    pub(super) fn tell_changed(&self, put: &[Entry]) {
        if put.iter().any(|entry| entry.list == List::Changes) {
            self.wake();
        }
    }

    /// About `limit` entries of a list, and the place to continue from; `None` at the end of the
    /// list.
    async fn page(
        &self,
        cursor: &Cursor,
        ask: Ask<'_>,
    ) -> Result<(Vec<Found>, Option<Cursor>), Failure> {
        let limit = ask.limit;
        let found = self.within("agenda", self.store.agenda().read(ask)).await?;
        let mut next = cursor.clone();
        next.go_on(&found, self.store.agenda().buckets());
        let is_last = found.len() < limit;
        Ok((self.seal.open(found), (!is_last).then_some(next)))
    }

    /// The customers of about `limit` entries, with their records and their items that are due, and
    /// the place to continue from. Customers whose records have nothing due are left out, and their
    /// entries are removed.
    async fn listed(
        &self,
        list: List,
        of: TenantPolicy<'_>,
        part: Part<'_>,
    ) -> Result<(Vec<Listed>, Option<String>), Failure> {
        let TenantPolicy { tenant, policy } = of;
        let Part { cursor, until, limit, now } = part;
        let cursor = cursor.map_or_else(|| Some(Cursor::default()), Cursor::parse);
        let cursor = cursor.ok_or(Failure::NoSuchCursor)?;
        let ask = Ask { list, tenant, after: cursor.positions(), until, limit };
        let (found, next) = self.page(&cursor, ask).await?;
        let customer = |id: &str| Customer::new(tenant, &CustomerId::new(id, self.spelling()));
        let entries = found.into_iter().map(|it| (customer(&it.entry.customer), it.entry));
        let groups = by_customer(entries);
        let customers: Vec<Customer> = groups.iter().map(|(it, _)| it.clone()).collect();
        let looked = self.read_many(&customers, policy, now).await;
        let mut listed = Vec::new();
        for ((customer, entries), looked) in groups.into_iter().zip(looked) {
            let due = looked.as_ref().ok().map(|it| agenda::standing(policy, &it.record, now));
            let is_due = |entry: &Entry| {
                let is_it = |item: &Item| (item.list, item.item) == (entry.list, entry.item);
                due.as_ref().is_none_or(|due| due.iter().any(is_it))
            };
            let (due, settled): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(is_due);
            self.take_out(&settled).await;
            if !due.is_empty() {
                let items = due.iter().map(|entry| entry.item).collect();
                listed.push(Listed { id: customer.id.clone(), looked, items });
            }
        }
        Ok((listed, next.map(|it| it.to_string())))
    }

    /// The customers with messages that a human has to look at, about `limit` messages, and the
    /// place to continue from.
    ///
    /// # Errors
    /// If the store cannot be read, or it did not issue the cursor.
    pub async fn unclear(
        &self,
        of: TenantPolicy<'_>,
        cursor: Option<&str>,
        limit: usize,
        now: Instant,
    ) -> Result<(Vec<Listed>, Option<String>), Failure> {
        let part = Part { cursor, until: Instant::LAST, limit, now };
        self.listed(List::Unclear, of, part).await
    }

    /// The customers whose answers are late, about `limit` answers, and the place to continue from.
    ///
    /// # Errors
    /// If the store cannot be read, or it did not issue the cursor.
    pub async fn overdue(
        &self,
        of: TenantPolicy<'_>,
        cursor: Option<&str>,
        limit: usize,
        now: Instant,
    ) -> Result<(Vec<Listed>, Option<String>), Failure> {
        let Some(until) = late_since(of.policy, now) else { return Ok((Vec::new(), None)) };
        self.listed(List::Waiting, of, Part { cursor, until, limit, now }).await
    }

    /// The number of late answers, as far as the agenda shows.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn count_overdue(&self, of: TenantPolicy<'_>, now: Instant) -> Result<u64, Failure> {
        let Some(until) = late_since(of.policy, now) else { return Ok(0) };
        let count = self.store.agenda().count(List::Waiting, of.tenant, until);
        self.within("agenda", count).await
    }
}
