//! How far a thread is behind. All that is ready at one time is one turn of a thread: it works on
//! that, and what arrives meanwhile waits for the next turn. When a turn becomes long, more is
//! asked than the thread can answer; a refusal at once serves callers better than an answer for
//! which no caller waits any more. So only the first part of a turn goes into checks, and the last
//! into none but what customers refuse.
//!
//! Where few calls make up a turn, its length says nothing: the machine was busy with something
//! else.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::clock::Stopwatch;

/// So many calls are answered in each turn, however long that takes.
const CALLS_MIN: usize = 64;

/// How much of a turn goes into calls that change nothing. What a caller sees is at most about
/// three times as long: a call waits for its turn, then in it, and its answer waits to be written.
const CHECKS_FOR: Duration = Duration::from_millis(20);

/// How much of a turn goes into any calls but those of customers who refuse.
const OTHERS_FOR: Duration = Duration::from_millis(40);

/// One thread's turns.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<Option<Turn>>>);

/// The turn that goes on.
#[derive(Debug)]
struct Turn {
    stopwatch: Stopwatch,
    calls: usize,
}

impl Turns {
    /// Counts a call that is worked on. Returns how many eighths of all places its method must at
    /// least be allowed to take, to be answered.
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the turn, and a stop need not wait"
    )]
    pub(super) fn call(&self) -> usize {
        let mut turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turn.get_or_insert_with(|| {
            // It stands behind everything that is ready now, and so runs when that is done.
            let ended = self.clone();
            drop(tokio::spawn(async move { ended.end() }));
            Turn { stopwatch: Stopwatch::start(), calls: 0 }
        });
        turn.calls += 1;
        eighths_min(turn.calls, turn.stopwatch.elapsed())
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn eighths_min(calls: usize, since: Duration) -> usize {
    match since {
        _ if calls <= CALLS_MIN => 0,
        _ if since < CHECKS_FOR => 0,
        _ if since < OTHERS_FOR => 7,
        _ => 8,
    }
}

#[cfg(test)]
mod tests;
