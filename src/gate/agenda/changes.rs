//! What has changed, for those who follow it: who, and not what. The record is read when it is
//! told, so that repetitions and another order do no harm, and everything is told at least once.

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

/// How long changes are kept.
pub const CHANGES_KEPT: Span = Span::from_days(7);
/// How far the clocks of two instances may be apart: what is read up to less than this ago may
/// still grow.
const SETTLED: Span = Span::from_hours(1);

/// Where a follower stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Identifies this build of the index; a rebuilt index has other times.
    pub epoch: Box<str>,
    /// How far it has read.
    pub cursor: Cursor,
}

/// A change, and in which bucket.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it is about.
    pub topic: Topic,
    /// The customer it is about; empty where it is about none.
    pub entry: Entry,
    /// The bucket that it is in.
    pub bucket: usize,
}

/// What has changed behind a place.
#[derive(Debug)]
pub struct ChangedSince {
    /// The changes, the oldest first.
    pub told: Vec<Told>,
    /// Where to go on.
    pub next: Changes,
    /// Whether changes before these may be missing, so that the follower has to begin with
    /// everything.
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
    /// If the store cannot say, or the index is not made yet.
    pub async fn changes_at(&self, time: Instant) -> Result<Changes, Failure> {
        let before = time.minus(Span::from_millis(1));
        let cursor = Cursor::at(before, self.store.agenda().buckets());
        Ok(Changes { epoch: self.epoch().await?, cursor })
    }

    /// What has changed behind a place, about `limit` things. One that is of another index, or so
    /// old that changes behind it have been forgotten, is not gone on from, and neither is none.
    ///
    /// # Errors
    /// If the store cannot say, or the index is not made yet.
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

    /// How long a change may go unnoticed that no message announces.
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

    /// Whether other instances put changes as well.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// Which run of the index it is.
    async fn epoch(&self) -> Result<Box<str>, Failure> {
        let stored = self.within("load", self.store.load(&note_key(EPOCH.to_owned())?)).await?;
        let unmade = || Failure::StoreUnavailable("its agenda is being made".to_owned());
        let value = stored.ok_or_else(unmade)?.value;
        let text = std::str::from_utf8(&value).ok().ok_or(Unreadable::Field("epoch"))?;
        Ok(Box::from(text))
    }
}

/// Where the run of the index is noted.
pub(super) const EPOCH: &str = "agenda";

/// Whether a key is that of this note, which every store makes for itself.
pub(in crate::gate) fn is_epoch(key: &Key) -> bool {
    key.space == Space::Notes && &*key.tenant == "courtesy" && &*key.id == EPOCH
}
