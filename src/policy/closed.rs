//! The part of a year that quiet periods close for customers whose country and time zone are
//! unknown.

use std::ops::RangeInclusive;

use super::Policy;
use super::days::Days;
use super::rules::Kind;
use super::rules::Mode;
use crate::model::Day;
use crate::model::Jurisdiction;
use crate::model::Name;

/// The years that are counted: enough for the occasions that move most to have come around.
const YEARS: RangeInclusive<i16> = 2026..=2040;

impl Policy {
    /// The quiet periods, in order of name, and on how many days of a year each is closed at the
    /// most for a customer without jurisdictions and time zone. Where the policy assumes no
    /// country, every country's dates count; and the days before and after are closed as long as it
    /// is one of the dates on some clock.
    #[must_use]
    pub fn closed_days(&self) -> Vec<(&Name, usize)> {
        let assumed = &self.settings.assumed_jurisdictions;
        let countries: Vec<&str> = assumed.iter().map(Jurisdiction::country).collect();
        let around = i32::from(self.settings.assumed_zone.is_none());
        let rules = self.rules.iter().filter(|rule| rule.mode != Mode::Off);
        let periods = rules.filter_map(|rule| {
            let Kind::QuietPeriod(period) = &rule.kind else { return None };
            Some((&rule.name, &period.days))
        });
        // A period around any occasion is several rules with one name.
        let mut named: Vec<(&Name, Vec<&Days>)> = Vec::new();
        for (name, days) in periods {
            match named.last_mut() {
                Some((known, all)) if *known == name => all.push(days),
                Some(_) | None => named.push((name, vec![days])),
            }
        }
        let counted = named.into_iter().map(|(name, all)| {
            let is_closed = |day: &Day| {
                let (first, last) = (day.plus(-around), day.plus(around));
                all.iter().any(|days| days.meet(first, last, &countries).met_until.is_some())
            };
            let in_year = |year| days_of(year).filter(is_closed).count();
            (name, YEARS.map(in_year).max().unwrap_or(0))
        });
        counted.collect()
    }
}

fn days_of(year: i16) -> impl Iterator<Item = Day> {
    let first_of =
        |year| jiff::civil::Date::new(year, 1, 1).map_or(0, |date| Day::from(date).number());
    (first_of(year)..first_of(year.saturating_add(1))).map(Day::from_number)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::policy::Policy;
    use crate::policy::Source;
    use crate::zone::Zones;

    fn closed(settings: &str) -> Vec<(String, usize)> {
        let text = format!(
            "name: base\nsettings: {settings}\nchannels: {{email: {{}}}}\n\
             purposes: {{news: {{}}}}\nquiet_periods:\n\
             - {{name: mothers, occasion: mothers_day, before: 14d, after: 1d}}\n\
             - {{name: off, occasion: mothers_day, mode: off}}\n\
             - {{name: year-end, yearly: {{from: 12-24, to: 12-26}}}}"
        );
        let zones = Arc::new(Zones::bundled());
        let (policy, _) = Policy::load(&[Source::new("p.yaml", &text)], &zones).unwrap();
        policy.closed_days().into_iter().map(|(name, days)| (name.to_string(), days)).collect()
    }

    #[test]
    fn every_country_closes_more_than_one() {
        let none = closed("{time_zone: {unknown: deny}}");
        let (mothers, year_end) = (&none[0], &none[1]);
        assert!(mothers.1 > 200, "{none:?}");
        assert_eq!(*year_end, ("year-end".to_owned(), 5));
        let assumed = "{time_zone: {assume: Europe/Paris}, jurisdictions: {assume: [FR]}}";
        assert_eq!(closed(assumed), [("mothers".to_owned(), 16), ("year-end".to_owned(), 3)]);
    }
}
