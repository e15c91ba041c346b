//! The occasions that ship.
//!
//! Mother's and Father's Day: published lists of dates (greenesrelease.com, holidays.net,
//! fleurop.at, liquisearch.com), compared with the `date-holidays` project; where those disagree,
//! the day that most of them give. A country that is not listed gets the commonest rule, so that a
//! wish is honoured on some day rather than on none.

use jiff::civil::Weekday::Friday;
use jiff::civil::Weekday::Monday;
use jiff::civil::Weekday::Sunday;
use jiff::civil::Weekday::Thursday;

use crate::calendar::occasion::Group;
use crate::calendar::occasion::Occasion;
use crate::calendar::rule::Rule;
use crate::calendar::rule::fixed;
use crate::calendar::rule::from;
use crate::calendar::rule::nth;
use crate::calendar::tables::eid_al_adha::EID_AL_ADHA;
use crate::calendar::tables::eid_al_fitr::EID_AL_FITR;
use crate::calendar::tables::hebrew;
use crate::calendar::tables::hindu;
use crate::calendar::tables::lunar;
use crate::calendar::tables::ramadan::RAMADAN;

/// All occasions, by name.
pub(super) static OCCASIONS: &[Occasion] = &[
    // The day after the US Thanksgiving, hence not always the fourth Friday.
    occasion("black_friday", "Black Friday", &[Group::everywhere(from(Friday, 11, 23))]),
    occasion("christmas", "Christmas", &[Group::everywhere(fixed(12, 25))]),
    occasion("diwali", "Diwali", &[Group::everywhere(Rule::Table(&hindu::DIWALI))]),
    occasion("easter", "Easter", &[Group::everywhere(Rule::Easter(0))]),
    occasion("eid_al_adha", "Eid al-Adha", EID_AL_ADHA),
    occasion("eid_al_fitr", "Eid al-Fitr", EID_AL_FITR),
    occasion("fathers_day", "Father's Day", FATHERS_DAY),
    occasion("halloween", "Halloween", &[Group::everywhere(fixed(10, 31))]),
    occasion("hanukkah", "Hanukkah", &[Group::everywhere(Rule::Table(&hebrew::HANUKKAH))]),
    occasion("lunar_new_year", "Lunar New Year", LUNAR_NEW_YEAR),
    occasion("mothers_day", "Mother's Day", MOTHERS_DAY),
    occasion("new_year", "New Year's Day", &[Group::everywhere(fixed(1, 1))]),
    // 25 December of the Julian calendar, which is 7 January until 2100.
    occasion("orthodox_christmas", "Orthodox Christmas", &[Group::everywhere(fixed(1, 7))]),
    occasion("orthodox_easter", "Orthodox Easter", &[Group::everywhere(Rule::OrthodoxEaster(0))]),
    occasion("pesach", "Pesach", PESACH),
    occasion("ramadan", "Ramadan", RAMADAN),
    occasion(
        "rosh_hashanah",
        "Rosh Hashanah",
        &[Group::everywhere(Rule::Table(&hebrew::ROSH_HASHANAH))],
    ),
    occasion("thanksgiving", "Thanksgiving", THANKSGIVING),
    occasion("valentines_day", "Valentine's Day", &[Group::everywhere(fixed(2, 14))]),
    occasion("yom_kippur", "Yom Kippur", &[Group::everywhere(Rule::Table(&hebrew::YOM_KIPPUR))]),
];

static MOTHERS_DAY: &[Group] = &[
    Group::of(&["NO"], nth(2, Sunday, 2)),
    Group::of(&["GE"], fixed(3, 3)),
    Group::of(&["AL"], fixed(3, 8)),
    // Mothering Sunday, the fourth of Lent.
    Group::of(&["GB", "GG", "IE", "IM", "JE", "NG"], Rule::Easter(-21)),
    // The members of the Arab League, but for the three of the Maghreb.
    Group::of(
        &[
            "AE", "BH", "DJ", "EG", "IQ", "JO", "KM", "KW", "LB", "LY", "MR", "OM", "PS", "QA",
            "SA", "SD", "SO", "SY", "YE",
        ],
        fixed(3, 21),
    ),
    Group::of(&["SI"], fixed(3, 25)),
    Group::of(&["AM"], fixed(4, 7)),
    Group::of(&["IL"], Rule::Table(&hebrew::FAMILY_DAY)),
    Group::of(&["AO", "ES", "HU", "LT", "MZ", "PT", "RO"], nth(1, Sunday, 5)),
    // Parents' Day.
    Group::of(&["KR"], fixed(5, 8)),
    Group::of(&["GT", "MX", "SV"], fixed(5, 10)),
    Group::of(&["HN"], nth(2, Monday, 5)),
    Group::of(&["PY"], fixed(5, 15)),
    Group::of(&["PL"], fixed(5, 26)),
    Group::of(&["BO"], fixed(5, 27)),
    Group::of(&["NI"], fixed(5, 30)),
    // France and the overseas parts of it that have a code of their own.
    Group::of(&["BL", "FR", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"], Rule::MothersDayFrance),
    Group::of(&["DO", "DZ", "HT", "MA", "MG", "MU", "SE", "SN", "TN"], nth(-1, Sunday, 5)),
    Group::of(&["SS"], nth(1, Monday, 7)),
    Group::of(&["TH"], fixed(8, 12)),
    Group::of(&["CR"], fixed(8, 15)),
    Group::of(&["MW"], Rule::PutOff { month: 10, day: 15, saturday: true }),
    Group::of(&["AR"], nth(3, Sunday, 10)),
    Group::of(&["PA"], Rule::PutOff { month: 12, day: 8, saturday: false }),
    Group::of(&["ID"], fixed(12, 22)),
    Group::elsewhere(nth(2, Sunday, 5)),
];

static FATHERS_DAY: &[Group] = &[
    Group::of(&["RU"], fixed(2, 23)),
    Group::of(&["AD", "BO", "ES", "HN", "IT", "LI", "PT"], fixed(3, 19)),
    // Parents' Day.
    Group::of(&["KR"], fixed(5, 8)),
    // Ascension Day.
    Group::of(&["DE"], Rule::Easter(39)),
    Group::of(&["LT"], nth(1, Sunday, 6)),
    Group::of(&["DK"], fixed(6, 5)),
    Group::of(&["AT", "BE"], nth(2, Sunday, 6)),
    Group::of(&["SV"], fixed(6, 17)),
    Group::of(&["LB", "SY"], fixed(6, 21)),
    Group::of(&["NI", "PL"], fixed(6, 23)),
    Group::of(&["UY"], nth(2, Sunday, 7)),
    Group::of(&["DO"], nth(-1, Sunday, 7)),
    Group::of(&["TW"], fixed(8, 8)),
    Group::of(&["BR"], nth(2, Sunday, 8)),
    Group::of(&["AU", "NZ"], nth(1, Sunday, 9)),
    Group::of(&["LV"], nth(2, Sunday, 9)),
    Group::of(&["LU"], nth(1, Sunday, 10)),
    Group::of(&["EE", "FI", "IS", "NO", "SE"], nth(2, Sunday, 11)),
    Group::of(&["TH"], fixed(12, 5)),
    Group::elsewhere(nth(3, Sunday, 6)),
];

static LUNAR_NEW_YEAR: &[Group] = &[
    Group::of(&["KR"], Rule::Table(&lunar::KOREA)),
    Group::of(&["VN"], Rule::Table(&lunar::VIETNAM)),
    Group::elsewhere(Rule::Table(&lunar::CHINA)),
];

static PESACH: &[Group] = &[
    Group::of(&["IL"], Rule::Table(&hebrew::PESACH)),
    Group::elsewhere(Rule::Table(&hebrew::PESACH_ABROAD)),
];

static THANKSGIVING: &[Group] = &[
    Group::of(&["CA"], nth(2, Monday, 10)),
    // With the territories that have a code of their own.
    Group::of(&["AS", "GU", "MP", "PR", "US", "VI"], nth(4, Thursday, 11)),
];

const fn occasion(name: &'static str, title: &'static str, groups: &'static [Group]) -> Occasion {
    Occasion { name, title, groups }
}
