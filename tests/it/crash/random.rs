//! Chance that a seed repeats.

use crate::dice::Dice;

/// A stream of numbers.
pub(super) struct Random(Dice);

impl Random {
    /// The seed that the environment names, or a new one, which is printed.
    pub(super) fn of_this_run(what: &str) -> Self {
        let seed = std::env::var("COURTESY_SEED").map_or_else(
            |_unset| {
                let hasher = std::collections::hash_map::RandomState::new();
                std::hash::BuildHasher::hash_one(&hasher, what)
            },
            |seed| seed.parse().unwrap(),
        );
        eprintln!("{what}: COURTESY_SEED={seed}");
        Self(Dice::new(seed))
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        u64::try_from(self.0.below(usize::try_from(end).unwrap())).unwrap()
    }

    /// Another stream, which the numbers drawn from this one do not disturb.
    pub(super) fn branch(&mut self) -> Self {
        Self(Dice::new(self.below(u64::MAX)))
    }
}
