//! The agenda in the tree of the notes: a key for each entry in the order of time, and one that
//! tells which time an entry has, so that it can be moved and removed.

use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;
use fjall::Keyspace;
use fjall::OwnedWriteBatch;

use super::Embedded;
use super::layout;
use super::read_error;
use super::torn;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::store::Agenda;
use crate::store::Ask;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Found;

/// The number of entries that are removed in one batch.
const CLEARED: usize = 1_000;

/// The changes of a batch in the agenda, which cannot be seen before the batch is committed.
pub(super) struct Staged {
    tree: Keyspace,
    /// The times of entries by their keys; `None` for removed ones.
    times: BTreeMap<Vec<u8>, Option<Instant>>,
    /// The times of the last entries of lists that grow at their end.
    ends: BTreeMap<(List, Name), Instant>,
}

impl Staged {
    pub(super) const fn new(tree: Keyspace) -> Self {
        Self { tree, times: BTreeMap::new(), ends: BTreeMap::new() }
    }

    /// Whether nothing is changed.
    pub(super) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Puts entries, and takes others out.
    pub(super) fn stage(
        &mut self,
        batch: &mut OwnedWriteBatch,
        (put, taken_out): (&[Entry], &[Entry]),
    ) -> Result<(), Error> {
        for entry in taken_out {
            self.take_out(batch, entry)?;
        }
        for entry in put {
            let due = self.due(entry)?;
            self.take_out(batch, entry)?;
            let member = layout::member(entry);
            batch.insert(&self.tree, layout::due(entry, due), []);
            batch.insert(&self.tree, member.as_slice(), layout::ordered(due));
            self.times.insert(member, Some(due));
        }
        Ok(())
    }

    fn take_out(&mut self, batch: &mut OwnedWriteBatch, entry: &Entry) -> Result<(), Error> {
        let member = layout::member(entry);
        let known = match self.times.get(&member) {
            Some(known) => *known,
            None => match self.tree.get(&member).map_err(read_error)? {
                Some(time) => Some(layout::parse_ordered(&time).ok_or_else(torn)?),
                None => None,
            },
        };
        if let Some(due) = known {
            batch.remove(&self.tree, layout::due(entry, due));
            batch.remove(&self.tree, member.as_slice());
            self.times.insert(member, None);
        }
        Ok(())
    }

    /// The time that an entry gets.
    fn due(&mut self, entry: &Entry) -> Result<Instant, Error> {
        if !entry.list.grows_at_its_end() {
            return Ok(entry.due);
        }
        let list = (entry.list, entry.tenant.clone());
        let end = match self.ends.get(&list) {
            Some(end) => Some(*end),
            None => self.end(entry)?,
        };
        let due = end.map_or(entry.due, |end| {
            entry.due.max(Instant::from_millis(end.millis().saturating_add(1)))
        });
        self.ends.insert(list, due);
        Ok(due)
    }

    fn end(&self, entry: &Entry) -> Result<Option<Instant>, Error> {
        let list = layout::list(entry.list, &entry.tenant);
        let Some(guard) = self.tree.prefix(&list).next_back() else { return Ok(None) };
        let key = guard.key().map_err(read_error)?;
        let last = layout::parse_due(entry.list, &entry.tenant, &key).ok_or_else(torn)?;
        Ok(Some(last.due))
    }
}

impl Embedded {
    /// The entries of a list after a time and up to another, in their order. All entries of the
    /// last time are returned.
    fn due(&self, ask: Ask<'_>) -> Result<Vec<Entry>, Error> {
        let list = layout::list(ask.list, ask.tenant);
        let at = |time: Instant| [list.as_slice(), &layout::ordered(time)].concat();
        let next = |time: Instant| Instant::from_millis(time.millis().saturating_add(1));
        let first = ask.after.first().map_or_else(
            || Bound::Included(list.clone()),
            |after| Bound::Included(at(next(*after))),
        );
        let mut entries: Vec<Entry> = Vec::new();
        for guard in self.spaces.notes.range((first, Bound::Unbounded)) {
            let key = guard.key().map_err(read_error)?;
            if !key.starts_with(&list) {
                break;
            }
            let entry = layout::parse_due(ask.list, ask.tenant, &key).ok_or_else(torn)?;
            let is_next = entries.last().is_none_or(|last| last.due < entry.due);
            if entry.due > ask.until || (is_next && entries.len() >= ask.limit) {
                break;
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[async_trait]
impl Agenda for Embedded {
    async fn put(&self, entries: &[Entry], durability: Durability) -> Result<(), Error> {
        self.committer.write_agenda(entries, &[], durability).await
    }

    async fn take_out(&self, entries: &[Entry]) -> Result<(), Error> {
        self.committer.write_agenda(&[], entries, Durability::Buffered).await
    }

    async fn read(&self, ask: Ask<'_>) -> Result<Vec<Found>, Error> {
        Ok(self.due(ask)?.into_iter().map(|entry| Found { bucket: 0, entry }).collect())
    }

    async fn claim(&self, ask: Ask<'_>, lease: Instant) -> Result<Vec<Found>, Error> {
        let _one_at_a_time = self.lending.lock().await;
        let found = self.read(ask).await?;
        let leased = found.iter().map(|it| Entry { due: lease, ..it.entry.clone() });
        self.put(&leased.collect::<Vec<_>>(), Durability::Buffered).await?;
        Ok(found)
    }

    async fn count(&self, list: List, tenant: &Name, until: Instant) -> Result<u64, Error> {
        let entries = self.due(Ask { list, tenant, after: &[], until, limit: usize::MAX })?;
        Ok(u64::try_from(entries.len()).unwrap_or(u64::MAX))
    }

    async fn clear(&self, list: List, tenant: &Name, until: Instant) -> Result<(), Error> {
        loop {
            let entries = self.due(Ask { list, tenant, after: &[], until, limit: CLEARED })?;
            if entries.is_empty() {
                return Ok(());
            }
            self.take_out(&entries).await?;
        }
    }
}
