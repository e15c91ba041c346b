//! The days of occasions and holidays, laid out for all years that instants can lie in.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::calendar::Countries;
use crate::calendar::HolidaySet;
use crate::calendar::Occasion;
use crate::model::Day;
use crate::model::Name;
use crate::model::wish::MonthDay;
use crate::policy::days::Days;
use crate::policy::days::Observed;
use crate::policy::days::OccasionDays;
use crate::policy::days::OccasionGroup;
use crate::policy::days::Stretch;
use crate::policy::days::Yearly;
use crate::policy::decode::At;
use crate::policy::document::ANY_OCCASION;
use crate::policy::document::Dates;
use crate::policy::document::QuietPeriod;
use crate::policy::documents::Documents;

/// The years of all instants, and those around that reach into them.
const YEARS: RangeInclusive<i16> = 1969..=2201;

/// The days of occasions and of holiday sets, each laid out once.
pub(super) struct Calendars<'a> {
    own_occasions: BTreeMap<&'a Name, &'a Dates>,
    own_sets: BTreeMap<&'a Name, &'a Dates>,
    occasions: BTreeMap<(Name, u16, u16), Arc<OccasionDays>>,
    sets: BTreeMap<Vec<Name>, Arc<[Day]>>,
}

impl<'a> Calendars<'a> {
    pub(super) fn new(documents: &'a Documents) -> Self {
        let by_name = |dates: &'a Dates| (&dates.name.value, dates);
        Self {
            own_occasions: documents.occasions().map(by_name).collect(),
            own_sets: documents.holiday_sets().map(by_name).collect(),
            occasions: BTreeMap::new(),
            sets: BTreeMap::new(),
        }
    }

    /// The days of a quiet period.
    pub(super) fn quiet_period(&mut self, period: &QuietPeriod) -> Days {
        let before = period.before.as_ref().map_or(0, |days| days.0);
        let after = period.after.as_ref().map_or(0, |days| days.0);
        match (&period.dates, &period.yearly, &period.occasion) {
            (Some(dates), _, _) => Days::Once(Stretch { first: *dates.from, last: *dates.to }),
            (None, Some(yearly), _) => {
                let (from, to) = (yearly.from, yearly.to);
                Days::Yearly(Yearly { from, to, before, after })
            }
            (None, None, Some(name)) => Days::Occasion(self.occasion(name, before, after)),
            // A document that names none of them is not compiled.
            (None, None, None) => {
                let (from, to) = (MonthDay { month: 1, day: 1 }, MonthDay { month: 12, day: 31 });
                Days::Yearly(Yearly { from, to, before, after })
            }
        }
    }

    /// The days of every occasion, if the period is about any; nothing if it is not.
    pub(super) fn each_occasion(&mut self, period: &QuietPeriod) -> Vec<(Name, Days)> {
        let is_any = |name: &&At<Name>| name.as_str() == ANY_OCCASION;
        let any = period.occasion.as_ref().filter(is_any);
        // A policy of an earlier version may have an occasion of this name, and means that one.
        let Some(any) = any.filter(|any| !self.own_occasions.contains_key(&any.value)) else {
            return Vec::new();
        };
        let before = period.before.as_ref().map_or(0, |days| days.0);
        let after = period.after.as_ref().map_or(0, |days| days.0);
        let shipped = Occasion::all().iter().filter_map(|it| Name::new(it.name()).ok());
        let own = self.own_occasions.keys().map(|name| (*name).clone());
        let names: Vec<Name> = shipped.chain(own).filter(|name| *name != any.value).collect();
        let each = names.into_iter().map(|name| {
            let days = Days::Occasion(self.occasion(&name, before, after));
            (name, days)
        });
        each.collect()
    }

    fn occasion(&mut self, name: &Name, before: u16, after: u16) -> Arc<OccasionDays> {
        let key = (name.clone(), before, after);
        if let Some(known) = self.occasions.get(&key) {
            return Arc::clone(known);
        }
        let widened = |first: Day, last: Day| Stretch {
            first: first.plus(-i32::from(before)),
            last: last.plus(i32::from(after)),
        };
        let groups = match (self.own_occasions.get(name), Occasion::find(name)) {
            (Some(own), _) => {
                let days: BTreeSet<Day> = own.dates.iter().map(|day| day.value).collect();
                let stretches = days.into_iter().map(|day| widened(day, day)).collect();
                vec![OccasionGroup { observed: Observed::Everywhere, stretches }]
            }
            (None, Some(occasion)) => {
                let group = |group: &crate::calendar::Group| OccasionGroup {
                    observed: observed(group.countries()),
                    stretches: YEARS
                        .flat_map(|year| group.occurrences(year))
                        .map(|days| widened(days.first.into(), days.last.into()))
                        .collect(),
                };
                occasion.groups().iter().map(group).collect()
            }
            (None, None) => Vec::new(),
        };
        let days = Arc::new(OccasionDays { name: name.clone(), before, after, groups });
        self.occasions.insert(key, Arc::clone(&days));
        days
    }

    /// The days of all these sets together, in order.
    pub(super) fn holidays(&mut self, names: &[Name]) -> Arc<[Day]> {
        if let Some(known) = self.sets.get(names) {
            return Arc::clone(known);
        }
        let mut days: BTreeSet<Day> = BTreeSet::new();
        for name in names {
            if let Some(own) = self.own_sets.get(name) {
                days.extend(own.dates.iter().map(|day| day.value));
            } else if let Some(set) = HolidaySet::find(name) {
                let holidays = YEARS.flat_map(|year| set.days(year));
                days.extend(holidays.map(|holiday| Day::from(holiday.date)));
            }
        }
        let days: Arc<[Day]> = days.into_iter().collect();
        self.sets.insert(names.to_vec(), Arc::clone(&days));
        days
    }
}

fn observed(countries: Countries) -> Observed {
    match countries {
        Countries::Listed(codes) => Observed::In(codes.to_vec()),
        Countries::Elsewhere => Observed::Elsewhere,
        Countries::Everywhere => Observed::Everywhere,
    }
}
