//! The decisions on one contact over a time, as consecutive stretches, each with the causes that
//! deny over all of it.
//!
//! Like every search of the engine it asks at the bounds that rules give, so it is exact to the
//! millisecond: [`decide`](super::decide) gives the same causes at every instant of a stretch, and
//! others at the one that follows.

use super::Undeclared;
use super::any_clock;
use super::case::Case;
use super::constraint::Constraint;
use super::gather;
use super::status::Status;
use super::status::earlier;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::decision::Cause;
use crate::model::decision::Code;
use crate::policy::Policy;

/// The maximum number of stretches in an answer.
pub const STRETCHES_MAX: usize = 500;
/// The maximum number of instants at which rules are asked. A bound need not be a change, and a
/// content rule that reads minutes has a bound each minute.
const STEPS_MAX: usize = 32_768;

/// A time over which the same causes deny, or none does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant.
    pub from: Instant,
    /// The first instant behind it.
    pub until: Instant,
    /// The causes that deny, in order of code, each once. The contact is allowed if this is empty.
    pub denied_by: Vec<Denial>,
}

/// A cause that denies over a stretch. Two wishes with equal text are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denial {
    /// The code of the cause.
    pub code: Code,
    /// The policy's rule, where it is one.
    pub rule: Option<Name>,
    /// The cause in words.
    pub cause: String,
}

impl Denial {
    /// One cause of a refusal.
    #[must_use]
    pub fn new(code: Code, cause: &Cause) -> Self {
        Self { code, rule: cause.rule().cloned(), cause: cause.to_string() }
    }
}

/// Stretches that touch each other, in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretches {
    /// The stretches, [`STRETCHES_MAX`] at the most.
    pub each: Vec<Stretch>,
    /// Whether the stretches end too early, because there are too many.
    pub truncated: bool,
}

/// The decisions on a contact at every instant from `from` on, `until` excluded.
///
/// # Errors
/// If the contact has names that the policy does not declare.
pub fn stretches(
    policy: &Policy,
    record: &Record,
    contact: &Contact,
    from: Instant,
    until: Instant,
) -> Result<Stretches, Undeclared> {
    let case = Case::new(policy, record, contact)?;
    let gathered = gather::gather(&case);
    let mut watched: Vec<Watched<'_>> = gathered.enforced.iter().map(Watched::new).collect();
    let mut each: Vec<Stretch> = Vec::new();
    let mut at = from.clamp(Instant::FIRST, Instant::LAST);
    for _step in 0..STEPS_MAX {
        if at >= until {
            return Ok(Stretches { each, truncated: false });
        }
        let (mut next, mut is_other) = (until, each.is_empty());
        for one in &mut watched {
            is_other |= one.ask(&case, at);
            next = one.again.map_or(next, |again| next.min(again));
        }
        let denied_by = is_other.then(|| denying(&case, &watched));
        let is_full = each.len() == STRETCHES_MAX;
        match (each.last_mut(), denied_by) {
            (Some(last), None) => last.until = next,
            (Some(last), Some(denied_by)) if last.denied_by == denied_by => last.until = next,
            (Some(_), Some(_)) if is_full => break,
            (_, denied_by) => {
                let denied_by = denied_by.unwrap_or_default();
                each.push(Stretch { from: at, until: next, denied_by });
            }
        }
        at = next;
    }
    Ok(Stretches { each, truncated: true })
}

/// A constraint, and what it said when it was last asked.
struct Watched<'a> {
    constraint: &'a Constraint<'a>,
    code: Option<Code>,
    /// The time at which it must be asked again; `None` for never.
    again: Option<Instant>,
}

impl<'a> Watched<'a> {
    /// A constraint that is to be asked at once.
    const fn new(constraint: &'a Constraint<'a>) -> Self {
        Self { constraint, code: None, again: Some(Instant::FIRST) }
    }

    /// Asks the constraint if its last answer holds no more; returns whether the answer has
    /// changed.
    fn ask(&mut self, case: &Case<'_>, at: Instant) -> bool {
        if self.again.is_none_or(|again| at < again) {
            return false;
        }
        let (code, bound) = match self.constraint.status(case, at) {
            Status::Clear(bound) => (None, bound),
            Status::Denied(code, bound) => (Some(code), bound),
        };
        // A constraint that is clear only at this instant denies from the next one on.
        let bound = bound.map(|bound| bound.max(at.plus(Span::from_millis(1))));
        self.again = if code.is_some() && case.clocks().is_empty() {
            // Where no clock is known, a day that denies begins and ends with not being known.
            earlier(bound, Some(any_clock::next_edge(case.channel.transit, at)))
        } else {
            bound
        };
        std::mem::replace(&mut self.code, code) != code
    }
}

fn denying(case: &Case<'_>, watched: &[Watched<'_>]) -> Vec<Denial> {
    let denying =
        watched.iter().filter_map(|one| Some(Denial::new(one.code?, &one.constraint.cause(case))));
    let mut denying: Vec<Denial> = denying.collect();
    denying.sort();
    denying.dedup();
    denying
}
