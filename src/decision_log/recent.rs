//! The last decisions of this instance, for those who watch them, and how many there were in each
//! hour.
//!
//! A thread that decides writes to a part of its own, so it waits for no other thread but a reader,
//! which reads a few times a second. Nothing is written to disk, and customers are named only by
//! pseudonyms.

mod part;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use self::part::Part;
use super::Pseudonym;
use super::Pseudonyms;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::answer::Stated;
use crate::model::decision::Code;
use crate::model::decision::Effect;

/// The number of decisions that are kept.
pub const RECENT_MAX: usize = 2_000;
/// The number of hours that are counted, the present one included.
pub const HOURS_MAX: i64 = 24;
/// The maximum number of watchers at once.
const WATCHERS_MAX: usize = 32;
/// The number of parts. More threads than that share them.
const PARTS: usize = 16;
/// The number of decisions that are looked at while a thread may have to wait.
const LOOKED_AT_ONCE: usize = 256;

const HOUR: Span = Span::from_hours(1);

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// The time of the decision.
    pub now: Instant,
    /// The method that was called.
    pub call: &'static str,
    /// The customer's tenant.
    pub tenant: Name,
    /// The customer.
    pub customer: Pseudonym,
    /// The channel.
    pub channel: Name,
    /// The purpose.
    pub purpose: Name,
    /// Allow or deny.
    pub effect: Effect,
    /// The causes that deny, with the rule if the cause is one.
    pub reasons: Box<[(Code, Option<Name>)]>,
    /// The rules in shadow that would have denied.
    pub shadow: Box<[(Code, Option<Name>)]>,
    /// The revision of the policy that decided.
    pub revision: u64,
    /// Whether it was made without the customer's record.
    pub degraded: bool,
}

/// The decisions of one hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number of contacts that were allowed.
    pub allowed: u64,
    /// The number of contacts that were refused.
    pub refused: u64,
    /// Refusals by reason; one that has several counts for each.
    pub by_reason: BTreeMap<Code, u64>,
}

/// The last decisions of this instance.
pub struct Decisions {
    pseudonyms: Pseudonyms,
    parts: [Mutex<Part>; PARTS],
    watchers: Arc<Semaphore>,
    began: Instant,
}

/// The position of a watcher. At most 32 watch at once.
#[derive(Debug)]
pub struct Watcher {
    next: [u64; PARTS],
    _place: OwnedSemaphorePermit,
}

/// The decisions since a watcher last read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The decisions that are wanted, in order of time.
    pub decisions: Vec<Recent>,
    /// The number of decisions that were gone before they could be looked at.
    pub missed: u64,
}

/// The caller's question and its time.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method that was called.
    pub call: &'static str,
    /// The customer's tenant.
    pub tenant: &'a Name,
    /// The customer.
    pub customer_id: &'a str,
    /// The time of the decision.
    pub now: Instant,
}

impl Decisions {
    /// No decisions yet, from an instant on.
    #[must_use]
    pub fn new(pseudonyms: Pseudonyms, began: Instant) -> Self {
        let watchers = Arc::new(Semaphore::new(WATCHERS_MAX));
        Self { pseudonyms, parts: Default::default(), watchers, began }
    }

    /// The time from which on decisions are known.
    #[must_use]
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// Notes a decision.
    pub fn note(&self, asked: Asked<'_>, contact: &Contact, answer: &Answer, degraded: bool) {
        let recent = Recent {
            now: asked.now,
            call: asked.call,
            tenant: asked.tenant.clone(),
            customer: self.pseudonyms.of(asked.tenant, asked.customer_id),
            channel: contact.channel.clone(),
            purpose: contact.purpose.clone(),
            effect: answer.effect,
            reasons: answer.reasons.iter().map(cited).collect(),
            shadow: answer.shadow.iter().map(cited).collect(),
            revision: answer.policy_revision,
            degraded,
        };
        if let Some(part) = self.parts.get(own_part()) {
            locked(part).add(recent);
        }
    }

    /// Begins to watch: the newest decisions that are wanted, at most `backlog`, and the place to
    /// continue from. `None` if too many watch already.
    pub fn watch(
        &self,
        backlog: usize,
        wanted: &dyn Fn(&Recent) -> bool,
    ) -> Option<(News, Watcher)> {
        let place = Arc::clone(&self.watchers).try_acquire_owned().ok()?;
        let mut watcher = Watcher { next: [0; PARTS], _place: place };
        let News { mut decisions, .. } = self.news(&mut watcher, wanted);
        decisions.drain(..decisions.len().saturating_sub(backlog.min(RECENT_MAX)));
        Some((News { decisions, missed: 0 }, watcher))
    }

    /// The decisions since the watcher last read.
    pub fn news(&self, watcher: &mut Watcher, wanted: &dyn Fn(&Recent) -> bool) -> News {
        let mut news = News::default();
        for (part, next) in self.parts.iter().zip(&mut watcher.next) {
            let end = locked(part).end();
            while *next < end {
                let (missed, seen) = locked(part).read(next, end, wanted, &mut news.decisions);
                news.missed += missed;
                if missed == 0 && seen == 0 {
                    break;
                }
            }
        }
        // Parts are each in the order in which their threads decided, and stay so.
        news.decisions.sort_by_key(|it| it.now);
        news
    }

    /// The decisions for a tenant in each of the last hours, from the one in which the instance
    /// started or the first of [`HOURS_MAX`] on, with the instant at which each hour begins.
    #[must_use]
    pub fn hours(&self, tenant: &Name, now: Instant) -> Vec<(Instant, Counts)> {
        let last = hour_of(now);
        let first = hour_of(self.began).max(last.saturating_sub(HOURS_MAX - 1)).min(last);
        let mut hours: BTreeMap<i64, Counts> =
            (first..=last).map(|hour| (hour, Counts::default())).collect();
        for part in &self.parts {
            locked(part).count(tenant, &mut hours);
        }
        let start = |hour: i64| Instant::from_millis(hour.saturating_mul(HOUR.millis()));
        hours.into_iter().map(|(hour, counts)| (start(hour), counts)).collect()
    }
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decisions")
    }
}

impl Counts {
    fn add(&mut self, recent: &Recent) {
        match recent.effect {
            Effect::Allow => self.allowed += 1,
            Effect::Deny => self.refused += 1,
        }
        let mut before = None;
        for (code, _) in &recent.reasons {
            // Reasons are in order of code.
            if before.replace(*code) != Some(*code) {
                *self.by_reason.entry(*code).or_default() += 1;
            }
        }
    }

    fn add_all(&mut self, other: &Self) {
        self.allowed += other.allowed;
        self.refused += other.refused;
        for (code, count) in &other.by_reason {
            *self.by_reason.entry(*code).or_default() += count;
        }
    }
}

fn cited(stated: &Stated) -> (Code, Option<Name>) {
    (stated.code, stated.rule.clone())
}

fn hour_of(at: Instant) -> i64 {
    at.millis().div_euclid(HOUR.millis())
}

fn locked(part: &Mutex<Part>) -> MutexGuard<'_, Part> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The part of this thread.
fn own_part() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<Option<usize>> = const { Cell::new(None) };
    }
    let own = |own: &Cell<Option<usize>>| {
        own.get().unwrap_or_else(|| {
            let number = THREADS.fetch_add(1, Ordering::Relaxed) % PARTS;
            own.set(Some(number));
            number
        })
    };
    OWN.try_with(own).unwrap_or_default()
}

#[cfg(test)]
mod tests;
