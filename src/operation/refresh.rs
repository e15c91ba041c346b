//! The changes of a record that time alone makes.

use crate::engine::Standing;
use crate::engine::standing;
use crate::model::Instant;
use crate::model::Profile;
use crate::model::Record;
use crate::model::Span;
use crate::model::history::History;
use crate::model::request::MEMORY;
use crate::model::request::Request;
use crate::policy::Policy;

/// The furthest time in the past for which a caller may ask for a decision. An opt-out that has
/// ended is kept for that long.
const LOOK_BACK: Span = Span::from_hours(24);

/// Gives back reservations whose hold has ended, and forgets what no rule looks back to.
pub fn refresh(policy: &Policy, record: &mut Record, now: Instant) {
    super::reply::end_answered(policy, record);
    record.history.expire_holds(now);
    let Record { history, requests, .. } = record;
    requests.retain(|request| request.is_remembered(now) || is_booked(history, request, now));
    let first = now.minus(policy.settings.history_retention);
    let in_use = |number| requests.iter().any(|request| request.contact == Some(number));
    let is_old = history.events().first().is_some_and(|event| event.at < first);
    let standing = if is_old { standing(policy, history, now) } else { Standing::default() };
    history.forget_before(first, in_use, |event| standing.has(event));
    record.erased_requests.retain(|request| now < request.forgotten);
    end_refusals(record, now);
}

/// Forgets the refusals that have ended.
pub fn end_refusals(record: &mut Record, now: Instant) {
    record.opt_outs.retain(|opt_out| !is_over(opt_out.until, now));
    record.suppressions.retain(|suppression| !is_over(suppression.until, now));
}

/// Whether the contact of a request is so late that the request must still be remembered. An older
/// version has not noted that.
fn is_booked(history: &History, request: &Request, now: Instant) -> bool {
    let entries = history.entries();
    let recent = entries.partition_point(|entry| entry.at.plus(MEMORY) <= now);
    let mut recent = entries.iter().skip(recent);
    request.contact.is_some_and(|number| recent.any(|entry| entry.number == number))
}

/// The shortest time for which a record with nothing but history is kept after its last use, so
/// that a clock that is set forward by days does not lose it.
const KEPT_MIN: Span = Span::from_days(7);

/// The time from which a record may be forgotten: twice the time that rules look back, after
/// everything that it holds. `None` for never: a record that holds a statement of the customer, or
/// of a person for the customer, or an event that suppresses for good.
#[must_use]
pub fn expiry(policy: &Policy, record: &Record, now: Instant) -> Option<Instant> {
    let Record {
        profile,
        opt_outs,
        opt_ins,
        retractions,
        consents,
        suppressions,
        cadence,
        quiet,
        history,
        requests,
        consent_events,
        unclear,
        awaiting,
        erased,
        erased_requests: _,
        taken_over: _,
    } = record;
    let is_only_history = *profile == Profile::default()
        && opt_outs.is_empty()
        && opt_ins.is_empty()
        && retractions.is_empty()
        && consents.is_empty()
        && suppressions.is_empty()
        && cadence.is_empty()
        && quiet.is_empty()
        && consent_events.is_empty()
        && unclear.is_empty()
        && awaiting.is_empty()
        && erased.is_none();
    let contacts = history.entries().iter();
    let contacts = contacts.map(|entry| entry.hold_until.map_or(entry.at, |it| it.max(entry.at)));
    let requests = requests.iter().map(Request::forgotten);
    let last = contacts.chain(requests).fold(now, Instant::max);
    let kept = policy.settings.history_retention.times(2).max(KEPT_MIN);
    let ends = is_only_history && standing(policy, history, now).is_empty();
    ends.then(|| last.plus(kept))
}

/// Whether a thing that ended at `until` is too old to be asked about; never if that is `None`.
pub(super) fn is_over(until: Option<Instant>, now: Instant) -> bool {
    until.is_some_and(|until| until.plus(LOOK_BACK) <= now)
}
