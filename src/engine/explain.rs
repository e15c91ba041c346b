//! The findings behind an answer: every rule with its result, and the contacts on record that
//! stand against the one that is judged. Nothing here decides.

mod days;
mod describe;
mod hours;
mod wishes;

use crate::engine::budget;
use crate::engine::budget::Period;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint;
use crate::engine::constraint::Constraint;
use crate::engine::content;
use crate::engine::count::Allowance;
use crate::engine::gather;
use crate::engine::moment;
use crate::engine::quiet_period;
use crate::engine::search;
use crate::engine::spending;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::decision::Code;
use crate::model::decision::Detail;
use crate::model::decision::Evidence;
use crate::model::decision::Finding;
use crate::model::decision::Outcome;
use crate::model::history::Entry;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Rule;
use crate::policy::rules::Window;

/// The message of a constraint that denies, beyond its reason.
pub(crate) fn message(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    code: Code,
    at: Instant,
) -> Option<String> {
    let days = closed_days(case, constraint, at);
    if code == Code::UnknownTimeZone {
        return Some(match days {
            Some(days) => format!("{NO_CLOCK} ({days})"),
            None => NO_CLOCK.to_owned(),
        });
    }
    if days.is_some() {
        return days;
    }
    if let Constraint::OptOut(opt_out) = constraint {
        // One without an end is lifted by the customer only.
        let end = opt_out.until.filter(|until| *until > at.plus(search::HORIZON));
        return end.map(|until| format!("until {}", moment::until(case, until)));
    }
    if let Constraint::Consent = constraint {
        return Some(consent::wanted(case));
    }
    let Constraint::Rule(rule) = constraint else { return None };
    if let Kind::Consent(rule) = &rule.kind {
        return Some(consent::wanted_by(case, rule));
    }
    let Kind::Content(rule) = &rule.kind else { return None };
    let zones = case.clocks().iter().map(|zone| Some(&**zone));
    let unclocked = rule.expression.grain().is_none().then_some(None);
    let mut errors =
        zones.chain(unclocked).filter_map(|clock| content::evaluate(case, rule, clock, at).err());
    match errors.next() {
        Some(error) => Some(format!("cannot be evaluated: {error}")),
        None => rule.message.clone(),
    }
}

const NO_CLOCK: &str =
    "set the customer's time zone or jurisdictions, or have the policy assume a zone";

/// The days that a quiet period or the customer's own quiet days are closed on.
fn closed_days(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> Option<String> {
    if let Constraint::Quiet(quiet) = constraint {
        return days::closed(case, &quiet_period::days_of(quiet)?, at);
    }
    let Constraint::Rule(rule) = constraint else { return None };
    let Kind::QuietPeriod(period) = &rule.kind else { return None };
    days::closed(case, &period.days, at)
}

/// Every rule, reaction and wish with its result, those that deny first, and the contacts that
/// count against this one.
pub(crate) fn detail(case: &Case<'_>, at: Instant) -> Detail {
    let clocks = case.clocks().iter().map(|clock| clock.name().into());
    let mut detail = Detail { clocks: clocks.collect(), ..Detail::default() };
    for rule in told(case) {
        let constraint = Constraint::Rule(rule);
        let finding = if gather::concerns(case, rule) {
            judged(case, &constraint, rule.mode, at)
        } else {
            let note = describe::why_not(case, rule);
            finding(case, &constraint, Outcome::NotConcerned, note)
        };
        let judged = matches!(
            finding.outcome,
            Outcome::Satisfied(_) | Outcome::Denies(..) | Outcome::WouldDeny(..)
        );
        if judged {
            detail.evidence.extend(evidence(case, &constraint, at));
        }
        detail.trace.push(finding);
    }
    for reaction in &case.policy.reactions {
        let constraint = Constraint::Reaction(reaction);
        if gather::reacts(case, reaction) {
            detail.trace.push(judged(case, &constraint, reaction.mode, at));
        } else {
            let note = describe::why_no_reaction(case, reaction);
            detail.trace.push(finding(case, &constraint, Outcome::NotConcerned, note));
        }
    }
    for constraint in gather::wishes(case) {
        detail.evidence.extend(evidence(case, &constraint, at));
        detail.trace.push(judged(case, &constraint, Mode::Enforce, at));
    }
    detail.trace.sort_by_key(|finding| rank(finding.outcome));
    detail
}

/// The rules to tell of: of the periods around any occasion those that are about the customer, or
/// one.
fn told<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Rule> {
    let same_name = |one: &Rule, other: &Rule| one.name == other.name;
    case.policy.rules.chunk_by(same_name).flat_map(|rules| {
        let concerned =
            rules.iter().filter(|rule| rules.len() == 1 || gather::concerns(case, rule));
        let mut told: Vec<&Rule> = concerned.collect();
        if told.is_empty() {
            told.extend(rules.first());
        }
        told
    })
}

const fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Denies(..) => 0,
        Outcome::WouldDeny(..) => 1,
        Outcome::Satisfied(_) => 2,
        Outcome::Exempt => 3,
        Outcome::NotInForce(_) => 4,
        Outcome::Off => 5,
        Outcome::NotConcerned => 6,
    }
}

/// The result of something that is about the contact.
fn judged(case: &Case<'_>, constraint: &Constraint<'_>, mode: Mode, at: Instant) -> Finding {
    let note = || describe::note(case, constraint, at);
    let unjudged = |why: &str| {
        let asked = describe::asked(case, constraint, at);
        describe::sourced(constraint, format!("{why}: {asked}"))
    };
    if mode == Mode::Off {
        return finding(case, constraint, Outcome::Off, unjudged("switched off"));
    }
    if gather::is_spent(case, constraint) {
        let note = unjudged("its own reservation has spent it");
        return finding(case, constraint, Outcome::Exempt, note);
    }
    if gather::is_exempt(case, constraint) {
        let note = unjudged(&format!("purpose {} is exempt from it", case.contact.purpose));
        return finding(case, constraint, Outcome::Exempt, note);
    }
    if let Some(why) = constraint::not_in_force(case, constraint.effective(), at) {
        let note = unjudged(&why.to_string());
        return finding(case, constraint, Outcome::NotInForce(why), note);
    }
    let status = constraint.status(case, at);
    let code = match status {
        Status::Clear(until) => {
            return finding(case, constraint, Outcome::Satisfied(until), note());
        }
        Status::Denied(code, _) => code,
    };
    let until = search::first_clear(case, constraint, status, at);
    let outcome = if mode == Mode::Shadow {
        Outcome::WouldDeny(code, until)
    } else {
        Outcome::Denies(code, until)
    };
    let demand = || {
        let unknown = code == Code::UnknownTimeZone;
        unknown.then(|| describe::demand(case, constraint, at)).flatten()
    };
    let note = match message(case, constraint, code, at) {
        Some(message) => match demand() {
            Some(demand) => format!("{message} ({demand})"),
            None => describe::sourced(constraint, message),
        },
        None => note(),
    };
    finding(case, constraint, outcome, note)
}

fn finding(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    outcome: Outcome,
    note: String,
) -> Finding {
    let family = describe::family(constraint);
    Finding { cause: constraint.cause(case), family, outcome, note }
}

/// The contacts on record that a constraint counts against the one that is judged.
fn evidence(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> Vec<Evidence> {
    if let Constraint::Cadence(cadence) = constraint {
        let selector = spending::selector(case, cadence);
        let allowance = Allowance::of_cadence(case, cadence.limit, &selector);
        let window = spending::window(case, cadence);
        return spent(case, constraint, &allowance, &window, at);
    }
    let Constraint::Rule(rule) = constraint else { return Vec::new() };
    let Kind::Budget(budget) = &rule.kind else { return Vec::new() };
    let allowance = Allowance::of_budget(case, budget);
    spent(case, constraint, &allowance, &budget.window, at)
}

/// The contacts that spend an allowance in any window with the judged contact, on the first clock.
fn spent(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    allowance: &Allowance<'_>,
    window: &Window,
    at: Instant,
) -> Vec<Evidence> {
    let history = &case.record.history;
    let evidence = |entry: &Entry, ages_out_time| {
        Some(Evidence {
            cause: constraint.cause(case),
            at: entry.at,
            channel: history.channels().get(usize::from(entry.channel))?.clone(),
            purpose: history.purposes().get(usize::from(entry.purpose))?.clone(),
            cost: allowance.cost(case, entry),
            ages_out_time: Some(ages_out_time),
        })
    };
    match window {
        Window::Sliding(span) => budget::counted_after(case, allowance, at.minus(*span))
            .take_while(|entry| entry.at < at.plus(*span))
            .filter_map(|entry| evidence(entry, entry.at.plus(*span)))
            .collect(),
        Window::Calendar(window) => {
            let clock =
                window.zone.as_deref().or_else(|| case.clocks().first().map(|zone| &**zone));
            let Some(clock) = clock else { return Vec::new() };
            let period = Period::around(at, window.unit, window.week_starts, clock);
            let counted = budget::in_period(case, allowance, &period);
            counted.filter_map(|entry| evidence(entry, period.end)).collect()
        }
    }
}

#[cfg(test)]
mod tests;
