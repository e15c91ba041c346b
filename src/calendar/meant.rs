//! Suggestions for people who wrote no code and no zone: `UK`, `London`, `US Eastern`.

use std::sync::LazyLock;

use super::jurisdiction;
use crate::words::closest;

/// The number of zones of a country that are listed.
const LISTED_MAX: usize = 4;

/// The names of countries and their parts, each with its code.
static NAMES: LazyLock<Vec<(String, &str)>> =
    LazyLock::new(|| table(include_str!("jurisdiction/names.txt")));

/// The names of clocks, each with its zone.
static CLOCKS: LazyLock<Vec<(String, &str)>> =
    LazyLock::new(|| table(include_str!("jurisdiction/clocks.txt")));

/// The zone that was probably meant by a text that is not one, as a phrase; `known` are the zones
/// that exist.
#[must_use]
pub fn meant_zone(written: &str, known: &[&str]) -> Option<String> {
    // Names without a slash are abbreviations, which look alike and mean different places.
    let known: Vec<&str> = known.iter().copied().filter(|name| name.contains('/')).collect();
    let place = plain(written).replace(' ', "_");
    let is_place =
        |name: &&&str| name.rsplit('/').next().is_some_and(|last| last.to_lowercase() == place);
    let of_clock = || find(&CLOCKS, &clock(written));
    let of_country = || {
        let zones = jurisdiction::zones_of(&named_jurisdiction(written)?);
        let listed: Vec<String> =
            zones.iter().take(LISTED_MAX).map(|zone| format!("`{zone}`")).collect();
        match zones.len() {
            0 => None,
            1 => Some(format!("did you mean {}?", listed.concat())),
            2..=LISTED_MAX => Some(format!("write one of {}", listed.join(", "))),
            _ => Some(format!("write one of {} or another of its zones", listed.join(", "))),
        }
    };
    let question = |zone: &str| format!("did you mean `{zone}`?");
    of_clock()
        .or_else(|| known.iter().find(is_place).copied())
        .map(question)
        .or_else(of_country)
        .or_else(|| closest(written, &known).map(question))
}

/// The code that was probably meant by a text that is not one.
#[must_use]
pub fn meant_jurisdiction(written: &str) -> Option<String> {
    let similar = || {
        let names: Vec<&str> =
            NAMES.iter().map(|(name, _)| name.as_str()).filter(|name| name.len() > 3).collect();
        find(&NAMES, closest(&plain(written), &names)?).map(ToOwned::to_owned)
    };
    let of_city = || jurisdiction::country_of_city(&plain(written)).map(ToOwned::to_owned);
    named_jurisdiction(written).or_else(of_city).or_else(similar)
}

/// The code of a country or a part of one by one of its names, or by its code in small letters.
fn named_jurisdiction(written: &str) -> Option<String> {
    let code = written.trim().to_uppercase().replace('_', "-");
    let of_code = || jurisdiction::is_jurisdiction(&code).then_some(code);
    find(&NAMES, &plain(written)).map(ToOwned::to_owned).or_else(of_code)
}

fn find(table: &[(String, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| known == name).map(|(_, meant)| *meant)
}

/// The text in lower case, with single spaces between words.
fn plain(written: &str) -> String {
    let words = written.split(|c: char| c.is_whitespace() || "_-/".contains(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A clock's name without the words that all of them have: `eastern` of
/// `Eastern Standard Time (US)`.
fn clock(written: &str) -> String {
    let plain = plain(written);
    let name = plain.split('(').next().unwrap_or_default();
    let common = ["time", "standard", "daylight", "zone", "timezone"];
    let words = name.split(' ').filter(|word| !word.is_empty() && !common.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// The lines of a shipped table: what is meant, and after a space the names for it.
fn table(text: &'static str) -> Vec<(String, &'static str)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| line.split_once(' '));
    rows.flat_map(|(meant, names)| names.split('|').map(move |name| (plain(name), meant))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(written: &str) -> Option<String> {
        let known = ["Europe/London", "Europe/Paris", "America/New_York", "EST", "GB"];
        meant_zone(written, &known)
    }

    #[test]
    fn a_city_a_country_or_a_clock_is_a_zone_that_was_meant() {
        for (written, meant) in [
            ("London", "Europe/London"),
            ("london", "Europe/London"),
            ("UK", "Europe/London"),
            ("United Kingdom", "Europe/London"),
            ("France", "Europe/Paris"),
            ("Germany", "Europe/Berlin"),
            ("New York", "America/New_York"),
            ("Eastern", "America/New_York"),
            ("US Eastern", "America/New_York"),
            ("Eastern Standard Time", "America/New_York"),
            ("Eastern Time (US & Canada)", "America/New_York"),
            ("PST", "America/Los_Angeles"),
            ("India Standard Time", "Asia/Kolkata"),
            ("Europe/Londn", "Europe/London"),
        ] {
            assert_eq!(zone(written), Some(format!("did you mean `{meant}`?")), "{written}");
        }
        let many = zone("USA").unwrap();
        assert!(many.starts_with("write one of `America/New_York`, "), "{many}");
        assert!(many.ends_with(" or another of its zones"), "{many}");
        assert_eq!(zone("UTC+3"), None);
    }

    #[test]
    fn a_name_of_a_country_is_a_code_that_was_meant() {
        for (written, meant) in [
            ("UK", "GB"),
            ("uk", "GB"),
            ("gb", "GB"),
            ("England", "GB"),
            ("France", "FR"),
            ("London", "GB"),
            ("new york", "US-NY"),
            ("germany", "DE"),
            ("Deutschland", "DE"),
            ("USA", "US"),
            ("Germny", "DE"),
            ("us-fl", "US-FL"),
            ("Florida", "US-FL"),
            ("us_fl", "US-FL"),
        ] {
            assert_eq!(meant_jurisdiction(written).as_deref(), Some(meant), "{written}");
        }
        for nothing in ["", "XX", "Mars base", "US-ZZ"] {
            assert_eq!(meant_jurisdiction(nothing), None, "{nothing}");
        }
    }

    /// Every row has a code or a zone that exists.
    #[test]
    fn what_is_meant_exists() {
        for (name, code) in NAMES.iter() {
            assert!(jurisdiction::is_jurisdiction(code), "{name}: {code}");
        }
        let zones = |zone| jurisdiction::every_zone().any(|known| known == zone);
        for (name, zone) in CLOCKS.iter() {
            assert!(zones(*zone), "{name}: {zone}");
        }
    }
}
