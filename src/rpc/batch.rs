//! Batches: many contacts in one call, each with its own answer.

use tonic::Status;

use super::convert::contact::Asked;
use super::convert::request::contact_digest;
use super::convert::time::Within;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::decide::Caller;
use super::decide::Question;
use super::decide::Target;
use super::decide::Verdict;
use super::reservation::Answer;
use super::reservation::reserve_in;
use crate::engine::Detail;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::Turn;
use crate::gate::by_customer;
use crate::model::Record;
use crate::model::Span;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::operation;
use crate::operation::Draft;
use crate::operation::Fault;
use crate::operation::reserve::Reserve;
use crate::operation::reserve::Reserved;
use crate::operation::reserve::time_of;
use crate::proto::v1;
use crate::rpc::status;
use crate::store::Version;

/// The most contacts in one batch.
const BATCH_MAX: usize = 1_000;
/// The number of customers of one batch that are read and written together.
pub(super) const TOGETHER: usize = 128;
/// The longest hold.
pub(super) const HOLD_MAX: Span = Span::from_days(30);

/// A customer, and what is to be reserved for that customer.
type Own<'a> = (Customer, Vec<&'a Reserve>);

/// The result of each reservation.
type Granted = Vec<Result<Reserved, Fault>>;

/// Answers `BatchCheckContacts`.
pub(super) async fn check(
    gate: &Gate,
    request: v1::BatchCheckContactsRequest,
) -> Result<v1::BatchCheckContactsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let detail = violations.detail(Path::ROOT, request.detail);
    count(&mut violations, "contacts", request.contacts.len());
    let contacts = request.contacts.iter().take(BATCH_MAX).enumerate();
    let asked: Option<Vec<Asked>> = contacts
        .map(|(i, it)| {
            violations.contact(Path::item("contacts", i), Some(it), caller.terms(Within::Question))
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    // Each that names what the policy does not declare is answered in its place.
    let (asked, _undeclared) = violations.finish_bounds(asked)?;

    let customers = asked.iter().map(|it| (caller.key(&it.customer_id), ()));
    let keys: Vec<Customer> = by_customer(customers).into_iter().map(|(key, _)| key).collect();
    let mut turn = Turn::begin();
    let mut seen = Vec::with_capacity(keys.len());
    for keys in keys.chunks(TOGETHER) {
        seen.extend(gate.read_many_for_decision(keys, &caller.active.policy, caller.now).await);
        turn.pause().await;
    }
    let mut results = Vec::with_capacity(asked.len());
    for it in &asked {
        let position = keys.binary_search_by(|key| (*key.id).cmp(&*it.customer_id)).ok();
        let verdict = match position.and_then(|position| seen.get(position)) {
            Some(Ok(seen)) => decide(&caller, &seen.record, it, detail)
                .map(|decided| Verdict::of(decided, seen.version)),
            Some(Err(failure)) => degrade(gate, &caller, it, failure),
            None => Err(Failure::StoreUnavailable("it left an answer out".to_owned())),
        };
        results.push(check_result(gate, &caller, it, verdict));
        turn.pause().await;
    }
    let ignores_case = gate.spelling() == Spelling::LowerCase;
    Ok(v1::BatchCheckContactsResponse { results, ignores_case })
}

fn decide(
    caller: &Caller,
    record: &Record,
    asked: &Asked,
    detail: Detail,
) -> Result<operation::Decided, Failure> {
    let at = asked.at.unwrap_or(caller.now);
    operation::check(caller.context(), record, &asked.contact, at, detail)
        .map_err(|undeclared| Failure::Fault(undeclared.into()))
}

fn degrade(
    gate: &Gate,
    caller: &Caller,
    asked: &Asked,
    failure: &Failure,
) -> Result<Verdict, Failure> {
    let (key, at) = (caller.key(&asked.customer_id), asked.at.unwrap_or(caller.now));
    let target = Target { key: &key, contact: &asked.contact, at };
    Verdict::without_record(gate, caller, target, failure.clone())
}

fn check_result(
    gate: &Gate,
    caller: &Caller,
    asked: &Asked,
    verdict: Result<Verdict, Failure>,
) -> v1::BatchCheckResult {
    use v1::batch_check_result::Result;
    let question = Question {
        call: "BatchCheckContacts",
        caller,
        customer_id: &asked.customer_id,
        contact: &asked.contact,
        at: asked.at,
    };
    let result = match verdict {
        Ok(verdict) => Result::Decision(verdict.into_message(gate, &question)),
        Err(failure) => Result::Error(status::of_item(&failure)),
    };
    v1::BatchCheckResult { result: Some(result) }
}

/// Answers `BatchReserveContacts`.
pub(super) async fn reserve(
    gate: &Gate,
    request: v1::BatchReserveContactsRequest,
) -> Result<v1::BatchReserveContactsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let reservations = reservations(&caller, &request)?;
    let customers = reservations.iter().enumerate();
    let customers = by_customer(customers.map(|(i, (id, _reserve))| (caller.key(id), i)));
    let mut results: Vec<(usize, v1::BatchReserveResult)> = Vec::with_capacity(reservations.len());
    for some in customers.chunks(TOGETHER) {
        let own = |positions: &Vec<usize>| {
            positions.iter().filter_map(|&i| reservations.get(i)).map(|(_, it)| it).collect()
        };
        let own: Vec<Own<'_>> =
            some.iter().map(|(key, positions)| (key.clone(), own(positions))).collect();
        let answers = reserve_in_order(gate, &caller, own).await;
        for ((_, positions), answers) in some.iter().zip(answers) {
            results.extend(positions.iter().copied().zip(answers));
        }
    }
    results.sort_by_key(|(position, _)| *position);
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok(v1::BatchReserveContactsResponse { results })
}

fn reservations(
    caller: &Caller,
    request: &v1::BatchReserveContactsRequest,
) -> Result<Vec<(CustomerId, Reserve)>, Status> {
    let mut violations = caller.violations();
    count(&mut violations, "reservations", request.reservations.len());
    let mut all = Some(Vec::new());
    for (i, item) in request.reservations.iter().take(BATCH_MAX).enumerate() {
        // A single reservation has the same body, so either repeats the other.
        let alone = v1::ReserveContactRequest {
            contact: item.contact.clone(),
            hold: item.hold,
            ..v1::ReserveContactRequest::default()
        };
        let path = Path::item("reservations", i);
        let asked = violations.contact(
            path.with("contact"),
            item.contact.as_ref(),
            caller.terms(Within::Repeatable),
        );
        let key = violations.request_key(path, &item.request_id, &alone);
        let hold = violations.duration(path, "hold", item.hold.as_ref(), HOLD_MAX);
        all = all.zip(asked.zip(key)).map(|(mut all, (asked, request))| {
            let Asked { customer_id, contact, at } = asked;
            let detail = Detail::Brief;
            let contact_body = contact_digest(item.contact.as_ref(), &customer_id);
            let reserve = Reserve { request, contact, contact_body, at, hold, detail };
            all.push((customer_id, reserve));
            all
        });
    }
    violations.finish_bounds(all).map(|(all, _undeclared)| all)
}

/// The reservations of several customers. Each sees the earlier ones of the same customer. A
/// customer's record is written once in each turn.
async fn reserve_in_order(
    gate: &Gate,
    caller: &Caller,
    own: Vec<Own<'_>>,
) -> Vec<Vec<v1::BatchReserveResult>> {
    let mut answers: Vec<Vec<v1::BatchReserveResult>> = own.iter().map(|_| Vec::new()).collect();
    let mut open: Vec<(usize, Own<'_>)> = own.into_iter().enumerate().collect();
    while !open.is_empty() {
        let keys: Vec<Customer> = open.iter().map(|(_, (key, _))| key.clone()).collect();
        let reserve_some = |position: usize, record: &mut Draft<'_>| {
            let own = open.get(position).into_iter();
            let mut own = own.flat_map(|(_, (key, own))| own.iter().map(move |it| (key, it)));
            let (turn, mut granted) = (Turn::begin(), Granted::new());
            // At least one, so that it ends.
            while let Some((key, it)) = own.next().filter(|_| granted.is_empty() || !turn.is_over())
            {
                granted.push(reserve_in(gate, caller, (key, record), it));
            }
            granted
        };
        let grants = |result: &Result<Reserved, Fault>| {
            result.as_ref().is_ok_and(|reserved| reserved.decided.is_allowed())
        };
        let is_refusal = |results: &Granted| !results.iter().any(grants);
        let bulk = caller.bulk(gate);
        let changed = gate.change_all_unless(&bulk, &keys, reserve_some, is_refusal).await;
        let mut rest = Vec::new();
        for ((place, (key, mut own)), changed) in open.into_iter().zip(changed) {
            let answered = answer(gate, caller, (&key, own.as_slice()), changed).await;
            own.drain(..answered.len());
            if let Some(answers) = answers.get_mut(place) {
                answers.extend(answered);
            }
            if !own.is_empty() {
                rest.push((place, (key, own)));
            }
        }
        open = rest;
    }
    answers
}

/// The answers to the reservations of one customer.
async fn answer(
    gate: &Gate,
    caller: &Caller,
    (key, reservations): (&Customer, &[&Reserve]),
    changed: Result<(Granted, Option<Version>), Failure>,
) -> Vec<v1::BatchReserveResult> {
    let result = |reserve: &Reserve, answer| {
        let (contact, at) = (&reserve.contact, reserve.at);
        let call = "BatchReserveContacts";
        let question = Question { call, caller, customer_id: &key.id, contact, at };
        reserve_result(gate, &question, answer)
    };
    match changed {
        Ok((results, version)) => {
            let results = results.into_iter().zip(reservations);
            let results = results.map(|(granted, reserve)| {
                let answer = granted.map(|reserved| Answer::of(reserved, version));
                result(reserve, answer.map_err(Failure::Fault))
            });
            results.collect()
        }
        Err(failure) => {
            let mut results = Vec::with_capacity(reservations.len());
            for &reserve in reservations {
                let at = time_of(reserve.at, caller.now);
                let target = Target { key, contact: &reserve.contact, at };
                let answer = Answer::without_record(gate, caller, target, failure.clone());
                if let Ok(answer) = &answer {
                    answer.verdict.journal_grant(gate, caller, key, reserve).await;
                }
                results.push(result(reserve, answer));
            }
            results
        }
    }
}

fn reserve_result(
    gate: &Gate,
    question: &Question<'_>,
    result: Result<Answer, Failure>,
) -> v1::BatchReserveResult {
    use v1::batch_reserve_result::Result;
    let result = match result {
        Ok(answer) => Result::Reservation(answer.into_message(gate, question)),
        Err(failure) => Result::Error(status::of_item(&failure)),
    };
    v1::BatchReserveResult { result: Some(result) }
}

/// Notes that a batch has too few or too many items.
pub(super) fn count(violations: &mut Violations, field: &str, count: usize) {
    if count == 0 {
        violations.add(Path::ROOT, field, "must not be empty");
    }
    violations.at_most(Path::ROOT, field, count, BATCH_MAX);
}
