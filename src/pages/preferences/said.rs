//! The words for limits, breaks, dates and occasions, and their values in the form.

use crate::calendar::Occasion;
use crate::model::Name;
use crate::model::Span;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Cycle;
use crate::operation::preference::Limit;
use crate::operation::preference::OwnDate;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::Policy;
use crate::policy::rules::titled;

/// The name of an occasion for people.
pub(super) fn occasion_title(policy: &Policy, words: Words, name: &Name) -> String {
    match Occasion::find(name) {
        Some(shipped) => shipped.title_in(words.language()).to_owned(),
        None => titled(&policy.pages.titles.occasions, name, words.language()),
    }
}

/// The value of a limit in the form.
pub(super) fn limit_value(limit: Limit) -> String {
    let per = match limit.per {
        Cycle::Sliding(span) => span.to_string(),
        Cycle::Calendar(unit) => format!("{unit:?}"),
    };
    format!("{}/{per}", limit.limit)
}

/// The value of an own date in the form.
pub(super) fn date_value(own: OwnDate) -> String {
    format!("{:02}-{:02}/{}", own.date.month, own.date.day, own.around)
}

/// `Once a week`, as a choice.
pub(super) fn limit_text(words: Words, limit: Limit) -> String {
    let text = match (limit.limit, days(limit.per)) {
        (1, Some(1)) => Text::OnceADay,
        (1, Some(7)) => Text::OnceAWeek,
        (1, Some(30)) => Text::OnceAMonth,
        _ => return frequency(words, limit),
    };
    words.say(text).to_owned()
}

/// `4 a week`.
pub(super) fn frequency(words: Words, Limit { limit, per }: Limit) -> String {
    let count = limit.to_string();
    let text = match per {
        Cycle::Calendar(CalendarUnit::Quarter) => Text::PerQuarter,
        Cycle::Calendar(CalendarUnit::Year) => Text::PerYear,
        Cycle::Calendar(_) | Cycle::Sliding(_) => match days(per) {
            Some(1) => Text::PerDay,
            Some(7) => Text::PerWeek,
            Some(30) => Text::PerMonth,
            Some(days) => {
                return words.with(Text::PerDays, &count).replacen("{}", &days.to_string(), 1);
            }
            None => {
                let Cycle::Sliding(span) = per else { return count };
                let hours = span.millis().div_euclid(3_600_000).max(1);
                return words.with(Text::PerHours, &count).replacen("{}", &hours.to_string(), 1);
            }
        },
    };
    words.with(text, &count)
}

/// Whole days; a month is 30 of them.
fn days(per: Cycle) -> Option<i64> {
    match per {
        Cycle::Sliding(span) if span.millis() % 86_400_000 == 0 => Some(span.millis() / 86_400_000),
        Cycle::Sliding(_) | Cycle::Calendar(CalendarUnit::Quarter | CalendarUnit::Year) => None,
        Cycle::Calendar(CalendarUnit::Day) => Some(1),
        Cycle::Calendar(CalendarUnit::Week) => Some(7),
        Cycle::Calendar(CalendarUnit::Month) => Some(30),
    }
}

pub(super) fn break_text(words: Words, length: Span) -> String {
    let text = match days(Cycle::Sliding(length)) {
        Some(14) => Text::TwoWeeks,
        Some(30) => Text::AMonth,
        Some(90) => Text::ThreeMonths,
        Some(days) => return words.with(Text::ForDays, &days.to_string()),
        None => return words.with(Text::ForDays, &length.to_string()),
    };
    words.say(text).to_owned()
}
