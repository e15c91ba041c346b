//! Times and lengths of time.

use prost_types::Duration;
use prost_types::Timestamp;

use super::violations::Path;
use super::violations::Violations;
use crate::model::Instant;
use crate::model::Span;
use crate::operation::reserve::CONTACT_TIME;
use crate::operation::reserve::PAST_MAX;

/// The most by which a caller's clock may be fast: a time that is ahead by no more counts as now.
pub const CLOCK_SKEW_MAX: Span = Span::from_secs(60);

/// The times that a field may name.
#[derive(Clone, Copy, Debug)]
pub enum Within {
    /// The time of a contact to decide on: 24 hours ago to 400 days ahead.
    Question,
    /// The time of a contact to decide on that may have been reserved before: the request that did
    /// so may be repeated later.
    Repeatable,
    /// The time of a contact that was reserved: 400 days ago to 400 days ahead.
    Reserved,
    /// The time of something that has happened within 400 days.
    Past,
    /// The time of something that has happened within 50 years.
    LongPast,
    /// A time to come within 400 days.
    Future,
    /// The end of something that may be over: within 50 years, at most 400 days ahead.
    Term,
}

/// The bounds of a time, relative to now.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    within: Within,
    now: Instant,
}

impl Within {
    /// These bounds, relative to `now`.
    pub const fn at(self, now: Instant) -> Bounds {
        Bounds { within: self, now }
    }

    const fn bounds(self, now: Instant) -> (Instant, Instant) {
        let days = Span::from_days(400);
        match self {
            Self::Question => (now.minus(PAST_MAX), now.plus(days)),
            Self::Repeatable | Self::Reserved => (now.minus(days), now.plus(days)),
            Self::Past => (now.minus(days), now.plus(CLOCK_SKEW_MAX)),
            Self::LongPast => (now.minus(Span::from_days(50 * 366)), now.plus(CLOCK_SKEW_MAX)),
            Self::Future => (now, now.plus(days)),
            Self::Term => (now.minus(Span::from_days(50 * 366)), now.plus(days)),
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Question | Self::Repeatable => CONTACT_TIME,
            Self::Reserved => "must be at most 400 days ago and at most 400 days ahead",
            Self::Past => "must be at most 400 days ago and not in the future",
            Self::LongPast => "must be at most 50 years ago and not in the future",
            Self::Future => "must be in the future, at most 400 days ahead",
            Self::Term => "must be at most 50 years ago and at most 400 days ahead",
        }
    }
}

impl Violations {
    /// A time within some bounds; unset if it is unset or wrong.
    pub fn time(
        &mut self,
        path: Path,
        field: &str,
        time: Option<&Timestamp>,
        bounds: Bounds,
    ) -> Option<Instant> {
        let Bounds { within, now } = bounds;
        let Some(at) = instant(time?) else {
            self.add(path, field, "is not a valid time (1970 to 2199, nanos 0 to 999,999,999)");
            return None;
        };
        let (first, last) = within.bounds(now);
        if at < first || at > last {
            self.add(path, field, within.description());
            return None;
        }
        match within {
            Within::Past | Within::LongPast => Some(at.min(now)),
            Within::Question
            | Within::Repeatable
            | Within::Reserved
            | Within::Future
            | Within::Term => Some(at),
        }
    }

    /// A length of time from a second to `most`; unset if it is unset or wrong.
    pub fn duration(
        &mut self,
        path: Path,
        field: &str,
        duration: Option<&Duration>,
        most: Span,
    ) -> Option<Span> {
        let span = span(duration?);
        let span = span.filter(|span| (Span::from_secs(1)..=most).contains(span));
        if span.is_none() {
            self.add(path, field, format!("must be from 1s to {most}"));
        }
        span
    }
}

impl Violations {
    /// The time that a call waits, up to `most`; zero if it is unset or wrong.
    pub fn wait(&mut self, field: &str, duration: Option<&Duration>, most: Span) -> Span {
        let Some(duration) = duration else { return Span::ZERO };
        span(duration).filter(|span| *span <= most).unwrap_or_else(|| {
            self.add(Path::ROOT, field, format!("must be from 0s to {most}"));
            Span::ZERO
        })
    }
}

/// The instant of a message; `None` if it is not one that we accept.
#[must_use]
pub fn instant(time: &Timestamp) -> Option<Instant> {
    let nanos = u32::try_from(time.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    let millis = time.seconds.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))?;
    Some(Instant::from_millis(millis)).filter(|at| at.is_in_range())
}

/// The length of a message; `None` if it is negative or malformed.
fn span(duration: &Duration) -> Option<Span> {
    let nanos = u32::try_from(duration.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    let millis = duration.seconds.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))?;
    (millis >= 0).then(|| Span::from_millis(millis))
}

/// An instant as a message.
#[must_use]
pub fn timestamp(at: Instant) -> Timestamp {
    let seconds = at.millis().div_euclid(1_000);
    let millis = i32::try_from(at.millis().rem_euclid(1_000)).unwrap_or_default();
    Timestamp { seconds, nanos: millis * 1_000_000 }
}

/// A length of time as a message.
#[must_use]
pub fn duration(span: Span) -> Duration {
    let millis = i32::try_from(span.millis() % 1_000).unwrap_or_default();
    Duration { seconds: span.millis() / 1_000, nanos: millis * 1_000_000 }
}
