//! Occasions that a preference centre can offer to a customer: those that are kept where the
//! customer lives, when they come next, and whether the customer has opted out.

use std::collections::BTreeMap;

use super::Context;
use crate::calendar::Countries;
use crate::calendar::Days;
use crate::calendar::Occasion;
use crate::engine;
use crate::model::Day;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::wish::OptOut;
use crate::policy::Policy;
use crate::policy::rules::Effective;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Pages;
use crate::policy::rules::Rule;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;

/// One occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The name that policies and opt-outs use.
    pub name: Name,
    /// Its name for people; unset for an occasion of the policy's own.
    pub title: Option<&'static str>,
    /// The next times of the occasion.
    pub next: Vec<Next>,
    /// Whether the customer has opted out of it, on every channel and for every purpose.
    pub opted_out: bool,
    /// The customer's opt-outs that name it.
    pub opt_outs: Vec<OptOut>,
    /// Whether quiet periods keep its days for this customer, or for one who opts out of it, on
    /// every channel and for every purpose that customers can choose. Where they do not, an opt-out
    /// refuses only contacts that declare it, and what narrower periods are about.
    pub keeps_days_quiet: bool,
}

/// The next time of an occasion, or the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The countries, as ISO 3166-1 codes. If empty, it is in all countries, or in all others.
    pub countries: Vec<String>,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
}

/// The occasions for a customer, in order of name. Where the customer's country is not known, those
/// of all countries.
#[must_use]
pub fn offered(context: Context<'_>, record: &Record) -> Vec<Offered> {
    let policy = context.policy;
    let countries = engine::countries(policy, &record.profile);
    let today = today(context, record);
    let mut offered = Vec::new();
    for name in &policy.occasions {
        let next = match (policy.own_occasions.get(name), Occasion::find(name)) {
            (Some(days), _) => {
                let day = days.iter().copied().find(|day| *day >= today);
                Vec::from_iter(day.map(|day| Next { countries: Vec::new(), first: day, last: day }))
            }
            (None, Some(occasion)) => next_of(occasion, &countries, today),
            (None, None) => Vec::new(),
        };
        let named = |it: &&OptOut| it.scope.occasion.as_ref() == Some(name);
        let holds = |it: &&OptOut| it.until.is_none_or(|until| context.now < until);
        let standing = || record.opt_outs.iter().filter(holds);
        let whole = Scope { occasion: Some(name.clone()), ..Scope::default() };
        let opted_out = standing().any(|it| it.covers(&whole));
        let opt_outs: Vec<OptOut> = standing().filter(named).cloned().collect();
        // A customer who opted out of what is not kept here must be able to see it.
        if !next.is_empty() || !opt_outs.is_empty() {
            let title = Occasion::find(name).map(Occasion::title);
            let first = next.iter().map(|it| it.first).min();
            let keeps_days_quiet =
                first.is_some_and(|first| keeps_days_quiet(policy, record, name, first));
            let name = name.clone();
            offered.push(Offered { name, title, next, opted_out, opt_outs, keeps_days_quiet });
        }
    }
    offered
}

/// Whether the days of an occasion that begins on a day are kept quiet for a customer, whatever a
/// message is about: on every channel and for every purpose of the preference page. A customer who
/// is promised quiet days expects them of all that can be refused there.
fn keeps_days_quiet(policy: &Policy, record: &Record, occasion: &Name, day: Day) -> bool {
    let Pages { channels, purposes, .. } = &policy.pages;
    let passes = |name: &Name| {
        let mut declared = policy.purposes.iter();
        declared.any(|it| it.name == *name && it.exempt.contains(Family::QuietPeriods))
    };
    if purposes.is_empty() || purposes.iter().any(passes) {
        return false;
    }
    channels.iter().all(|channel| {
        let channel = Mask::of(policy.channel_position(channel));
        purposes.iter().all(|purpose| {
            let purpose = Mask::of(policy.purpose_position(purpose));
            let is_whole = |rule: &Rule| {
                let Selector { channels, purposes, .. } = &rule.selector;
                rule.selector.is_about_anything()
                    && channels.meets(channel)
                    && purposes.meets(purpose)
            };
            keepers(policy, record, occasion, day).any(is_whole)
        })
    })
}

/// The quiet periods in force on a day that keep the days of an occasion, for some contacts with a
/// customer or for all.
fn keepers<'a>(
    policy: &'a Policy,
    record: &Record,
    occasion: &Name,
    day: Day,
) -> impl Iterator<Item = &'a Rule> {
    policy.rules.iter().filter(move |rule| {
        let Kind::QuietPeriod(period) = &rule.kind else { return false };
        let Effective { from, until } = rule.effective;
        period.occasion.as_ref() == Some(occasion)
            && rule.mode == Mode::Enforce
            && from.is_none_or(|from| from <= day)
            && until.is_none_or(|until| day <= until)
            && engine::is_about(policy, &record.profile, &rule.selector)
    })
}

/// The customer's day: the earliest that a clock shows which may be the customer's.
fn today(context: Context<'_>, record: &Record) -> Day {
    let clocks = engine::clocks(context.policy, &record.profile);
    let days = clocks.iter().map(|clock| clock.day(context.now));
    // The last clock on earth is twelve hours behind UTC.
    let behind = context.now.minus(Span::from_hours(12)).millis().div_euclid(86_400_000);
    let anywhere = Day::from_number(i32::try_from(behind).unwrap_or_default());
    days.min().unwrap_or(anywhere)
}

fn next_of(occasion: &Occasion, countries: &[&str], today: Day) -> Vec<Next> {
    if countries.is_empty() {
        let next = occasion.groups().iter().filter_map(|group| {
            let listed = match group.countries() {
                Countries::Listed(codes) => codes.iter().map(ToString::to_string).collect(),
                Countries::Elsewhere | Countries::Everywhere => Vec::new(),
            };
            let (first, last) = first_after(today, |year| group.occurrences(year))?;
            Some(Next { countries: listed, first, last })
        });
        return next.collect();
    }
    let mut by_days: BTreeMap<(Day, Day), Vec<String>> = BTreeMap::new();
    for country in countries {
        let next = first_after(today, |year| occasion.occurrences(Some(country), year));
        if let Some(days) = next {
            let listed = by_days.entry(days).or_default();
            if !listed.iter().any(|known| known == country) {
                listed.push((*country).to_owned());
            }
        }
    }
    let next = by_days.into_iter();
    next.map(|((first, last), countries)| Next { countries, first, last }).collect()
}

/// The first stretch of days that is not over. One that began last year may still last, and one of
/// a lunar calendar may come twice in a year.
fn first_after(today: Day, days: impl Fn(i16) -> Vec<Days>) -> Option<(Day, Day)> {
    let year = today.date().year();
    let years = year.saturating_sub(1)..=year.saturating_add(2);
    let all = years.flat_map(days).map(|days| (Day::from(days.first), Day::from(days.last)));
    all.filter(|(_, last)| *last >= today).min()
}
