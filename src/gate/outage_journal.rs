//! The outage journal: degraded grants, which are contacts that were allowed while the store was
//! away. They are kept on this machine, and each is replayed into its customer's history when the
//! store is back.
//!
//! **Invariant:** a grant leaves the journal only after the store has acknowledged it. A grant that
//! is replayed twice, because of a crash in between, changes nothing: its request is on record.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::Change;
use super::Customer;
use super::Failure;
use super::Gate;
use super::mark::trusted;
use crate::codec::Decoded;
use crate::model::Answer;
use crate::model::customer_id::CustomerId;
use crate::operation;
use crate::operation::Context;
use crate::operation::Draft;
use crate::operation::reserve::Reserve;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;

/// The number of grants that are replayed before more of the journal is read.
const PAGE: usize = 256;
/// The separator of the customer's id and the request's. Neither can contain it.
const BETWEEN: char = '\n';

/// The journal.
#[derive(Debug)]
pub(super) struct OutageJournal {
    journal: Option<Arc<dyn Store>>,
    /// Whether the journal may have entries.
    any: AtomicBool,
}

impl OutageJournal {
    /// A journal that may hold grants of an earlier process; without one, none are kept.
    pub(super) fn new(journal: Option<Arc<dyn Store>>) -> Self {
        Self { any: AtomicBool::new(journal.is_some()), journal }
    }

    /// The store that keeps the journal, if there is one.
    pub(super) fn journal(&self) -> Option<&dyn Store> {
        self.journal.as_deref()
    }
}

impl Gate {
    /// Notes a contact that was allowed without the customer's record. One that cannot be noted is
    /// counted: the contact was allowed nevertheless.
    pub async fn journal_grant(
        &self,
        context: Context<'_>,
        key: &Key,
        reserve: &Reserve,
        answer: &Answer,
    ) {
        let Some(journal) = &self.outage_journal.journal else { return };
        let noted = async {
            let grant = operation::outage::degraded_grant(context, reserve, answer);
            let grant = grant.map_err(|error| Failure::Unreadable(error.to_string()))?;
            let key = Key {
                space: Space::OutageJournal,
                tenant: key.tenant.clone(),
                id: format!("{}{BETWEEN}{}", key.id, reserve.request.id).into(),
            };
            let value = Decoded::default().write(&grant);
            let replacement = Replacement { key, expected: None, value, expires: None };
            // A repetition finds it there already.
            trusted(self.within("owe", journal.replace(replacement, Durability::Synced))).await
        };
        match noted.await {
            Ok(_noted) => {
                self.metrics.degraded_grant("journaled");
                self.outage_journal.any.store(true, Ordering::Relaxed);
            }
            Err(why) => {
                self.metrics.degraded_grant("lost");
                tracing::error!(%why, "a contact that was allowed without the store is not noted");
            }
        }
    }

    /// Replays the grants that are in the journal.
    ///
    /// # Errors
    /// If the journal cannot be read, or the store is still away.
    pub async fn replay_journal(&self) -> Result<(), Failure> {
        let Some(journal) = &self.outage_journal.journal else { return Ok(()) };
        if !self.outage_journal.any.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let replayed = self.replay_all(journal.as_ref()).await;
        if replayed.is_err() {
            self.outage_journal.any.store(true, Ordering::Relaxed);
        }
        replayed
    }

    async fn replay_all(&self, journal: &dyn Store) -> Result<(), Failure> {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let page = journal.scan(Space::OutageJournal, None, cursor.as_deref(), PAGE).await?;
            for (key, stored) in page.values {
                let stored = stored?;
                match self.replay_one(&key, &stored).await {
                    Ok(()) => self.metrics.degraded_grant("replayed"),
                    Err(failure) if failure.is_of_store() => return Err(failure),
                    Err(why) => {
                        self.metrics.degraded_grant("lost");
                        tracing::error!(%why, "a contact that was allowed is not charged");
                    }
                }
                journal.remove(&key, stored.version, Durability::Buffered).await?;
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn replay_one(&self, key: &Key, stored: &Stored) -> Result<(), Failure> {
        let grant = Decoded::read(&stored.value)?.record;
        let customer = key.id.split_once(BETWEEN).map(|(customer, _request)| customer);
        let id = CustomerId::new(customer.unwrap_or_default(), self.spelling());
        let customer = Customer::new(&key.tenant, &id);
        let active = self.in_force(&key.tenant)?;
        let change = Change {
            is_wish: false,
            key: &customer,
            policy: &active.policy,
            now: self.clock.now(),
            durability: self.settings.reservations,
            expected: None,
            request: None,
        };
        let replay = |record: &mut Draft<'_>| operation::outage::replay(record, &grant);
        self.change(&change, replay).await.map(|((), _version)| ())
    }
}
