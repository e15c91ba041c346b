//! Follow-ups of a contact: it was sent or was not, it was made without asking, or the customer
//! reacted to it. Each comes alone or in a batch; either way the same code reads, applies and
//! answers it.

mod confirmation;
mod engagement;
mod record;
mod release;

use tonic::Status;
use tonic_types::FieldViolation;

pub(super) use self::confirmation::Confirmation;
pub(super) use self::engagement::Engaged;
pub(super) use self::record::Recorded;
pub(super) use self::release::Release;
use super::batch::TOGETHER;
use super::batch::count;
use super::convert::violations::Path;
use super::decide::Caller;
use super::decide::refuse;
use super::decide::refuse_naming;
use super::status;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::by_customer;
use crate::model::Record;
use crate::model::customer_id::CustomerId;
use crate::operation::Draft;
use crate::operation::Fault;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::store::Version;

/// A follow-up of a contact.
pub(super) trait FollowUp: Sized {
    /// The request for a single follow-up.
    type Request;
    /// Its form in a batch.
    type Item: Into<Self::Request>;
    /// Its result on the record.
    type Done;
    /// The answer to the request.
    type Response;
    /// The answer to an item.
    type Result;
    /// The batch's list of items.
    const LIST: &'static str;

    /// Reads a follow-up and its customer. The path is that of the request, or of the item.
    fn read(caller: &Caller, path: Path, request: &Self::Request) -> Result<Heard<Self>, Status>;

    /// Puts it on record.
    fn put(&self, caller: &Caller, record: &mut Record) -> Result<Self::Done, Fault>;

    /// The answer. The version is that of the record then.
    fn answer(
        &self,
        asked: &Asked<'_>,
        done: Self::Done,
        version: Option<Version>,
    ) -> Self::Response;

    /// The answer in a batch.
    fn result(answer: Result<Self::Response, v1::ItemError>) -> Self::Result;
}

/// A follow-up of a customer.
#[derive(Debug)]
pub(super) struct Heard<F> {
    customer_id: CustomerId,
    said: F,
    /// The names in it that the policy does not declare. A repetition may have some.
    undeclared: Vec<FieldViolation>,
}

/// The call that is answered, and its customer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    gate: &'a Gate,
    caller: &'a Caller,
    call: &'static str,
    key: &'a Customer,
}

/// The items of one customer, each with its place in the batch.
type Own<F> = Vec<(usize, Heard<F>)>;

/// The answers to some items, each with its place.
type Outcomes<F> = Vec<(usize, Result<<F as FollowUp>::Response, v1::ItemError>)>;

/// Applies a follow-up that comes alone.
pub(super) async fn alone<F: FollowUp>(
    gate: &Gate,
    call: &'static str,
    tenant: Option<&str>,
    request: &F::Request,
) -> Result<F::Response, Status> {
    let caller = Caller::new(gate, tenant)?;
    let Heard { customer_id, said, undeclared } = F::read(&caller, Path::ROOT, request)?;
    let key = caller.key(&customer_id);
    let change = caller.change(&key, gate.settings().reservations);
    let changed = gate.change(&change, |record| said.put(&caller, record)).await;
    let (done, version) = changed.map_err(|failure| refuse_naming(&failure, undeclared))?;
    Ok(said.answer(&Asked { gate, caller: &caller, call, key: &key }, done, version))
}

/// Applies the follow-ups of a batch: the items of each customer in their order, in one write. One
/// wrong item must not stop the others, so each wrong one is answered in its place.
pub(super) async fn together<F: FollowUp>(
    gate: &Gate,
    call: &'static str,
    tenant: Option<&str>,
    items: Vec<F::Item>,
) -> Result<Vec<F::Result>, Status> {
    let caller = Caller::new(gate, tenant)?;
    let mut violations = caller.violations();
    count(&mut violations, F::LIST, items.len());
    violations.finish(Some(()))?;
    let mut answers: Outcomes<F> = Vec::with_capacity(items.len());
    let mut customers = Vec::with_capacity(items.len());
    for (position, item) in items.into_iter().enumerate() {
        match F::read(&caller, Path::item(F::LIST, position), &item.into()) {
            Ok(heard) => {
                customers.push((caller.key(&heard.customer_id), (position, heard)));
            }
            Err(status) => {
                let error = status::of_refused_item(ErrorReason::InvalidRequest, &status);
                answers.push((position, Err(error)));
            }
        }
    }
    let (keys, own): (Vec<Customer>, Vec<Own<F>>) = by_customer(customers).into_iter().unzip();
    for (keys, own) in keys.chunks(TOGETHER).zip(own.chunks(TOGETHER)) {
        answers.extend(put_all(gate, (&caller, call), keys, own).await);
    }
    answers.sort_by_key(|(position, _)| *position);
    Ok(answers.into_iter().map(|(_, answer)| F::result(answer)).collect())
}

/// Puts the follow-ups of several customers on record, and writes each record once.
async fn put_all<F: FollowUp>(
    gate: &Gate,
    (caller, call): (&Caller, &'static str),
    keys: &[Customer],
    own: &[Own<F>],
) -> Outcomes<F> {
    let put = |position: usize, record: &mut Draft<'_>| -> Vec<Result<F::Done, Fault>> {
        let own = own.get(position).into_iter().flatten();
        own.map(|(_, heard)| heard.said.put(caller, record)).collect()
    };
    // Where nothing was done, the answer does not tell that anything is on record.
    let nothing = |results: &Vec<Result<F::Done, Fault>>| results.iter().all(Result::is_err);
    let changed = gate.change_all_anyhow(&caller.bulk(gate), keys, put, nothing).await;
    let mut answers = Vec::new();
    for ((key, own), changed) in keys.iter().zip(own).zip(changed) {
        match changed {
            Ok((results, version)) => {
                let asked = Asked { gate, caller, call, key };
                for ((position, heard), done) in own.iter().zip(results) {
                    let answer = done
                        .map(|done| heard.said.answer(&asked, done, version))
                        .map_err(|fault| refused(fault, heard));
                    answers.push((*position, answer));
                }
            }
            Err(failure) => {
                refuse(&failure);
                let error = |(position, _): &(usize, _)| (*position, status::of_item(&failure));
                answers.extend(own.iter().map(error).map(|(it, error)| (it, Err(error))));
            }
        }
    }
    answers
}

fn refused<F>(fault: Fault, heard: &Heard<F>) -> v1::ItemError {
    if matches!(fault, Fault::Undeclared(_)) {
        let reason = ErrorReason::UndeclaredName;
        let status = status::invalid(reason, heard.undeclared.clone());
        return status::of_refused_item(reason, &status);
    }
    status::of_item(&Failure::Fault(fault))
}

fn text(version: Option<Version>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
}
