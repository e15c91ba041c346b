//! Brazil, Canada, Colombia, Mexico and the United States.

use jiff::civil::Weekday::Monday;
use jiff::civil::Weekday::Thursday;

use crate::calendar::holiday::HolidaySet;
use crate::calendar::holiday::PublicHoliday;
use crate::calendar::holiday::Substitute::Nearest;
use crate::calendar::holiday::Substitute::NextFree;
use crate::calendar::holiday::on;
use crate::calendar::rule::Rule;
use crate::calendar::rule::fixed;
use crate::calendar::rule::from;
use crate::calendar::rule::nth;

/// National holidays. Carnival and Corpus Christi are optional days, not holidays.
pub(super) const BR: HolidaySet = HolidaySet {
    name: "BR",
    source: "Leis 662/1949, 6.802/1980, 10.607/2002 and 14.759/2023",
    known_from: 2024,
    lists: &[BRAZIL],
};

/// Federal holidays. Provinces add and leave out days.
pub(super) const CA: HolidaySet = HolidaySet {
    name: "CA",
    source: "Canada Labour Code, ss. 166 and 193",
    known_from: 2024,
    lists: &[CANADA],
};

/// Statutory holidays of British Columbia, which have no substitute days.
pub(super) const CA_BC: HolidaySet = HolidaySet {
    name: "CA-BC",
    source: "Employment Standards Act (B.C.), s. 1",
    known_from: 2023,
    lists: &[BRITISH_COLUMBIA],
};

/// Most are kept on the Monday on or after their date.
pub(super) const CO: HolidaySet = HolidaySet {
    name: "CO",
    source: "Ley 51 de 1983 (Ley Emiliani); Chiquinquirá after holidays 0.109",
    known_from: 2024,
    lists: &[COLOMBIA],
};

/// Days of obligatory rest.
pub(super) const MX: HolidaySet = HolidaySet {
    name: "MX",
    source: "Ley Federal del Trabajo, art. 74",
    known_from: 2025,
    lists: &[MEXICO],
};

/// Federal holidays.
pub(super) const US: HolidaySet =
    HolidaySet { name: "US", source: "5 U.S.C. 6103", known_from: 2024, lists: &[FEDERAL] };

const BRAZIL: &[PublicHoliday] = &[
    on("Universal Fraternization Day", fixed(1, 1)),
    on("Good Friday", Rule::Easter(-2)),
    on("Tiradentes' Day", fixed(4, 21)),
    on("Workers' Day", fixed(5, 1)),
    on("Independence Day", fixed(9, 7)),
    on("Our Lady of Aparecida", fixed(10, 12)),
    on("All Souls' Day", fixed(11, 2)),
    on("Republic Proclamation Day", fixed(11, 15)),
    on("Black Awareness Day", fixed(11, 20)).since(2024),
    on("Christmas Day", fixed(12, 25)),
];

const CANADA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(NextFree),
    on("Good Friday", Rule::Easter(-2)),
    // The Monday before 25 May.
    on("Victoria Day", from(Monday, 5, 18)),
    on("Canada Day", fixed(7, 1)).or(NextFree),
    on("Labour Day", nth(1, Monday, 9)),
    on("National Day for Truth and Reconciliation", fixed(9, 30)).or(NextFree).since(2021),
    on("Thanksgiving Day", nth(2, Monday, 10)),
    on("Remembrance Day", fixed(11, 11)).or(NextFree),
    on("Christmas Day", fixed(12, 25)).or(NextFree),
    on("Boxing Day", fixed(12, 26)).or(NextFree),
];

const BRITISH_COLUMBIA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Family Day", nth(3, Monday, 2)),
    on("Good Friday", Rule::Easter(-2)),
    // The Monday before 25 May.
    on("Victoria Day", from(Monday, 5, 18)),
    on("Canada Day", fixed(7, 1)),
    on("B.C. Day", nth(1, Monday, 8)),
    on("Labour Day", nth(1, Monday, 9)),
    on("National Day for Truth and Reconciliation", fixed(9, 30)).since(2023),
    on("Thanksgiving Day", nth(2, Monday, 10)),
    on("Remembrance Day", fixed(11, 11)),
    on("Christmas Day", fixed(12, 25)),
];

const COLOMBIA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", from(Monday, 1, 6)),
    on("Saint Joseph's Day", from(Monday, 3, 19)),
    on("Maundy Thursday", Rule::Easter(-3)),
    on("Good Friday", Rule::Easter(-2)),
    on("Labour Day", fixed(5, 1)),
    // Ascension, Corpus Christi and Sacred Heart, each on the Monday after.
    on("Ascension Day", Rule::Easter(43)),
    on("Corpus Christi", Rule::Easter(64)),
    on("Sacred Heart", Rule::Easter(71)),
    on("Saint Peter and Saint Paul's Day", from(Monday, 6, 29)),
    on("Our Lady of the Rosary of Chiquinquirá", from(Monday, 7, 9)).since(2026),
    on("Independence Day", fixed(7, 20)),
    on("Battle of Boyacá", fixed(8, 7)),
    on("Assumption Day", from(Monday, 8, 15)),
    on("Columbus Day", from(Monday, 10, 12)),
    on("All Saints' Day", from(Monday, 11, 1)),
    on("Independence of Cartagena", from(Monday, 11, 11)),
    on("Immaculate Conception", fixed(12, 8)),
    on("Christmas Day", fixed(12, 25)),
];

const MEXICO: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Constitution Day", nth(1, Monday, 2)),
    on("Benito Juárez's Birthday", nth(3, Monday, 3)),
    on("Labour Day", fixed(5, 1)),
    on("Independence Day", fixed(9, 16)),
    // Every six years.
    on("Change of Federal Government", fixed(10, 1)).only_in(2024),
    on("Change of Federal Government", fixed(10, 1)).only_in(2030),
    on("Change of Federal Government", fixed(10, 1)).only_in(2036),
    on("Revolution Day", nth(3, Monday, 11)),
    on("Christmas Day", fixed(12, 25)),
];

/// Inauguration Day is left out: it concerns federal employees in and around Washington only.
pub(super) const FEDERAL: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(Nearest),
    on("Martin Luther King Jr. Day", nth(3, Monday, 1)),
    on("Washington's Birthday", nth(3, Monday, 2)),
    on("Memorial Day", nth(-1, Monday, 5)),
    on("Juneteenth", fixed(6, 19)).or(Nearest).since(2021),
    on("Independence Day", fixed(7, 4)).or(Nearest),
    on("Labor Day", nth(1, Monday, 9)),
    on("Columbus Day", nth(2, Monday, 10)),
    on("Veterans Day", fixed(11, 11)).or(Nearest),
    on("Thanksgiving Day", nth(4, Thursday, 11)),
    on("Christmas Day", fixed(12, 25)).or(Nearest),
];
