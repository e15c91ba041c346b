//! The audit log in the store: a link under each number, appended by the instance that finds the next number free,
//! so that instances cannot fork the chain.
//!
//! **Invariant:** nothing is done before the event that tells of it is on disk.

use std::future::Future;
use std::sync::PoisonError;

use super::Failure;
use super::Gate;
use crate::audit;
use crate::audit::Event;
use crate::audit::Head;
use crate::audit::Link;
use crate::model::Name;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;

/// How often an event is appended while other instances are faster.
const ATTEMPTS: usize = 32;
/// How many links behind the noted head are looked for at once.
const AHEAD: u64 = 32;

/// A stretch of a log, the newest first.
#[derive(Clone, Debug)]
pub struct Trail {
    /// How many events the log has.
    pub head: u64,
    /// Numbers and links; none is one that cannot be read. Those that are missing are left out.
    pub links: Vec<(u64, Option<Link>)>,
    /// The number of the newest link that was not looked at.
    pub next: Option<u64>,
}

impl Gate {
    /// Notes an event, and then does what it tells of; if that fails, notes why.
    ///
    /// # Errors
    /// If it could not be noted, or not be done.
    pub async fn audited<T>(
        &self,
        tenant: &Name,
        event: Event,
        action: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.note(tenant, &event).await?;
        let done = action.await;
        if let Err(failure) = &done {
            let failed = Event { failure: Some(failure.to_string()), ..event };
            if let Err(why) = self.note(tenant, &failed).await {
                let (action, failure) = (&failed.action, &failed.failure);
                tracing::error!(%action, ?failure, %why, "a failure could not be audited");
            }
        }
        done
    }

    /// Appends an event to a tenant's log.
    ///
    /// # Errors
    /// If it could not be stored.
    pub async fn note(&self, tenant: &Name, event: &Event) -> Result<(), Failure> {
        let _lock = self.locks.lock(&head_key(tenant)).await;
        let known = self.heads.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant);
        let mut head = match known {
            Some(head) => head,
            None => self.end_of(tenant, self.noted_head(tenant).await?).await?,
        };
        for _attempt in 0..ATTEMPTS {
            let (next, link) = head.next(tenant, event, self.clock.now());
            let key = numbered(tenant, next.sequence);
            let replacement =
                Replacement { key, expected: None, value: link.write(), expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            if let Replaced::Done(_) = self.within("replace", write).await? {
                self.heads
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(tenant.clone(), next);
                self.guard.note_event();
                self.note_head(tenant, next).await;
                return Ok(());
            }
            head = self.end_of(tenant, head).await?;
        }
        Err(Failure::Conflict)
    }

    /// The links of a tenant's log up to a number, or from the newest, at most `limit`.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn trail(
        &self,
        tenant: &Name,
        newest: Option<u64>,
        limit: u64,
    ) -> Result<Trail, Failure> {
        let head = self.end_of(tenant, self.noted_head(tenant).await?).await?.sequence;
        let newest = newest.unwrap_or(head).min(head);
        let oldest = newest.saturating_sub(limit).saturating_add(1);
        let numbers: Vec<u64> = (oldest..=newest).rev().collect();
        let keys: Vec<Key> = numbers.iter().map(|number| numbered(tenant, *number)).collect();
        let mut links = Vec::with_capacity(numbers.len());
        for (number, stored) in numbers.iter().zip(self.load_all_of(&keys).await) {
            match stored {
                Ok(stored) => links.extend(stored.map(|it| (*number, read(&it)))),
                Err(Failure::Unreadable(_)) => links.push((*number, None)),
                Err(failure) => return Err(failure),
            }
        }
        let next = oldest.checked_sub(1).filter(|next| *next > 0 && newest > 0);
        Ok(Trail { head, links, next })
    }

    /// How many events a tenant's log has.
    pub(super) async fn events(&self, tenant: &Name) -> Result<u64, Failure> {
        Ok(self.end_of(tenant, self.noted_head(tenant).await?).await?.sequence)
    }

    /// Forgets where the logs end, so that it is looked for.
    pub(super) fn forget_heads(&self) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The head that was noted: the newest link, or one not long before it.
    async fn noted_head(&self, tenant: &Name) -> Result<Head, Failure> {
        let noted = self.within("load", self.store.load(&head_key(tenant))).await?;
        Ok(noted.and_then(|stored| Head::read(&stored.value)).unwrap_or(Head::EMPTY))
    }

    /// The newest link, which is at this head or behind it.
    async fn end_of(&self, tenant: &Name, mut head: Head) -> Result<Head, Failure> {
        loop {
            let ahead = head.sequence.saturating_add(1)..=head.sequence.saturating_add(AHEAD);
            let keys: Vec<Key> = ahead.map(|number| numbered(tenant, number)).collect();
            for stored in self.load_all_of(&keys).await {
                let hash = match stored {
                    // What is behind the end need not be readable.
                    Ok(None) => return Ok(head),
                    Ok(Some(stored)) => read(&stored)
                        .map_or_else(|| audit::of_damaged(&stored.value), |link| link.hash),
                    Err(Failure::Unreadable(_)) => audit::of_damaged(&[]),
                    Err(failure) => return Err(failure),
                };
                head = Head { sequence: head.sequence.saturating_add(1), hash };
            }
        }
    }

    /// Notes the head, so that the end is found soon and its loss is noticed. What is missing is made up
    /// for by readers that look behind the noted head.
    async fn note_head(&self, tenant: &Name, head: Head) {
        let key = head_key(tenant);
        let noted = async {
            let known = self.within("load", self.store.load(&key)).await?;
            let is_newer =
                |it: &Stored| Head::read(&it.value).is_none_or(|it| it.sequence < head.sequence);
            if known.as_ref().is_none_or(is_newer) {
                let expected = known.map(|stored| stored.version);
                let (key, value) = (key.clone(), head.write());
                let replacement = Replacement { key, expected, value, expires: None };
                let write = self.store.replace(replacement, Durability::Buffered);
                self.within("replace", write).await?;
            }
            Ok::<(), Failure>(())
        };
        if let Err(why) = noted.await {
            tracing::warn!(%why, "the end of the audit log was not noted");
        }
    }
}

fn read(stored: &Stored) -> Option<Link> {
    Link::read(&stored.value)
}

fn head_key(tenant: &Name) -> Key {
    Key { space: Space::Audit, tenant: tenant.clone(), id: Box::from("head") }
}

/// Numbers in the order of their digits.
fn numbered(tenant: &Name, number: u64) -> Key {
    let id = format!("{number:020}").into();
    Key { space: Space::Audit, tenant: tenant.clone(), id }
}
