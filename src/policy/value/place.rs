//! Countries and time zones. Whether they exist is for `check`, which has a database.

use serde_json::Value as Json;
use serde_json::json;

use super::Fault;
use super::Scalar;
use super::quoted;
use super::scalars;
use crate::calendar;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::policy::decode::text;

/// The name of a time zone, or a fixed offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct ZoneName(pub(in crate::policy) Name);

impl Scalar for ZoneName {
    const WHAT: &'static str = "a time zone";
    const EXAMPLE: &'static str = "`America/New_York` or `\"-06:00\"`";

    fn parse(text: &str) -> Result<Self, Fault> {
        Name::new(text).map(Self).map_err(|_no_name| {
            let message = format!("{} is not a time zone", quoted(text));
            Fault::new(message, format!("write it as {}", Self::EXAMPLE))
        })
    }

    fn schema() -> Json {
        text::name_schema()
    }
}

impl Scalar for Jurisdiction {
    const WHAT: &'static str = "a jurisdiction";
    const EXAMPLE: &'static str = "`US`, `US-FL` or `FR`";

    fn parse(text: &str) -> Result<Self, Fault> {
        if let Ok(Some(jurisdiction)) = Self::new(text) {
            return Ok(jurisdiction);
        }
        let message = format!("{} is not an ISO 3166 code", quoted(text));
        let capitals = text.to_ascii_uppercase();
        let help = match Self::new(&capitals) {
            Ok(Some(jurisdiction)) => format!("write `{jurisdiction}`"),
            Ok(None) | Err(_) => match calendar::meant_jurisdiction(text) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write a country or a part of one: {}", Self::EXAMPLE),
            },
        };
        Err(Fault::new(message, help))
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern": "^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
            "examples": ["US", "US-FL", "FR"],
        })
    }
}

scalars!(ZoneName, Jurisdiction);
