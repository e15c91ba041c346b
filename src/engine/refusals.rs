//! The refusals of a contact and nothing else, for questions by the million that need no times.

use super::Undeclared;
use super::case::Case;
use super::constraint::Constraint;
use super::gather;
use super::status::Status;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::decision::Code;
use crate::policy::Policy;

/// One refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The code of the cause.
    pub code: Code,
    /// The policy's rule, where it is one.
    pub rule: Option<Name>,
}

/// The refusals of a contact, enforced and in shadow, each once and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// The refusals that count. The contact is allowed if this is empty.
    pub enforced: Vec<Refusal>,
    /// The refusals of rules in shadow.
    pub shadow: Vec<Refusal>,
}

/// The causes that [`decide`](super::decide) would give as reasons.
///
/// # Errors
/// If the contact names a channel, purpose, topic or occasion that the policy does not declare.
pub fn refusals(
    policy: &Policy,
    record: &Record,
    contact: &Contact,
    at: Instant,
) -> Result<Refusals, Undeclared> {
    let case = Case::new(policy, record, contact)?;
    let at = at.clamp(Instant::FIRST, Instant::LAST);
    let gathered = gather::gather(&case);
    Ok(Refusals {
        enforced: denying(&case, &gathered.enforced, at),
        shadow: denying(&case, &gathered.shadow, at),
    })
}

fn denying(case: &Case<'_>, constraints: &[Constraint<'_>], at: Instant) -> Vec<Refusal> {
    let denying = constraints.iter().filter_map(|constraint| match constraint.status(case, at) {
        Status::Clear(_) => None,
        Status::Denied(code, _) => {
            Some(Refusal { code, rule: constraint.cause(case).rule().cloned() })
        }
    });
    let mut denying: Vec<Refusal> = denying.collect();
    denying.sort();
    denying.dedup();
    denying
}
