//! An answer as it was given: a decision without the rules behind it. It is what callers get, and
//! what a repeated request gets again.

use crate::model::decision::Cause;
use crate::model::decision::Code;
use crate::model::decision::Decision;
use crate::model::decision::Effect;
use crate::model::decision::Reason;
use crate::model::decision::Remaining;
use crate::model::instant::Instant;
use crate::model::name::Name;

/// A decision and what it was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Allow or deny.
    pub effect: Effect,
    /// Every reason that denies.
    pub reasons: Vec<Stated>,
    /// The reasons of rules in shadow, which would have denied.
    pub shadow: Vec<Stated>,
    /// The same as [`Decision::next_allowed_time`].
    pub next_allowed_time: Option<Instant>,
    /// The same as [`Decision::valid_until`].
    pub valid_until: Option<Instant>,
    /// The units that each budget had left.
    pub remaining: Vec<Remaining>,
    /// The revision of the policy that decided.
    pub policy_revision: u64,
    /// The release of the time-zone database in use.
    pub tzdb_version: Box<str>,
}

/// A reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The code of the cause.
    pub code: Code,
    /// The policy's rule, where it is one.
    pub rule: Option<Name>,
    /// The cause, in words.
    pub cause: Box<str>,
    /// The time from which it no longer denies; unset if that is not within 400 days.
    pub until: Option<Instant>,
    /// The rule's own message.
    pub message: Option<Box<str>>,
}

impl Answer {
    /// A decision as callers get it.
    #[must_use]
    pub fn new(decision: &Decision, policy_revision: u64, tzdb_version: &str) -> Self {
        Self {
            effect: decision.effect,
            reasons: decision.reasons.iter().map(Stated::new).collect(),
            shadow: decision.shadow.iter().map(Stated::new).collect(),
            next_allowed_time: decision.next_allowed_time,
            valid_until: decision.valid_until,
            remaining: decision.remaining.clone(),
            policy_revision,
            tzdb_version: Box::from(tzdb_version),
        }
    }

    /// A refusal by the service itself, whatever the rules say.
    #[must_use]
    pub fn refusal(code: Code, policy_revision: u64, tzdb_version: &str) -> Self {
        let is_own =
            matches!(code, Code::AlreadySent | Code::ReservationEnded | Code::CustomerErased);
        let cause = if is_own { Cause::Request } else { Cause::Service };
        let reason = Reason { code, cause, until: None, message: None };
        Self {
            effect: Effect::Deny,
            reasons: vec![Stated::new(&reason)],
            shadow: Vec::new(),
            next_allowed_time: None,
            valid_until: None,
            remaining: Vec::new(),
            policy_revision,
            tzdb_version: Box::from(tzdb_version),
        }
    }

    /// The codes of its reasons.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        self.reasons.iter().map(|reason| reason.code).collect()
    }
}

impl Stated {
    fn new(reason: &Reason) -> Self {
        Self {
            code: reason.code,
            rule: reason.cause.rule().cloned(),
            cause: reason.cause.to_string().into(),
            until: reason.until,
            message: reason.message.as_deref().map(Box::from),
        }
    }
}
