//! Sets of civil days: a stretch, one that comes every year, an occasion.

use std::sync::Arc;

use crate::model::Day;
use crate::model::Name;
use crate::model::wish::MonthDay;

/// A set of civil days, made of stretches.
#[derive(Clone, Debug)]
pub enum Days {
    /// One stretch, both ends included.
    Once(Stretch),
    /// A stretch that comes every year.
    Yearly(Yearly),
    /// The days of an occasion, in one list for each group of countries.
    Occasion(Arc<OccasionDays>),
}

/// Consecutive days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The first day.
    pub first: Day,
    /// The last day, not before the first.
    pub last: Day,
}

/// From one date to another, every year; over the new year if the second comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yearly {
    /// The first day.
    pub from: MonthDay,
    /// The last day.
    pub to: MonthDay,
    /// Days before the first that belong to it too.
    pub before: u16,
    /// Days after the last that belong to it too.
    pub after: u16,
}

/// The days of an occasion and the days around it.
#[derive(Clone, Debug)]
pub struct OccasionDays {
    /// The occasion's name.
    pub name: Name,
    /// Days before each occurrence that belong to its stretch too.
    pub before: u16,
    /// Days after each occurrence that belong to its stretch too.
    pub after: u16,
    /// The stretches of each group of countries, in order of both their ends.
    pub groups: Vec<OccasionGroup>,
}

/// An occurrence of an occasion: the days themselves, without those around them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence<'a> {
    /// The days.
    pub days: Stretch,
    /// The countries that keep it then, of those in the question, or else of all. Empty for every
    /// country, or for every one that keeps it on no other day.
    pub countries: Vec<&'a str>,
}

/// The days of an occasion in some countries.
#[derive(Clone, Debug)]
pub struct OccasionGroup {
    /// The countries in which the days are kept.
    pub observed: Observed,
    /// The stretches, in order of both their ends.
    pub stretches: Vec<Stretch>,
}

/// The countries in which an occasion falls on certain days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// In every country.
    Everywhere,
    /// In these countries (ISO 3166-1).
    In(Vec<&'static str>),
    /// In all countries that no other group of the occasion names.
    Elsewhere,
}

impl Days {
    /// The stretch that meets the days `first..=last` and ends latest, or else the first stretch
    /// after them. `countries` are those in which an occasion is looked up; all if empty.
    #[must_use]
    pub fn meet(&self, first: Day, last: Day, countries: &[&str]) -> Meeting {
        match self {
            Self::Once(stretch) => Meeting::NONE.with(*stretch, first, last),
            Self::Yearly(yearly) => yearly.meet(first, last),
            Self::Occasion(occasion) => occasion.meet(first, last, countries),
        }
    }

    /// The stretches that meet the days `first..=last`, in order, each with the countries that keep
    /// it. Unlike an [`OccasionDays`]'s occurrences, those of an occasion have the days around it.
    #[must_use]
    pub fn between(&self, first: Day, last: Day) -> Vec<Occurrence<'_>> {
        let everywhere = |days: Stretch| Occurrence { days, countries: Vec::new() };
        let meets = |it: &Stretch| it.first <= last && it.last >= first;
        match self {
            Self::Once(stretch) => {
                Some(*stretch).filter(meets).map(everywhere).into_iter().collect()
            }
            Self::Yearly(yearly) => {
                let stretches = yearly.around(first, last).filter(meets);
                stretches.map(everywhere).collect()
            }
            Self::Occasion(occasion) => {
                let mut found = occasion.occurrences(first, last, &[]);
                for it in &mut found {
                    it.days = Stretch {
                        first: it.days.first.plus(-i32::from(occasion.before)),
                        last: it.days.last.plus(i32::from(occasion.after)),
                    };
                }
                found
            }
        }
    }
}

/// The days that were found around some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The last day of the stretches that meet the days.
    pub met_until: Option<Day>,
    /// The first day of the next stretch after the days.
    pub next_from: Option<Day>,
}

impl Meeting {
    const NONE: Self = Self { met_until: None, next_from: None };

    fn with(self, stretch: Stretch, first: Day, last: Day) -> Self {
        if stretch.last < first {
            self
        } else if stretch.first <= last {
            Self { met_until: self.met_until.max(Some(stretch.last)), ..self }
        } else {
            let next_from = self.next_from.map_or(stretch.first, |next| next.min(stretch.first));
            Self { next_from: Some(next_from), ..self }
        }
    }
}

impl Yearly {
    fn meet(self, first: Day, last: Day) -> Meeting {
        let stretches = self.around(first, last);
        stretches.fold(Meeting::NONE, |meeting, stretch| meeting.with(stretch, first, last))
    }

    /// The stretches that can meet some days, in order, and those around them.
    fn around(self, first: Day, last: Day) -> impl Iterator<Item = Stretch> {
        let years = first.date().year().saturating_sub(2)..=last.date().year().saturating_add(2);
        years.filter_map(move |year| self.in_year(year))
    }

    /// The stretch that begins in a year.
    fn in_year(self, year: i16) -> Option<Stretch> {
        let ends_in = if self.to < self.from { year.checked_add(1)? } else { year };
        let first = self.from.in_year(year)?.plus(-i32::from(self.before));
        let last = self.to.in_year(ends_in)?.plus(i32::from(self.after));
        Some(Stretch { first, last })
    }
}

impl OccasionDays {
    fn meet(&self, first: Day, last: Day, countries: &[&str]) -> Meeting {
        let groups = self.groups.iter().filter(|group| self.concerns(group, countries));
        groups.fold(Meeting::NONE, |meeting, group| {
            // Stretches are in order, so those that end before `first` are all at the front, and
            // the first one beyond `last` is the next.
            let start = group.stretches.partition_point(|stretch| stretch.last < first);
            let mut meeting = meeting;
            for stretch in group.stretches.iter().skip(start) {
                meeting = meeting.with(*stretch, first, last);
                if stretch.first > last {
                    break;
                }
            }
            meeting
        })
    }

    /// The occurrences whose stretches meet the days `first..=last`.
    #[must_use]
    pub fn occurrences<'a>(
        &'a self,
        first: Day,
        last: Day,
        countries: &[&'a str],
    ) -> Vec<Occurrence<'a>> {
        let groups = self.groups.iter().filter(|group| self.concerns(group, countries));
        let found = groups.flat_map(|group| {
            let start = group.stretches.partition_point(|stretch| stretch.last < first);
            let meeting = group.stretches.iter().skip(start);
            meeting.take_while(move |stretch| stretch.first <= last).map(|stretch| Occurrence {
                days: Stretch {
                    first: stretch.first.plus(i32::from(self.before)),
                    last: stretch.last.plus(-i32::from(self.after)),
                },
                countries: self.keepers(group, countries),
            })
        });
        let mut found: Vec<Occurrence<'a>> = found.collect();
        found.sort();
        found
    }

    /// The countries of a group, of those in the question.
    fn keepers<'a>(&self, group: &'a OccasionGroup, countries: &[&'a str]) -> Vec<&'a str> {
        match &group.observed {
            Observed::In(codes) if countries.is_empty() => codes.clone(),
            Observed::In(codes) => {
                countries.iter().copied().filter(|country| codes.contains(country)).collect()
            }
            Observed::Everywhere => Vec::new(),
            Observed::Elsewhere => {
                countries.iter().copied().filter(|country| !self.is_listed(country)).collect()
            }
        }
    }

    fn is_listed(&self, country: &str) -> bool {
        self.groups.iter().any(|group| match &group.observed {
            Observed::In(codes) => codes.contains(&country),
            Observed::Everywhere | Observed::Elsewhere => false,
        })
    }

    fn concerns(&self, group: &OccasionGroup, countries: &[&str]) -> bool {
        countries.is_empty()
            || match &group.observed {
                Observed::Everywhere => true,
                Observed::In(codes) => countries.iter().any(|country| codes.contains(country)),
                Observed::Elsewhere => !countries.iter().all(|country| self.is_listed(country)),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from(text.parse::<jiff::civil::Date>().unwrap())
    }

    /// The occurrences that meet the days, as text.
    fn between(days: &Days, first: &str, last: &str) -> Vec<String> {
        let found = days.between(day(first), day(last));
        let said = |it: &Occurrence<'_>| {
            format!("{} to {} {}", it.days.first, it.days.last, it.countries.join(" "))
        };
        found.iter().map(|it| said(it).trim_end().to_owned()).collect()
    }

    #[test]
    fn stretches_are_whole_and_in_order() {
        let stretch = |first, last| Stretch { first: day(first), last: day(last) };
        let once = Days::Once(stretch("2026-12-24", "2026-12-26"));
        assert_eq!(between(&once, "2026-12-26", "2027-12-31"), ["2026-12-24 to 2026-12-26"]);
        assert!(between(&once, "2026-12-27", "2027-12-31").is_empty());
        assert!(between(&once, "2026-01-01", "2026-12-23").is_empty());

        let date = |month, day| MonthDay { month, day };
        let (from, to) = (date(12, 30), date(1, 2));
        let yearly = Days::Yearly(Yearly { from, to, before: 1, after: 0 });
        assert_eq!(
            between(&yearly, "2027-01-02", "2027-12-29"),
            ["2026-12-29 to 2027-01-02", "2027-12-29 to 2028-01-02"]
        );

        let group = |observed, first| OccasionGroup {
            observed,
            stretches: vec![stretch(first, "2027-03-08")],
        };
        let occasion = Days::Occasion(Arc::new(OccasionDays {
            name: Name::new("day").unwrap(),
            before: 2,
            after: 1,
            groups: vec![
                group(Observed::Elsewhere, "2027-03-05"),
                group(Observed::In(vec!["GB", "IE"]), "2027-03-04"),
            ],
        }));
        assert_eq!(
            between(&occasion, "2027-01-01", "2027-12-31"),
            ["2027-03-04 to 2027-03-08 GB IE", "2027-03-05 to 2027-03-08"]
        );
        assert!(between(&occasion, "2027-03-09", "2027-12-31").is_empty());
    }
}
