//! Dates with and without a year, and instants.

use jiff::civil::Date;
use serde_json::Value as Json;
use serde_json::json;

use super::Fault;
use super::Scalar;
use super::quoted;
use super::scalars;
use crate::model::Day;
use crate::model::Instant;
use crate::model::instant;
use crate::model::wish::MonthDay;

/// The years a date may lie in: those of instants.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

impl Scalar for Day {
    const WHAT: &'static str = "a date";
    const EXAMPLE: &'static str = "`2026-12-24`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let parts = numbers::<3>(text, '-', &[4, 2, 2]);
        let Some([year, month, day]) = parts else {
            let message = format!("{} is not a date", quoted(text));
            let help = format!("write year, month and day as {}", Self::EXAMPLE);
            return Err(Fault::new(message, help));
        };
        let Some(date) = date(year, month, day) else {
            let message = format!("there is no {} in the calendar", quoted(text));
            return Err(Fault::new(message, "check the month and the day"));
        };
        if !YEARS.contains(&year) {
            let message = format!("{} is out of range", quoted(text));
            let help = format!("write a year from {} to {}", YEARS.start(), YEARS.end());
            return Err(Fault::new(message, help));
        }
        Ok(Self::from(date))
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern":
                "^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "examples": ["2026-12-24"],
        })
    }
}

impl Scalar for MonthDay {
    const WHAT: &'static str = "a month and a day";
    const EXAMPLE: &'static str = "`12-24`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let help = || format!("write month and day, without a year, as {}", Self::EXAMPLE);
        let Some([month, day]) = numbers::<2>(text, '-', &[2, 2]) else {
            let message = format!("{} is not a month and a day", quoted(text));
            return Err(Fault::new(message, help()));
        };
        // 2000 was a leap year: 29 February is a date, which other years keep on the 28th.
        let Some(date) = date(2000, month, day) else {
            let message = format!("there is no {} in any year", quoted(text));
            return Err(Fault::new(message, help()));
        };
        Ok(Self { month: date.month(), day: date.day() })
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "examples": ["12-24"],
        })
    }
}

impl Scalar for Instant {
    const WHAT: &'static str = "an instant";
    const EXAMPLE: &'static str = "`2026-11-22T15:00:00Z`";

    fn parse(text: &str) -> Result<Self, Fault> {
        Self::parse(text).map_err(|error| match error {
            instant::Error::Syntax => {
                let message = format!("{} is not an instant", quoted(text));
                let help = format!("write date, time and offset as {}", Self::EXAMPLE);
                Fault::new(message, help)
            }
            instant::Error::OutOfRange => {
                let message = format!("{} is out of range", quoted(text));
                Fault::new(message, error.to_string())
            }
        })
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9:]+)$",
            "examples": ["2026-11-22T15:00:00Z"],
        })
    }
}

scalars!(Day, MonthDay, Instant);

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The numbers of `2026-12-24`, if each has the given number of digits.
pub(super) fn numbers<const N: usize>(
    text: &str,
    separator: char,
    digits: &[usize; N],
) -> Option<[i16; N]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let fits = |(part, digits): (&&str, &usize)| {
        part.len() == *digits && part.bytes().all(|b| b.is_ascii_digit())
    };
    if parts.len() != N || !parts.iter().zip(digits).all(fits) {
        return None;
    }
    let numbers: Option<Vec<i16>> = parts.iter().map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}
