//! Points on the time line and lengths of it, in whole milliseconds. No floats, no time zones.

use std::fmt;

use jiff::Timestamp;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Callers may name instants from [`Instant::FIRST`] to [`Instant::LAST`]; arithmetic saturates
/// far outside of these, so it never wraps and never panics.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A length of absolute time, zero or more, in milliseconds: `7d` is 168 hours, whatever the
/// clocks on the wall do meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

/// A text or a number that names no instant we accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not RFC 3339 with an offset.
    #[error("not an instant such as `2026-11-22T15:00:00Z`")]
    Syntax,
    /// Before [`Instant::FIRST`] or after [`Instant::LAST`].
    #[error("instants lie between 1970 and 2199")]
    OutOfRange,
}

impl Instant {
    /// The first instant a caller may name: 1970-01-01T00:00:00Z.
    pub const FIRST: Self = Self(0);
    /// The last instant a caller may name: 2199-12-31T23:59:59.999Z.
    pub const LAST: Self = Self(7_258_118_399_999);

    /// The instant `millis` milliseconds after 1970-01-01T00:00:00Z. Any number is allowed.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, such as `2026-11-22T15:00:00Z` or `2026-11-22T10:00:00.5-05:00`; what is
    /// finer than a millisecond is cut off.
    ///
    /// # Errors
    /// If the text is something else, or the instant is out of range.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let timestamp: Timestamp = text.parse().map_err(|_err| Error::Syntax)?;
        // `as_millisecond` cuts towards zero, and what lies before 1970 is refused below.
        let instant = Self(timestamp.as_millisecond());
        if timestamp < Timestamp::UNIX_EPOCH || instant > Self::LAST {
            return Err(Error::OutOfRange);
        }
        Ok(instant)
    }

    /// Whether a caller may name this instant.
    #[must_use]
    pub fn is_in_range(self) -> bool {
        (Self::FIRST..=Self::LAST).contains(&self)
    }

    /// The instant `span` later.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The instant `span` earlier.
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with a fraction only where there is one, and then of three digits as in
    /// ProtoJSON: one instant is one text everywhere.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) if self.0 % 1_000 != 0 => write!(f, "{timestamp:.3}"),
            Ok(timestamp) => timestamp.fmt(f),
            Err(_beyond_the_calendar) => write!(f, "{} ms", self.0),
        }
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of milliseconds. A negative number becomes zero.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis < 0 { 0 } else { millis })
    }

    /// A span of seconds.
    #[must_use]
    pub const fn from_secs(secs: u32) -> Self {
        Self(secs as i64 * 1_000)
    }

    /// A span of hours.
    #[must_use]
    pub const fn from_hours(hours: u32) -> Self {
        Self(hours as i64 * 3_600_000)
    }

    /// A span of days of 24 hours.
    #[must_use]
    pub const fn from_days(days: u32) -> Self {
        Self(days as i64 * 86_400_000)
    }

    /// Whether it is a whole number of days.
    #[must_use]
    pub const fn is_whole_days(self) -> bool {
        self.0 % 86_400_000 == 0
    }

    /// The length in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// `count` times this length.
    #[must_use]
    pub const fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count as i64))
    }
}

impl fmt::Display for Span {
    /// Writes the span as the policy language does: `7d`, `1h30m`, `500ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];
        let mut rest = self.0;
        for (millis, unit) in units {
            if rest >= millis {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
