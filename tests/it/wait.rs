//! Waiting for what must come, with a deadline.

use std::fmt::Debug;
use std::time::Duration;

use courtesy::clock::Stopwatch;

/// How long anything may take that takes no time of its own.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until there is an answer. The panic says what was waited for.
#[track_caller]
pub(crate) fn until<T>(patience: Duration, what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    until_ok(patience, what, || answer().ok_or("no answer"))
}

/// Tries until it is done. The panic says why the last attempt failed.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "what is waited for cannot announce itself")]
pub(crate) fn until_ok<T, E: Debug>(
    patience: Duration,
    what: &str,
    mut attempt: impl FnMut() -> Result<T, E>,
) -> T {
    let began = Stopwatch::start();
    loop {
        match attempt() {
            Ok(done) => return done,
            Err(why) => {
                assert!(began.elapsed() < patience, "not within {patience:?}: {what}: {why:?}");
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Asks until there is an answer. None in time is no failure here, but something to report.
#[expect(clippy::disallowed_methods, reason = "what is waited for cannot announce itself")]
pub(crate) fn within<T>(patience: Duration, mut answer: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Stopwatch::start();
    loop {
        let found = answer();
        if found.is_some() || began.elapsed() >= patience {
            return found;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
