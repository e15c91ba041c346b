//! Who has raised the counter of a mark. A store that has lost something may be written to by an
//! instance that does not know it, and count as far as before. The raises of the others are missing
//! then.

use std::collections::BTreeMap;

use crate::proto::store::v1;

/// How many processes are told apart. A mark is written up to twice a second, so it stays small.
const PROCESSES_MAX: usize = 64;

/// The last raise of each process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raises {
    /// From which counter on every raise was noted.
    since: u64,
    /// For each process what its last raise made of the counter. Empty where none was noted, which
    /// says nothing: older releases note none, and drop what others have noted.
    last: BTreeMap<u64, u64>,
}

impl Raises {
    pub(super) fn read(message: v1::Raises) -> Self {
        Self { since: message.since, last: message.last }
    }

    pub(super) fn write(&self) -> v1::Raises {
        v1::Raises { since: self.since, last: self.last.clone() }
    }

    /// Notes that a process raises the counter.
    pub fn note(&mut self, process: u64, before: u64, after: u64) {
        if self.last.is_empty() {
            self.since = before;
        }
        self.last.insert(process, after);
        while self.last.len() > PROCESSES_MAX {
            let oldest = self.last.iter().min_by_key(|(_, counter)| **counter);
            let Some((&process, &counter)) = oldest else { return };
            self.last.remove(&process);
            self.since = counter;
        }
    }

    /// Learns what a mark says that was acknowledged up to a counter.
    pub fn learn(&mut self, found: &Self, settled: u64) {
        self.since = self.since.max(found.since);
        for (process, counter) in found.last.iter().filter(|(_, counter)| **counter <= settled) {
            let known = self.last.entry(*process).or_default();
            *known = (*known).max(*counter);
        }
        self.last.retain(|_, counter| *counter > self.since);
    }

    /// Whether a raise is missing that is known to have been acknowledged.
    #[must_use]
    pub fn lack(&self, known: &Self) -> bool {
        let is_missing = |(process, counter): (&u64, &u64)| {
            *counter > self.since && self.last.get(process).is_none_or(|last| last < counter)
        };
        !self.last.is_empty() && known.last.iter().any(is_missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: u64 = 1;
    const BOB: u64 = 2;

    /// The raises of these processes, one after another.
    fn raised(mut raises: Raises, from: u64, by: &[u64]) -> Raises {
        for (&process, counter) in by.iter().zip(from..) {
            raises.note(process, counter, counter + 1);
        }
        raises
    }

    fn known(raises: &Raises, settled: u64) -> Raises {
        let mut known = Raises::default();
        known.learn(raises, settled);
        known
    }

    #[test]
    fn a_raise_is_missing_however_far_another_process_has_counted() {
        let saved = raised(Raises::default(), 1, &[ADA, BOB]);
        let before = raised(saved.clone(), 3, &[ADA]);
        let known = known(&before, 4);
        assert!(!before.lack(&known));
        assert!(!raised(before, 4, &[BOB, BOB]).lack(&known));
        for count in 1..10 {
            assert!(raised(saved.clone(), 3, &vec![BOB; count]).lack(&known), "{count}");
        }
    }

    #[test]
    fn a_raise_that_was_not_acknowledged_is_not_missed() {
        let saved = raised(Raises::default(), 1, &[ADA]);
        let lost = raised(saved.clone(), 2, &[BOB]);
        assert!(!raised(saved, 2, &[ADA]).lack(&known(&lost, 2)));
    }

    #[test]
    fn a_process_that_was_new_is_missed_as_well() {
        let noted = raised(Raises::default(), 1, &[ADA]);
        assert!(raised(Raises::default(), 1, &[BOB]).lack(&known(&noted, 2)));
    }

    #[test]
    fn what_an_older_release_has_dropped_is_not_missed() {
        let known = known(&raised(Raises::default(), 1, &[ADA, BOB]), 3);
        assert!(!Raises::default().lack(&known));
        // It has raised the counter to 4.
        assert!(!raised(Raises::default(), 4, &[BOB]).lack(&known));
    }

    #[test]
    fn the_oldest_raises_are_forgotten_and_not_missed() {
        let mut raises = raised(Raises::default(), 1, &[ADA]);
        let mut kept = known(&raises, 2);
        let others: Vec<u64> = (100..100 + PROCESSES_MAX as u64).collect();
        raises = raised(raises, 2, &others);
        assert_eq!(raises.last.len(), PROCESSES_MAX);
        assert!(!raises.lack(&kept));
        kept.learn(&raises, 2);
        assert!(kept.last.is_empty());
        // A counter of one of the others is still missed.
        assert!(raised(Raises::default(), 1, &[BOB]).lack(&known(&raises, 9)));
    }
}
