//! Changes of customers, for callers who follow them. A change names the customer, not the content:
//! the record is read when the change is delivered, so that repetitions and another order do no
//! harm. Each change is delivered at least once.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use super::Cursor;
use crate::codec::Unreadable;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::gate::mark::note_key;
use crate::gate::read::WholeRecord;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::model::agenda::Topic;
use crate::model::customer_id::CustomerId;
use crate::store::Ask;
use crate::store::Key;
use crate::store::Space;

/// The time for which changes are kept.
pub const CHANGES_KEPT: Span = Span::from_days(7);
/// The most by which the clocks of two instances may differ. A part of the list that is younger
/// than this may still grow.
const SETTLED: Span = Span::from_hours(1);

/// A follower's position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Identifies this build of the index; a rebuilt index has other times.
    pub epoch: Box<str>,
    /// The place up to which it has read.
    pub cursor: Cursor,
}

/// A change, and in which bucket.
#[derive(Clone, Debug)]
pub struct Told {
    /// The topic of the change.
    pub topic: Topic,
    /// The customer it is about; empty where it is about none.
    pub entry: Entry,
    /// The bucket that it is in.
    pub bucket: usize,
}

/// The changes after a position.
#[derive(Debug)]
pub struct ChangedSince {
    /// The changes, the oldest first.
    pub told: Vec<Told>,
    /// The position to continue from.
    pub next: Changes,
    /// Whether earlier changes may be missing, so that the follower has to read everything again.
    pub full: bool,
}

impl std::fmt::Display for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.cursor)
    }
}

impl Changes {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, cursor) = text.split_once('.')?;
        Some(Self { epoch: Box::from(epoch), cursor: Cursor::parse(cursor)? })
    }
}

impl Gate {
    /// A follower that has read everything before a time.
    ///
    /// # Errors
    /// If the store cannot be read, or the index is not made yet.
    pub async fn changes_at(&self, time: Instant) -> Result<Changes, Failure> {
        let before = time.minus(Span::from_millis(1));
        let cursor = Cursor::at(before, self.store.agenda().buckets());
        Ok(Changes { epoch: self.epoch().await?, cursor })
    }

    /// The changes after a position, about `limit` of them. The follower has to read everything
    /// again if it has no position, if its position is of another index, or if it is so old that
    /// later changes have been forgotten.
    ///
    /// # Errors
    /// If the store cannot be read, or the index is not made yet.
    pub async fn changed_since(
        &self,
        tenant: &Name,
        since: Option<&Changes>,
        (limit, now): (usize, Instant),
    ) -> Result<ChangedSince, Failure> {
        let epoch = self.epoch().await?;
        let kept =
            |it: &&Changes| it.cursor.first().is_some_and(|it| it >= now.minus(CHANGES_KEPT));
        let good = since.filter(|it| it.epoch == epoch).filter(kept);
        let full = good.is_none();
        let agenda = self.store.agenda();
        let buckets = agenda.buckets();
        let oldest = || Cursor::at(now.minus(CHANGES_KEPT).plus(SETTLED), buckets);
        let mut cursor = good.map_or_else(oldest, |it| it.cursor.clone());
        let after = cursor.positions();
        let ask = Ask { list: List::Changes, tenant, after, until: Instant::LAST, limit };
        let found = self.within("agenda", agenda.read(ask)).await?;
        cursor.go_on(&found, buckets);
        if found.len() < limit {
            cursor.raise(now.minus(SETTLED));
        }
        let told = self.seal.open(found).into_iter().filter_map(|it| {
            Some(Told { topic: Topic::of(it.entry.item)?, entry: it.entry, bucket: it.bucket })
        });
        Ok(ChangedSince { told: told.collect(), next: Changes { epoch, cursor }, full })
    }

    /// The records of customers who have changed, in their order, and whether each was erased and
    /// nothing has come on record since.
    pub async fn look_at_changed(
        &self,
        of: TenantPolicy<'_>,
        ids: &[Box<str>],
        now: Instant,
    ) -> Vec<(Box<str>, Result<WholeRecord, Failure>)> {
        let TenantPolicy { tenant, policy } = of;
        let customer = |id: &str| Customer::new(tenant, &CustomerId::new(id, self.spelling()));
        let customers: Vec<Customer> = ids.iter().map(|id| customer(id)).collect();
        let looked = self.read_many(&customers, policy, now).await;
        customers.iter().map(|it| it.id.clone()).zip(looked).collect()
    }

    /// Notifies the waiters of this instance of entries that other instances put, for as long as it
    /// is polled.
    pub async fn hear_of_changes(&self) -> Infallible {
        let Some(elsewhere) = self.store.agenda().changed_elsewhere() else {
            return pending().await;
        };
        loop {
            elsewhere.notified().await;
            self.wake();
        }
    }

    /// The longest time that a change without a message may go unnoticed.
    #[must_use]
    pub fn unheard_max(&self) -> Duration {
        if self.store.is_shared() { Duration::from_secs(5) } else { Duration::from_secs(1) }
    }

    /// Lets those who wait for changes on this instance look.
    pub fn wake(&self) {
        self.changed.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Told whenever there may be a change: this instance has put it, or has heard of it.
    #[must_use]
    pub fn changed(&self) -> tokio::sync::watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Whether other instances may add changes too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// The name of the index's current run. It changes when the index is made anew.
    async fn epoch(&self) -> Result<Box<str>, Failure> {
        let stored = self.within("load", self.store.load(&note_key(EPOCH.to_owned())?)).await?;
        let unmade = || Failure::StoreUnavailable("its agenda is being made".to_owned());
        let value = stored.ok_or_else(unmade)?.value;
        let text = std::str::from_utf8(&value).ok().ok_or(Unreadable::Field("epoch"))?;
        Ok(Box::from(text))
    }
}

/// The id of the note that names the run of the index.
pub(super) const EPOCH: &str = "agenda";

/// Whether the key is of the note that names the run of the index. Every store makes its own.
pub(in crate::gate) fn is_epoch(key: &Key) -> bool {
    key.space == Space::Notes && &*key.tenant == "courtesy" && &*key.id == EPOCH
}
