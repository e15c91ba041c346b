//! Writing marks: the first, the counter that grows, and what was found to be lost.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::FORMAT;
use super::FORMAT_FIRST;
use super::Guard;
use super::Marks;
use super::mark_key;
use crate::codec::mark::Installation;
use crate::codec::mark::Known;
use crate::codec::mark::Mark;
use crate::codec::mark::Raises;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::copy::is_empty;
use crate::model::customer_id::Spelling;
use crate::store::Durability;
use crate::store::Evictions;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Version;

impl Guard {
    /// Takes the number of audit events that are not in the mark yet. They count as written from
    /// now on.
    fn take_events(&self) -> u64 {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Logs and publishes what is lost; `None` ends it.
    pub(super) fn tell(&self, lost: Option<String>) {
        if lost.is_some() {
            // The log may have lost its end as well: what is not told yet may be gone.
            self.take_events();
        }
        self.lost.send_if_modified(|before| {
            if *before == lost {
                return false;
            }
            match &lost {
                Some(why) => tracing::error!(why, "the store has lost something"),
                None => tracing::info!("the store holds what it should again"),
            }
            *before = lost;
            true
        });
    }

    /// Forgets who has raised the counters of some parts.
    pub(super) fn forget_raises(&self, parts: &[u32]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.raises.retain(|part, _| !parts.contains(part));
    }

    fn give_back(&self, events: u64) {
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner) += events;
    }
}

impl Gate {
    /// Marks a store that has no mark. One that was empty, or is used by this process alone, is
    /// written by this version only; on any other there may be older instances.
    pub(super) async fn make_first_mark(&self, customer_ids: Spelling) -> Result<(), Failure> {
        let is_new = !self.store.is_shared() || is_empty(self.store.as_ref()).await?;
        let store_format = if is_new { FORMAT } else { FORMAT_FIRST };
        if is_new {
            self.shut_out_older().await?;
        }
        let mut installation: Installation = Installation::default();
        getrandom::fill(&mut installation)
            .map_err(|error| Failure::StoreUnavailable(error.to_string()))?;
        let losses = self.asked(self.store.losses()).await?;
        if let Some(why) = losses.unsaid {
            return Err(Failure::StoreUnavailable(why));
        }
        let part = self.store.parts().into_iter().min().unwrap_or_default();
        let mark = Mark {
            installation,
            counter: 1,
            store_format,
            parts: [part].into(),
            revisions: self.revisions_known(),
            evicted: baseline(&losses.evictions),
            served: true,
            customer_ids,
            ..Mark::default()
        };
        if let Replaced::Done(_) = self.write_mark(part, None, &mark).await? {
            let settled = BTreeMap::from([(part, mark.counter)]);
            let known = self.guard.known();
            self.guard.know(Known { installation, settled, store_format, ..known });
        }
        // Another instance was faster and has marked it; the next look learns how.
        self.guard.tell(None);
        Ok(())
    }

    /// Raises the counters if something was written, tells what was acknowledged, and marks parts
    /// that are new.
    pub(super) async fn raise(&self, marks: Marks) -> Result<(), Failure> {
        let written = self.guard.written.swap(false, Ordering::Relaxed);
        let mut events = self.guard.take_events();
        let raised = self.raise_all(marks, written, &mut events).await;
        if !matches!(raised, Ok(true)) {
            self.guard.written.fetch_or(written, Ordering::Relaxed);
        }
        self.guard.give_back(events);
        raised.map(|_is_done| ())
    }

    /// Raises the counters of all parts. `events` is the number of audit events to add to the
    /// marks, and then the number that is left. None is added twice, also if it is unknown whether
    /// it was added: a log that seems to have had more events than there are would be taken for one
    /// that lost some.
    async fn raise_all(
        &self,
        marks: Marks,
        written: bool,
        events: &mut u64,
    ) -> Result<bool, Failure> {
        let mut known = self.guard.known();
        let first = marks.values().flatten().next().map(|(mark, _)| mark.clone());
        let Some(first) = first else { return Ok(true) };
        let own = self.store.parts();
        let counting = own.iter().min().copied().unwrap_or_default();
        let mut is_done = marks.contains_key(&counting);
        for (part, found) in marks {
            let settled = known.settled.get(&part).copied().unwrap_or_default();
            let (mark, expected) = match found {
                Some((mark, version)) => {
                    let mut next = mark.clone();
                    next.parts.extend(known.settled.keys());
                    next.settled = next.settled.max(settled);
                    next.served = true;
                    // No other process writes to it, so no older instance can misread it.
                    if !self.store.is_shared() {
                        next.store_format = FORMAT;
                    }
                    // The counts of all tenants are in the first part's mark.
                    if part == counting {
                        next.revisions = next.revisions.max(self.revisions_known());
                        next.audit_events = next.audit_events.saturating_add(*events);
                    }
                    if next == mark && !written {
                        continue;
                    }
                    if written {
                        next.counter = next.counter.saturating_add(1);
                        next.raises.note(self.guard.process, mark.counter, next.counter);
                    }
                    (next, Some(version))
                }
                None if own.contains(&part) => {
                    let parts = known.settled.keys().copied().chain([part]).collect();
                    let (settled, audit_events, raises) = (0, 0, Raises::default());
                    let counter = 1;
                    (Mark { counter, settled, audit_events, parts, raises, ..first.clone() }, None)
                }
                None => continue,
            };
            let replaced = self.write_mark(part, expected, &mark).await;
            let is_untold = matches!(replaced, Ok(Replaced::Changed(_)));
            if part == counting && !is_untold {
                *events = 0;
            }
            match replaced? {
                Replaced::Done(_) => {
                    known.settled.insert(part, mark.counter);
                    known.raises.entry(part).or_default().learn(&mark.raises, mark.counter);
                    known.store_format = known.store_format.max(mark.store_format);
                    self.guard.know(known.clone());
                }
                Replaced::Changed(_) => is_done = false,
            }
        }
        Ok(is_done)
    }

    /// Notes in a store that has lost something that it has, so that instances find it that know
    /// nothing of it yet.
    pub(super) async fn tell_others(
        &self,
        known: &Known,
        marks: Marks,
        why: &str,
    ) -> Result<(), Failure> {
        for (part, found) in marks {
            let (mark, expected) = match found {
                Some((mark, _)) if !mark.lost.is_empty() => continue,
                Some((mark, version)) => (Mark { lost: why.to_owned(), ..mark }, Some(version)),
                None if known.settled.is_empty() => continue,
                None => {
                    let counter = known.settled.get(&part).copied().unwrap_or_default();
                    let mark = Mark {
                        installation: known.installation,
                        counter,
                        settled: counter,
                        store_format: known.store_format,
                        parts: known.settled.keys().copied().collect(),
                        lost: why.to_owned(),
                        customer_ids: self.settings.spelling,
                        ..Mark::default()
                    };
                    (mark, None)
                }
            };
            self.write_mark(part, expected, &mark).await?;
        }
        Ok(())
    }

    pub(super) async fn write_mark(
        &self,
        part: u32,
        expected: Option<Version>,
        mark: &Mark,
    ) -> Result<Replaced, Failure> {
        let (key, value) = (mark_key(part)?, mark.write());
        let replacement = Replacement { key, expected, value, expires: None };
        // Whatever wishes must survive, the counter is only remembered where it survives a
        // fail-over.
        self.asked(self.store.replace(replacement, Durability::Replicated)).await
    }
}

/// The number of keys that servers have evicted already.
pub(super) fn baseline(evictions: &[Evictions]) -> BTreeMap<String, u64> {
    let used = evictions.iter().filter(|it| it.keys > 0);
    used.map(|it| (it.run.clone(), it.keys)).collect()
}
