//! The one place that reads the time. Everything else takes it as an argument.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::model::Instant;

/// The source of the time: the machine, or a hand that a test moves.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

/// Moves a clock.
#[derive(Clone, Debug)]
pub struct Setter(Arc<AtomicI64>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that shows `start` until its hand is moved.
    #[must_use]
    pub fn manual(start: Instant) -> (Self, Setter) {
        let shown = Arc::new(AtomicI64::new(start.millis()));
        (Self(Some(Arc::clone(&shown))), Setter(shown))
    }

    /// A clock that shows the machine's time until its hand is moved, and then stands still.
    #[must_use]
    pub fn settable() -> (Self, Setter) {
        Self::manual(NEVER_SET)
    }

    /// Whether the clock is the machine's.
    #[must_use]
    pub const fn is_system(&self) -> bool {
        self.0.is_none()
    }

    /// The time, to the millisecond.
    #[must_use]
    pub fn now(&self) -> Instant {
        match &self.0 {
            None => now(),
            Some(shown) => read(shown),
        }
    }
}

/// The time of a hand that was never moved.
const NEVER_SET: Instant = Instant::from_millis(i64::MIN);

fn read(shown: &AtomicI64) -> Instant {
    match Instant::from_millis(shown.load(Ordering::SeqCst)) {
        NEVER_SET => now(),
        shown => shown,
    }
}

impl Setter {
    /// The time that the clock shows.
    #[must_use]
    pub fn shown(&self) -> Instant {
        read(&self.0)
    }

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

/// The time since the machine began, asleep or not, in milliseconds: it cannot be set. If the
/// system does not give it, the time since this process began.
#[must_use]
pub fn uptime_millis() -> i64 {
    static BEGAN: OnceLock<Stopwatch> = OnceLock::new();
    let read = || {
        let text = std::fs::read_to_string("/proc/uptime").ok()?;
        let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
        let (seconds, hundredths): (i64, i64) = (seconds.parse().ok()?, hundredths.parse().ok()?);
        seconds.checked_mul(1_000)?.checked_add(hundredths.checked_mul(10)?)
    };
    let elapsed = BEGAN.get_or_init(Stopwatch::start).elapsed();
    read().unwrap_or_else(|| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
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
