//! Times of day, as clocks on the wall show them.

use serde_json::Value as Json;
use serde_json::json;

use super::Fault;
use super::Scalar;
use super::date::numbers;
use super::quoted;
use super::scalars;

const DAY_MINUTES: u16 = 1_440;

/// The beginning of a span of hours, in minutes after midnight, below 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct From(pub(in crate::policy) u16);

/// The end of a span of hours, in minutes after midnight, at most 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct To(pub(in crate::policy) u16);

impl Scalar for From {
    const WHAT: &'static str = "a time of day";
    const EXAMPLE: &'static str = "`\"08:00\"`";

    fn parse(text: &str) -> Result<Self, Fault> {
        match minutes(text)? {
            DAY_MINUTES => {
                let message = "`24:00` is the end of a day, and no beginning";
                Err(Fault::new(message, "write `\"00:00\"`, which begins the next day"))
            }
            minutes => Ok(Self(minutes)),
        }
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
    }
}

impl Scalar for To {
    const WHAT: &'static str = "a time of day";
    const EXAMPLE: &'static str = "`\"21:00\"`";

    fn parse(text: &str) -> Result<Self, Fault> {
        minutes(text).map(Self)
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"})
    }
}

scalars!(From, To);

fn minutes(text: &str) -> Result<u16, Fault> {
    let Some([hours, minutes]) = numbers::<2>(text, ':', &[2, 2]) else {
        let message = format!("{} is not a time of day", quoted(text));
        let help = match numbers::<2>(text, ':', &[1, 2]) {
            Some(_) => format!("did you mean `\"0{text}\"`?"),
            None => "write hours and minutes in quotes, as `\"08:00\"`".to_owned(),
        };
        return Err(Fault::new(message, help));
    };
    let sum = u16::try_from(hours * 60 + minutes).unwrap_or(u16::MAX);
    if minutes < 60 && sum <= DAY_MINUTES {
        return Ok(sum);
    }
    let message = format!("no clock shows {}", quoted(text));
    Err(Fault::new(message, "write a time from `\"00:00\"` to `\"24:00\"`"))
}
