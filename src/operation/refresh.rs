//! What time alone does to a record.

use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::policy::Policy;

/// How far back a caller may ask for a decision: so long an opt-out that has ended is kept.
const LOOK_BACK: Span = Span::from_hours(24);

/// Gives back reservations whose hold has ended, and forgets what no rule looks back to.
pub fn refresh(policy: &Policy, record: &mut Record, now: Instant) {
    record.history.expire_holds(now);
    record.history.forget_before(now.minus(policy.settings.history_retention));
    record.requests.retain(|request| request.is_remembered(now));
    let holds = |until: Option<Instant>| until.is_none_or(|until| now < until.plus(LOOK_BACK));
    record.opt_outs.retain(|opt_out| holds(opt_out.until));
    record.suppressions.retain(|suppression| holds(suppression.until));
}
