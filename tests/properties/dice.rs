//! Seeded randomness: the same seed makes the same case on every machine.

use jiff::SignedDuration;

/// Splitmix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end - 1`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let count = usize::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.below(count)).unwrap()
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// At least one of them, in their order.
    pub(crate) fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let certain = self.below(of.len());
        let mut chosen = Vec::new();
        for (position, item) in of.iter().enumerate() {
            if position == certain || self.percent(30) {
                chosen.push(item.clone());
            }
        }
        chosen
    }

    /// Mostly nothing, else a millisecond or a second to either side.
    pub(crate) fn jitter(&mut self) -> SignedDuration {
        let beside = [1, -1, 1_000, -1_000];
        SignedDuration::from_millis(if self.percent(60) { 0 } else { self.one(&beside) })
    }
}
