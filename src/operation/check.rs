//! Deciding, and nothing else.

use super::Context;
use crate::engine;
use crate::engine::Undeclared;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Record;
use crate::model::decision::Code;
use crate::model::decision::Detail;
use crate::model::decision::Effect;

/// An answer and the findings behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The answer.
    pub answer: Answer,
    /// The findings, where they were asked for.
    pub detail: Option<Detail>,
}

/// Decides on a contact at an instant.
///
/// # Errors
/// If the contact names something that the policy does not declare.
pub fn check(
    context: Context<'_>,
    record: &Record,
    contact: &Contact,
    at: Instant,
    detail: engine::Detail,
) -> Result<Decided, Undeclared> {
    let policy = context.policy;
    let mut decision = engine::decide(policy, record, contact, at, detail)?;
    let detail = decision.detail.take();
    let answer = Answer::new(&decision, policy.revision, policy.zones.version());
    Ok(Decided { answer, detail })
}

impl Decided {
    /// A refusal by the service itself.
    #[must_use]
    pub fn refusal(context: Context<'_>, code: Code) -> Self {
        let policy = context.policy;
        let answer = Answer::refusal(code, policy.revision, policy.zones.version());
        Self { answer, detail: None }
    }

    /// Whether the contact may be made.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.answer.effect == Effect::Allow
    }
}
