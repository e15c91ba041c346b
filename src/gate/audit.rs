//! The audit log in the store: a link under each number, appended by the instance that finds the
//! next number free, so that instances cannot fork the chain.
//!
//! **Invariant:** nothing is done before the event that tells of it is on disk.

use std::future::Future;
use std::future::pending;
use std::sync::PoisonError;
use std::time::Duration;

use super::Customer;
use super::Failure;
use super::Feature;
use super::Gate;
use crate::audit;
use crate::audit::Event;
use crate::audit::Hash;
use crate::audit::Head;
use crate::audit::Link;
use crate::model::Name;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;

/// The number of attempts at appending an event while other instances are faster.
const ATTEMPTS: usize = 32;
/// The message if the note of a log's end is missing; the number of looks before it is given, and
/// the pause between them.
const GONE: &str = "what is noted of its end is gone; so may be its newest events";
const PATIENT: usize = 20;
const PAUSE: Duration = Duration::from_millis(50);
/// The number of links after the noted head that are looked for at once.
const AHEAD: u64 = 32;

/// A stretch of a log, the newest first.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The number of events in the log.
    pub head: u64,
    /// Numbers and links; the link is `None` if it cannot be read. Missing events are left out.
    pub links: Vec<(u64, Option<Link>)>,
    /// The number of the newest link that was not looked at.
    pub next: Option<u64>,
    /// The damage to the log's end, in words, if there is any.
    pub damage: Option<&'static str>,
}

/// The end of a log.
struct End {
    head: Head,
    /// The damage to the end, if there is any.
    damage: Option<&'static str>,
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

    /// Notes that an operator is about to see a customer's record. The customer is named by the
    /// pseudonym that decision logs have.
    ///
    /// # Errors
    /// If it could not be noted. Then the record must not be shown.
    pub async fn view_customer(&self, actor: &str, customer: &Customer) -> Result<(), Failure> {
        let pseudonym = self.pseudonyms.of(&customer.tenant, &customer.id);
        let event = Event {
            actor: actor.to_owned(),
            action: audit::VIEWED.to_owned(),
            details: format!("customer {pseudonym}"),
            ..Event::default()
        };
        self.note(&customer.tenant, &event).await
    }

    /// Appends an event to a tenant's log.
    ///
    /// # Errors
    /// If it could not be stored.
    pub async fn note(&self, tenant: &Name, event: &Event) -> Result<(), Failure> {
        let _lock = self.locks.lock(&head_key(tenant)).await;
        let known = self.heads.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant);
        let head = match known {
            Some(head) => head,
            None => match self.end(tenant).await? {
                End { head, damage: None } => head,
                // A later seal cannot hide the damage.
                End { head, damage: Some(damage) } => {
                    tracing::error!(%tenant, damage, "the audit log was changed");
                    let event = Event {
                        actor: "courtesy".to_owned(),
                        action: audit::DAMAGED.to_owned(),
                        details: damage.to_owned(),
                        ..Event::default()
                    };
                    self.append(tenant, head, &event).await?
                }
            },
        };
        self.append(tenant, head, event).await.map(drop)
    }

    /// Appends an event at the end of a log, or where that has moved to.
    async fn append(&self, tenant: &Name, mut head: Head, event: &Event) -> Result<Head, Failure> {
        for _attempt in 0..ATTEMPTS {
            let (next, link) = head.next(tenant, event, self.clock.now());
            let key = numbered(tenant, next.sequence);
            let replacement =
                Replacement { key, expected: None, value: link.write(), expires: None };
            let write = self.store.replace(replacement, self.settings.wishes);
            let wishes = self.settings.wishes;
            if let Replaced::Done(_) = self.within_durable("replace", wishes, write).await? {
                self.heads
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(tenant.clone(), next);
                self.guard.note_event();
                self.metrics.audit_events(tenant, next.sequence);
                self.note_head(tenant, next).await;
                return Ok(next);
            }
            head = self.end_of(tenant, head).await?;
        }
        Err(Failure::Conflict)
    }

    /// The links of a tenant's log up to a number, or from the newest, at most `limit`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn trail(
        &self,
        tenant: &Name,
        newest: Option<u64>,
        limit: u64,
    ) -> Result<Trail, Failure> {
        let End { head, damage } = self.end(tenant).await?;
        let head = head.sequence;
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
        Ok(Trail { head, links, next, damage })
    }

    /// The number of events in a tenant's log.
    pub(super) async fn events(&self, tenant: &Name) -> Result<u64, Failure> {
        Ok(self.end(tenant).await?.head.sequence)
    }

    /// Forgets where the logs end, so that it is looked for.
    pub(super) fn forget_heads(&self) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The end of a tenant's log: the noted head, or a place shortly after it.
    async fn end(&self, tenant: &Name) -> Result<End, Failure> {
        for _time in 0..PATIENT {
            let end = self.end_now(tenant).await?;
            if end.damage != Some(GONE) {
                return Ok(end);
            }
            // Instances that append the first events at once have not noted an end yet.
            let _elapsed = tokio::time::timeout(PAUSE, pending::<()>()).await;
        }
        self.end_now(tenant).await
    }

    async fn end_now(&self, tenant: &Name) -> Result<End, Failure> {
        let stored = self.within("load", self.store.load(&head_key(tenant))).await?;
        let noted = stored.as_ref().map(|stored| Head::read(&stored.value));
        let (noted, damage) = match noted {
            None => (Head::EMPTY, None),
            Some(None) => (Head::EMPTY, Some("what is noted of its end cannot be read")),
            Some(Some((head, seal))) => (head, self.doubt(tenant, head, seal).await?),
        };
        let head = self.end_of(tenant, noted).await?;
        self.metrics.audit_events(tenant, head.sequence);
        // The one instance that appended the first event may have ended before it noted that.
        let is_gone = stored.is_none() && head.sequence > 1;
        Ok(End { head, damage: damage.or_else(|| is_gone.then_some(GONE)) })
    }

    /// The damage to a noted head, in words, if there is any.
    async fn doubt(
        &self,
        tenant: &Name,
        head: Head,
        seal: Option<Hash>,
    ) -> Result<Option<&'static str>, Failure> {
        match seal {
            None if self.has_format(Feature::SealedLogs) => {
                return Ok(Some("its end is not sealed; its newest events may be gone"));
            }
            Some(seal) if seal != self.sealing.of(tenant, head) => {
                return Ok(Some("its end is not sealed with this installation's secret"));
            }
            None | Some(_) => {}
        }
        // A link that is missing or cannot be read is found by walking the log.
        let key = numbered(tenant, head.sequence);
        let link = self.load_all_of(&[key]).await.pop().and_then(Result::ok).flatten();
        let link = link.and_then(|stored| read(&stored));
        let is_other = link.is_some_and(|link| link.hash != head.hash);
        Ok(is_other.then_some("its newest event is not the one that was sealed"))
    }

    /// The newest link, which is at this head or behind it.
    async fn end_of(&self, tenant: &Name, mut head: Head) -> Result<Head, Failure> {
        loop {
            let ahead = head.sequence.saturating_add(1)..=head.sequence.saturating_add(AHEAD);
            let keys: Vec<Key> = ahead.map(|number| numbered(tenant, number)).collect();
            for stored in self.load_all_of(&keys).await {
                let hash = match stored {
                    // A link after the end need not be readable.
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

    /// Notes the head, so that the end is found soon and its loss is noticed. What is missing is
    /// made up for by readers that look behind the noted head.
    async fn note_head(&self, tenant: &Name, head: Head) {
        let key = head_key(tenant);
        let noted = async {
            let known = self.within("load", self.store.load(&key)).await?;
            let is_newer = |it: &Stored| {
                Head::read(&it.value).is_none_or(|(it, _)| it.sequence < head.sequence)
            };
            if known.as_ref().is_none_or(is_newer) {
                let expected = known.map(|stored| stored.version);
                let (key, value) = (key.clone(), head.write(self.sealing.of(tenant, head)));
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
