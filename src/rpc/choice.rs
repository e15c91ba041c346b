//! Planning over channels, and choosing among messages.

use tonic::Status;
use tonic_types::FieldViolation;

use super::batch::HOLD_MAX;
use super::convert::decision::decision;
use super::convert::decision::stretch;
use super::convert::request::contact_digest;
use super::convert::time::Within;
use super::convert::time::timestamp;
use super::convert::violations::Path;
use super::decide::Caller;
use super::decide::Question;
use super::decide::Target;
use super::decide::Verdict;
use super::decide::refuse;
use super::decide::refuse_naming;
use super::reservation::state_of;
use super::reservation::too_late;
use crate::engine::Undeclared;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Span;
use crate::model::customer_id::CustomerId;
use crate::operation;
use crate::operation::Fault;
use crate::operation::choose::Candidate;
use crate::operation::choose::Choose;
use crate::operation::choose::Chosen;
use crate::operation::plan::Plan;
use crate::operation::reserve::is_passed;
use crate::operation::reserve::time_of;
use crate::policy::rules::DECLARED_MAX;
use crate::proto::v1;
use crate::proto::v1::ReservationState;

const CANDIDATES_MAX: usize = 50;
const HORIZON_DEFAULT: Span = Span::from_days(30);
const HORIZON_MAX: Span = Span::from_days(400);

/// Answers `PlanContact`.
pub(super) async fn plan(
    gate: &Gate,
    request: v1::PlanContactRequest,
) -> Result<v1::PlanContactResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let (customer_id, plan) = read_plan(&caller, &request)?;
    let key = caller.key(&customer_id);
    let context = caller.context();
    let seen = gate
        .read_for_decision(&key, context.policy, caller.now)
        .await
        .map_err(|failure| refuse(&failure))?;
    let prospects = operation::plan::plan(context, &seen.record, &plan)
        .map_err(|undeclared| refuse(&Fault::from(undeclared).into()))?;
    let plans = prospects.into_iter().map(|prospect| v1::ChannelPlan {
        channel: prospect.channel.to_string(),
        next_allowed_time: prospect.next_allowed.map(timestamp),
        valid_until_time: prospect.valid_until.map(timestamp),
        decision: Some(decision(&prospect.decided, seen.version)),
        stretches: prospect.stretches.iter().flat_map(|it| &it.each).map(stretch).collect(),
        stretches_truncated: prospect.stretches.is_some_and(|it| it.truncated),
    });
    Ok(v1::PlanContactResponse { plans: plans.collect() })
}

fn read_plan(
    caller: &Caller,
    request: &v1::PlanContactRequest,
) -> Result<(CustomerId, Plan), Status> {
    let policy = &caller.active.policy;
    let mut violations = caller.violations();
    let channels = violations.names(Path::ROOT, "channels", &request.channels, DECLARED_MAX);
    let horizon = request.horizon.as_ref();
    let horizon = violations.duration(Path::ROOT, "horizon", horizon, HORIZON_MAX);
    let contact = violations.required(Path::ROOT, "contact", request.contact.as_ref());
    // Any declared channel will do: each of those asked for takes its place.
    let any = policy.channels.first().map(|channel| channel.name.clone());
    let path = Path::of("contact");
    let asked = contact.and_then(|contact| {
        violations.contact_on(path, contact, any, caller.terms(Within::Question))
    });
    for channel in &channels {
        if let Err(undeclared) = Undeclared::check_channel(policy, channel) {
            violations.add(Path::ROOT, "channels", undeclared.to_string());
        }
    }
    let asked = violations.finish(asked)?;
    let horizon = horizon.unwrap_or(HORIZON_DEFAULT);
    let plan = Plan {
        contact: asked.contact,
        channels,
        at: asked.at,
        horizon,
        all_stretches: request.all_stretches,
    };
    Ok((asked.customer_id, plan))
}

/// Answers `ChooseContact`.
pub(super) async fn choose(
    gate: &Gate,
    request: v1::ChooseContactRequest,
) -> Result<v1::ChooseContactResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let (customer_id, choose, undeclared) = read_choose(&caller, &request)?;
    let key = caller.key(&customer_id);
    let change = caller.change(&key, gate.settings().reservations);
    let changed = gate
        .change_unless(
            &change,
            |record| {
                gate.check_unused(&key, record, &choose.request.id)?;
                if gate.was_erased(&key, record, &choose.request.id) {
                    return Ok(Chosen::erased(caller.context()));
                }
                operation::choose::choose(caller.context(), record, &choose)
            },
            |chosen| chosen.position.is_none(),
        )
        .await;
    let (chosen, verdicts) = match changed {
        Ok((chosen, version)) => {
            let verdicts = chosen.decisions.iter();
            let verdicts = verdicts.map(|(i, it)| (*i, Verdict::of(it.clone(), version)));
            let verdicts = verdicts.collect();
            (Some(chosen), verdicts)
        }
        Err(Failure::Fault(Fault::ContactTimePassed)) => {
            return Err(passed(&caller, &choose));
        }
        Err(failure) => {
            let verdicts = without_record(gate, &caller, (&key, &choose), &failure);
            (None, verdicts.map_err(|failure| refuse_naming(&failure, undeclared))?)
        }
    };
    let decisions = verdicts.into_iter().filter_map(|(i, verdict)| {
        let Candidate { contact, at, .. } = choose.candidates.get(i)?;
        let (call, customer_id) = ("ChooseContact", &*key.id);
        let question = Question { call, caller: &caller, customer_id, contact, at: *at };
        let decision = Some(verdict.into_message(gate, &question));
        Some(v1::CandidateDecision { index: u32::try_from(i).ok()?, decision })
    });
    let decisions = decisions.collect();
    let Some(Chosen { position, hold_until, replayed, state, .. }) = chosen else {
        let reservation_state = i32::from(ReservationState::Unknown);
        return Ok(v1::ChooseContactResponse {
            decisions,
            reservation_state,
            ..Default::default()
        });
    };
    Ok(v1::ChooseContactResponse {
        decisions,
        chosen_index: position.and_then(|position| u32::try_from(position).ok()),
        expire_time: hold_until.map(timestamp),
        replayed,
        reservation_state: i32::from(state_of(state, replayed)),
    })
}

/// The error if a message of a new request is too far in the past.
fn passed(caller: &Caller, choose: &Choose) -> Status {
    let candidates = choose.candidates.iter().enumerate();
    let passed = candidates.filter(|(_, it)| is_passed(it.at, caller.now));
    too_late(caller, passed.map(|(i, _)| Path::item("candidates", i).with("contact")))
}

/// The verdicts on all messages if there is no record, the most valuable first.
fn without_record(
    gate: &Gate,
    caller: &Caller,
    (key, choose): (&Customer, &Choose),
    failure: &Failure,
) -> Result<Vec<(usize, Verdict)>, Failure> {
    let mut verdicts = Vec::new();
    for (i, candidate) in choose.candidates.iter().enumerate() {
        let at = time_of(candidate.at, caller.now);
        let target = Target { key, contact: &candidate.contact, at };
        verdicts.push((i, Verdict::without_record(gate, caller, target, failure.clone())?));
    }
    verdicts.sort_by_key(|(i, _)| {
        std::cmp::Reverse(choose.candidates.get(*i).map(|candidate| candidate.value))
    });
    Ok(verdicts)
}

fn read_choose(
    caller: &Caller,
    request: &v1::ChooseContactRequest,
) -> Result<(CustomerId, Choose, Vec<FieldViolation>), Status> {
    let mut violations = caller.violations();
    if request.candidates.is_empty() {
        violations.add(Path::ROOT, "candidates", "must not be empty");
    }
    violations.at_most(Path::ROOT, "candidates", request.candidates.len(), CANDIDATES_MAX);
    let key = violations.request_key(Path::ROOT, &request.request_id, request);
    let hold = violations.duration(Path::ROOT, "hold", request.hold.as_ref(), HOLD_MAX);
    let mut customer_id: Option<CustomerId> = None;
    let mut candidates = Vec::new();
    for (i, candidate) in request.candidates.iter().take(CANDIDATES_MAX).enumerate() {
        let path = Path::item("candidates", i).with("contact");
        let asked =
            violations.contact(path, candidate.contact.as_ref(), caller.terms(Within::Repeatable));
        let Some(asked) = asked else { continue };
        if customer_id.as_ref().is_some_and(|id| **id != *asked.customer_id) {
            violations.add(path, "customer_id", "must be the same in all candidates");
        }
        let contact_body = contact_digest(candidate.contact.as_ref(), &asked.customer_id);
        customer_id = customer_id.or(Some(asked.customer_id));
        let value = candidate.value.unwrap_or_else(|| u64::from(asked.contact.priority));
        candidates.push(Candidate { contact: asked.contact, contact_body, at: asked.at, value });
    }
    let ((customer_id, request), undeclared) = violations.finish_bounds(customer_id.zip(key))?;
    Ok((customer_id, Choose { request, candidates, hold }, undeclared))
}
