//! Easter Sunday, Western and Orthodox.

use jiff::civil::Date;

use crate::calendar::days::plus;

/// Easter Sunday of the Western churches.
///
/// Source: the anonymous Gregorian algorithm (Nature, 1876; J. Meeus, *Astronomical Algorithms*,
/// chapter 8), with its result left as days after 22 March.
pub(super) fn western(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    Some(plus(Date::new(year, 3, 22).ok()?, h + l - 7 * m))
}

/// Easter Sunday of the Orthodox churches as a Gregorian date; they reckon by the Julian calendar.
///
/// Source: J. Meeus, *Astronomical Algorithms*, chapter 8, Julian Easter, with its result left as
/// days after 22 March of the Julian calendar.
pub(super) fn orthodox(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let julian_lag = y / 100 - y / 400 - 2;
    Some(plus(Date::new(year, 3, 22).ok()?, d + e + julian_lag))
}
