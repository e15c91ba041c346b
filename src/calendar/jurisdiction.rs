//! The jurisdictions that exist, and their time zones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The subdivisions: one country on each line, followed by its subdivisions.
static SUBDIVISIONS: LazyLock<BTreeMap<&str, Vec<&str>>> =
    LazyLock::new(|| rows(include_str!("jurisdiction/subdivisions.txt")));

/// The zones: one country or subdivision on each line, followed by its zones.
static ZONES: LazyLock<BTreeMap<&str, Vec<&str>>> =
    LazyLock::new(|| rows(include_str!("jurisdiction/zones.txt")));

/// The countries of zones: one zone on each line, followed by the countries that use it.
static ZONE_COUNTRIES: LazyLock<BTreeMap<&str, Vec<&str>>> =
    LazyLock::new(|| rows(include_str!("jurisdiction/zone_countries.txt")));

/// Whether there is such a country (ISO 3166-1: `US`) or subdivision (ISO 3166-2: `US-FL`), in
/// capitals.
#[must_use]
pub fn is_jurisdiction(code: &str) -> bool {
    let subdivisions = SUBDIVISIONS.get(country_of(code));
    subdivisions.is_some_and(|known| {
        code.split_once('-').is_none_or(|(_country, part)| known.contains(&part))
    })
}

/// Every zone of the table, some of them several times.
#[cfg(test)]
pub(in crate::calendar) fn every_zone() -> impl Iterator<Item = &'static str> {
    ZONES.values().flatten().copied()
}

/// The IANA time zones in which a jurisdiction lies. Of zones with equal times from 2024 on, only
/// one is named.
///
/// A subdivision for which the table has no row of its own gets the zones of its country; an
/// unknown code gets none.
#[must_use]
pub fn zones_of(code: &str) -> Vec<&'static str> {
    if !is_jurisdiction(code) {
        return Vec::new();
    }
    ZONES.get(code).or_else(|| ZONES.get(country_of(code))).cloned().unwrap_or_default()
}

/// The countries (ISO 3166-1) that use an IANA time zone, or an alias of one. There are several if
/// the zone serves several; none if the zone belongs to no place, such as `UTC`, `Etc/GMT+5` or
/// `CET`.
#[must_use]
pub fn countries_of_zone(zone: &str) -> &'static [&'static str] {
    ZONE_COUNTRIES.get(zone).map_or(&[], Vec::as_slice)
}

/// The country of a city that a zone is named after: `GB` of `london`. Where the zone is of
/// several, the one with the most people in it.
pub(in crate::calendar) fn country_of_city(city: &str) -> Option<&'static str> {
    let is_city = |zone: &str| {
        zone.rsplit_once('/').is_some_and(|(_, last)| last.replace('_', " ").to_lowercase() == city)
    };
    let named = ZONE_COUNTRIES.iter().find(|(zone, _)| is_city(zone));
    named.and_then(|(_, countries)| countries.first().copied())
}

/// The country of a code: `US` of `US-FL`.
pub(in crate::calendar) fn country_of(code: &str) -> &str {
    code.split_once('-').map_or(code, |(country, _part)| country)
}

/// The lines of a shipped table: a key and its values, separated by single spaces.
fn rows(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests;
