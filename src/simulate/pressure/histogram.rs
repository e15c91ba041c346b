//! Things by the number of contacts in a week.

/// The least number of contacts of each bucket; the last has no end.
const LEAST: [u32; 9] = [0, 1, 2, 3, 4, 5, 6, 11, 21];

/// Things by the number of contacts in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Histogram([u64; LEAST.len()]);

/// Things of one number of contacts, or nearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The least number.
    pub least: u32,
    /// The greatest number of contacts; unset for no bound.
    pub most: Option<u32>,
    /// The number of things.
    pub count: u64,
}

impl Histogram {
    /// Counts one thing.
    pub fn count(&mut self, contacts: u32) {
        let behind = LEAST.partition_point(|least| *least <= contacts);
        if let Some(count) = self.0.get_mut(behind.saturating_sub(1)) {
            *count += 1;
        }
    }

    /// Adds things without a contact until there are `all` things.
    pub(super) fn fill(&mut self, all: u64) {
        let missing = all.saturating_sub(self.all());
        if let Some(none) = self.0.first_mut() {
            *none += missing;
        }
    }

    /// The number of all things.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Every bucket, the fewest contacts first.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        let ends = LEAST.iter().skip(1).map(|next| Some(next.saturating_sub(1)));
        let ends = ends.chain(std::iter::once(None));
        let buckets = LEAST.iter().zip(ends).zip(&self.0);
        buckets.map(|((least, most), count)| Bucket { least: *least, most, count: *count })
    }
}
