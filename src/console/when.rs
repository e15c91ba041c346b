//! Times, on the clock of a customer or of UTC.

use std::sync::Arc;

use jiff::civil::DateTime;
use maud::Markup;
use maud::html;
use prost_types::Timestamp;

use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::zone::Zone;

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;

/// The clock on which times are shown.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    zone: Arc<Zone>,
    now: Instant,
}

impl Clock {
    /// The clock of a zone.
    pub(super) const fn new(zone: Arc<Zone>, now: Instant) -> Self {
        Self { zone, now }
    }

    /// UTC's.
    pub(super) fn utc(now: Instant) -> Self {
        Self::new(Arc::new(Zone::fixed("UTC", 0)), now)
    }

    /// The zone's name.
    pub(super) fn name(&self) -> &str {
        self.zone.name()
    }

    /// The zone.
    pub(super) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The time on the clock: `17:04`.
    pub(super) fn time(&self, at: Instant) -> String {
        let minutes = self.zone.wall_clock(at).millis / MINUTE_MILLIS;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// The time with seconds: `17:04:31`.
    pub(super) fn seconds(&self, at: Instant) -> String {
        let seconds = self.zone.wall_clock(at).millis / 1_000;
        format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }

    /// A day: `Tue 1 Dec`, with the year where that is another one.
    pub(super) fn day(&self, day: Day) -> String {
        let this_year = self.zone.day(self.now).date().year();
        let form = if day.date().year() == this_year { "%a %-d %b" } else { "%a %-d %b %Y" };
        day.date().strftime(form).to_string()
    }

    /// A day and a time: `Tue 1 Dec 09:12`.
    pub(super) fn text(&self, at: Instant) -> String {
        format!("{} {}", self.day(self.zone.day(at)), self.time(at))
    }

    /// The text, with the instant for machines, and UTC when a pointer rests on it.
    pub(super) fn shown(&self, at: Instant) -> Markup {
        let instant = at.to_string();
        html! { time datetime=(instant) title=(instant) { (self.text(at)) } }
    }

    /// The instant at which the clock shows a local time; where it skips that time, the one that it
    /// would have been.
    pub(super) fn at(&self, local: DateTime) -> Instant {
        let day = Day::from(local.date());
        let wanted = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let wanted = wanted.saturating_mul(MINUTE_MILLIS);
        let first = self.zone.start_of(day).plus(Span::from_millis(wanted));
        let shown = self.zone.wall_clock(first);
        let off = i64::from(shown.day.number() - day.number()).saturating_mul(DAY_MILLIS);
        let off = off.saturating_add(shown.millis).saturating_sub(wanted);
        Instant::from_millis(first.millis().saturating_sub(off))
    }

    /// A time that may be unset.
    pub(super) fn optional(&self, at: Option<&Timestamp>) -> Markup {
        match at {
            Some(at) => self.shown(instant(at)),
            None => html! { "–" },
        }
    }
}

/// The instant of an answer's time.
pub(super) fn instant(at: &Timestamp) -> Instant {
    let millis = at.seconds.saturating_mul(1_000);
    Instant::from_millis(millis.saturating_add(i64::from(at.nanos) / 1_000_000))
}

/// The time of an instant, for a request.
pub(super) fn timestamp(at: Instant) -> Timestamp {
    let nanos = at.millis().rem_euclid(1_000).saturating_mul(1_000_000);
    Timestamp {
        seconds: at.millis().div_euclid(1_000),
        nanos: i32::try_from(nanos).unwrap_or_default(),
    }
}

/// The length from one instant to another.
pub(super) const fn between(from: Instant, to: Instant) -> Span {
    Span::from_millis(to.millis().saturating_sub(from.millis()))
}

/// A length in the largest unit that fits: `2 h`, `3 days`.
pub(super) fn length(millis: i64) -> String {
    let minutes = millis / MINUTE_MILLIS;
    match minutes {
        0 => "less than a minute".to_owned(),
        1..=119 => format!("{minutes} min"),
        120..=2_879 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_clock() {
        let at = |text: &str| Instant::parse(text).unwrap();
        let paris = crate::zone::Zones::bundled().find("Europe/Paris").unwrap();
        let clock = Clock::new(paris, at("2026-11-29T12:00:00Z"));
        assert_eq!(clock.text(at("2026-12-01T08:12:59Z")), "Tue 1 Dec 09:12");
        assert_eq!(clock.text(at("2026-12-31T23:00:00Z")), "Fri 1 Jan 2027 00:00");
        assert_eq!(
            Clock::utc(at("2026-11-29T12:00:00Z")).time(at("2026-12-01T08:12:59Z")),
            "08:12"
        );
        let there_and_back = at("2026-12-01T08:12:59.5Z");
        assert_eq!(instant(&timestamp(there_and_back)), there_and_back);
        for (minutes, expected) in
            [(0, "less than a minute"), (90, "90 min"), (120, "2 h"), (2_880, "2 days")]
        {
            assert_eq!(length(minutes * MINUTE_MILLIS), expected);
        }
    }
}
