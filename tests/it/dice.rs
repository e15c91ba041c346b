//! Seeded randomness, with the seed of a run.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the environment may say the seed, and a run tells it"
)]

#[path = "../properties/dice.rs"]
mod seeded;

pub(crate) use self::seeded::Dice;

impl Dice {
    /// With the seed that the environment names, or a new one, which is printed.
    pub(crate) fn of_this_run(what: &str) -> Self {
        let seed = std::env::var("COURTESY_SEED").map_or_else(
            |_unset| {
                let hasher = std::collections::hash_map::RandomState::new();
                std::hash::BuildHasher::hash_one(&hasher, what) % 1_000_000
            },
            |seed| seed.parse().unwrap(),
        );
        eprintln!("{what}: COURTESY_SEED={seed}");
        Self::new(seed)
    }

    /// Another stream, which the numbers drawn from this one do not disturb.
    pub(crate) fn branch(&mut self) -> Self {
        Self::new(self.roll(u64::MAX))
    }
}
