//! Numbers that look random and depend only on the seed.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

/// Dice of one customer: what is thrown for others changes nothing.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    seed: u64,
    of: u64,
    throws: u64,
}

impl Dice {
    pub(super) const fn new(seed: u64, of: u64) -> Self {
        Self { seed, of, throws: 0 }
    }

    /// A number below `sides`; 0 where there are none.
    pub(super) fn below(&mut self, sides: u32) -> u32 {
        self.throws = self.throws.saturating_add(1);
        let mut hasher = SipHasher24::new_with_keys(self.seed, self.of);
        hasher.write_u64(self.throws);
        let rest = hasher.finish() % u64::from(sides.max(1));
        u32::try_from(rest).unwrap_or(0)
    }

    /// Whether an event with a probability of `times` in a thousand happens.
    pub(super) fn happens(&mut self, times: u32) -> bool {
        self.below(1_000) < times
    }

    /// One of several elements; `None` if there are none.
    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let index = self.below(u32::try_from(of.len()).unwrap_or(u32::MAX));
        of.get(usize::try_from(index).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same_and_every_side_comes() {
        let throw = |seed, of| {
            let mut dice = Dice::new(seed, of);
            (0..600).map(|_| dice.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1, 7), throw(1, 7));
        assert_ne!(throw(1, 7), throw(2, 7));
        assert_ne!(throw(1, 7), throw(1, 8));
        for side in 0..6 {
            let count = throw(1, 7).iter().filter(|it| **it == side).count();
            assert!((60..140).contains(&count), "{side}: {count}");
        }
        assert_eq!(Dice::new(1, 1).below(0), 0);
    }
}
