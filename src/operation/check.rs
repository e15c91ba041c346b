//! Deciding, and nothing else.

use super::Context;
use crate::engine;
use crate::engine::Undeclared;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Decision;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::answer::Stated;
use crate::model::decision::Code;
use crate::model::decision::Detail;
use crate::model::decision::Effect;
use crate::policy::Policy;
use crate::policy::rules::OnStoreFailure;

/// An answer and the findings behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The answer.
    pub answer: Answer,
    /// The findings, where they were asked for.
    pub detail: Option<Detail>,
    /// For a reply that has been put on record: the time that the customer has waited for it.
    pub waited: Option<Span>,
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
    Ok(Decided::of(context.policy, engine::decide(context.policy, record, contact, at, detail)?))
}

/// Whether a reason holds whatever else is on record, because the customer or an operator has
/// refused.
const fn is_certain(code: Code) -> bool {
    matches!(code, Code::Paused | Code::OptedOut | Code::Suppressed)
}

impl Decided {
    /// A decision of the engine as it is answered.
    #[must_use]
    pub fn of(policy: &Policy, mut decision: Decision) -> Self {
        let detail = decision.detail.take();
        let answer = Answer::new(&decision, policy.revision, policy.zones.version());
        Self { answer, detail, waited: None }
    }

    /// The decision if the customer's record cannot be read: the failure mode of the contact's
    /// purpose, or a refusal if an operator has paused it or the customer is `known` to have
    /// refused it.
    ///
    /// # Errors
    /// If the contact names something that the policy does not declare.
    pub fn without_record(
        context: Context<'_>,
        known: &Record,
        contact: &Contact,
        at: Instant,
    ) -> Result<Self, Undeclared> {
        let policy = context.policy;
        let decided = check(context, known, contact, at, engine::Detail::Brief)?;
        let refused = decided.answer.reasons.into_iter();
        let refused: Vec<Stated> = refused.filter(|reason| is_certain(reason.code)).collect();
        let mut refusal = Self::refusal(context, Code::StoreUnavailable);
        let position = policy.purpose_position(&contact.purpose);
        let purpose = position.and_then(|position| policy.purposes.get(position));
        let allows = purpose.is_some_and(|it| it.on_store_failure == OnStoreFailure::Allow);
        if allows && refused.is_empty() {
            refusal.answer.effect = Effect::Allow;
            refusal.answer.reasons.clear();
        }
        refusal.answer.reasons.extend(refused);
        refusal.answer.reasons.sort_by_key(|reason| reason.code);
        Ok(refusal)
    }

    /// The refusal of what has been sent, with what is known of that.
    pub(super) fn sent(context: Context<'_>, told: &str) -> Self {
        let way_out = "another message needs a request_id of its own";
        Self::refusal_because(context, Code::AlreadySent, &format!("{told}; {way_out}"))
    }

    /// A refusal by the service itself, with what there is to say about it.
    pub(super) fn refusal_because(context: Context<'_>, code: Code, why: &str) -> Self {
        let mut refusal = Self::refusal(context, code);
        for reason in &mut refusal.answer.reasons {
            reason.message = Some(Box::from(why));
        }
        refusal
    }

    /// A refusal by the service itself.
    #[must_use]
    pub fn refusal(context: Context<'_>, code: Code) -> Self {
        let policy = context.policy;
        let answer = Answer::refusal(code, policy.revision, policy.zones.version());
        Self { answer, detail: None, waited: None }
    }

    /// Whether the contact may be made.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.answer.effect == Effect::Allow
    }
}
