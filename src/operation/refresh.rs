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
    record.opt_outs.retain(|opt_out| !is_over(opt_out.until, now));
    record.suppressions.retain(|suppression| !is_over(suppression.until, now));
}

/// Whether nobody can ask any more about something that ended then; none is never.
pub(super) fn is_over(until: Option<Instant>, now: Instant) -> bool {
    until.is_some_and(|until| until.plus(LOOK_BACK) <= now)
}
