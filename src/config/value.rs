//! Values of settings: how they are written, on the command line and in a file alike.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::model::Name;
use crate::model::SampleRate;
use crate::model::customer_id::Spelling;
use crate::model::sampling;
use crate::network::Network;

/// A length of time, written with its unit: `250ms`, `2s`, `30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period(pub Duration);

/// The longest period, one day.
const PERIOD_MAX: Duration = Duration::from_secs(86_400);

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
        let millis = match unit {
            "ms" => Some(1),
            "s" => Some(1_000),
            "m" => Some(60_000),
            "h" => Some(3_600_000),
            _ => None,
        };
        let period =
            number.parse().ok().zip(millis).and_then(|(it, unit): (u64, u64)| {
                Some(Duration::from_millis(it.checked_mul(unit)?))
            });
        match period {
            Some(period) if period > Duration::ZERO && period <= PERIOD_MAX => Ok(Self(period)),
            _ => {
                Err("a time is written like 250ms, 2s, 30m or 1h, and is at most a day".to_owned())
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        match [(3_600_000, "h"), (60_000, "m"), (1_000, "s")]
            .into_iter()
            .find(|(unit, _)| millis.is_multiple_of(*unit))
        {
            Some((unit, name)) => write!(f, "{}{name}", millis / unit),
            None => write!(f, "{millis}ms"),
        }
    }
}

/// The name of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant(pub Name);

impl FromStr for Tenant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Name::new(text).map(Self).map_err(|error| error.to_string())
    }
}

impl Serialize for Tenant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Tenant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Addresses of proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxies(pub Network);

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

impl Serialize for Proxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Proxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A sampling rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample(pub SampleRate);

impl FromStr for Sample {
    type Err = sampling::Malformed;

    fn from_str(text: &str) -> Result<Self, sampling::Malformed> {
        text.parse().map(Self)
    }
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl FromStr for Hidden {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An address on the web, without a path's last `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url(pub String);

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: http::Uri = text.parse().map_err(|_error| "is not a URL".to_owned())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        if is_web && uri.authority().is_some() && uri.query().is_none() {
            return Ok(Self(text.trim_end_matches('/').to_owned()));
        }
        Err("a URL is written like https://example.com".to_owned())
    }
}

/// Something, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch<T> {
    /// It is there.
    On(T),
    /// It is not.
    Off,
}

impl<T> Switch<T> {
    /// What is there, if anything.
    pub fn on(self) -> Option<T> {
        match self {
            Self::On(it) => Some(it),
            Self::Off => None,
        }
    }
}

impl<T: FromStr<Err: fmt::Display>> FromStr for Switch<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            text => {
                text.parse().map(Self::On).map_err(|error: T::Err| format!("{error}; or `off`"))
            }
        }
    }
}

impl<T: Written> Written for Switch<T> {
    fn written(&self) -> String {
        match self {
            Self::On(it) => it.written(),
            Self::Off => "off".to_owned(),
        }
    }
}

/// A value as it is written.
pub(super) trait Written {
    fn written(&self) -> String;
}

impl Written for Period {
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Written for Url {
    fn written(&self) -> String {
        self.0.clone()
    }
}

impl Written for Hidden {
    fn written(&self) -> String {
        "***".to_owned()
    }
}

impl Written for String {
    fn written(&self) -> String {
        self.clone()
    }
}

impl Written for u32 {
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Written for PathBuf {
    fn written(&self) -> String {
        self.display().to_string()
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(deserializer)
    }
}

impl<T: Written> Serialize for Switch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written())
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Switch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(deserializer)
    }
}

fn parse<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = String>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// What a reservation must survive before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReservationDurability {
    /// The store has the write; a power cut can lose it
    Buffered,
    /// The write is on disk (fsync), so it survives a power cut
    Synced,
    /// Every replica that could take over has the write, so it survives the loss of a machine
    Replicated,
}

/// What a wish must survive before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WishDurability {
    /// The write is on disk (fsync), so it survives a power cut
    Synced,
    /// Every replica that could take over has the write, so it survives the loss of a machine
    Replicated,
}

/// Which spellings of a customer's id mean one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum CustomerIds {
    /// Only the same characters
    Exact,
    /// Capitals and small letters alike, as mail systems take addresses
    LowerCase,
}

impl CustomerIds {
    /// The same as a value of the model.
    #[must_use]
    pub const fn spelling(self) -> Spelling {
        match self {
            Self::Exact => Spelling::Exact,
            Self::LowerCase => Spelling::LowerCase,
        }
    }
}

/// How a logged decision names its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogSubject {
    /// Not at all
    Off,
    /// By a keyed hash, the same for every decision on a customer
    Hashed,
    /// By the id that callers use
    Plain,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people, one line each
    Text,
    /// For people, many lines each
    Pretty,
    /// One JSON object a line
    Json,
}
