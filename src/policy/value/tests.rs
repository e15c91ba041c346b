use std::fmt::Debug;

use super::*;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Span;
use crate::model::wish::MonthDay;
use crate::policy::decode::Scalar;

#[test]
fn durations() {
    let reads = |text: &str, secs: u32| assert_eq!(parse::<Span>(text), Ok(Span::from_secs(secs)));
    reads("1s", 1);
    reads("90m", 5_400);
    reads("24h", 86_400);
    reads("7d", 604_800);
    reads("2w", 1_209_600);
    reads("1h30m", 5_400);
    reads("1w1d1h1m1s", 694_861);
    reads("0h5m", 300);
    reads("07d", 604_800);
    reads("3660d", 316_224_000);
    let unit = "write a unit, such as `7d`, `24h` or `1h30m`";
    fails::<Span>("7", &format!("the duration `7` has no unit / {unit}"));
    fails::<Span>("1.5", &format!("the duration `1.5` has no unit / {unit}"));
    fails::<Span>("-7", &format!("the duration `-7` has no unit / {unit}"));
    let help = "write whole weeks, days, hours, minutes, seconds: `7d`, `24h` or `1h30m`";
    for text in [
        "7 fortnights",
        "P7D",
        "1.5h",
        "30m1h",
        "1h1h",
        "d",
        "7q",
        "-7d",
        "1h 30m",
        "500ms",
        "PT1H",
        "1y",
    ] {
        fails::<Span>(text, &format!("`{text}` is not a duration / {help}"));
    }
    for (text, short) in [("7 days", "7d"), ("7D", "7d"), ("90 min", "90m"), ("1 week", "1w")] {
        fails::<Span>(text, &format!("`{text}` is not a duration / did you mean `{short}`?"));
    }
    fails::<Span>(
        "day",
        "`day` is not a duration / write `7d`, `24h` or `1h30m`; \
         a budget can also be `per: {calendar: day}`, on the clock",
    );
    fails::<Span>(
        "0d",
        "the duration `0d` is not a time at all / write a longer one, or remove the key",
    );
    fails::<Span>("3661d", "the duration `3661d` is too long / write at most `3660d`");
    fails::<Span>("3660d1s", "the duration `3660d1s` is too long / write at most `3660d`");
    fails::<Span>(
        "99999999999999999999w",
        "the duration `99999999999999999999w` is too long / write at most `3660d`",
    );
}

#[test]
fn days() {
    assert_eq!(parse::<Days>("14d"), Ok(Days(14)));
    assert_eq!(parse::<Days>("2w1d"), Ok(Days(15)));
    assert_eq!(parse::<Days>("0d"), Ok(Days(0)));
    assert_eq!(parse::<Days>("366d"), Ok(Days(366)));
    let help = "write whole days of the calendar, such as `14d` or `2w`";
    fails::<Days>("14", &format!("`14` is a number of days without its unit / {help}"));
    fails::<Days>(
        "24h",
        &format!("`24h` is a duration, but days of the calendar can be longer or shorter / {help}"),
    );
    fails::<Days>("two", &format!("`two` is not a number of days / {help}"));
    fails::<Days>("367d", "`367d` are too many days / write at most `366d`");
    fails::<Days>("999999999999w", "`999999999999w` are too many days / write at most `366d`");
}

#[test]
fn dates() {
    let day = |year, month, day| Day::from(jiff::civil::date(year, month, day));
    assert_eq!(parse("2026-12-01"), Ok(day(2026, 12, 1)));
    assert_eq!(parse("2028-02-29"), Ok(day(2028, 2, 29)));
    assert_eq!(parse("1970-01-01"), Ok(day(1970, 1, 1)));
    assert_eq!(parse("2199-12-31"), Ok(day(2199, 12, 31)));
    for text in
        ["2026-1-1", "01.12.2026", "2026-12", "tomorrow", "2026-12-01T00:00:00Z", "26-12-01"]
    {
        fails::<Day>(
            text,
            &format!("`{text}` is not a date / write year, month and day as `2026-12-24`"),
        );
    }
    for text in ["2026-02-29", "2026-13-01", "2026-04-31", "2026-00-10"] {
        fails::<Day>(
            text,
            &format!("there is no `{text}` in the calendar / check the month and the day"),
        );
    }
    for text in ["1969-12-31", "2200-01-01"] {
        fails::<Day>(text, &format!("`{text}` is out of range / write a year from 1970 to 2199"));
    }
}

#[test]
fn dates_of_every_year() {
    assert_eq!(parse("12-24"), Ok(MonthDay { month: 12, day: 24 }));
    assert_eq!(parse("02-29"), Ok(MonthDay { month: 2, day: 29 }));
    let help = "write month and day, without a year, as `12-24`";
    for text in ["02-30", "13-01", "00-01", "04-31"] {
        fails::<MonthDay>(text, &format!("there is no `{text}` in any year / {help}"));
    }
    for text in ["2026-12-24", "1-1", "24.12", "12/24"] {
        fails::<MonthDay>(text, &format!("`{text}` is not a month and a day / {help}"));
    }
}

#[test]
fn times_of_day() {
    assert_eq!(parse("00:00"), Ok(From(0)));
    assert_eq!(parse("23:59"), Ok(From(1_439)));
    assert_eq!(parse("24:00"), Ok(To(1_440)));
    assert_eq!(parse("07:30"), Ok(To(450)));
    fails::<From>(
        "24:00",
        "`24:00` is the end of a day, and no beginning / write `\"00:00\"`, which begins the next day",
    );
    for text in ["08.00", "8am", "08:00:00", "0800"] {
        fails::<From>(
            text,
            &format!(
                "`{text}` is not a time of day / write hours and minutes in quotes, as `\"08:00\"`"
            ),
        );
    }
    fails::<To>("8:00", "`8:00` is not a time of day / did you mean `\"08:00\"`?");
    for text in ["24:01", "25:00", "12:60", "99:99"] {
        fails::<To>(
            text,
            &format!("no clock shows `{text}` / write a time from `\"00:00\"` to `\"24:00\"`"),
        );
    }
}

#[test]
fn instants() {
    let reads = |text: &str, millis: i64| assert_eq!(parse(text), Ok(Instant::from_millis(millis)));
    reads("2026-11-22T15:00:00Z", 1_795_359_600_000);
    reads("2026-11-22T10:00:00-05:00", 1_795_359_600_000);
    reads("2026-11-22T15:00:00.1239Z", 1_795_359_600_123);
    for text in ["2026-11-22", "2026-11-22T15:00:00", "15:00", "now"] {
        fails::<Instant>(
            text,
            &format!(
                "`{text}` is not an instant / write date, time and offset as `2026-11-22T15:00:00Z`"
            ),
        );
    }
    fails::<Instant>(
        "1969-12-31T23:59:59Z",
        "`1969-12-31T23:59:59Z` is out of range / instants lie between 1970 and 2199",
    );
}

#[test]
fn jurisdictions() {
    assert_eq!(parse::<Jurisdiction>("US-FL").unwrap().as_str(), "US-FL");
    fails::<Jurisdiction>("us-fl", "`us-fl` is not an ISO 3166 code / write `US-FL`");
    fails::<Jurisdiction>("Florida", "`Florida` is not an ISO 3166 code / did you mean `US-FL`?");
    fails::<Jurisdiction>(
        "Atlantis",
        "`Atlantis` is not an ISO 3166 code / write a country or a part of one: `US`, `US-FL` or `FR`",
    );
}

fn parse<T: Scalar>(text: &str) -> Result<T, String> {
    T::parse(text).map_err(|fault| fault.to_string())
}

#[track_caller]
fn fails<T: Scalar + Debug>(text: &str, expected: &str) {
    assert_eq!(parse::<T>(text).unwrap_err(), expected);
}
