//! Durations, which are absolute, and numbers of days, which are civil.

use serde_json::Value as Json;
use serde_json::json;

use super::Fault;
use super::Scalar;
use super::quoted;
use super::scalars;
use crate::model::Span;

/// The longest duration, in days: ten years.
const DURATION_DAYS_MAX: u32 = 3_660;
/// The most days around a date.
const DAYS_MAX: u32 = 366;

/// The units and their seconds, largest first.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A duration, or `0s` for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct SpanOrNone(pub(in crate::policy) Option<Span>);

/// Civil days, such as `14d` or `2w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Days(pub(in crate::policy) u16);

impl Scalar for Span {
    const WHAT: &'static str = "a duration";
    const EXAMPLE: &'static str = "`7d`, `24h` or `1h30m`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let example = Self::EXAMPLE;
        if is_number(text) {
            let message = format!("the duration {} has no unit", quoted(text));
            return Err(Fault::new(message, format!("write a unit, such as {example}")));
        }
        let Some(secs) = seconds(text) else {
            let help = match (abbreviated(text), text) {
                (Some(short), _) => format!("did you mean `{short}`?"),
                (None, "day" | "week" | "month" | "quarter" | "year") => format!(
                    "write {example}; a budget can also be `per: {{calendar: {text}}}`, on the \
                     clock"
                ),
                (None, _) => {
                    format!("write whole weeks, days, hours, minutes, seconds: {example}")
                }
            };
            return Err(Fault::new(format!("{} is not a duration", quoted(text)), help));
        };
        let too_long = || {
            let message = format!("the duration {} is too long", quoted(text));
            Fault::new(message, format!("write at most `{DURATION_DAYS_MAX}d`"))
        };
        let span = u32::try_from(secs).map(Self::from_secs).map_err(|_too_large| too_long())?;
        if span == Self::ZERO {
            let message = format!("the duration {} is not a time at all", quoted(text));
            return Err(Fault::new(message, "write a longer one, or remove the key"));
        }
        if span > Self::from_days(DURATION_DAYS_MAX) { Err(too_long()) } else { Ok(span) }
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "allOf": [
                {"pattern": "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"},
                {"pattern": "[1-9]"},
            ],
            "examples": ["7d", "24h", "1h30m"],
        })
    }
}

impl Scalar for SpanOrNone {
    const WHAT: &'static str = "a duration";
    const EXAMPLE: &'static str = "`72h`, or `0s` for none";

    fn parse(text: &str) -> Result<Self, Fault> {
        if seconds(text) == Some(0) {
            Ok(Self(None))
        } else {
            Span::parse(text).map(|it| Self(Some(it)))
        }
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern": "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
            "minLength": 2,
            "examples": ["72h", "0s"],
        })
    }
}

impl Scalar for Days {
    const WHAT: &'static str = "a number of days";
    const EXAMPLE: &'static str = "`14d` or `2w`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |what: &str| {
            let message = format!("{} is {what}", quoted(text));
            let example = Self::EXAMPLE;
            Fault::new(message, format!("write whole days of the calendar, such as {example}"))
        };
        if is_number(text) {
            return Err(fault("a number of days without its unit"));
        }
        if text.ends_with(['h', 'm', 's']) && seconds(text).is_some() {
            return Err(fault("a duration, but days of the calendar can be longer or shorter"));
        }
        let secs = seconds(text).ok_or_else(|| fault("not a number of days"))?;
        let days = u32::try_from(secs / 86_400).ok().filter(|days| *days <= DAYS_MAX);
        let days = days.and_then(|days| u16::try_from(days).ok());
        days.map(Self).ok_or_else(|| {
            let message = format!("{} are too many days", quoted(text));
            Fault::new(message, format!("write at most `{DAYS_MAX}d`"))
        })
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^([0-9]+w)?([0-9]+d)?$", "minLength": 2})
    }
}

scalars!(Span, SpanOrNone, Days);

/// The seconds of `1h30m`: numbers with units, each unit once, the largest first.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum: u64 = 0;
    for (unit, secs) in UNITS {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at_checked(digits)?;
        if let Some(tail) = tail.strip_prefix(unit) {
            // A number that is too large to read is too long for any use.
            let number = number.parse::<u32>().unwrap_or(if digits > 0 { u32::MAX } else { 0 });
            if digits == 0 {
                return None;
            }
            sum = sum.saturating_add(u64::from(number).saturating_mul(secs));
            rest = tail;
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(sum)
}

/// `7d` for `7 days`.
fn abbreviated(text: &str) -> Option<String> {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let word = text.strip_prefix(number)?.trim().to_ascii_lowercase();
    let unit = match word.as_str() {
        "w" | "week" | "weeks" => 'w',
        "d" | "day" | "days" => 'd',
        "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
        "m" | "min" | "mins" | "minute" | "minutes" => 'm',
        "s" | "sec" | "secs" | "second" | "seconds" => 's',
        _ => return None,
    };
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{number}{unit}"))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
