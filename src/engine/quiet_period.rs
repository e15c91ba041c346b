//! Quiet periods: whole days on a clock, the policy's and the customer's own.

use crate::engine::any_clock;
use crate::engine::case::Case;
use crate::engine::hours;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::decision::Code;
use crate::model::wish::Quiet;
use crate::policy::days::Days;
use crate::policy::days::Stretch;
use crate::policy::days::Yearly;
use crate::policy::rules::Effective;
use crate::policy::rules::QuietPeriod;
use crate::zone::Zone;

/// A quiet period of the policy, on one clock.
pub(crate) fn of_policy(
    case: &Case<'_>,
    period: &QuietPeriod,
    clock: &Zone,
    at: Instant,
) -> Status {
    days(case, &period.days, clock, at)
}

/// The status of a quiet period while the customer is one of those it is for. A customer who opted
/// out of an occasion is spared until that wish ends, which needs no clock.
pub(crate) fn while_asked_for(
    case: &Case<'_>,
    period: &QuietPeriod,
    at: Instant,
    status: impl FnOnce() -> Status,
) -> Status {
    let Some(occasion) = &period.opted_out_of else { return status() };
    let mut wishes = case.record.opt_outs.iter().filter(|opt_out| {
        opt_out.scope.occasion.as_ref() == Some(occasion)
            && opt_out.scope.matches_beside_occasion(case.contact, case.marketing)
            && opt_out.until.is_none_or(|until| at < until)
    });
    let Some(first) = wishes.next() else { return Status::CLEAR };
    // The wish that holds longest; one without an end holds for good.
    let until = wishes.fold(first.until, |until, wish| Some(until?.max(wish.until?)));
    status().up_to(until)
}

/// Days or hours of the customer's own.
pub(crate) fn of_customer(case: &Case<'_>, quiet: &Quiet, clock: &Zone, at: Instant) -> Status {
    match quiet {
        Quiet::Days { .. } | Quiet::Yearly { .. } => {
            days_of(quiet).map_or(Status::CLEAR, |own| days(case, &own, clock, at))
        }
        Quiet::Hours(own) => hours::personal_hours(own, clock, at),
    }
}

/// The customer's own quiet days; `None` if they are hours.
pub(crate) fn days_of(quiet: &Quiet) -> Option<Days> {
    match *quiet {
        Quiet::Days { first, last } => Some(Days::Once(Stretch { first, last })),
        Quiet::Yearly { date, around } => {
            Some(Days::Yearly(Yearly { from: date, to: date, before: around, after: around }))
        }
        Quiet::Hours(_) => None,
    }
}

/// The status of days for a customer whose time zone is unknown.
pub(crate) fn on_any_clock(
    case: &Case<'_>,
    days: &Days,
    effective: Effective,
    at: Instant,
) -> Status {
    let countries = countries(case, days);
    any_clock::days(effective, case.channel.transit, at, |leaves, arrives| {
        days.meet(leaves, arrives, &countries)
    })
}

/// Denied while any instant of `[at, at + transit]` lies on one of the days: a card must not
/// arrive on them either.
fn days(case: &Case<'_>, days: &Days, clock: &Zone, at: Instant) -> Status {
    let transit = case.channel.transit;
    let leaves = clock.day(at);
    let arrives = clock.day(at.plus(transit));
    let meeting = days.meet(leaves, arrives, &countries(case, days));
    match (meeting.met_until, meeting.next_from) {
        (Some(last), _) => Status::Denied(Code::QuietPeriod, Some(clock.start_of(last.plus(1)))),
        (None, Some(first)) => Status::Clear(Some(clock.start_of(first).minus(transit))),
        (None, None) => Status::CLEAR,
    }
}

/// The countries in which the days are looked up.
pub(crate) fn countries<'a>(case: &Case<'a>, days: &Days) -> Vec<&'a str> {
    match days {
        Days::Occasion(_) => case.countries(),
        Days::Once(_) | Days::Yearly(_) => Vec::new(),
    }
}
