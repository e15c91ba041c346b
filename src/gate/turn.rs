//! Turns of a thread. Long work stops after each turn, so that calls are answered.

use std::time::Duration;

use tokio::task::yield_now;

use crate::clock::Stopwatch;

/// The length of one turn.
const LONG: Duration = Duration::from_millis(1);

/// A turn in progress.
#[derive(Clone, Copy, Debug)]
pub struct Turn(Stopwatch);

impl Turn {
    /// Begins a turn.
    #[must_use]
    pub fn begin() -> Self {
        Self(Stopwatch::start())
    }

    /// Whether it has been long enough.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.elapsed() >= LONG
    }

    /// Lets others have theirs if this one has been long enough, and begins another.
    pub async fn pause(&mut self) {
        if self.is_over() {
            yield_now().await;
            *self = Self::begin();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_long_turn_lets_others_have_theirs() {
        let is_done = Cell::new(false);
        let working = async {
            let mut turn = Turn::begin();
            while !is_done.get() {
                turn.pause().await;
            }
        };
        tokio::join!(working, async { is_done.set(true) });
    }
}
