//! The few calendars that the tests need, worked out apart from the product's.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::civil::date;

use crate::spec::Dates;
use crate::spec::Result;

/// More than 400 days beyond every time that the tests ask about.
const YEARS: std::ops::RangeInclusive<i16> = 2024..=2031;

/// The dates of an occasion that ships, in all the given jurisdictions together.
pub(crate) fn occasion(name: &str, jurisdictions: &[String]) -> Result<Dates> {
    if jurisdictions.is_empty() {
        return Err(format!("the reference does not know `{name}` in every country"));
    }
    let mut dates = Dates::new();
    for jurisdiction in jurisdictions {
        let country = jurisdiction.split('-').next().unwrap_or_default();
        for year in YEARS {
            dates.insert(match (name, country) {
                ("easter", _) => easter(year),
                ("mothers_day", "GB" | "GG" | "IM" | "JE") => easter(year) - 21.days(),
                ("mothers_day", "FR") => french_mothers_day(year),
                ("mothers_day", "EG" | "LB") => date(year, 3, 21),
                ("mothers_day", "NO") => nth_sunday(year, 2, 2),
                ("mothers_day", "SE") => nth_sunday(year, 5, -1),
                // Where nothing is known of a country, it is the day of most.
                (
                    "mothers_day",
                    "US" | "AU" | "CA" | "CL" | "DE" | "DK" | "IN" | "JP" | "MC" | "SJ" | "WS",
                ) => nth_sunday(year, 5, 2),
                ("fathers_day", "MC" | "GG" | "IM" | "JE") => nth_sunday(year, 6, 3),
                ("fathers_day", "US" | "GB" | "FR") => nth_sunday(year, 6, 3),
                _ => return Err(format!("the reference does not know `{name}` in {country}")),
            });
        }
    }
    Ok(dates)
}

/// The public holidays of a country, as far as the cases need them.
pub(crate) fn holidays(country: &str) -> Result<Dates> {
    let italian = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25)];
    match country {
        "IT" => Ok(YEARS
            .flat_map(|year| {
                let fixed = italian.map(|(month, day)| date(year, month, day));
                let moving = [date(year, 12, 26), easter(year) + 1.day()];
                fixed.into_iter().chain(moving)
            })
            .collect()),
        _ => Err(format!("the reference does not know the holidays of {country}")),
    }
}

/// The zones of a jurisdiction, as far as the tests need them.
pub(crate) fn zones(jurisdiction: &str) -> Result<Vec<&'static str>> {
    match jurisdiction {
        "US-FL" => Ok(vec!["America/New_York", "America/Chicago"]),
        "US-NY" => Ok(vec!["America/New_York"]),
        "GB" => Ok(vec!["Europe/London"]),
        _ => Err(format!("the reference does not know the zones of {jurisdiction}")),
    }
}

/// The countries that use a time zone, as far as the tests need them.
pub(crate) fn countries(zone: &str) -> Result<Vec<String>> {
    let codes = match zone {
        "America/New_York" | "America/Chicago" | "America/Los_Angeles" | "US/Eastern" => "US",
        "America/Phoenix" => "US CA",
        "America/Vancouver" => "CA",
        "America/Santiago" => "CL",
        "Africa/Cairo" => "EG",
        "Asia/Beirut" => "LB",
        "Asia/Kolkata" | "Asia/Calcutta" => "IN",
        "Australia/Lord_Howe" | "Australia/Sydney" => "AU",
        "Europe/London" => "GB GG IM JE",
        "Europe/Paris" => "FR MC",
        "Europe/Berlin" => "DE DK NO SE SJ",
        "Europe/Oslo" => "NO",
        "Pacific/Apia" => "WS",
        "Asia/Tokyo" => "JP AU",
        "Europe/Rome" => "IT SM VA",
        "UTC" => "",
        _ if zone.starts_with("Etc/") => "",
        _ => return Err(format!("the reference does not know the countries of {zone}")),
    };
    Ok(codes.split_whitespace().map(String::from).collect())
}

/// The month and day in a year: 29 February is kept on the 28th in other years.
pub(crate) fn yearly(year: i16, (month, day): (i8, i8)) -> Date {
    Date::new(year, month, day).unwrap_or_else(|_| date(year, month, day - 1))
}

/// Gauss's Easter algorithm in its form for the Gregorian calendar.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y % 4, y % 7);
    let k = y / 100;
    let p = (13 + 8 * k) / 25;
    let m = (15 - p + k - k / 4) % 30;
    let n = (4 + k - k / 4) % 7;
    let d = (19 * a + m) % 30;
    let e = (2 * b + 4 * c + 6 * d + n) % 7;
    let after_22_march = match (d, e) {
        (29, 6) => 28,
        (28, 6) if (11 * m + 11) % 30 < 19 => 27,
        _ => d + e,
    };
    date(year, 3, 22) + after_22_march.days()
}

fn nth_sunday(year: i16, month: i8, n: i8) -> Date {
    date(year, month, 1).nth_weekday_of_month(n, Weekday::Sunday).unwrap()
}

fn french_mothers_day(year: i16) -> Date {
    let last = date(year, 5, 1).nth_weekday_of_month(-1, Weekday::Sunday).unwrap();
    let pentecost = easter(year) + 49.days();
    if last == pentecost { nth_sunday(year, 6, 1) } else { last }
}
