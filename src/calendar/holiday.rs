//! Public holidays of the jurisdictions whose calling rules name them, and of some of their
//! neighbours.
//!
//! A set holds the days that the law of the whole jurisdiction names, as the law stands, and the
//! substitute days as well as the real ones. It does not hold days of single regions or towns, nor
//! holidays that a government proclaims for one occasion only.

mod americas;
mod europe;
mod states;
mod world;

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::civil::Weekday;

use crate::calendar::days::plus;
use crate::calendar::rule::Rule;

/// The public holidays of one jurisdiction.
#[derive(Debug)]
pub struct HolidaySet {
    name: &'static str,
    source: &'static str,
    known_from: i16,
    lists: &'static [&'static [PublicHoliday]],
}

/// A day of a [`HolidaySet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The date of the holiday.
    pub date: Date,
    /// The name of the holiday.
    pub title: &'static str,
    /// Whether it stands in for a holiday that fell on another day.
    pub observed: bool,
}

impl HolidaySet {
    /// The sets that ship, by name.
    #[must_use]
    pub fn all() -> &'static [Self] {
        SETS
    }

    /// The set of a jurisdiction: `IT`, `US-PA`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|set| set.name == name)
    }

    /// The jurisdiction's code.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The law or list that names the days.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// The first year for which the set was checked. Days of earlier years are as today's law would
    /// have them. There is no last year: the days follow from rules.
    #[must_use]
    pub fn known_from(&self) -> i16 {
        self.known_from
    }

    /// The holidays of a year, by date.
    #[must_use]
    pub fn days(&self, year: i16) -> Vec<Holiday> {
        let actual = self.actual(year);
        let mut taken: BTreeSet<Date> = actual.iter().map(|(date, _)| *date).collect();
        let mut days = Vec::new();
        for (date, holiday) in actual {
            days.push(Holiday { date, title: holiday.title, observed: false });
            if let Some(date) = holiday.substitute.of(date, &taken) {
                taken.insert(date);
                days.push(Holiday { date, title: holiday.title, observed: true });
            }
        }
        days.retain(|day| day.date.year() == year);
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The holidays themselves, by date, with those of the years around: New Year's Day can be
    /// observed in December.
    fn actual(&self, year: i16) -> Vec<(Date, &'static PublicHoliday)> {
        let mut actual = Vec::new();
        for holiday in self.lists.iter().copied().flatten() {
            for year in [year.saturating_sub(1), year, year.saturating_add(1)] {
                if holiday.from <= year && year <= holiday.until {
                    let days = holiday.rule.occurrences(year);
                    actual.extend(days.into_iter().map(|days| (days.first, holiday)));
                }
            }
        }
        actual.sort_by_key(|(date, _)| *date);
        actual
    }
}

/// The sets, by name.
static SETS: &[HolidaySet] = &[
    europe::AT,
    world::AU,
    europe::BE,
    americas::BR,
    americas::CA,
    americas::CA_BC,
    americas::CO,
    europe::DE,
    europe::DK,
    europe::ES,
    europe::FI,
    europe::FR,
    europe::GB,
    europe::IT,
    americas::MX,
    europe::NO,
    europe::PL,
    europe::PT,
    europe::SE,
    americas::US,
    states::US_AL,
    states::US_LA,
    states::US_PA,
    states::US_RI,
    states::US_UT,
    world::ZA,
];

/// A holiday that comes every year, or did for some years.
#[derive(Debug)]
struct PublicHoliday {
    title: &'static str,
    rule: Rule,
    substitute: Substitute,
    from: i16,
    until: i16,
}

/// The substitute day of a holiday that falls on a weekend.
#[derive(Clone, Copy, Debug)]
enum Substitute {
    /// There is no substitute day.
    Never,
    /// Monday for a Sunday.
    SundayToMonday,
    /// Monday for a Saturday or a Sunday.
    WeekendToMonday,
    /// Friday for a Saturday, Monday for a Sunday.
    Nearest,
    /// For a Saturday or a Sunday, the next weekday that is not a holiday already.
    NextFree,
    /// The Monday before for Tuesday to Friday, the Monday after for a weekend.
    AlwaysMonday,
}

impl Substitute {
    /// The other day, if `date` has one.
    fn of(self, date: Date, taken: &BTreeSet<Date>) -> Option<Date> {
        let weekday = date.weekday();
        let since_monday = i32::from(weekday.to_monday_zero_offset());
        let (saturday, sunday) = (weekday == Weekday::Saturday, weekday == Weekday::Sunday);
        let to_monday = plus(date, 7 - since_monday);
        match self {
            Self::Never => None,
            Self::SundayToMonday => sunday.then_some(to_monday),
            Self::WeekendToMonday => (saturday || sunday).then_some(to_monday),
            Self::Nearest if saturday => Some(plus(date, -1)),
            Self::Nearest => sunday.then_some(to_monday),
            Self::NextFree if saturday || sunday => {
                (0..7).map(|days| plus(to_monday, days)).find(|day| !taken.contains(day))
            }
            Self::NextFree => None,
            Self::AlwaysMonday if saturday || sunday => Some(to_monday),
            Self::AlwaysMonday => (since_monday > 0).then(|| plus(date, -since_monday)),
        }
    }
}

impl PublicHoliday {
    const fn new(title: &'static str, rule: Rule) -> Self {
        Self { title, rule, substitute: Substitute::Never, from: i16::MIN, until: i16::MAX }
    }

    /// The same rule, with a substitute day.
    const fn or(self, substitute: Substitute) -> Self {
        Self { substitute, ..self }
    }

    /// The same rule, from a year on.
    const fn since(self, from: i16) -> Self {
        Self { from, ..self }
    }

    /// The same rule, in one year only.
    const fn only_in(self, year: i16) -> Self {
        Self { from: year, until: year, ..self }
    }
}

/// A holiday that is kept on its day only.
const fn on(title: &'static str, rule: Rule) -> PublicHoliday {
    PublicHoliday::new(title, rule)
}

#[cfg(test)]
mod tests;
