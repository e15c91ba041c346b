//! The decision: a pure, total function of a policy, a customer's record, a contact and an
//! instant.
//!
//! Every rule and every wish that can deny the contact is a constraint: something that says at
//! each instant whether it denies, and until when it certainly goes on saying so. The effect is
//! DENY if any of them denies. The next allowed time and the end of validity are found by stepping
//! from one such bound to the next, so they are exact without walking through every second.
//!
//! Deliberately absent: a clock, I/O, randomness, floats, and any order among rules.

mod any_clock;
mod budget;
mod case;
mod consent;
mod constraint;
mod content;
mod count;
mod explain;
mod gather;
mod hours;
mod limits;
mod moment;
mod place;
mod quiet_period;
mod reaction;
mod refusals;
mod reply;
mod search;
mod spacing;
mod status;
mod stretches;
mod undeclared;

pub use limits::Limit;
pub use limits::limits;
pub use place::clocks;
pub use place::countries;
pub use place::is_about;
pub use reaction::Standing;
pub use reaction::standing;
pub use refusals::Refusal;
pub use refusals::Refusals;
pub use refusals::refusals;
pub use reply::reply_due;
pub use stretches::Denial;
pub use stretches::STRETCHES_MAX;
pub use stretches::Stretch;
pub use stretches::Stretches;
pub use stretches::stretches;
pub use undeclared::Undeclared;

use crate::engine::case::Case;
use crate::engine::constraint::Constraint;
use crate::engine::gather::Gathered;
use crate::engine::status::Status;
use crate::model::Contact;
use crate::model::Decision;
use crate::model::Instant;
use crate::model::Record;
use crate::model::decision::Effect;
use crate::model::decision::Reason;
use crate::model::decision::Remaining;
use crate::policy::Policy;
use crate::policy::rules::Kind;

/// How much an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The effect, the reasons and the times.
    Brief,
    /// Every rule's result and the contacts that stand against this one as well.
    Full,
}

/// Decides whether a contact may be made at an instant. One that no caller may name is taken for
/// the nearest that is.
///
/// # Errors
/// If the contact names a channel, purpose, topic or occasion that the policy does not declare:
/// then there is no decision.
pub fn decide(
    policy: &Policy,
    record: &Record,
    contact: &Contact,
    at: Instant,
    detail: Detail,
) -> Result<Decision, Undeclared> {
    Ok(judge(&Case::new(policy, record, contact)?, at, detail))
}

/// The same for a contact that was reserved earlier, without which the record is given: what a
/// reservation spends, which are budgets, cadence, spacing and back-off, is spent, and denies it no
/// more. What it could never have spent denies it: a budget of none, or the time since an event.
///
/// # Errors
/// As for [`decide`].
pub fn decide_held(
    policy: &Policy,
    record: &Record,
    contact: &Contact,
    at: Instant,
    detail: Detail,
) -> Result<Decision, Undeclared> {
    let mut case = Case::new(policy, record, contact)?;
    case.held = true;
    Ok(judge(&case, at, detail))
}

fn judge(case: &Case<'_>, at: Instant, detail: Detail) -> Decision {
    // INVARIANT: the horizon is far from the end of time, so bounds are always later than `at`.
    let at = at.clamp(Instant::FIRST, Instant::LAST);
    let gathered = gather::gather(case);
    let enforced = &gathered.enforced;
    let statuses: Vec<Status> =
        enforced.iter().map(|constraint| constraint.status(case, at)).collect();
    let denied = |status: &Status| matches!(status, Status::Denied(..));
    let (effect, next_allowed_time, valid_until) = if statuses.iter().any(denied) {
        (Effect::Deny, search::next_allowed(case, enforced, at), None)
    } else {
        (Effect::Allow, None, search::valid_until(case, enforced, &statuses, at))
    };
    Decision {
        effect,
        reasons: reasons(case, enforced.iter().zip(statuses), at),
        shadow: shadow_reasons(case, &gathered, at),
        next_allowed_time,
        valid_until,
        remaining: remaining(case, &gathered, at),
        detail: match detail {
            Detail::Brief => None,
            Detail::Full => Some(explain::detail(case, at)),
        },
    }
}

/// What denies, in order of code; within a code as it was gathered: rules by name, then wishes.
fn reasons<'a>(
    case: &Case<'a>,
    judged: impl Iterator<Item = (&'a Constraint<'a>, Status)>,
    at: Instant,
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = judged
        .filter_map(|(constraint, status)| match status {
            Status::Clear(_) => None,
            Status::Denied(code, _) => Some(Reason {
                code,
                cause: constraint.cause(case),
                until: search::first_clear(case, constraint, at),
                message: explain::message(case, constraint, code, at),
            }),
        })
        .collect();
    reasons.sort_by_key(|reason| reason.code);
    reasons
}

fn shadow_reasons(case: &Case<'_>, gathered: &Gathered<'_>, at: Instant) -> Vec<Reason> {
    let shadow = gathered.shadow.iter();
    reasons(case, shadow.map(|constraint| (constraint, constraint.status(case, at))), at)
}

fn remaining(case: &Case<'_>, gathered: &Gathered<'_>, at: Instant) -> Vec<Remaining> {
    let limits = gathered.enforced.iter().chain(&gathered.spent);
    let budgets = limits.filter_map(|constraint| match constraint {
        Constraint::Rule(rule) => match &rule.kind {
            Kind::Budget(budget) => Some((rule, budget)),
            Kind::Spacing(_)
            | Kind::Backoff(_)
            | Kind::ContactHours(_)
            | Kind::QuietHours(_)
            | Kind::QuietPeriod(_)
            | Kind::Consent(_)
            | Kind::Content(_) => None,
        },
        Constraint::Reaction(_)
        | Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Consent
        | Constraint::Cadence(_)
        | Constraint::Quiet(_)
        | Constraint::Pause(_) => None,
    });
    let left = budgets.filter_map(|(rule, budget)| {
        let units = constraint::remaining(case, rule, budget, at)?;
        Some(Remaining { rule: rule.name.clone(), units })
    });
    let mut left: Vec<Remaining> = left.collect();
    left.sort();
    left
}

#[cfg(test)]
mod tests;
