//! The answer.

use std::fmt;

use crate::model::day::Day;
use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;
use crate::model::wish::Cadence;
use crate::model::wish::Quiet;
use crate::model::word::words;

/// May we? And if not, why not, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Allow or deny.
    pub effect: Effect,
    /// Every reason that denies, in order of code and name; empty if the effect is Allow.
    pub reasons: Vec<Reason>,
    /// The reasons of rules in shadow, which would have denied. They change nothing.
    pub shadow: Vec<Reason>,
    /// For a Deny: the earliest instant at which this same contact would be allowed if nothing else
    /// happened. Unset if there is none within 400 days, or if a person must act first.
    pub next_allowed_time: Option<Instant>,
    /// For an Allow: the end of the time over which it holds if nothing else happens. Unset if that
    /// is more than 400 days away.
    pub valid_until: Option<Instant>,
    /// The units that each budget of this contact had left before it, in order of name.
    pub remaining: Vec<Remaining>,
    /// The findings behind the answer, where they were asked for.
    pub detail: Option<Detail>,
}

words! {
    /// The two answers.
    pub enum Effect in "SCREAMING_SNAKE_CASE" {
        /// The contact may be made.
        Allow,
        /// The contact may not be made.
        Deny,
    }
}

/// One cause of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code of the cause.
    pub code: Code,
    /// The rule or the wish that denies.
    pub cause: Cause,
    /// The first instant at which it no longer denies; unset if there is none within 400 days.
    pub until: Option<Instant>,
    /// A further message: that of a content rule, for example.
    pub message: Option<String>,
}

/// Declares the codes that `proto/courtesy/v1/decision.proto` lists.
macro_rules! reasons {
    ($(#[$about:meta] $code:ident: $remedy:literal;)+) => {
        words! {
            /// The sorts of causes.
            pub enum Code in "SCREAMING_SNAKE_CASE" { $(#[$about] $code,)+ }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/reasons.rs"));

/// The thing that denies. Rules have names; the other causes have none of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A rule of the policy, by its name.
    Rule(Name),
    /// A reaction of the policy to something the customer did.
    Reaction(Option<Name>),
    /// A pause, with the operator's reason.
    Pause(String),
    /// The customer's opt-out of this scope.
    OptOut(Scope),
    /// An opt-out of a customer whose data was erased since.
    OutlivedOptOut(Scope),
    /// The operator's suppression of this scope, with its reason code.
    Suppression(Scope, Option<Name>),
    /// The lack of the customer's consent for this channel.
    Consent(Name),
    /// The customer's own cadence.
    Cadence(Cadence),
    /// The customer's own quiet days or hours.
    Quiet(Quiet),
    /// The service itself.
    Service,
    /// The end of the contact that the same request made earlier.
    Request,
}

impl Cause {
    /// The name of the policy's rule, if it is one.
    #[must_use]
    pub fn rule(&self) -> Option<&Name> {
        match self {
            Self::Rule(name) | Self::Reaction(Some(name)) => Some(name),
            Self::Reaction(None)
            | Self::Pause(_)
            | Self::OptOut(_)
            | Self::OutlivedOptOut(_)
            | Self::Suppression(..)
            | Self::Consent(_)
            | Self::Cadence(_)
            | Self::Quiet(_)
            | Self::Service
            | Self::Request => None,
        }
    }
}

impl fmt::Display for Cause {
    /// The cause, in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(name) | Self::Reaction(Some(name)) => f.write_str(name),
            Self::Reaction(None) => f.write_str("a reaction"),
            Self::Pause(reason) if reason.is_empty() => f.write_str("a pause"),
            Self::Pause(reason) => write!(f, "a pause: {reason}"),
            Self::OptOut(scope) => write!(f, "an opt-out of {scope}"),
            Self::OutlivedOptOut(scope) => {
                write!(f, "an opt-out of {scope} that outlived an erasure")
            }
            Self::Suppression(scope, None) => write!(f, "a suppression of {scope}"),
            Self::Suppression(scope, Some(reason)) => write!(f, "{reason}, of {scope}"),
            Self::Consent(channel) => write!(f, "no consent to {channel}"),
            Self::Cadence(_) => f.write_str("the customer's cadence"),
            Self::Quiet(_) => f.write_str("the customer's quiet time"),
            Self::Service => f.write_str("the service"),
            Self::Request => f.write_str("the request's own contact"),
        }
    }
}

/// The units that a budget had left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remaining {
    /// The budget's name.
    pub rule: Name,
    /// The units of cost that were left before the contact, in the fullest window.
    pub units: u32,
}

/// The findings behind an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Every rule and wish, with its result.
    pub trace: Vec<Finding>,
    /// The contacts on record that stand against this one.
    pub evidence: Vec<Evidence>,
    /// The names of the clocks that may be the customer's; empty if none is known.
    pub clocks: Vec<Box<str>>,
}

/// The finding of one rule or wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule or the wish.
    pub cause: Cause,
    /// Its family in the policy language, such as `budgets`.
    pub family: &'static str,
    /// Its result.
    pub outcome: Outcome,
    /// The result in words.
    pub note: String,
}

impl Finding {
    /// The rule or the wish in words that fit the result.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.cause, self.outcome) {
            (Cause::Consent(channel), Outcome::Satisfied(_) | Outcome::Exempt) => {
                format!("consent to {channel}")
            }
            (cause, _) => cause.to_string(),
        }
    }
}

/// The result of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is about other contacts or other customers.
    NotConcerned,
    /// The rule is switched off.
    Off,
    /// The rule has dates, and none of the customer's clocks shows one of them.
    NotInForce(NotInForce),
    /// The contact's purpose may pass it.
    Exempt,
    /// The rule is satisfied, at least until the given instant.
    Satisfied(Option<Instant>),
    /// The rule denies for this reason, until the given instant.
    Denies(Code, Option<Instant>),
    /// The rule would deny, but is in shadow.
    WouldDeny(Code, Option<Instant>),
}

/// The side of its dates on which a rule is not in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInForce {
    /// The rule has ended: this is the first day without it.
    Since(Day),
    /// The rule has not begun: this is the first day with it.
    Until(Day),
}

impl fmt::Display for NotInForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Since(day) => write!(f, "not in force since {day}"),
            Self::Until(day) => write!(f, "not in force until {day}"),
        }
    }
}

/// A contact on record that spends a budget, or is too close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The rule or the wish that counts it.
    pub cause: Cause,
    /// The time at which the contact was made, or is to be made.
    pub at: Instant,
    /// The channel.
    pub channel: Name,
    /// The purpose.
    pub purpose: Name,
    /// Units of the budget that it spends; 1 where the rule has no budget.
    pub cost: u32,
    /// The first instant at which it no longer stands against this contact, if there is one.
    pub ages_out_time: Option<Instant>,
}
