//! Quiet days in words: the dates, the occasion and the country.

use crate::engine::any_clock;
use crate::engine::case::Case;
use crate::engine::quiet_period;
use crate::model::Day;
use crate::model::Instant;
use crate::model::wish::MonthDay;
use crate::policy::days::Days;
use crate::policy::days::OccasionDays;
use crate::policy::days::Occurrence;
use crate::policy::days::Stretch;
use crate::policy::days::Yearly;

/// The number of countries, and of dates, that are listed one by one.
const TOLD_MAX: usize = 4;

/// The reason why days are closed at an instant; `None` if they are open.
pub(crate) fn closed(case: &Case<'_>, days: &Days, at: Instant) -> Option<String> {
    let (first, last) = shown(case, at).find(|(leaves, arrives)| {
        days.meet(*leaves, *arrives, &quiet_period::countries(case, days)).met_until.is_some()
    })?;
    let text = told(case, days, first, last);
    Some(match days {
        Days::Once(_) | Days::Yearly(_) => format!("closed {text}"),
        Days::Occasion(_) => text,
    })
}

/// The days that are closed now, or else the next ones.
pub(crate) fn asked(case: &Case<'_>, days: &Days, at: Instant) -> String {
    closed(case, days, at).unwrap_or_else(|| open(case, days, at))
}

/// The next closed days, in words, if days are open now.
pub(crate) fn open(case: &Case<'_>, days: &Days, at: Instant) -> String {
    let countries = quiet_period::countries(case, days);
    let next = shown(case, at)
        .filter_map(|(leaves, arrives)| days.meet(leaves, arrives, &countries).next_from)
        .min();
    match (days, next) {
        (Days::Once(_) | Days::Yearly(_) | Days::Occasion(_), Some(next)) => {
            format!("open now, closed next: {}", told(case, days, next, next))
        }
        (Days::Once(stretch), None) => format!("open now, was closed {}", range(*stretch)),
        (Days::Yearly(_) | Days::Occasion(_), None) => {
            "open: these days do not come any more".to_owned()
        }
    }
}

/// The days on which the contact leaves and arrives, on each clock that may be the customer's.
fn shown(case: &Case<'_>, at: Instant) -> impl Iterator<Item = (Day, Day)> {
    let arrives = at.plus(case.channel.transit);
    let clocks = case.clocks().iter();
    let on_clocks: Vec<(Day, Day)> =
        clocks.map(|clock| (clock.day(at), clock.day(arrives))).collect();
    let anywhere =
        on_clocks.is_empty().then(|| (any_clock::first_day(at), any_clock::last_day(arrives)));
    on_clocks.into_iter().chain(anywhere)
}

/// The days that are met by a contact under way from one day to another.
fn told(case: &Case<'_>, days: &Days, first: Day, last: Day) -> String {
    let mut text = match days {
        Days::Once(stretch) => range(*stretch),
        Days::Yearly(yearly) => every_year(*yearly),
        Days::Occasion(occasion) => self::occasion(case, occasion, first, last),
    };
    let transit = case.channel.transit;
    if transit.millis() > 0 {
        text = format!("{text}; {} may be under way for {transit}", case.contact.channel);
    }
    text
}

/// A stretch that comes every year.
fn every_year(yearly: Yearly) -> String {
    let Yearly { from, to, before, .. } = yearly;
    if from == to && before == 0 {
        return format!("{} every year", month_day(from));
    }
    if from == to {
        return format!("{} and {before} days around it, every year", month_day(from));
    }
    format!("{} to {}, every year", month_day(from), month_day(to))
}

fn month_day(date: MonthDay) -> String {
    format!("{:02}-{:02}", date.month, date.day)
}

fn range(stretch: Stretch) -> String {
    if stretch.first == stretch.last {
        stretch.first.to_string()
    } else {
        format!("{} to {}", stretch.first, stretch.last)
    }
}

fn occasion(case: &Case<'_>, occasion: &OccasionDays, first: Day, last: Day) -> String {
    let countries = case.countries();
    let found = occasion.occurrences(first, last, &countries);
    let dates: Vec<String> = found.iter().take(TOLD_MAX).map(|it| date(it, &countries)).collect();
    let more = found.len().saturating_sub(TOLD_MAX);
    let more = if more > 0 { format!(" and on {more} more dates") } else { String::new() };
    let (before, after) = (i32::from(occasion.before), i32::from(occasion.after));
    let closed: Vec<Stretch> = found
        .iter()
        .map(|it| Stretch { first: it.days.first.plus(-before), last: it.days.last.plus(after) })
        .collect();
    let from = closed.iter().map(|stretch| stretch.first).min().unwrap_or(first);
    let to = closed.iter().map(|stretch| stretch.last).max().unwrap_or(last);
    let closed = range(Stretch { first: from, last: to });
    let dates = dates.join(" and ");
    let mut text = format!("{} is {dates}{more}, closed {closed}", occasion.name);
    if countries.is_empty() && occasion.groups.len() > 1 {
        text.push_str(
            "; the customer's country is not known, so every country's dates count: set the \
             customer's jurisdictions or time zone",
        );
    }
    text
}

/// The dates and the countries of an occasion.
fn date(occurrence: &Occurrence<'_>, asked: &[&str]) -> String {
    let days = range(occurrence.days);
    let countries = &occurrence.countries;
    let listed = countries.iter().take(TOLD_MAX).copied().collect::<Vec<_>>().join(", ");
    match countries.len().saturating_sub(TOLD_MAX) {
        0 if countries.is_empty() && asked.is_empty() => {
            format!("on {days} in every country that has no date of its own")
        }
        0 if countries.is_empty() => format!("on {days}"),
        0 => format!("on {days} in {listed}"),
        more => format!("on {days} in {listed} and {more} more countries"),
    }
}
