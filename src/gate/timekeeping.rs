//! Decides whether this machine's clock can be trusted, since budgets are counted by it. A fast
//! clock grants again what was granted before; one that was fast and is set right has forgotten
//! what happened.
//!
//! The clock is compared with the clocks of the store's servers or, if there are none, with the
//! time that has passed by a monotonic clock; and with the newest time that the store has seen. An
//! instance whose clock is off by more than an hour grants nothing until the clock is corrected or
//! an operator accepts it. It leaves no trace of its time in the store, so that the other instances
//! continue.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use tokio::sync::watch;

use super::Failure;
use super::Gate;
use crate::clock;
use crate::clock::Stopwatch;
use crate::model::Instant;
use crate::model::Name;
use crate::model::word::words;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Trouble;
use crate::store::Why;

/// The difference from which on it is reported, in milliseconds.
const TOLD: u64 = 60_000;
/// The difference from which on nothing is granted, in milliseconds.
const STOPS: u64 = 3_600_000;
/// Not looked yet.
const UNSEEN: i64 = i64::MIN;
/// The interval at which the newest time is noted in the store, in milliseconds.
const NOTED: i64 = 300_000;

/// The state of the clock, and the trouble with it.
#[derive(Debug)]
pub(super) struct Timekeeping {
    state: Mutex<ClockState>,
    trouble: watch::Sender<Option<Why>>,
    /// A monotonic clock, by which a jump of the wall clock between two looks is noticed.
    passed: Stopwatch,
    /// The lead of the clock over the monotonic one at the last look.
    ahead: AtomicI64,
}

/// The values that the clock is compared with, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct ClockState {
    /// The lead of the clock over the time since the machine began, when the clock was last known
    /// to be right.
    ahead: Option<i64>,
    /// The newest time that the store is known to have seen.
    newest: Option<i64>,
    /// The difference from the servers' clocks that an operator has accepted.
    accepted: i64,
}

/// A witness of the time, and by how many milliseconds the clock is ahead of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offset {
    witness: Witness,
    millis: i64,
}

words! {
    /// A source of the true time.
    enum Witness {
        /// The servers of the store.
        Servers,
        /// A monotonic clock.
        Passed,
        /// The newest time that the store has seen.
        Newest,
    }
}

impl Timekeeping {
    pub(super) fn new() -> Self {
        let (trouble, passed) = (watch::Sender::new(None), Stopwatch::start());
        Self { state: Mutex::default(), trouble, passed, ahead: AtomicI64::new(UNSEEN) }
    }

    fn ahead(&self, now: i64) -> i64 {
        let passed = i64::try_from(self.passed.elapsed().as_millis()).unwrap_or(i64::MAX);
        now.saturating_sub(passed)
    }

    fn state(&self) -> MutexGuard<'_, ClockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClockState {
    /// The error of the clock, by the best witness. All arguments are in milliseconds: the clock,
    /// the time since the machine began, and the servers' clocks.
    fn offset(&mut self, now: i64, uptime: i64, servers: Option<i64>) -> Offset {
        let ahead = now.saturating_sub(uptime);
        let offset = match servers {
            Some(servers) => {
                let millis = now.saturating_sub(servers).saturating_sub(self.accepted);
                self.ahead = Some(ahead.saturating_sub(millis));
                Offset { witness: Witness::Servers, millis }
            }
            None => {
                let right = *self.ahead.get_or_insert(ahead);
                Offset { witness: Witness::Passed, millis: ahead.saturating_sub(right) }
            }
        };
        if offset.millis.unsigned_abs() > TOLD {
            return offset;
        }
        let shown = now.saturating_sub(self.accepted);
        let behind = self.newest.map_or(0, |newest| shown.saturating_sub(newest)).min(0);
        let newest = Offset { witness: Witness::Newest, millis: behind };
        if newest.stops() {
            // The lead of a wrong clock is no measure for its lead later.
            self.ahead = None;
            return newest;
        }
        offset
    }

    /// Takes the clock for right as it is.
    fn accept(&mut self, now: i64, uptime: i64, servers: Option<i64>) {
        self.ahead = Some(now.saturating_sub(uptime));
        self.newest = None;
        self.accepted = servers.map_or(0, |servers| now.saturating_sub(servers));
    }
}

impl Offset {
    const fn stops(self) -> bool {
        self.millis.unsigned_abs() > STOPS
    }

    fn told(self) -> String {
        let seconds = self.millis.unsigned_abs() / 1_000;
        let direction = if self.millis > 0 { "ahead of" } else { "behind" };
        let what = match self.witness {
            Witness::Servers => "those of the store's servers",
            Witness::Passed => "the time that has passed since courtesy was started",
            Witness::Newest => "the newest time that the store has seen",
        };
        format!("this machine's clock is {seconds} s {direction} {what}")
    }
}

impl Gate {
    /// Fails while nothing may be granted, and at once where the clock has jumped since the last
    /// look.
    pub(super) fn check_clock(&self) -> Result<(), Failure> {
        if let Some(why) = &*self.timekeeping.trouble.borrow() {
            return Err(Failure::ClockWrong(why.text.clone()));
        }
        let seen = self.timekeeping.ahead.load(Ordering::Relaxed);
        if seen == UNSEEN {
            return Ok(());
        }
        let ahead = self.timekeeping.ahead(self.clock.now().millis());
        if ahead.abs_diff(seen) > STOPS {
            return Err(Failure::ClockWrong("this machine's clock has jumped".to_owned()));
        }
        Ok(())
    }

    /// The reason why nothing is granted because of the clock; `None` if the clock is trusted.
    #[must_use]
    pub fn clock_trouble(&self) -> watch::Receiver<Option<Why>> {
        self.timekeeping.trouble.subscribe()
    }

    /// Compares this machine's clock with others, and notes the newest time. A clock that a test
    /// moves is always right.
    pub async fn compare_clock(&self) {
        if !self.clock.is_system() {
            return;
        }
        let servers = self.servers_time().await;
        let noted = self.newest_noted().await.ok().flatten();
        let now = self.clock.now().millis();
        let offset = {
            let mut state = self.timekeeping.state();
            let newest = noted.as_ref().and_then(read);
            state.newest = state.newest.max(newest);
            state.offset(now, clock::uptime_millis(), servers)
        };
        self.timekeeping.ahead.store(self.timekeeping.ahead(now), Ordering::Relaxed);
        for witness in Witness::ALL {
            let millis = if witness == offset.witness { offset.millis } else { 0 };
            self.metrics.clock_offset(witness.as_str(), millis / 1_000);
        }
        self.tell_clock(offset.stops().then(|| Why::new(Trouble::Clock, offset.told())));
        if offset.millis.unsigned_abs() <= TOLD {
            let accepted = self.timekeeping.state().accepted;
            self.note_newest(now.saturating_sub(accepted), noted).await;
        }
    }

    /// Trusts the clock as it is now, since an operator decides so. Returns the trouble, if there
    /// was any.
    pub async fn accept_clock(&self) -> Option<String> {
        let trouble = self.timekeeping.trouble.borrow().clone()?;
        let servers = self.servers_time().await;
        let noted = self.newest_noted().await.ok().flatten();
        let now = self.clock.now().millis();
        self.timekeeping.state().accept(now, clock::uptime_millis(), servers);
        if servers.is_none_or(|servers| now.abs_diff(servers) <= TOLD) {
            self.write_newest(now, noted).await;
        }
        self.tell_clock(None);
        Some(trouble.text)
    }

    /// The time on the store's servers; `None` if there are none or none answers.
    async fn servers_time(&self) -> Option<i64> {
        let now = self.clock.now();
        let time = self.within("time", self.store.time(now)).await.ok().flatten();
        time.map(Instant::millis)
    }

    async fn newest_noted(&self) -> Result<Option<Stored>, Failure> {
        let Some(key) = newest_key() else { return Ok(None) };
        self.within("load", self.store.load(&key)).await
    }

    async fn note_newest(&self, now: i64, noted: Option<Stored>) {
        let is_due = noted.as_ref().and_then(read).is_none_or(|it| now - it > NOTED);
        if is_due {
            self.write_newest(now, noted).await;
        }
    }

    /// Notes a time. If another thread is faster, it has noted one too.
    async fn write_newest(&self, now: i64, noted: Option<Stored>) {
        let Some(key) = newest_key() else { return };
        let (expected, value) = (noted.map(|it| it.version), Bytes::from(now.to_string()));
        let replacement = Replacement { key, expected, value, expires: None };
        let write = self.store.replace(replacement, Durability::Buffered);
        if let Err(why) = self.within("replace", write).await {
            tracing::debug!(%why, "the newest time is not noted");
        }
    }

    fn tell_clock(&self, trouble: Option<Why>) {
        self.timekeeping.trouble.send_if_modified(|before| {
            let changed = before.is_some() != trouble.is_some();
            match &trouble {
                Some(why) if changed => tracing::error!(%why, "nothing is granted"),
                None if changed => tracing::info!("the clock is trusted again"),
                Some(_) | None => {}
            }
            *before = trouble;
            changed
        });
    }
}

fn read(noted: &Stored) -> Option<i64> {
    std::str::from_utf8(&noted.value).ok()?.parse().ok()
}

fn newest_key() -> Option<Key> {
    let tenant = Name::new("courtesy").ok()?;
    Some(Key { space: Space::Notes, tenant, id: Box::from("newest time") })
}

#[cfg(test)]
mod tests;
