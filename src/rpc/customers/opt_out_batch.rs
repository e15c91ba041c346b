//! Many opt-outs in one call. One that is wrong or finds no room does not keep the others from
//! being recorded: a customer who asked not to be contacted must not wait for the typing mistake in
//! another row.

use futures_util::FutureExt;
use futures_util::StreamExt;
use tonic::Status;
use tonic_types::FieldViolation;

use super::changing;
use super::shown;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::by_customer;
use crate::model::Record;
use crate::model::customer_id::CustomerId;
use crate::operation;
use crate::operation::Fault;
use crate::operation::wish::Wish;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::proto::v1::batch_opt_out_result::Result as Outcome;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::status;
use crate::store::Version;

/// The most opt-outs in one batch.
const BATCH_MAX: usize = 1_000;
/// The number of customers of one batch that are written at the same time.
const WRITES_AT_ONCE: usize = 64;

/// Answers `BatchOptOut`.
pub(super) async fn opt_out(
    gate: &Gate,
    request: v1::BatchOptOutRequest,
) -> Result<v1::BatchOptOutResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    if request.opt_outs.is_empty() {
        violations.add(Path::ROOT, "opt_outs", "must not be empty");
    }
    violations.at_most(Path::ROOT, "opt_outs", request.opt_outs.len(), BATCH_MAX);
    violations.finish(Some(()))?;

    let mut results: Vec<(usize, v1::BatchOptOutResult)> = Vec::new();
    let mut customers: Vec<(Customer, Heard)> = Vec::new();
    for (position, item) in request.opt_outs.into_iter().enumerate() {
        match read(&caller, position, item) {
            Ok((id, heard)) => customers.push((caller.key(&id), heard)),
            Err(status) => {
                let error = status::of_refused_item(ErrorReason::InvalidRequest, &status);
                results.push((position, refused(error)));
            }
        }
    }
    let mut writes = Vec::with_capacity(customers.len());
    for (key, wishes) in by_customer(customers) {
        writes.push(take(gate, &caller, key, wishes).boxed());
    }
    let writes = futures_util::stream::iter(writes).buffer_unordered(WRITES_AT_ONCE);
    results.extend(writes.concat().await);
    results.sort_by_key(|(position, _)| *position);
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok(v1::BatchOptOutResponse { results })
}

/// An opt-out, where it stands in the batch, and what it names that the policy does not declare.
#[derive(Debug)]
struct Heard {
    position: usize,
    wish: Wish,
    undeclared: Vec<FieldViolation>,
}

fn read(
    caller: &Caller,
    position: usize,
    item: v1::BatchedOptOut,
) -> Result<(CustomerId, Heard), Status> {
    // A single opt-out has the same body, so either repeats the other.
    let alone = v1::OptOutRequest {
        customer_id: item.customer_id,
        scope: item.scope,
        event_time: item.event_time,
        until_time: item.until_time,
        snooze: item.snooze,
        source: item.source,
        evidence: item.evidence,
        request_id: item.request_id,
        tenant: None,
    };
    let path = Path::item("opt_outs", position);
    let mut violations = caller.violations();
    let id = violations.customer_id(path, &alone.customer_id);
    let wish = violations.opt_out(path, &alone, caller.context());
    let (id, undeclared) = violations.finish_bounds(id)?;
    Ok((id, Heard { position, wish, undeclared }))
}

/// All opt-outs of one customer, in their order and in one write.
async fn take(
    gate: &Gate,
    caller: &Caller,
    key: Customer,
    wishes: Vec<Heard>,
) -> Vec<(usize, v1::BatchOptOutResult)> {
    let change = caller.wish(gate, &key);
    let changed = gate.change(&change, |record| {
        let take = |it: &Heard| {
            changing(record, |record| {
                operation::wish::take_declared(caller.context(), record, &it.wish)
            })
        };
        Ok(wishes.iter().map(take).collect::<Vec<_>>())
    });
    let error = |failure: &Failure| {
        refuse(failure);
        refused(status::of_item(failure))
    };
    match changed.await {
        Ok((taken, version)) => {
            let result = |(it, taken): (Heard, Result<(Record, bool), Fault>)| match taken {
                Ok((record, changed)) => (it.position, recorded(&record, changed, version)),
                Err(Fault::Undeclared(_)) => (it.position, undeclared(it.undeclared)),
                Err(fault) => (it.position, error(&Failure::Fault(fault))),
            };
            wishes.into_iter().zip(taken).map(result).collect()
        }
        Err(failure) => wishes.iter().map(|it| (it.position, error(&failure))).collect(),
    }
}

/// The result for an opt-out that is on record. If it changed nothing, it lists those that stand.
fn recorded(record: &Record, changed: bool, version: Option<Version>) -> v1::BatchOptOutResult {
    let standing = record.opt_outs.iter().filter(|_| !changed).map(wish::opted_out);
    v1::BatchOptOutResult {
        result: Some(Outcome::Version(shown(version))),
        changed: Some(changed),
        opt_outs: standing.collect(),
    }
}

fn refused(error: v1::ItemError) -> v1::BatchOptOutResult {
    v1::BatchOptOutResult { result: Some(Outcome::Error(error)), ..Default::default() }
}

fn undeclared(names: Vec<FieldViolation>) -> v1::BatchOptOutResult {
    let reason = ErrorReason::UndeclaredName;
    refused(status::of_refused_item(reason, &status::invalid(reason, names)))
}
