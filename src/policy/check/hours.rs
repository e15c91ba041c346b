//! Hours that end where they begin, hours that never open and hours that never close.

use crate::policy::decode::At;
use crate::policy::decode::List;
use crate::policy::document::Alone;
use crate::policy::document::ContactHours;
use crate::policy::document::QuietHours;
use crate::policy::document::ReplyHours;
use crate::policy::document::TimeSpan;
use crate::policy::document::WeekSpan;
use crate::policy::problem::Problems;
use crate::policy::value::DayName;
use crate::policy::value::From;
use crate::policy::value::To;

const WEEK_MINUTES: u32 = 7 * 24 * 60;

impl Alone for ContactHours {
    fn check(&self, problems: &mut Problems) {
        week(&self.open, problems);
        let special = self.holidays.iter().chain(&self.eves);
        special.for_each(|days| times(&days.open, problems));
        if !all_end(&self.open) {
            return;
        }
        let holidays_open = self.holidays.as_ref().is_some_and(|days| !days.open.is_empty());
        if minutes(&self.open) == 0 && !holidays_open {
            let help = "write the hours in which contacts may be made";
            problems.warn(self.open.position, "these hours never open", help);
        }
        if minutes(&self.open) >= WEEK_MINUTES && self.holidays.is_none() && self.eves.is_none() {
            let message = "these hours are open day and night, so the rule never denies";
            problems.warn(self.open.position, message, "narrow the hours, or remove the rule");
        }
    }
}

/// Hours in which customers are answered.
pub(super) fn reply_hours(hours: &ReplyHours, problems: &mut Problems) {
    week(&hours.open, problems);
    hours.holidays.iter().for_each(|days| times(&days.open, problems));
    let holidays_open = hours.holidays.as_ref().is_some_and(|days| !days.open.is_empty());
    if all_end(&hours.open) && minutes(&hours.open) == 0 && !holidays_open {
        let help = "write the hours in which customers are answered";
        problems.error(
            hours.open.position,
            "these hours never open, so no answer is ever due",
            help,
        );
    }
}

impl Alone for QuietHours {
    fn check(&self, problems: &mut Problems) {
        week(&self.closed, problems);
        self.holidays.iter().for_each(|days| times(&days.closed, problems));
        if !all_end(&self.closed) {
            return;
        }
        let holidays_closed = self.holidays.as_ref().is_some_and(|days| !days.closed.is_empty());
        if minutes(&self.closed) == 0 && !holidays_closed {
            let message = "nothing is ever closed, so the rule never denies";
            problems.warn(self.closed.position, message, "write the hours that are closed");
        }
        if minutes(&self.closed) >= WEEK_MINUTES && self.holidays.is_none() {
            let message = "these hours never open: the whole week is closed";
            problems.warn(self.closed.position, message, "leave some hours open");
        }
    }
}

fn week(spans: &[At<WeekSpan>], problems: &mut Problems) {
    for span in spans {
        span_ends(&span.from, &span.to, problems);
        if let Some(days) = &span.days {
            some_day(days, problems);
        }
    }
}

pub(super) fn some_day(days: &At<List<At<DayName>>>, problems: &mut Problems) {
    if days.is_empty() {
        let help = "name a day, or remove `days` to mean all";
        problems.warn(days.position, "these hours are on no day", help);
    }
}

fn times(spans: &[At<TimeSpan>], problems: &mut Problems) {
    spans.iter().for_each(|span| span_ends(&span.from, &span.to, problems));
}

pub(super) fn span_ends(from: &At<From>, to: &At<To>, problems: &mut Problems) {
    if from.0 == to.0 {
        let message = "these hours end where they begin";
        let help = "for a whole day write from `\"00:00\"` to `\"24:00\"`";
        problems.error(to.position, message, help);
    }
}

/// Whether every span has an end that is not its beginning; otherwise its length is unknown.
fn all_end(spans: &[At<WeekSpan>]) -> bool {
    spans.iter().all(|span| span.from.0 != span.to.0)
}

/// The minutes of the week that the spans cover.
fn minutes(spans: &[At<WeekSpan>]) -> u32 {
    let mut covered: Vec<(u32, u32)> = Vec::new();
    for span in spans {
        let length = u32::from(if span.to.0 > span.from.0 {
            span.to.0 - span.from.0
        } else {
            span.to.0 + 1_440 - span.from.0
        });
        for day in 0..7_u32 {
            let named = span.days.as_ref().is_none_or(|days| {
                days.iter().any(|it| u32::try_from(it.0.to_monday_zero_offset()) == Ok(day))
            });
            if named {
                let start = day * 1_440 + u32::from(span.from.0);
                covered.push((start, start + length));
                // A span that begins on Sunday night ends on Monday.
                covered.push((0, (start + length).saturating_sub(WEEK_MINUTES)));
            }
        }
    }
    covered.sort_unstable();
    let mut end = 0;
    let mut sum = 0;
    for (from, to) in covered {
        let (from, to) = (from.max(end), to.min(WEEK_MINUTES));
        sum += to.saturating_sub(from);
        end = end.max(to);
    }
    sum
}
