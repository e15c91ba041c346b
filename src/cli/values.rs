//! Times, lengths of time and numbers of days on the command line, each written in one way
//! everywhere.

use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::Instant;
use crate::model::Span;
use crate::policy;

const TIMES: &str = "write 2026-12-24T12:00:00Z, or in UTC 2026-12-24 12:00 or 2026-12-24, \
                     which is its first moment";

/// A time: RFC 3339, or a date with or without a time of day, in UTC.
pub(crate) fn instant(text: &str) -> Result<Instant, String> {
    let text = text.trim();
    let utc = text.strip_suffix(" UTC").unwrap_or(text);
    let error = match Instant::parse(text) {
        Ok(at) => return Ok(at),
        Err(error) => error,
    };
    // Digits first, so that `24` is not a date.
    let date = utc.parse::<Date>().ok().filter(|_| utc.len() == "2026-12-24".len());
    let local = date.map(DateTime::from).or_else(|| {
        let named_zone = utc.contains('[') || utc.len() < "2026-12-24 12:00".len();
        utc.parse::<DateTime>().ok().filter(|_| !named_zone)
    });
    let at = local.and_then(|local| local.to_zoned(TimeZone::UTC).ok());
    let at = at.map(|at| Instant::from_millis(at.timestamp().as_millisecond()));
    at.filter(|at| at.is_in_range()).ok_or_else(|| format!("{error}; {TIMES}"))
}

/// A length of time with its units: `90m`, `36h`, `7d`, `1h30m`, `500ms`.
pub(crate) fn span(text: &str) -> Result<Span, String> {
    let text = text.trim();
    if let Some(millis) = text.strip_suffix("ms").and_then(|millis| millis.parse().ok())
        && millis > 0
    {
        return Ok(Span::from_millis(millis));
    }
    policy::span(text)
}

/// A length of time, or a number of days: `12h`, `30d`, `30`.
pub(crate) fn days_or_span(text: &str) -> Result<Span, String> {
    match text.trim().parse::<u32>() {
        Ok(_) => days(text).map(|days| Span::from_days(u32::from(days))),
        Err(_no_number) => span(text),
    }
}

/// A length of time as a message.
pub(crate) fn message(span: Span) -> prost_types::Duration {
    crate::rpc::convert::time::duration(span)
}

/// A number of days from 1 to 400: `30`, `30d`, `4w`, `72h`.
pub(crate) fn days(text: &str) -> Result<u16, String> {
    const DAY: i64 = 86_400_000;
    let wrong = || format!("`{text}` is not a number of days from 1 to 400; write 30, 30d or 4w");
    let text = text.trim();
    let days = match text.parse::<u16>() {
        Ok(days) => Some(days),
        Err(_no_number) => {
            let millis = policy::span(text).map_err(|_no_span| wrong())?.millis();
            if millis % DAY == 0 { u16::try_from(millis / DAY).ok() } else { None }
        }
    };
    days.filter(|days| (1..=400).contains(days)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let noon = Instant::parse("2026-12-24T12:00:00Z").unwrap();
        for text in [
            "2026-12-24T12:00:00Z",
            "2026-12-24 12:00",
            "2026-12-24T12:00",
            "2026-12-24 12:00:00",
            "2026-12-24 12:00:00 UTC",
            "2026-12-24 12:00:00Z",
            "2026-12-24T13:00:00+01:00",
            " 2026-12-24 12:00 ",
        ] {
            assert_eq!(instant(text), Ok(noon), "{text}");
        }
        let midnight = Instant::parse("2026-12-24T00:00:00Z").unwrap();
        assert_eq!(instant("2026-12-24"), Ok(midnight));
        for text in
            ["", "24", "2026-13-01", "24.12.2026", "tomorrow", "2026-12-24 25:00", "1950-01-01"]
        {
            assert!(instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_have_units() {
        for (text, millis) in
            [("250ms", 250), ("90m", 5_400_000), ("1h30m", 5_400_000), ("2w", 1_209_600_000)]
        {
            assert_eq!(span(text), Ok(Span::from_millis(millis)), "{text}");
        }
        for text in ["", "10", "0ms", "-3d", "ten days", "1.5h"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_may_have_a_unit() {
        for (text, count) in [("30", 30), ("30d", 30), ("4w", 28), ("72h", 3), ("400", 400)] {
            assert_eq!(days(text), Ok(count), "{text}");
        }
        for text in ["0", "401", "36h", "-1", "some", "1y", ""] {
            let told = days(text).unwrap_err();
            assert!(told.contains("30d"), "{text}: {told}");
        }
    }
}
