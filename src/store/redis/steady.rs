//! The published health of a store, without flapping: a worse state is published at once, except
//! after one late answer; a better one only when it has lasted.

use std::time::Duration;

use crate::clock::Stopwatch;
use crate::store::Health;
use crate::store::Trouble;

/// The time that a better state has to last before it is published.
const LASTING: Duration = Duration::from_secs(1);

/// The published state, and the time since which it has no longer been seen.
#[derive(Debug, Default)]
pub(super) struct Steady {
    shown: Health,
    /// Since when what was seen is better.
    better: Option<Stopwatch>,
    /// Whether an answer was late at the last look.
    is_late: bool,
}

impl Steady {
    pub(super) fn new(shown: Health) -> Self {
        Self { shown, better: None, is_late: false }
    }

    /// The state to publish after this one was seen.
    pub(super) fn after(&mut self, seen: Health) -> Health {
        self.after_lasting(seen, LASTING)
    }

    fn after_lasting(&mut self, seen: Health, lasting: Duration) -> Health {
        let is_late = seen.why().is_some_and(|why| why.trouble == Trouble::Slow);
        let was_late = std::mem::replace(&mut self.is_late, is_late);
        if is_late && !was_late {
            return self.shown.clone();
        }
        let is_due = seen.rank() >= self.shown.rank()
            || self.better.get_or_insert_with(Stopwatch::start).elapsed() >= lasting;
        if is_due {
            self.better = None;
            self.shown = seen;
        }
        self.shown.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Why;

    fn seen(trouble: Trouble) -> Health {
        Health::ReadOnly(Why::new(trouble, "so it is"))
    }

    #[test]
    fn worse_is_shown_at_once_and_better_when_it_lasts() {
        let mut steady = Steady::default();
        let bad = seen(Trouble::MemoryFull);
        assert_eq!(steady.after(bad.clone()), bad);
        let hour = Duration::from_secs(3_600);
        for _look in 0..100 {
            assert_eq!(steady.after_lasting(Health::Well, hour), bad);
            assert_eq!(steady.after_lasting(bad.clone(), hour), bad);
        }
        assert_eq!(steady.after_lasting(Health::Well, hour), bad);
        assert_eq!(steady.after_lasting(Health::Well, Duration::ZERO), Health::Well);
    }

    #[test]
    fn one_answer_that_comes_late_is_no_trouble() {
        let mut steady = Steady::default();
        let late = seen(Trouble::Slow);
        for _look in 0..10 {
            assert_eq!(steady.after(late.clone()), Health::Well);
            assert_eq!(steady.after(Health::Well), Health::Well);
        }
        assert_eq!(steady.after(late.clone()), Health::Well);
        assert_eq!(steady.after(late.clone()), late);
    }
}
