//! Load shedding by how far a thread is behind. A turn is everything that was ready when the thread
//! last polled; what arrives meanwhile waits for the next turn. Once a turn has taken 20 ms, checks
//! are refused; after 40 ms, everything but what customers refuse. An early refusal serves a caller
//! better than an answer after its deadline.
//!
//! The length of a turn with few calls proves nothing: the machine was busy with something else.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::server::methods::Priority;

/// The number of calls that are answered in each turn, however long that takes.
const CALLS_MIN: usize = 64;

/// The part of a turn for calls that change nothing. A caller sees at most about three times as
/// long: a call waits for its turn, then in it, and its answer waits to be written.
const CHECKS_FOR: Duration = Duration::from_millis(20);

/// The part of a turn for all calls except those of customers who refuse.
const OTHERS_FOR: Duration = Duration::from_millis(40);

/// The turns of one thread.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadShedder(Arc<Mutex<Option<Turn>>>);

/// The present turn.
#[derive(Debug)]
struct Turn {
    stopwatch: Stopwatch,
    calls: usize,
}

impl LoadShedder {
    /// Counts a call that is worked on. Returns the lowest priority that is still answered.
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the turn, and a stop need not wait"
    )]
    pub(super) fn call(&self) -> Priority {
        let mut turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turn.get_or_insert_with(|| {
            // The task is queued after everything that is ready now, and so runs when that is done.
            let ended = self.clone();
            drop(tokio::spawn(async move { ended.end() }));
            Turn { stopwatch: Stopwatch::start(), calls: 0 }
        });
        turn.calls += 1;
        priority_min(turn.calls, turn.stopwatch.elapsed())
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn priority_min(calls: usize, since: Duration) -> Priority {
    match since {
        _ if calls <= CALLS_MIN => Priority::Check,
        _ if since < CHECKS_FOR => Priority::Check,
        _ if since < OTHERS_FOR => Priority::Change,
        _ => Priority::Refusal,
    }
}

#[cfg(test)]
mod tests;
