//! Keys and scalars of documents. What is missing is none, and what is wrong is an error.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::Offset;
use jiff::tz::TimeZone;
use jiff::tz::TimeZoneDatabase;

use crate::spec::Dates;
use crate::spec::Length;
use crate::spec::Result;
use crate::yaml::Value;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Refuses keys that the reference does not know: it must not ignore a rule.
pub(crate) fn known(value: &Value, keys: &[&str]) -> Result<()> {
    let Value::Map(entries) = value else {
        return if *value == Value::Null { Ok(()) } else { Err(format!("not a map: {value}")) };
    };
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
        Some((key, _)) => Err(format!("the reference does not know `{key}`")),
        None => Ok(()),
    }
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value]> {
    match value.at(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::List(items)) => Ok(items),
        Some(other) => Err(format!("`{key}` is not a list: {other}")),
    }
}

pub(crate) fn map<'a>(value: &'a Value, key: &str) -> Result<&'a [(String, Value)]> {
    match value.at(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Map(entries)) => Ok(entries),
        Some(other) => Err(format!("`{key}` is not a map: {other}")),
    }
}

pub(crate) fn string(value: &Value) -> Result<&str> {
    match value {
        Value::Text { text, .. } => Ok(text),
        Value::Null | Value::List(_) | Value::Map(_) => Err(format!("not a text: {value}")),
    }
}

pub(crate) fn text(value: &Value, key: &str) -> Result<Option<String>> {
    value.at(key).map(|value| string(value).map(String::from)).transpose()
}

pub(crate) fn required(value: &Value, key: &str) -> Result<String> {
    text(value, key)?.ok_or_else(|| format!("no `{key}` in {value}"))
}

pub(crate) fn strings(value: &Value, key: &str) -> Result<Vec<String>> {
    list(value, key)?.iter().map(|item| string(item).map(String::from)).collect()
}

pub(crate) fn parsed<T: FromStr>(value: &Value) -> Result<T> {
    string(value)?.parse().map_err(|_| format!("cannot read {value}"))
}

pub(crate) fn number<T: FromStr>(value: &Value, key: &str) -> Result<T> {
    parsed(value.at(key).ok_or_else(|| format!("no `{key}` in {value}"))?)
}

pub(crate) fn count(value: &Value, key: &str) -> Result<u64> {
    number(value, key)
}

pub(crate) fn time(value: &Value, key: &str) -> Result<Option<Timestamp>> {
    value.at(key).map(parsed).transpose()
}

pub(crate) fn date(value: &Value, key: &str) -> Result<Option<Date>> {
    value.at(key).map(parsed).transpose()
}

pub(crate) fn dates(value: &Value) -> Result<Dates> {
    list(value, "dates")?.iter().map(parsed).collect()
}

pub(crate) fn duration(value: &Value, key: &str) -> Result<Option<SignedDuration>> {
    text(value, key)?.map(|text| length_of(&text)).transpose()
}

pub(crate) fn length_of(text: &str) -> Result<SignedDuration> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: i64 = text[..text.len() - unit.len()].parse().map_err(|_| text.to_owned())?;
    match unit {
        "s" => Ok(SignedDuration::from_secs(number)),
        "m" => Ok(SignedDuration::from_mins(number)),
        "h" => Ok(SignedDuration::from_hours(number)),
        "d" => Ok(SignedDuration::from_hours(24 * number)),
        _ => Err(format!("no duration: `{text}`")),
    }
}

/// Civil days, which are written like durations: `14d`.
pub(crate) fn days(value: &Value, key: &str) -> Result<i64> {
    Ok(duration(value, key)?.unwrap_or_default().as_hours() / 24)
}

pub(crate) fn length(value: &Value, key: &str) -> Result<Option<Length>> {
    let Some(days @ Value::Map(_)) = value.at(key) else {
        return Ok(duration(value, key)?.map(Length::Exact));
    };
    known(days, &["calendar_days", "full_days"])?;
    // Calendar days count the first day, full days do not.
    Ok(Some(Length::FullDays(match days.at("full_days") {
        Some(days) => parsed(days)?,
        None => number::<i64>(days, "calendar_days")? - 1,
    })))
}

pub(crate) fn minutes(text: &str) -> Result<i64> {
    let (hours, minutes) = text.split_once(':').ok_or(text)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| text.to_owned());
    Ok(number(hours)? * 60 + number(minutes)?)
}

pub(crate) fn month_day(text: &str) -> Result<(i8, i8)> {
    let (month, day) = text.split_once('-').ok_or(text)?;
    let number = |text: &str| text.parse::<i8>().map_err(|_| text.to_owned());
    Ok((number(month)?, number(day)?))
}

pub(crate) fn weekday(text: &str) -> Result<Weekday> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let offset = names.iter().position(|name| *name == text);
    let offset = i8::try_from(offset.ok_or_else(|| format!("no day: `{text}`"))?).unwrap();
    Weekday::from_monday_zero_offset(offset).map_err(|error| error.to_string())
}

/// A zone name or a fixed offset such as `-06:00`.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    let sign = if name.starts_with('-') { -1 } else { 1 };
    match name.strip_prefix(['-', '+']) {
        Some(offset) => {
            let minutes = i32::try_from(minutes(offset)?).unwrap();
            let offset = Offset::from_seconds(sign * minutes * 60).map_err(|e| e.to_string())?;
            Ok(TimeZone::fixed(offset))
        }
        None => ZONES.get(name).map_err(|error| error.to_string()),
    }
}

pub(crate) fn attributes(value: &Value) -> Result<BTreeMap<String, String>> {
    let entries = map(value, "attributes")?.iter();
    entries.map(|(key, value)| Ok((key.clone(), string(value)?.to_owned()))).collect()
}
