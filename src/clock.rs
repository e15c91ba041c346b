//! The one place that reads the time. Everything else takes it as an argument.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::model::Instant;

/// Where the time comes from: the machine, or a hand that a test moves.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

/// Moves a clock.
#[derive(Clone, Debug)]
pub struct Hand(Arc<AtomicI64>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that shows `start` until its hand is moved.
    #[must_use]
    pub fn manual(start: Instant) -> (Self, Hand) {
        let shown = Arc::new(AtomicI64::new(start.millis()));
        (Self(Some(Arc::clone(&shown))), Hand(shown))
    }

    /// The time, to the millisecond.
    #[must_use]
    pub fn now(&self) -> Instant {
        match &self.0 {
            None => now(),
            Some(shown) => Instant::from_millis(shown.load(Ordering::SeqCst)),
        }
    }
}

impl Hand {
    /// Lets the clock show this instant.
    pub fn set(&self, at: Instant) {
        self.0.store(at.millis(), Ordering::SeqCst);
    }
}

/// The time by this machine's clock, to the millisecond.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Instant {
    let since_epoch = std::time::SystemTime::now()
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Measures how long something takes, whatever happens to the machine's clock meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
