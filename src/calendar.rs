//! Occasions, public holidays and jurisdictions: on which civil days what falls, and where.
//!
//! Everything here is shipped data and rules over civil days. Nothing reads a clock, a time zone or
//! a file, and nothing knows of policies: what a day means for a contact is for `engine` to say.

mod days;
mod holiday;
mod jurisdiction;
mod meant;
mod occasion;
mod offset;
mod rule;
mod tables;

pub use days::Days;
pub use holiday::Holiday;
pub use holiday::HolidaySet;
pub use jurisdiction::countries_of_zone;
pub use jurisdiction::is_jurisdiction;
pub use jurisdiction::zones_of;
pub use meant::meant_jurisdiction;
pub use meant::meant_zone;
pub use occasion::Countries;
pub use occasion::Group;
pub use occasion::Occasion;
pub use offset::misleading_zone;

/// The kind of an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A day or season that can hurt.
    Occasion,
    /// A day of the country's public-holiday set.
    Holiday,
}

/// One line of a country's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The days of the entry.
    pub days: Days,
    /// Whether it is an occasion or a holiday.
    pub kind: Kind,
    /// The name a policy uses: of the occasion, or of the holiday set.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Whether it is a substitute for a day that fell on a weekend.
    pub observed: bool,
}

/// A year as one country or subdivision keeps it: the occasions, and the days of its holiday set
/// or, if it has none of its own, of its country's. Sorted by day.
#[must_use]
pub fn year(code: &str, year: i16) -> Vec<Entry> {
    let occasions = Occasion::all().iter().flat_map(|occasion| {
        occasion.occurrences(Some(code), year).into_iter().map(|days| Entry {
            days,
            kind: Kind::Occasion,
            name: occasion.name(),
            title: occasion.title(),
            observed: false,
        })
    });
    let set = HolidaySet::find(code).or_else(|| HolidaySet::find(jurisdiction::country_of(code)));
    let holidays = set.into_iter().flat_map(|set| {
        set.days(year).into_iter().map(|holiday| Entry {
            days: Days::one(holiday.date),
            kind: Kind::Holiday,
            name: set.name(),
            title: holiday.title,
            observed: holiday.observed,
        })
    });
    let mut entries: Vec<Entry> = occasions.chain(holidays).collect();
    entries.sort_unstable();
    entries
}

#[cfg(test)]
mod tests;
