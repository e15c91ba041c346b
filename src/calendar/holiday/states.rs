//! US states that close telephone solicitation on legal holidays: their own statutory lists, which
//! differ from the federal one and from what general holiday libraries hold.

use jiff::civil::Weekday::Monday;
use jiff::civil::Weekday::Thursday;
use jiff::civil::Weekday::Tuesday;

use crate::calendar::holiday::HolidaySet;
use crate::calendar::holiday::PublicHoliday;
use crate::calendar::holiday::Substitute::AlwaysMonday;
use crate::calendar::holiday::Substitute::Nearest;
use crate::calendar::holiday::Substitute::SundayToMonday;
use crate::calendar::holiday::Substitute::WeekendToMonday;
use crate::calendar::holiday::americas;
use crate::calendar::holiday::on;
use crate::calendar::rule::Rule;
use crate::calendar::rule::fixed;
use crate::calendar::rule::from;
use crate::calendar::rule::nth;

/// Mardi Gras is a holiday in two counties only; callers do not know the county.
pub(super) const US_AL: HolidaySet = HolidaySet {
    name: "US-AL",
    source: "Ala. Code 1-3-8, with Juneteenth from 2025 (HB 165 of 2025)",
    known_from: 2025,
    lists: &[ALABAMA],
};

/// All legal holidays of the statute. The Public Service Commission is said to enforce fewer, but
/// its order (R-29617) says "legal holidays" and no list of its own was found.
pub(super) const US_LA: HolidaySet = HolidaySet {
    name: "US-LA",
    source: "La. R.S. 1:55(A)(1)",
    known_from: 2023,
    lists: &[LOUISIANA],
};

/// The thirteen legal holidays to which the Telemarketer Registration Act refers.
pub(super) const US_PA: HolidaySet = HolidaySet {
    name: "US-PA",
    source: "44 P.S. 11; 73 P.S. 2245(a)(10)",
    known_from: 2019,
    lists: &[PENNSYLVANIA],
};

/// State and federal holidays, each with the substitute days of its own law.
pub(super) const US_RI: HolidaySet = HolidaySet {
    name: "US-RI",
    source: "R.I. Gen. Laws 25-1-1 and 5-61-3.6; 5 U.S.C. 6103",
    known_from: 2024,
    lists: &[RHODE_ISLAND, americas::FEDERAL],
};

/// Good Friday joined the list in 2026, after that year's had passed.
pub(super) const US_UT: HolidaySet = HolidaySet {
    name: "US-UT",
    source: "Utah Code 63G-1-301, as of 6 May 2026",
    known_from: 2025,
    lists: &[UTAH],
};

const ALABAMA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(Nearest),
    on("Martin Luther King Jr. and Robert E. Lee Day", nth(3, Monday, 1)),
    on("Washington's and Jefferson's Birthday", nth(3, Monday, 2)),
    on("Mardi Gras", Rule::Easter(-47)),
    on("Confederate Memorial Day", nth(4, Monday, 4)),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Jefferson Davis' Birthday", nth(1, Monday, 6)),
    on("Juneteenth", fixed(6, 19)).or(Nearest).since(2025),
    on("Independence Day", fixed(7, 4)).or(Nearest),
    on("Labor Day", nth(1, Monday, 9)),
    on("Columbus Day", nth(2, Monday, 10)),
    on("Veterans Day", fixed(11, 11)).or(Nearest),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(Nearest),
];

const LOUISIANA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(Nearest),
    on("Battle of New Orleans", fixed(1, 8)),
    on("Martin Luther King Jr. Day", nth(3, Monday, 1)),
    on("Washington's Birthday and Presidents' Day", nth(3, Monday, 2)),
    on("Mardi Gras", Rule::Easter(-47)),
    on("Good Friday", Rule::Easter(-2)),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Independence Day", fixed(7, 4)).or(Nearest),
    on("Huey P. Long Day", fixed(8, 30)),
    on("Labor Day", nth(1, Monday, 9)),
    on("Christopher Columbus Day", nth(2, Monday, 10)),
    on("All Saints' Day", fixed(11, 1)),
    on("Veterans Day", fixed(11, 11)),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(Nearest),
];

const PENNSYLVANIA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(SundayToMonday),
    on("Martin Luther King Jr. Day", nth(3, Monday, 1)),
    on("Presidents' Day", nth(3, Monday, 2)),
    on("Good Friday", Rule::Easter(-2)),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Flag Day", fixed(6, 14)).or(SundayToMonday),
    on("Independence Day", fixed(7, 4)).or(SundayToMonday),
    on("Labor Day", nth(1, Monday, 9)),
    on("Columbus Day", nth(2, Monday, 10)),
    // The Tuesday after the first Monday.
    on("Election Day", from(Tuesday, 11, 2)),
    on("Veterans Day", fixed(11, 11)).or(SundayToMonday),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(SundayToMonday),
];

const RHODE_ISLAND: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(WeekendToMonday),
    on("Martin Luther King Jr. Day", nth(3, Monday, 1)),
    on("Washington's Birthday", nth(3, Monday, 2)),
    on("Rhode Island Independence Day", fixed(5, 4)).or(SundayToMonday),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Juneteenth", fixed(6, 19)).or(WeekendToMonday).since(2024),
    on("Independence Day", fixed(7, 4)).or(WeekendToMonday),
    on("Victory Day", nth(2, Monday, 8)),
    on("Labor Day", nth(1, Monday, 9)),
    on("Columbus Day", nth(2, Monday, 10)),
    on("Veterans Day", fixed(11, 11)).or(WeekendToMonday),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(WeekendToMonday),
];

const UTAH: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(Nearest),
    on("Martin Luther King Jr. Day", nth(3, Monday, 1)),
    on("Presidents' Day", nth(3, Monday, 2)),
    on("Good Friday", Rule::Easter(-2)).since(2027),
    on("Easter Sunday", Rule::Easter(0)).since(2025),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Juneteenth", fixed(6, 19)).or(AlwaysMonday).since(2022),
    on("Independence Day", fixed(7, 4)).or(Nearest),
    on("Pioneer Day", fixed(7, 24)).or(Nearest),
    on("Labor Day", nth(1, Monday, 9)),
    on("Columbus Day", nth(2, Monday, 10)),
    on("Veterans Day", fixed(11, 11)).or(Nearest),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(Nearest),
];
