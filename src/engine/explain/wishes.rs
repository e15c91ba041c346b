//! Wishes in words, as they stand at an instant.

use super::days;
use super::describe;
use super::hours;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint::Constraint;
use crate::engine::moment;
use crate::engine::quiet_period;
use crate::engine::spending;
use crate::model::Instant;
use crate::model::Name;
use crate::model::wish::Cadence;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::model::wish::Suppression;
use crate::policy::rules::Hour;
use crate::policy::rules::Pause;
use crate::policy::rules::Window;
use crate::zone::Zone;

/// The status of a wish or a pause at an instant, in words.
pub(crate) fn note(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    match *constraint {
        // These have notes of their own.
        Constraint::Rule(_) | Constraint::Reaction(_) => String::new(),
        Constraint::OptOut(opt_out) => self::opt_out(case, opt_out, at),
        Constraint::Suppression(suppression) => self::suppression(case, suppression, at),
        Constraint::Consent => consent::note(case, at),
        Constraint::Cadence(cadence) => self::cadence(case, cadence, at),
        Constraint::Quiet(quiet) => self::quiet(case, constraint, quiet, at),
        Constraint::Pause(pause) => self::pause(case, pause, at),
    }
}

fn opt_out(case: &Case<'_>, opt_out: &OptOut, at: Instant) -> String {
    let scope = &opt_out.scope;
    let since =
        opt_out.at.map_or_else(String::new, |said| format!(" at {}", moment::since(case, said)));
    match opt_out.until {
        Some(until) if until <= at => {
            format!("an opt-out of {scope} that ended at {}", moment::until(case, until))
        }
        Some(until) => format!("opted out of {scope}{since}, until {}", moment::until(case, until)),
        None => format!("opted out of {scope}{since}, until the customer opts in again"),
    }
}

fn suppression(case: &Case<'_>, suppression: &Suppression, at: Instant) -> String {
    let scope = &suppression.scope;
    let reason = suppression.reason.as_ref().map_or_else(String::new, |it| format!("{it}: "));
    match suppression.until {
        Some(until) if until <= at => {
            format!("{reason}{scope}, over since {}", moment::until(case, until))
        }
        Some(until) => format!("{reason}{scope}, until {}", moment::until(case, until)),
        None => format!("{reason}{scope}, until it is lifted"),
    }
}

fn cadence(case: &Case<'_>, cadence: &Cadence, at: Instant) -> String {
    let window = spending::window(case, cadence);
    match spending::of_cadence(case, cadence, at).left {
        Some(left) => format!("{left} of {} left{}", cadence.limit, span_of(&window, cadence)),
        None => format!("{}{}", cadence.limit, span_of(&window, cadence)),
    }
}

/// The contacts that a cadence counts, and its period.
fn span_of(window: &Window, cadence: &Cadence) -> String {
    let channel = cadence.channel.as_ref().map_or_else(String::new, |it| format!(" on {it}"));
    let about = match (joined(&cadence.purposes), joined(&cadence.topics)) {
        (None, None) => String::new(),
        (Some(names), None) | (None, Some(names)) => format!(" of {names}"),
        (Some(purposes), Some(topics)) => format!(" of {purposes} about {topics}"),
    };
    format!("{channel}{about} in {}", describe::window(window))
}

/// The demand of a wish that is not judged: it does not count, or needs a clock that is unknown.
pub(crate) fn asked(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    match *constraint {
        Constraint::Consent => consent::wanted(case),
        Constraint::Cadence(cadence) => {
            let window = spending::window(case, cadence);
            format!("{}{}", cadence.limit, span_of(&window, cadence))
        }
        Constraint::Quiet(Quiet::Hours(own)) => {
            let clocks: Vec<&Zone> = case.clocks().iter().map(|zone| &**zone).collect();
            own_hours(own, &clocks)
        }
        Constraint::Quiet(_)
        | Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Pause(_)
        | Constraint::Rule(_)
        | Constraint::Reaction(_) => note(case, constraint, at),
    }
}

/// The names of a list; `None` if the list is empty and so means all.
fn joined(names: &[Name]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    (!names.is_empty()).then(|| names.join(" or "))
}

fn quiet(case: &Case<'_>, constraint: &Constraint<'_>, quiet: &Quiet, at: Instant) -> String {
    let own = match quiet {
        Quiet::Days { .. } | Quiet::Yearly { .. } => {
            let own = quiet_period::days_of(quiet);
            return own.map(|own| days::asked(case, &own, at)).unwrap_or_default();
        }
        Quiet::Hours(own) => own,
    };
    let clocks: Vec<&Zone> = case.clocks().iter().map(|zone| &**zone).collect();
    hours::now(case, constraint, &clocks, &own_hours(own, &clocks), at)
}

fn own_hours(own: &QuietHours, clocks: &[&Zone]) -> String {
    let millis = |secs: u32| i64::from(secs) * 1_000;
    let hour = Hour { from_millis: millis(own.from_secs), to_millis: millis(own.to_secs) };
    let days: Vec<&str> = own.days.names().collect();
    let days = if days.is_empty() { "every day".to_owned() } else { days.join(", ") };
    let channels = joined(&own.channels).map_or_else(String::new, |names| format!(" for {names}"));
    hours::placed(&format!("closed {days} {}{channels}", hours::span(hour)), clocks)
}

fn pause(case: &Case<'_>, pause: &Pause, at: Instant) -> String {
    let reason = &pause.reason;
    match (pause.from, pause.until) {
        (Some(from), _) if at < from => {
            format!("{reason}: begins at {}", moment::since(case, from))
        }
        (_, Some(until)) if until <= at => {
            format!("{reason}: over since {}", moment::until(case, until))
        }
        (_, Some(until)) => format!("{reason}: until {}", moment::until(case, until)),
        (_, None) => format!("{reason}: until it is ended"),
    }
}
