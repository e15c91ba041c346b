//! Marks that would lie on each other become one with a number.

use super::text::WHOLE;

/// The width at which marks must not touch. If there is less, the picture scrolls. The style
/// sheet's `min-width` has the same value.
const WIDTH: i64 = 560;

/// A mark, or several that are too close together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    sum: i64,
    /// The number of marks.
    pub(super) count: i64,
    /// The number of marks that count.
    pub(super) counting: i64,
}

impl Cluster {
    /// The place of the middle.
    pub(super) fn place(self) -> i64 {
        self.sum / self.count.max(1)
    }

    /// Half the width, in pixels.
    pub(super) const fn radius(self) -> i64 {
        match self.count {
            ..=1 => 5,
            2..=9 => 8,
            10..=99 => 10,
            _ => 13,
        }
    }

    fn touches(self, next: Self) -> bool {
        let apart = next.place().saturating_sub(self.place());
        apart < (self.radius() + next.radius() + 1) * WHOLE / WIDTH
    }

    const fn with(self, other: Self) -> Self {
        Self {
            sum: self.sum.saturating_add(other.sum),
            count: self.count.saturating_add(other.count),
            counting: self.counting.saturating_add(other.counting),
        }
    }
}

/// Clusters of marks from left to right, none of which touches the next. The marks come in that
/// order, each with its place and whether it counts.
pub(super) fn clusters(marks: impl Iterator<Item = (i64, bool)>) -> Vec<Cluster> {
    let mut apart: Vec<Cluster> = Vec::new();
    for (place, counts) in marks {
        let mut last = Cluster { sum: place, count: 1, counting: i64::from(counts) };
        while let Some(before) = apart.pop_if(|before| before.touches(last)) {
            last = before.with(last);
        }
        apart.push(last);
    }
    apart
}
