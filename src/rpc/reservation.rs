//! Reservations: made, and asked about again.

use tonic::Status;

use super::batch::HOLD_MAX;
use super::convert::request::contact_digest;
use super::convert::request::contact_digests;
use super::convert::time::Within;
use super::convert::time::timestamp;
use super::convert::violations::Path;
use super::decide::Caller;
use super::decide::Question;
use super::decide::Target;
use super::decide::Verdict;
use super::decide::refuse_naming;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::history::State;
use crate::operation;
use crate::operation::Draft;
use crate::operation::Fault;
use crate::operation::recheck::Recheck;
use crate::operation::reserve::CONTACT_TIME;
use crate::operation::reserve::Reserve;
use crate::operation::reserve::Reserved;
use crate::operation::reserve::time_of;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::proto::v1::ReservationState;
use crate::rpc::status;
use crate::store::Version;

/// The answer about a reservation, and the way to it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    hold_until: Option<Instant>,
    replayed: bool,
    state: ReservationState,
}

impl Answer {
    /// An answer that was made of a record.
    pub(super) fn of(reserved: Reserved, version: Option<Version>) -> Self {
        let Reserved { decided, hold_until, replayed, state } = reserved;
        let verdict = Verdict::of(decided, version);
        Self { verdict, hold_until, replayed, state: state_of(state, replayed) }
    }

    /// The answer if there is no record for it. Earlier reservations are unknown then.
    ///
    /// # Errors
    /// The failure, if it is not one of reading the record.
    pub(super) fn without_record(
        gate: &Gate,
        caller: &Caller,
        target: Target<'_>,
        failure: Failure,
    ) -> Result<Self, Failure> {
        let verdict = Verdict::without_record(gate, caller, target, failure)?;
        let state = ReservationState::Unknown;
        Ok(Self { verdict, hold_until: None, replayed: false, state })
    }

    /// Counts and logs it, and turns it into a message.
    pub(super) fn into_message(
        self,
        gate: &Gate,
        question: &Question<'_>,
    ) -> v1::ReserveContactResponse {
        v1::ReserveContactResponse {
            decision: Some(self.verdict.into_message(gate, question)),
            expire_time: self.hold_until.map(timestamp),
            replayed: self.replayed,
            reservation_state: i32::from(self.state),
        }
    }
}

/// The state of a reservation. A repeated request without a state means that the reservation is no
/// longer on record.
pub(super) fn state_of(state: Option<State>, replayed: bool) -> ReservationState {
    match state {
        Some(State::Reserved) => ReservationState::Held,
        Some(State::Sent) => ReservationState::Sent,
        Some(State::Bounced) => ReservationState::Bounced,
        Some(State::Released) => ReservationState::Released,
        Some(State::Expired) => ReservationState::Expired,
        None if replayed => ReservationState::Unknown,
        None => ReservationState::Unspecified,
    }
}

/// Reserves a contact, unless the request is known to have reserved one before its customer was
/// erased.
pub(super) fn reserve_in(
    gate: &Gate,
    caller: &Caller,
    (key, record): (&Customer, &mut Draft<'_>),
    reserve: &Reserve,
) -> Result<Reserved, Fault> {
    gate.check_unused(key, record, &reserve.request.id)?;
    if gate.was_erased(key, record, &reserve.request.id) {
        return Ok(Reserved::erased(caller.context()));
    }
    operation::reserve::reserve(caller.context(), record, reserve)
}

/// The error if new contacts are too far in the past.
pub(super) fn too_late(caller: &Caller, contacts: impl IntoIterator<Item = Path>) -> Status {
    let mut violations = caller.violations();
    for path in contacts {
        violations.add(path, "contact_time", CONTACT_TIME);
    }
    status::invalid(ErrorReason::InvalidRequest, violations.into_fields())
}

/// Answers `ReserveContact`.
pub(super) async fn reserve(
    gate: &Gate,
    request: v1::ReserveContactRequest,
) -> Result<v1::ReserveContactResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let path = Path::of("contact");
    let terms = caller.terms(Within::Repeatable);
    let asked = violations.contact(path, request.contact.as_ref(), terms);
    let key = violations.request_key(Path::ROOT, &request.request_id, &request);
    let hold = violations.duration(Path::ROOT, "hold", request.hold.as_ref(), HOLD_MAX);
    let detail = violations.detail(Path::ROOT, request.detail);
    let ((asked, key), undeclared) = violations.finish_bounds(asked.zip(key))?;

    let contact_body = contact_digest(request.contact.as_ref(), &asked.customer_id);
    let (contact, at) = (asked.contact, asked.at);
    let reserve = Reserve { request: key, contact, contact_body, at, hold, detail };
    let key = caller.key(&asked.customer_id);
    let change = caller.change(&key, gate.settings().reservations);
    let changed = gate
        .change_unless(
            &change,
            |record| reserve_in(gate, &caller, (&key, record), &reserve),
            |reserved| !reserved.decided.is_allowed(),
        )
        .await;
    let answer = match changed {
        Ok((reserved, version)) => Answer::of(reserved, version),
        Err(Failure::Fault(Fault::ContactTimePassed)) => return Err(too_late(&caller, [path])),
        Err(failure) => {
            let at = time_of(reserve.at, caller.now);
            let target = Target { key: &key, contact: &reserve.contact, at };
            let answer = Answer::without_record(gate, &caller, target, failure);
            let answer = answer.map_err(|failure| refuse_naming(&failure, undeclared))?;
            answer.verdict.journal_grant(gate, &caller, &key, &reserve).await;
            answer
        }
    };
    let question = Question {
        call: "ReserveContact",
        caller: &caller,
        customer_id: &key.id,
        contact: &reserve.contact,
        at: reserve.at,
    };
    Ok(answer.into_message(gate, &question))
}

/// Answers `RecheckContact`.
pub(super) async fn recheck(
    gate: &Gate,
    request: v1::RecheckContactRequest,
) -> Result<v1::RecheckContactResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let path = Path::of("contact");
    let asked = violations.contact(path, request.contact.as_ref(), caller.terms(Within::Reserved));
    let id = violations.request_id(Path::ROOT, "request_id", &request.request_id);
    let detail = violations.detail(Path::ROOT, request.detail);
    let ((asked, request_id), undeclared) = violations.finish_bounds(asked.zip(id))?;

    let contact_bodies = contact_digests(request.contact.as_ref(), &asked.customer_id);
    let release_if_denied = request.release_if_denied;
    let (contact, at) = (asked.contact, asked.at);
    let recheck = Recheck { request_id, contact, contact_bodies, detail, release_if_denied };
    let key = caller.key(&asked.customer_id);
    let change = caller.change(&key, gate.settings().reservations);
    let recheck_in = |record: &mut Draft<'_>| {
        gate.check_unused(&key, record, &recheck.request_id)?;
        if gate.was_erased(&key, record, &recheck.request_id) {
            return Ok(Reserved::erased(caller.context()));
        }
        operation::recheck::recheck(caller.context(), record, &recheck)
    };
    let is_refusal = |reserved: &Reserved| !reserved.decided.is_allowed();
    let at = at.map_or(caller.now, |at| at.max(caller.now));
    let answer = match gate.change_unless(&change, recheck_in, is_refusal).await {
        Ok((reserved, version)) => Answer::of(reserved, version),
        Err(failure) => {
            let target = Target { key: &key, contact: &recheck.contact, at };
            Answer::without_record(gate, &caller, target, failure)
                .map_err(|failure| refuse_naming(&failure, undeclared))?
        }
    };
    let question = Question {
        call: "RecheckContact",
        caller: &caller,
        customer_id: &key.id,
        contact: &recheck.contact,
        at: Some(at),
    };
    let v1::ReserveContactResponse { decision, expire_time, reservation_state, .. } =
        answer.into_message(gate, &question);
    Ok(v1::RecheckContactResponse { decision, reservation_state, expire_time })
}
