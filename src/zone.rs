//! Time zones, as tables that answer in nanoseconds and allocate nothing.
//!
//! The rules of a zone come from a time-zone database that was chosen explicitly: the bundled
//! one, or a newer directory. The machine's own is never used unasked, because stale clocks give
//! wrong answers.

mod database;
mod shown;

pub use database::Error;
pub use database::Zones;
pub use shown::Round;
pub use shown::shown;

use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;

const DAY_MILLIS: i64 = 86_400_000;
/// Clocks are set about twice a year.
const STRETCH_MILLIS: i64 = 128 * DAY_MILLIS;

/// The offsets from UTC of one place, from 1970 to 2200.
#[derive(Debug, PartialEq, Eq)]
pub struct Zone {
    name: Box<str>,
    // INVARIANT: not empty, in order of `start`; the first starts at the beginning of time.
    segments: Box<[Segment]>,
    // For each stretch of so many milliseconds from 1970 on, the first segment that starts after
    // its beginning, so that no search is needed.
    following: Box<[u32]>,
}

/// A stretch of time over which the offset does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    start: Instant,
    offset_millis: i64,
}

/// The wall clock at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    /// The date.
    pub day: Day,
    /// Milliseconds that the clock shows after midnight, below 86,400,000.
    pub millis: i64,
    /// The next instant at which the clock is set to another offset; until then it runs evenly.
    pub steady_until: Instant,
}

impl Zone {
    /// A clock that is always `offset_secs` ahead of UTC.
    #[must_use]
    pub fn fixed(name: &str, offset_secs: i32) -> Self {
        let offset_millis = i64::from(offset_secs) * 1_000;
        let segment = Segment { start: Instant::from_millis(i64::MIN), offset_millis };
        Self::new(name, Box::new([segment]))
    }

    fn new(name: &str, segments: Box<[Segment]>) -> Self {
        let beginnings = (0..).map(|stretch: i64| Instant::from_millis(stretch * STRETCH_MILLIS));
        let last = segments.last().map_or(Instant::FIRST, |segment| segment.start);
        let following = beginnings.take_while(|begins| *begins <= last).map(|begins| {
            let next = segments.partition_point(|segment| segment.start <= begins);
            u32::try_from(next).unwrap_or(u32::MAX)
        });
        Self { name: name.into(), following: following.collect(), segments }
    }

    /// The zone's IANA name, or its offset as it was written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The wall clock at `at`.
    #[must_use]
    pub fn wall_clock(&self, at: Instant) -> WallClock {
        let next = self.segment_after(at);
        let offset_millis = self.offset_at(next.saturating_sub(1));
        let steady_until = self.start_of_segment(next);
        let local_millis = at.millis().saturating_add(offset_millis);
        WallClock {
            day: day_from_millis(local_millis),
            millis: local_millis.rem_euclid(DAY_MILLIS),
            steady_until,
        }
    }

    /// The date at `at`.
    #[must_use]
    pub fn day(&self, at: Instant) -> Day {
        self.wall_clock(at).day
    }

    /// The first instant of a day: midnight, or where the clock skips midnight, the end of the
    /// gap.
    #[must_use]
    pub fn start_of(&self, day: Day) -> Instant {
        let local_millis = i64::from(day.number()).saturating_mul(DAY_MILLIS);
        // Offsets are below 26 hours, so the day cannot begin before this segment.
        let earliest = Instant::from_millis(local_millis).minus(Span::from_hours(26));
        let mut index = self.segment_after(earliest).saturating_sub(1);
        loop {
            let midnight = Instant::from_millis(local_millis.saturating_sub(self.offset_at(index)));
            let in_segment = midnight.max(self.segment_start(index));
            if in_segment < self.start_of_segment(index + 1) || index >= self.segments.len() {
                return in_segment;
            }
            index += 1;
        }
    }

    /// The first segment that starts after an instant, or how many there are.
    fn segment_after(&self, at: Instant) -> usize {
        let stretch = usize::try_from(at.millis().div_euclid(STRETCH_MILLIS));
        let following = stretch.ok().and_then(|it| self.following.get(it));
        let Some(mut next) = following.and_then(|it| usize::try_from(*it).ok()) else {
            return self.segments.partition_point(|segment| segment.start <= at);
        };
        while self.segments.get(next).is_some_and(|segment| segment.start <= at) {
            next += 1;
        }
        next
    }

    fn offset_at(&self, index: usize) -> i64 {
        self.segments.get(index).map_or(0, |segment| segment.offset_millis)
    }

    fn segment_start(&self, index: usize) -> Instant {
        self.segments.get(index).map_or(Instant::from_millis(i64::MIN), |segment| segment.start)
    }

    /// The end of time if there is no such segment.
    fn start_of_segment(&self, index: usize) -> Instant {
        self.segments.get(index).map_or(Instant::from_millis(i64::MAX), |segment| segment.start)
    }
}

fn day_from_millis(local_millis: i64) -> Day {
    let days = local_millis.div_euclid(DAY_MILLIS);
    Day::from_number(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
}

#[cfg(test)]
mod tests;
