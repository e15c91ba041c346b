//! Europe. Substitute days are rare here: a holiday on a Sunday is mostly lost.

use jiff::civil::Weekday::Friday;
use jiff::civil::Weekday::Monday;
use jiff::civil::Weekday::Saturday;
use jiff::civil::Weekday::Sunday;

use crate::calendar::holiday::HolidaySet;
use crate::calendar::holiday::PublicHoliday;
use crate::calendar::holiday::Substitute::NextFree;
use crate::calendar::holiday::on;
use crate::calendar::rule::Rule;
use crate::calendar::rule::fixed;
use crate::calendar::rule::from;
use crate::calendar::rule::nth;

/// Austria's federal holidays.
pub(super) const AT: HolidaySet = HolidaySet {
    name: "AT",
    source: "Feiertagsruhegesetz, s. 1",
    known_from: 2024,
    lists: &[AUSTRIA],
};

/// Belgium's legal holidays, with the two Sundays.
pub(super) const BE: HolidaySet = HolidaySet {
    name: "BE",
    source: "Arrêté royal of 18 April 1974, art. 1",
    known_from: 2024,
    lists: &[BELGIUM],
};

/// The nine days that all of the Länder keep.
pub(super) const DE: HolidaySet = HolidaySet {
    name: "DE",
    source: "the holiday acts of the sixteen Länder",
    known_from: 2024,
    lists: &[GERMANY],
};

/// Without the Great Prayer Day, which ended with 2023.
pub(super) const DK: HolidaySet = HolidaySet {
    name: "DK",
    source: "Lov om helligdage, and Lov 214 of 2023",
    known_from: 2024,
    lists: &[DENMARK],
};

/// All national days, also in years or regions that move or replace them.
pub(super) const ES: HolidaySet = HolidaySet {
    name: "ES",
    source: "Real Decreto 2001/1983, art. 45",
    known_from: 2024,
    lists: &[SPAIN],
};

/// Finland's church and public holidays, with the eves on which work rests.
pub(super) const FI: HolidaySet = HolidaySet {
    name: "FI",
    source: "Kirkkojärjestys and the holiday acts, after holidays 0.109",
    known_from: 2024,
    lists: &[FINLAND],
};

/// The eleven days of the code. Alsace and Moselle have two more.
pub(super) const FR: HolidaySet = HolidaySet {
    name: "FR",
    source: "Code du travail, art. L. 3133-1",
    known_from: 2024,
    lists: &[FRANCE],
};

/// Bank holidays of England and Wales, which most people keep.
pub(super) const GB: HolidaySet = HolidaySet {
    name: "GB",
    source: "Banking and Financial Dealings Act 1971, sch. 1",
    known_from: 2024,
    lists: &[ENGLAND_AND_WALES],
};

/// Saint Francis is a holiday again from 2026.
pub(super) const IT: HolidaySet = HolidaySet {
    name: "IT",
    source: "Leggi 260/1949, art. 2, and 54/1977; Legge 151/2025",
    known_from: 2024,
    lists: &[ITALY],
};

/// Norway's holidays.
pub(super) const NO: HolidaySet = HolidaySet {
    name: "NO",
    source: "Lov om helligdager og helligdagsfred, s. 2",
    known_from: 2024,
    lists: &[NORWAY],
};

/// Christmas Eve is a holiday from 2025.
pub(super) const PL: HolidaySet = HolidaySet {
    name: "PL",
    source: "Ustawa o dniach wolnych od pracy, art. 1",
    known_from: 2024,
    lists: &[POLAND],
};

/// Portugal's obligatory holidays.
pub(super) const PT: HolidaySet = HolidaySet {
    name: "PT",
    source: "Código do Trabalho, art. 234",
    known_from: 2024,
    lists: &[PORTUGAL],
};

/// Sweden's public holidays.
pub(super) const SE: HolidaySet = HolidaySet {
    name: "SE",
    source: "Lag (1989:253) om allmänna helgdagar",
    known_from: 2024,
    lists: &[SWEDEN],
};

const AUSTRIA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Easter Monday", Rule::Easter(1)),
    on("Labour Day", fixed(5, 1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Monday", Rule::Easter(50)),
    on("Corpus Christi", Rule::Easter(60)),
    on("Assumption Day", fixed(8, 15)),
    on("National Day", fixed(10, 26)),
    on("All Saints' Day", fixed(11, 1)),
    on("Immaculate Conception", fixed(12, 8)),
    on("Christmas Day", fixed(12, 25)),
    on("Saint Stephen's Day", fixed(12, 26)),
];

const BELGIUM: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("Labour Day", fixed(5, 1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Sunday", Rule::Easter(49)),
    on("Whit Monday", Rule::Easter(50)),
    on("National Day", fixed(7, 21)),
    on("Assumption Day", fixed(8, 15)),
    on("All Saints' Day", fixed(11, 1)),
    on("Armistice Day", fixed(11, 11)),
    on("Christmas Day", fixed(12, 25)),
];

const GERMANY: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Monday", Rule::Easter(1)),
    on("Labour Day", fixed(5, 1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Monday", Rule::Easter(50)),
    on("German Unity Day", fixed(10, 3)),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];

const DENMARK: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Maundy Thursday", Rule::Easter(-3)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Sunday", Rule::Easter(49)),
    on("Whit Monday", Rule::Easter(50)),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];

const SPAIN: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Good Friday", Rule::Easter(-2)),
    on("Labour Day", fixed(5, 1)),
    on("Assumption Day", fixed(8, 15)),
    on("National Day", fixed(10, 12)),
    on("All Saints' Day", fixed(11, 1)),
    on("Constitution Day", fixed(12, 6)),
    on("Immaculate Conception", fixed(12, 8)),
    on("Christmas Day", fixed(12, 25)),
];

const FINLAND: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("May Day", fixed(5, 1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Sunday", Rule::Easter(49)),
    on("Midsummer Eve", from(Friday, 6, 19)),
    on("Midsummer Day", from(Saturday, 6, 20)),
    on("All Saints' Day", from(Saturday, 10, 31)),
    on("Independence Day", fixed(12, 6)),
    on("Christmas Eve", fixed(12, 24)),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];

const FRANCE: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Easter Monday", Rule::Easter(1)),
    on("Labour Day", fixed(5, 1)),
    on("Victory Day", fixed(5, 8)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Monday", Rule::Easter(50)),
    on("National Day", fixed(7, 14)),
    on("Assumption Day", fixed(8, 15)),
    on("All Saints' Day", fixed(11, 1)),
    on("Armistice Day", fixed(11, 11)),
    on("Christmas Day", fixed(12, 25)),
];

const ENGLAND_AND_WALES: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(NextFree),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Monday", Rule::Easter(1)),
    on("Early May Bank Holiday", nth(1, Monday, 5)),
    on("Spring Bank Holiday", nth(-1, Monday, 5)),
    on("Summer Bank Holiday", nth(-1, Monday, 8)),
    on("Christmas Day", fixed(12, 25)).or(NextFree),
    on("Boxing Day", fixed(12, 26)).or(NextFree),
];

const ITALY: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("Liberation Day", fixed(4, 25)),
    on("Labour Day", fixed(5, 1)),
    on("Republic Day", fixed(6, 2)),
    on("Assumption Day", fixed(8, 15)),
    on("Saint Francis of Assisi", fixed(10, 4)).since(2026),
    on("All Saints' Day", fixed(11, 1)),
    on("National Unity Day", nth(1, Sunday, 11)),
    on("Immaculate Conception", fixed(12, 8)),
    on("Christmas Day", fixed(12, 25)),
    on("Saint Stephen's Day", fixed(12, 26)),
];

const NORWAY: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Maundy Thursday", Rule::Easter(-3)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("Labour Day", fixed(5, 1)),
    on("Constitution Day", fixed(5, 17)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Sunday", Rule::Easter(49)),
    on("Whit Monday", Rule::Easter(50)),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];

const POLAND: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("National Day", fixed(5, 1)),
    on("Constitution Day", fixed(5, 3)),
    on("Whit Sunday", Rule::Easter(49)),
    on("Corpus Christi", Rule::Easter(60)),
    on("Assumption Day", fixed(8, 15)),
    on("All Saints' Day", fixed(11, 1)),
    on("Independence Day", fixed(11, 11)),
    on("Christmas Eve", fixed(12, 24)).since(2025),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];

const PORTUGAL: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Freedom Day", fixed(4, 25)),
    on("Labour Day", fixed(5, 1)),
    on("Corpus Christi", Rule::Easter(60)),
    on("Portugal Day", fixed(6, 10)),
    on("Assumption Day", fixed(8, 15)),
    on("Republic Day", fixed(10, 5)),
    on("All Saints' Day", fixed(11, 1)),
    on("Restoration of Independence", fixed(12, 1)),
    on("Immaculate Conception", fixed(12, 8)),
    on("Christmas Day", fixed(12, 25)),
];

const SWEDEN: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)),
    on("Epiphany", fixed(1, 6)),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Sunday", Rule::Easter(0)),
    on("Easter Monday", Rule::Easter(1)),
    on("May Day", fixed(5, 1)),
    on("Ascension Day", Rule::Easter(39)),
    on("Whit Sunday", Rule::Easter(49)),
    on("National Day", fixed(6, 6)),
    on("Midsummer Day", from(Saturday, 6, 20)),
    on("All Saints' Day", from(Saturday, 10, 31)),
    on("Christmas Day", fixed(12, 25)),
    on("Second Day of Christmas", fixed(12, 26)),
];
