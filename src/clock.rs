//! The one place that reads the time. Everything else takes it as an argument.

use crate::model::Instant;

/// The time by this machine's clock, to the millisecond.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Instant {
    let since_epoch = std::time::SystemTime::now()
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
