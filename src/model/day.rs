//! Civil days, counted from 1970-01-01.

use std::fmt;

use jiff::civil::Date;
use jiff::civil::Weekday;

/// A day of the Gregorian calendar, without a time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day that is `number` days after 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day `days` later, or earlier where `days` is negative.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day of the week. 1970-01-01 was a Thursday.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        let since_monday = self.0.saturating_add(3).rem_euclid(7);
        match since_monday {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// The date; what lies outside of jiff's calendar (years -9999 to 9999) becomes its edge.
    ///
    /// Source: `civil_from_days`, the inverse of the method below.
    #[must_use]
    pub fn date(self) -> Date {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months_since_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
        let month =
            if months_since_march < 10 { months_since_march + 3 } else { months_since_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let edge = if self.0 < 0 { Date::MIN } else { Date::MAX };
        let date = i16::try_from(year).ok().and_then(|year| {
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        });
        date.unwrap_or(edge)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(days_from_civil(date))
    }
}

/// Days since 1970-01-01 of a Gregorian date, by counting years from March.
///
/// Source: the method of eras in Howard Hinnant, "chrono-compatible low-level date algorithms",
/// section `days_from_civil`.
fn days_from_civil(date: Date) -> i32 {
    let month = i32::from(date.month());
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let months_since_march = (month + 9) % 12;
    let day_of_year = (153 * months_since_march + 2) / 5 + i32::from(date.day()) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
