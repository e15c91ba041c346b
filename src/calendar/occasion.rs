//! Occasions: days and seasons that can hurt, and when each country keeps them.

mod list;
mod titles;

use crate::calendar::days::Days;
use crate::calendar::jurisdiction;
use crate::calendar::rule::Rule;

/// A day or season such as Mother's Day.
#[derive(Debug)]
pub struct Occasion {
    name: &'static str,
    title: &'static str,
    groups: &'static [Group],
}

/// Countries that keep an occasion on the same days.
#[derive(Debug)]
pub struct Group {
    countries: Countries,
    rule: Rule,
}

/// The countries of a [`Group`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countries {
    /// These countries, as ISO 3166-1 codes in alphabetical order.
    Listed(&'static [&'static str]),
    /// All countries that no other group of the occasion lists.
    Elsewhere,
    /// All countries.
    Everywhere,
}

impl Occasion {
    /// The occasions that ship, by name.
    #[must_use]
    pub fn all() -> &'static [Self] {
        list::OCCASIONS
    }

    /// The occasion of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|occasion| occasion.name == name)
    }

    /// The name that policies and opt-outs use: `mothers_day`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name for people: Mother's Day.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The name in a language, such as `fr` or `pt-BR`; in English if there is no translation.
    #[must_use]
    pub fn title_in(&self, language: &str) -> &'static str {
        let primary = language.split('-').next().unwrap_or_default();
        titles::find(self.name, primary).unwrap_or(self.title)
    }

    /// The groups of countries that keep it on the same days. A country belongs to the first group
    /// that has it.
    #[must_use]
    pub fn groups(&self) -> &'static [Group] {
        self.groups
    }

    /// The days on which it falls in a country, or in every country together for `None`.
    ///
    /// A subdivision (`US-FL`) keeps the days of its country. `year` is the Gregorian year in which
    /// the occurrence begins; there can be two, as of Ramadan in 2030, and there is none in a
    /// country that does not keep the occasion, or beyond [`Occasion::known_until`].
    #[must_use]
    pub fn occurrences(&self, country: Option<&str>, year: i16) -> Vec<Days> {
        match country {
            Some(code) => {
                let country = jurisdiction::country_of(code);
                let group = self.groups.iter().find(|group| group.speaks_for(country));
                group.map_or_else(Vec::new, |group| group.occurrences(year))
            }
            None => {
                let every = self.groups.iter().flat_map(|group| group.occurrences(year));
                let mut every: Vec<Days> = every.collect();
                every.sort_unstable();
                every.dedup();
                every
            }
        }
    }

    /// The last year whose days are known in every country, for an occasion that needs a table.
    #[must_use]
    pub fn known_until(&self) -> Option<i16> {
        self.groups.iter().filter_map(|group| group.rule.known_until()).min()
    }
}

impl Group {
    /// The countries of the group.
    #[must_use]
    pub fn countries(&self) -> Countries {
        self.countries
    }

    /// The days on which it falls in these countries, for a year in which it begins; in order, and
    /// apart from each other.
    #[must_use]
    pub fn occurrences(&self, year: i16) -> Vec<Days> {
        self.rule.occurrences(year)
    }

    /// Countries that share a rule.
    pub(in crate::calendar) const fn of(countries: &'static [&'static str], rule: Rule) -> Self {
        Self { countries: Countries::Listed(countries), rule }
    }

    /// The rule of the countries that are not listed.
    pub(in crate::calendar) const fn elsewhere(rule: Rule) -> Self {
        Self { countries: Countries::Elsewhere, rule }
    }

    const fn everywhere(rule: Rule) -> Self {
        Self { countries: Countries::Everywhere, rule }
    }

    fn speaks_for(&self, country: &str) -> bool {
        match self.countries {
            Countries::Listed(countries) => countries.contains(&country),
            Countries::Elsewhere | Countries::Everywhere => true,
        }
    }
}

#[cfg(test)]
mod tests;
