//! Wishes in words, as they stand at an instant.

use super::days;
use super::describe;
use super::hours;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint;
use crate::engine::constraint::Constraint;
use crate::engine::count::Allowance;
use crate::model::Instant;
use crate::model::Name;
use crate::model::wish::Cadence;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;
use crate::policy::rules::Hour;
use crate::policy::rules::Pause;
use crate::zone::Zone;

/// What a wish, or a pause, says at an instant.
pub(crate) fn note(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    match *constraint {
        // These have notes of their own.
        Constraint::Rule(_) | Constraint::Reaction(_) => String::new(),
        Constraint::OptOut(opt_out) => self::opt_out(opt_out, at),
        Constraint::Suppression(suppression) => self::suppression(suppression, at),
        Constraint::Consent => consent::note(case, at),
        Constraint::Cadence(cadence) => self::cadence(case, cadence, at),
        Constraint::Quiet(quiet) => self::quiet(case, constraint, quiet, at),
        Constraint::Pause(pause) => self::pause(pause, at),
    }
}

fn opt_out(opt_out: &OptOut, at: Instant) -> String {
    let scope = &opt_out.scope;
    let since = opt_out.at.map_or_else(String::new, |said| format!(" on {said}"));
    match opt_out.until {
        Some(until) if until <= at => format!("an opt-out of {scope} that ended at {until}"),
        Some(until) => format!("opted out of {scope}{since}, until {until}"),
        None => format!("opted out of {scope}{since}, until the customer opts in again"),
    }
}

fn suppression(suppression: &Suppression, at: Instant) -> String {
    let scope = &suppression.scope;
    let reason = suppression.reason.as_ref().map_or_else(String::new, |it| format!("{it}: "));
    match suppression.until {
        Some(until) if until <= at => format!("{reason}{scope}, over since {until}"),
        Some(until) => format!("{reason}{scope}, until {until}"),
        None => format!("{reason}{scope}, until it is lifted"),
    }
}

fn cadence(case: &Case<'_>, cadence: &Cadence, at: Instant) -> String {
    let selector = constraint::cadence_selector(case, cadence);
    let allowance = Allowance::of_cadence(case, cadence.limit, &selector);
    let window = constraint::cadence_window(case, cadence);
    let limit = cadence.limit;
    let channel = cadence.channel.as_ref().map_or_else(String::new, |it| format!(" on {it}"));
    let about = match (joined(&cadence.purposes), joined(&cadence.topics)) {
        (None, None) => String::new(),
        (Some(names), None) | (None, Some(names)) => format!(" of {names}"),
        (Some(purposes), Some(topics)) => format!(" of {purposes} about {topics}"),
    };
    let channel = format!("{channel}{about}");
    let told = describe::window(&window);
    match constraint::left(case, &allowance, &window, at) {
        Some(left) => format!("{left} of {limit} left{channel} in {told}"),
        None => format!("{limit}{channel} in {told}"),
    }
}

/// The names of a list; none where it is all.
fn joined(names: &[Name]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    (!names.is_empty()).then(|| names.join(" or "))
}

fn quiet(case: &Case<'_>, constraint: &Constraint<'_>, quiet: &Quiet, at: Instant) -> String {
    if let Some(own) = crate::engine::quiet_period::days_of(quiet) {
        return days::closed(case, &own, at).unwrap_or_else(|| days::open(case, &own, at));
    }
    let Quiet::Hours(own) = quiet else { return String::new() };
    let millis = |secs: u32| i64::from(secs) * 1_000;
    let hour = Hour { from_millis: millis(own.from_secs), to_millis: millis(own.to_secs) };
    let clocks: Vec<&Zone> = case.clocks().iter().map(|zone| &**zone).collect();
    let days: Vec<&str> = own.days.names().collect();
    let days = if days.is_empty() { "every day".to_owned() } else { days.join(", ") };
    hours::now(case, constraint, &clocks, &format!("closed {days} {}", hours::span(hour)), at)
}

fn pause(pause: &Pause, at: Instant) -> String {
    let reason = &pause.reason;
    match (pause.from, pause.until) {
        (Some(from), _) if at < from => format!("{reason}: begins at {from}"),
        (_, Some(until)) if until <= at => format!("{reason}: over since {until}"),
        (_, Some(until)) => format!("{reason}: until {until}"),
        (_, None) => format!("{reason}: until somebody ends it"),
    }
}
