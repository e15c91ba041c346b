//! Australia and South Africa.

use crate::calendar::holiday::HolidaySet;
use crate::calendar::holiday::PublicHoliday;
use crate::calendar::holiday::Substitute::NextFree;
use crate::calendar::holiday::Substitute::SundayToMonday;
use crate::calendar::holiday::on;
use crate::calendar::rule::Rule;
use crate::calendar::rule::fixed;

/// The days that every state and territory keeps. Only some of them move Anzac Day off a weekend.
pub(super) const AU: HolidaySet = HolidaySet {
    name: "AU",
    source: "Fair Work Act 2009, s. 115(1)(a), without the King's Birthday, whose date differs",
    known_from: 2024,
    lists: &[AUSTRALIA],
};

/// Election days are proclaimed one by one.
pub(super) const ZA: HolidaySet = HolidaySet {
    name: "ZA",
    source: "Public Holidays Act 36 of 1994",
    known_from: 2025,
    lists: &[SOUTH_AFRICA],
};

const AUSTRALIA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(NextFree),
    on("Australia Day", fixed(1, 26)).or(NextFree),
    on("Good Friday", Rule::Easter(-2)),
    on("Easter Monday", Rule::Easter(1)),
    on("Anzac Day", fixed(4, 25)),
    on("Christmas Day", fixed(12, 25)).or(NextFree),
    on("Boxing Day", fixed(12, 26)).or(NextFree),
];

const SOUTH_AFRICA: &[PublicHoliday] = &[
    on("New Year's Day", fixed(1, 1)).or(SundayToMonday),
    on("Human Rights Day", fixed(3, 21)).or(SundayToMonday),
    on("Good Friday", Rule::Easter(-2)),
    on("Family Day", Rule::Easter(1)),
    on("Freedom Day", fixed(4, 27)).or(SundayToMonday),
    on("Workers' Day", fixed(5, 1)).or(SundayToMonday),
    on("Youth Day", fixed(6, 16)).or(SundayToMonday),
    on("National Women's Day", fixed(8, 9)).or(SundayToMonday),
    on("Heritage Day", fixed(9, 24)).or(SundayToMonday),
    on("Local Government Elections", fixed(11, 4)).only_in(2026),
    on("Day of Reconciliation", fixed(12, 16)).or(SundayToMonday),
    on("Christmas Day", fixed(12, 25)).or(SundayToMonday),
    on("Day of Goodwill", fixed(12, 26)).or(SundayToMonday),
];
