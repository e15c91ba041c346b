//! Times as exports write them. A time without a zone is read only in a zone that was given:
//! nothing is guessed, since a wish at the wrong time may lose against an older one.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use jiff::tz::TimeZoneDatabase;

use crate::model::Instant;
use crate::rpc::convert::time::timestamp;

/// The zone of times that name none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalZone(TimeZone);

impl FromStr for LocalZone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let zone = TimeZoneDatabase::bundled().get(name);
        zone.map(Self).map_err(|_unknown| {
            "is not a zone of the time-zone database, such as Europe/Paris or UTC".to_owned()
        })
    }
}

/// The format of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimeFormat {
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
    /// The format of `strftime`: `%d/%m/%Y %H:%M`.
    Strftime(String),
}

impl FromStr for TimeFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "unix" => Ok(Self::Unix),
            "unix-ms" => Ok(Self::UnixMillis),
            _ if text.contains('%') => Ok(Self::Strftime(text.to_owned())),
            _ => Err("write unix, unix-ms, or a format such as `%d/%m/%Y %H:%M`".to_owned()),
        }
    }
}

/// The settings for reading the times of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) zone: Option<LocalZone>,
    pub(crate) formats: Vec<TimeFormat>,
}

impl Times {
    /// A time, as the API takes it.
    pub(crate) fn timestamp(&self, cell: &str) -> Result<prost_types::Timestamp, String> {
        self.read(cell).map(timestamp)
    }

    fn read(&self, cell: &str) -> Result<Instant, String> {
        let text = cell.trim();
        for format in &self.formats {
            if let Some(at) = self.formatted(format, text)? {
                return within(at);
            }
        }
        // `2026-03-09 16:20:00 UTC` names its zone, though not as RFC 3339 does.
        let utc = text.strip_suffix(" UTC").map(|local| format!("{local}Z"));
        let error = match Instant::parse(utc.as_deref().unwrap_or(text)) {
            Ok(at) => return Ok(at),
            Err(error) => error,
        };
        if let Some(at) = unix_of_plain_size(text) {
            return within(at);
        }
        // As mail headers have it: `Mon, 09 Mar 2026 16:20:00 +0100`.
        if let Ok(at) = DateTimeParser::new().parse_timestamp(text) {
            return within(Instant::from_millis(at.as_millisecond()));
        }
        match civil(text) {
            Some(local) => within(self.zoned(local)?),
            None => Err(format!(
                "is {error}; --time-format says how it is written, such as `%d/%m/%Y %H:%M`"
            )),
        }
    }

    /// Reads a time in a format; `None` if it has another.
    fn formatted(&self, format: &TimeFormat, text: &str) -> Result<Option<Instant>, String> {
        let format = match format {
            TimeFormat::Unix => return Ok(decimal(text, 1_000)),
            TimeFormat::UnixMillis => return Ok(decimal(text, 1)),
            TimeFormat::Strftime(format) => format,
        };
        let Ok(parts) = BrokenDownTime::parse(format, text) else { return Ok(None) };
        if let Ok(at) = parts.to_timestamp() {
            return Ok(Some(Instant::from_millis(at.as_millisecond())));
        }
        let local = parts.to_datetime().or_else(|_no_hour| parts.to_date().map(DateTime::from));
        local.map_or(Ok(None), |local| self.zoned(local).map(Some))
    }

    /// A time on the clock of the zone that was given.
    fn zoned(&self, local: DateTime) -> Result<Instant, String> {
        let Some(LocalZone(zone)) = &self.zone else {
            return Err("names no time zone; --time-zone says which is meant, such as \
                        Europe/Paris or UTC"
                .to_owned());
        };
        let at =
            zone.to_timestamp(local).map_err(|error| format!("is not a valid time: {error}"))?;
        Ok(Instant::from_millis(at.as_millisecond()))
    }
}

fn within(at: Instant) -> Result<Instant, String> {
    if at.is_in_range() { Ok(at) } else { Err("is not a time between 1970 and 2199".to_owned()) }
}

/// A date, or a date and a time of day, in the order of ISO 8601.
fn civil(text: &str) -> Option<DateTime> {
    if text.len() == "2026-03-09".len() {
        return text.parse::<Date>().ok().map(DateTime::from);
    }
    text.parse().ok()
}

/// A number of seconds of ten digits, or of milliseconds of thirteen, which nothing else looks
/// like.
fn unix_of_plain_size(text: &str) -> Option<Instant> {
    let whole = text.split('.').next().unwrap_or_default();
    match whole.len() {
        10 => decimal(text, 1_000),
        13 => decimal(text, 1),
        _ => None,
    }
}

/// A decimal number of units of `unit` milliseconds; finer parts are cut off.
fn decimal(text: &str, unit: i64) -> Option<Instant> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let thousandths = format!("{fraction:0<3}");
    let thousandths: i64 = thousandths.get(..3)?.parse().ok()?;
    let millis = whole.checked_mul(unit)?.checked_add(thousandths * unit / 1_000)?;
    Some(Instant::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(formats: &[&str], zone: Option<&str>, cell: &str, expected: &str) {
        let formats = formats.iter().map(|it| it.parse().unwrap()).collect();
        let times = Times { zone: zone.map(|zone| zone.parse().unwrap()), formats };
        let read = times.read(cell).map_or_else(|error| error, |at| at.to_string());
        assert!(read.contains(expected), "{cell} is {read}");
    }

    #[test]
    fn times_are_read_as_they_were_told_to_be() {
        let paris = Some("Europe/Paris");
        check(&[], None, "2026-03-09T16:20:00.000+0000", "2026-03-09T16:20:00Z");
        check(&[], None, "2026-03-09 16:20:00", "--time-zone");
        check(&[], paris, "2026-03-09 16:20:00", "2026-03-09T15:20:00Z");
        check(&[], paris, "2026-07-09 16:20", "2026-07-09T14:20:00Z");
        check(&[], paris, "2026-03-09", "2026-03-08T23:00:00Z");
        check(&[], None, "1773073200", "2026-03-09T16:20:00Z");
        check(&[], None, "1773073200.527", "2026-03-09T16:20:00.527Z");
        check(&[], None, "1773073200000", "2026-03-09T16:20:00Z");
        check(&[], paris, "2026-03-09 16:20:00 UTC", "2026-03-09T16:20:00Z");
        check(&[], None, "46090", "--time-format");
        check(&[], None, "Mon, 09 Mar 2026 16:20:00 +0100", "2026-03-09T15:20:00Z");
        check(&[], None, "9 Mar 2026 16:20:00 GMT", "2026-03-09T16:20:00Z");
        check(&[], None, "Mon, 09 Mar 2026 16:20:00", "--time-format");
        check(&[], paris, "03/04/2026", "--time-format");
        check(&["%d/%m/%Y"], paris, "03/04/2026", "2026-04-02T22:00:00Z");
        check(&["%m/%d/%Y %I:%M %p"], Some("UTC"), "03/04/2026 04:05 PM", "2026-03-04T16:05:00Z");
        check(&["%Y-%m-%d %H:%M:%S %z"], None, "2026-03-09 16:20:00 -0500", "2026-03-09T21:20:00Z");
        check(&["unix"], None, "5", "1970-01-01T00:00:05Z");
        check(&["unix"], None, "2026-03-09T16:20:00Z", "2026-03-09T16:20:00Z");
        check(&["unix"], None, "99999999999", "between 1970 and 2199");
        assert!("Mars/Base".parse::<LocalZone>().is_err() && "x".parse::<TimeFormat>().is_err());
    }
}
