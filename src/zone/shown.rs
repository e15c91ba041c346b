//! Instants as people read them: of UTC to the second, and what clocks show beside it.

use std::sync::Arc;

use super::Zone;
use crate::model::Instant;

/// The number of clocks on which an instant is shown.
const CLOCKS_MAX: usize = 2;
const SECOND_MILLIS: i64 = 1_000;

/// The direction in which an instant is rounded to a whole second, so that the text about it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// For a time that has passed, and for the end of a validity.
    Down,
    /// For the time from which on something no longer denies.
    Up,
}

impl Round {
    /// The whole second.
    #[must_use]
    pub fn second(self, at: Instant) -> Instant {
        let millis = at.millis();
        let rest = millis.rem_euclid(SECOND_MILLIS);
        Instant::from_millis(match self {
            Self::Up if rest > 0 => millis.saturating_add(SECOND_MILLIS - rest),
            Self::Down | Self::Up => millis.saturating_sub(rest),
        })
    }
}

/// An instant with the clocks beside it: `2026-12-01T07:00:00Z (2026-12-01 08:00:00 Europe/Paris)`.
pub fn shown(at: Instant, round: Round, clocks: &[Arc<Zone>]) -> String {
    let at = round.second(at);
    let local = clocks.iter().take(CLOCKS_MAX).map(|zone| {
        let shown = zone.wall_clock(at);
        let secs = shown.millis / SECOND_MILLIS;
        let (hour, minute, second) = (secs / 3_600, secs / 60 % 60, secs % 60);
        format!(" ({} {hour:02}:{minute:02}:{second:02} {})", shown.day, zone.name())
    });
    std::iter::once(at.to_string()).chain(local).collect()
}
