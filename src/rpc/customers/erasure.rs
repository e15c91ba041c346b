//! A customer's right to see what we know, and to have it forgotten.

use tonic::Status;

use crate::codec::number;
use crate::gate::Change;
use crate::gate::Erasure;
use crate::gate::Gate;
use crate::model::Name;
use crate::model::history::Event;
use crate::model::history::History;
use crate::model::request::Request;
use crate::proto::v1;
use crate::rpc::convert::consent::history_of;
use crate::rpc::convert::contact::recorded;
use crate::rpc::convert::customer::customer;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

/// Answers `ExportCustomer`.
pub(super) async fn export(
    gate: &Gate,
    request: v1::ExportCustomerRequest,
) -> Result<v1::ExportCustomerResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let id = violations.finish(id)?;
    let key = caller.key(&id);
    let event = Caller::event("ExportCustomer", "one customer's record".to_owned());
    let look = gate.read(&key, &caller.active.policy, caller.now);
    let snapshot = gate.audited(&caller.tenant, event, look).await;
    let snapshot = snapshot.map_err(|failure| refuse(&failure))?;
    let record = &snapshot.record;
    let history = &record.history;
    Ok(v1::ExportCustomerResponse {
        customer: Some(customer(&id, record, snapshot.version)),
        consent_events: history_of(record).into_iter().rev().map(|(_, event)| event).collect(),
        contacts: history.entries().iter().rev().map(|it| recorded(record, it)).collect(),
        engagements: history.events().iter().rev().map(|it| engagement(history, it)).collect(),
        requests: record.requests.iter().map(remembered).collect(),
        erase_time: record.erased.map(timestamp),
    })
}

/// Answers `EraseCustomer`.
pub(super) async fn erase(
    gate: &Gate,
    request: v1::EraseCustomerRequest,
) -> Result<v1::EraseCustomerResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let named = request.request_id.as_deref();
    let named = violations.optional_key(Path::ROOT, named, &request);
    let id = violations.finish(id)?;
    let key = caller.key(&id);
    let change = Change { request: named.as_ref(), ..caller.wish(gate, &key) };
    let event = Caller::event("EraseCustomer", "one customer".to_owned());
    let erased = gate.audited(&caller.tenant, event, gate.erase(&change)).await;
    let erased = erased.map_err(|failure| refuse(&failure))?;
    Ok(v1::EraseCustomerResponse {
        erased: erased != Erasure::Nothing,
        changed: Some(erased == Erasure::Done),
        is_on_record: erased == Erasure::Repeated { is_on_record: true },
    })
}

fn engagement(history: &History, event: &Event) -> v1::RecordedEngagement {
    let channel = event.channel.and_then(|number| history.channels().get(usize::from(number)));
    v1::RecordedEngagement {
        kind: i32::from(number::of_event_kind(event.kind)),
        event_time: Some(timestamp(event.at)),
        channel: channel.map(Name::to_string),
    }
}

fn remembered(request: &Request) -> v1::RememberedRequest {
    let answer_time = Some(timestamp(request.answered));
    v1::RememberedRequest { request_id: request.id.to_string(), answer_time }
}
