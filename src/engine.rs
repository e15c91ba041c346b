//! The decision: a pure, total function of a policy, a customer's record, a contact and an
//! instant.
//!
//! Every rule and every wish that can deny the contact is a constraint: at each instant it denies
//! or not, and it has a bound up to which that certainly holds. The effect is DENY if any of them
//! denies. The next allowed time and the end of validity are found by stepping from one such bound
//! to the next, so they are exact without walking through every second.
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
mod spending;
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

/// The amount of detail in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The effect, the reasons and the times.
    Brief,
    /// Also every rule's result, and the contacts that stand against this one.
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

/// Decides on a contact that was reserved earlier; the record is given without it. What a
/// reservation spends (budgets, cadence, spacing and back-off) is spent already, and does not deny
/// it again. What it could never have spent still denies: a budget of 0, or the time since an
/// event.
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
    let Gathered { enforced, shadow, spent } = gather::gather(case);
    let mut remaining = Vec::new();
    let statuses = ask(case, &enforced, at, &mut remaining);
    if !spent.is_empty() {
        ask(case, &spent, at, &mut remaining);
        remaining.sort();
    }
    let denied = |status: &Status| matches!(status, Status::Denied(..));
    let (effect, next_allowed_time, valid_until) = if statuses.iter().any(denied) {
        (Effect::Deny, search::next_allowed(case, &enforced, &statuses, at), None)
    } else {
        (Effect::Allow, None, search::valid_until(case, &enforced, &statuses, at))
    };
    let in_shadow = ask(case, &shadow, at, &mut Vec::new());
    Decision {
        effect,
        reasons: match effect {
            Effect::Allow => Vec::new(),
            Effect::Deny => reasons(case, &enforced, &statuses, at),
        },
        shadow: reasons(case, &shadow, &in_shadow, at),
        next_allowed_time,
        valid_until,
        remaining,
        detail: match detail {
            Detail::Brief => None,
            Detail::Full => Some(explain::detail(case, at)),
        },
    }
}

/// The status of each constraint at an instant, in the same order. The units left of budgets are
/// added to `remaining`, which is in order of name if only this function adds to it, since rules
/// are gathered in that order.
fn ask(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    at: Instant,
    remaining: &mut Vec<Remaining>,
) -> Vec<Status> {
    let said = constraints.iter().map(|constraint| {
        let said = constraint.ask(case, at);
        if let (Constraint::Rule(rule), Some(units)) = (constraint, said.left) {
            remaining.push(Remaining { rule: rule.name.clone(), units });
        }
        said.status
    });
    said.collect()
}

/// The reasons that deny, in order of code; within a code in the order of gathering: rules by name,
/// then wishes.
fn reasons(
    case: &Case<'_>,
    constraints: &[Constraint<'_>],
    statuses: &[Status],
    at: Instant,
) -> Vec<Reason> {
    let judged = constraints.iter().zip(statuses);
    let mut reasons: Vec<Reason> = judged
        .filter_map(|(constraint, status)| match *status {
            Status::Clear(_) => None,
            Status::Denied(code, _) => Some(Reason {
                code,
                cause: constraint.cause(case),
                until: search::first_clear(case, constraint, *status, at),
                message: explain::message(case, constraint, code, at),
            }),
        })
        .collect();
    reasons.sort_by_key(|reason| reason.code);
    reasons
}

#[cfg(test)]
mod tests;
