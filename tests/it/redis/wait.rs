//! Waiting for what must come, with a deadline.

use std::fmt::Debug;
use std::time::Duration;

use courtesy::clock::Stopwatch;

/// How long anything may take that takes no time of its own.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until there is an answer. Those who wait too long learn what they waited for.
#[track_caller]
pub(crate) fn until<T>(patience: Duration, what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let began = Stopwatch::start();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(began.elapsed() < patience, "not within {patience:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Tries until it is done. Those who wait too long learn why it was not.
#[track_caller]
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
