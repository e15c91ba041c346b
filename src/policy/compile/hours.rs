//! Hours of the week.

use crate::model::Name;
use crate::policy::compile::Resolver;
use crate::policy::decode::At;
use crate::policy::document::ClosedDays;
use crate::policy::document::ContactHours;
use crate::policy::document::OpenDays;
use crate::policy::document::QuietHours;
use crate::policy::document::ReplyHours;
use crate::policy::document::TimeSpan;
use crate::policy::document::WeekSpan;
use crate::policy::rules::Hour;
use crate::policy::rules::Hours;
use crate::policy::rules::SpecialDays;
use crate::policy::value::From;
use crate::policy::value::To;

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;

pub(super) fn contact_hours(hours: &ContactHours, resolver: &mut Resolver<'_>) -> Hours {
    let open = |days: &At<OpenDays>, resolver: &mut Resolver<'_>| {
        special_days(&days.of, &days.open, resolver)
    };
    Hours {
        zone: resolver.zone(hours.time_zone.as_ref()),
        week: week(&hours.open),
        holidays: hours.holidays.as_ref().map(|days| open(days, resolver)),
        eves: hours.eves.as_ref().map(|days| open(days, resolver)),
    }
}

pub(super) fn reply_hours(hours: &ReplyHours, resolver: &mut Resolver<'_>) -> Hours {
    let holidays = hours.holidays.as_ref();
    Hours {
        zone: resolver.zone(hours.time_zone.as_ref()),
        week: week(&hours.open),
        holidays: holidays.map(|days| special_days(&days.of, &days.open, resolver)),
        eves: None,
    }
}

pub(super) fn quiet_hours(hours: &QuietHours, resolver: &mut Resolver<'_>) -> Hours {
    let closed = |days: &At<ClosedDays>| special_days(&days.of, &days.closed, resolver);
    let holidays = hours.holidays.as_ref().map(closed);
    Hours {
        zone: resolver.zone(hours.time_zone.as_ref()),
        week: week(&hours.closed),
        holidays,
        eves: None,
    }
}

/// The spans that begin on each day of the week, Monday first.
fn week(spans: &[At<WeekSpan>]) -> [Vec<Hour>; 7] {
    let mut week: [Vec<Hour>; 7] = Default::default();
    for (number, hours) in (0_i8..).zip(&mut week) {
        let begins = |span: &&At<WeekSpan>| {
            span.days
                .as_ref()
                .is_none_or(|days| days.iter().any(|day| day.0.to_monday_zero_offset() == number))
        };
        hours.extend(spans.iter().filter(begins).map(|span| hour(*span.from, *span.to)));
        hours.sort();
        hours.dedup();
    }
    week
}

fn special_days(
    of: &[At<Name>],
    spans: &[At<TimeSpan>],
    resolver: &mut Resolver<'_>,
) -> SpecialDays {
    let names: Vec<Name> = of.iter().map(|name| name.value.clone()).collect();
    let mut hours: Vec<Hour> = spans.iter().map(|span| hour(*span.from, *span.to)).collect();
    hours.sort();
    hours.dedup();
    SpecialDays { days: resolver.calendars.holidays(&names), of: names, hours }
}

fn hour(from: From, to: To) -> Hour {
    let from_millis = i64::from(from.0) * MINUTE_MILLIS;
    let to_millis = i64::from(to.0) * MINUTE_MILLIS;
    let crosses = to_millis <= from_millis;
    Hour { from_millis, to_millis: if crosses { to_millis + DAY_MILLIS } else { to_millis } }
}
