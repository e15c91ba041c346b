//! `ContactService`, for senders.

use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;
use tonic_types::FieldViolation;

use super::batch;
use super::choice;
use super::convert::time::Within;
use super::convert::time::timestamp;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::decide::Caller;
use super::decide::Question;
use super::decide::Verdict;
use super::decide::refuse;
use super::decide::refuse_naming;
use super::reservation;
use crate::codec::number;
use crate::engine::Undeclared;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::operation;
use crate::operation::engagement::Engagement;
use crate::operation::past::Past;
use crate::operation::settle::Made;
use crate::proto::v1;
use crate::proto::v1::contact_service_server::ContactService;
use crate::store::Version;

/// The service.
#[derive(Debug)]
pub(super) struct Contacts {
    gate: Arc<Gate>,
}

impl Contacts {
    pub(super) fn new(gate: &Arc<Gate>) -> Self {
        Self { gate: Arc::clone(gate) }
    }

    async fn check(&self, request: v1::CheckContactRequest) -> Result<v1::Decision, Status> {
        let gate = &self.gate;
        let caller = Caller::new(gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let path = Path::of("contact");
        let asked =
            violations.contact(path, request.contact.as_ref(), caller.terms(Within::Question));
        let detail = violations.detail(Path::ROOT, request.detail);
        let demanded = request.at_least_version.as_deref();
        let demanded = demanded.and_then(|text| violations.version("at_least_version", text));
        let asked = violations.finish(asked)?;

        let key = caller.key(&asked.customer_id);
        let (contact, at) = (&asked.contact, asked.at.unwrap_or(caller.now));
        let context = caller.context();
        let verdict = match gate.glance(&key, context.policy, caller.now).await {
            Ok(seen) if !reaches(seen.version, demanded) => Err(Failure::VersionNotReached),
            Ok(seen) => operation::check(context, &seen.record, contact, at, detail)
                .map(|decided| Verdict::of(decided, seen.version))
                .map_err(|undeclared| Failure::Fault(undeclared.into())),
            Err(failure) => Verdict::without_record(gate, &caller, (&key, contact, at), failure),
        };
        let verdict = verdict.map_err(|failure| refuse(&failure))?;
        let question = Question {
            call: "CheckContact",
            caller: &caller,
            customer_id: &key.id,
            contact: &asked.contact,
            at: asked.at,
        };
        Ok(verdict.into_message(gate, &question))
    }

    async fn confirm(
        &self,
        request: v1::ConfirmContactRequest,
    ) -> Result<v1::ConfirmContactResponse, Status> {
        let gate = &self.gate;
        let caller = Caller::new(gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let customer_id = violations.customer_id(Path::ROOT, &request.customer_id);
        let id = violations.request_id(Path::ROOT, "request_id", &request.request_id);
        let sent = request.send_time.as_ref();
        let sent = violations.time(Path::ROOT, "send_time", sent, (Within::Past, caller.now));
        let (customer_id, id) = violations.finish(customer_id.zip(id))?;
        let made = Made { sent, unanswered: request.unanswered.unwrap_or_default() };

        let key = caller.key(&customer_id);
        let change = caller.change(&key, gate.settings().reservations);
        let (confirmed, version) = gate
            .change(&change, |record| {
                operation::settle::confirm(caller.context(), record, &id, made)
            })
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok(v1::ConfirmContactResponse {
            late: confirmed.late,
            send_time: Some(timestamp(confirmed.sent)),
            record_version: text(version),
        })
    }

    async fn release(
        &self,
        request: v1::ReleaseContactRequest,
    ) -> Result<v1::ReleaseContactResponse, Status> {
        let gate = &self.gate;
        let caller = Caller::new(gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let customer_id = violations.customer_id(Path::ROOT, &request.customer_id);
        let id = violations.request_id(Path::ROOT, "request_id", &request.request_id);
        let (customer_id, id) = violations.finish(customer_id.zip(id))?;

        let key = caller.key(&customer_id);
        let change = caller.change(&key, gate.settings().reservations);
        let (expired, version) = gate
            .change(&change, |record| operation::settle::release(record, &id))
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok(v1::ReleaseContactResponse { expired, record_version: text(version) })
    }

    async fn record(&self, request: v1::RecordContactRequest) -> Result<v1::Decision, Status> {
        let gate = &self.gate;
        let caller = Caller::new(gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let path = Path::of("contact");
        let asked = violations.contact(path, request.contact.as_ref(), caller.terms(Within::Past));
        let key = violations.request_key(Path::ROOT, &request.request_id, &request);
        let ((asked, key), undeclared) = violations.finish_bounds(asked.zip(key))?;

        let unanswered = request.unanswered.unwrap_or_default();
        let past = Past { request: key, contact: asked.contact, at: asked.at, unanswered };
        let key = caller.key(&asked.customer_id);
        let change = caller.change(&key, gate.settings().reservations);
        let (decided, version) = gate
            .change(&change, |record| operation::past::record(caller.context(), record, &past))
            .await
            .map_err(|failure| refuse_naming(&failure, undeclared))?;
        let question = Question {
            call: "RecordContact",
            caller: &caller,
            customer_id: &key.id,
            contact: &past.contact,
            at: past.at,
        };
        Ok(Verdict::of(decided, version).into_message(gate, &question))
    }

    async fn engage(
        &self,
        request: v1::RecordEngagementRequest,
    ) -> Result<v1::RecordEngagementResponse, Status> {
        let gate = &self.gate;
        let caller = Caller::new(gate, request.tenant.as_deref())?;
        let (customer_id, engagement, undeclared) = read_engagement(&caller, &request)?;
        let key = caller.key(&customer_id);
        let change = caller.change(&key, gate.settings().reservations);
        let ((), version) = gate
            .change(&change, |record| {
                operation::engagement::engage(caller.context(), record, &engagement)
            })
            .await
            .map_err(|failure| refuse_naming(&failure, undeclared))?;
        Ok(v1::RecordEngagementResponse { record_version: text(version) })
    }
}

fn read_engagement(
    caller: &Caller,
    request: &v1::RecordEngagementRequest,
) -> Result<(Box<str>, Engagement, Vec<FieldViolation>), Status> {
    let root = Path::ROOT;
    let mut violations = Violations::default();
    let customer_id = violations.customer_id(root, &request.customer_id);
    let kind = number::event_kind(request.kind);
    if kind.is_none() {
        violations.add(root, "kind", format!("there is no kind {}", request.kind));
    }
    let channel = violations.optional(root, "channel", request.channel.as_deref());
    let policy = &caller.active.policy;
    if let Some(Err(undeclared)) =
        channel.as_ref().map(|channel| Undeclared::check_channel(policy, channel))
    {
        violations.add_undeclared(root, &undeclared);
    }
    let about = request.contact_request_id.as_deref();
    let about = about.and_then(|id| violations.request_id(root, "contact_request_id", id));
    let at = request.event_time.as_ref();
    let at = violations.time(root, "event_time", at, (Within::Past, caller.now));
    let key = violations.request_key(root, &request.request_id, request);
    let value = customer_id.zip(kind).zip(key);
    let (((customer_id, kind), request), undeclared) = violations.finish_bounds(value)?;
    let engagement = Engagement { request, kind, channel, contact_request_id: about, at };
    Ok((customer_id, engagement, undeclared))
}

/// Whether a record is as new as a caller demands.
fn reaches(version: Option<Version>, demanded: Option<Version>) -> bool {
    demanded.is_none_or(|demanded| {
        version.is_some_and(|version| {
            version.incarnation == demanded.incarnation && version.counter >= demanded.counter
        })
    })
}

fn text(version: Option<Version>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
}

#[async_trait]
impl ContactService for Contacts {
    async fn check_contact(
        &self,
        request: Request<v1::CheckContactRequest>,
    ) -> Result<Response<v1::CheckContactResponse>, Status> {
        let decision = Some(self.check(request.into_inner()).await?);
        Ok(Response::new(v1::CheckContactResponse { decision }))
    }

    async fn reserve_contact(
        &self,
        request: Request<v1::ReserveContactRequest>,
    ) -> Result<Response<v1::ReserveContactResponse>, Status> {
        reservation::reserve(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn recheck_contact(
        &self,
        request: Request<v1::RecheckContactRequest>,
    ) -> Result<Response<v1::RecheckContactResponse>, Status> {
        reservation::recheck(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn confirm_contact(
        &self,
        request: Request<v1::ConfirmContactRequest>,
    ) -> Result<Response<v1::ConfirmContactResponse>, Status> {
        self.confirm(request.into_inner()).await.map(Response::new)
    }

    async fn release_contact(
        &self,
        request: Request<v1::ReleaseContactRequest>,
    ) -> Result<Response<v1::ReleaseContactResponse>, Status> {
        self.release(request.into_inner()).await.map(Response::new)
    }

    async fn record_contact(
        &self,
        request: Request<v1::RecordContactRequest>,
    ) -> Result<Response<v1::RecordContactResponse>, Status> {
        let decision = Some(self.record(request.into_inner()).await?);
        Ok(Response::new(v1::RecordContactResponse { decision }))
    }

    async fn batch_check_contacts(
        &self,
        request: Request<v1::BatchCheckContactsRequest>,
    ) -> Result<Response<v1::BatchCheckContactsResponse>, Status> {
        batch::check(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn batch_reserve_contacts(
        &self,
        request: Request<v1::BatchReserveContactsRequest>,
    ) -> Result<Response<v1::BatchReserveContactsResponse>, Status> {
        batch::reserve(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn plan_contact(
        &self,
        request: Request<v1::PlanContactRequest>,
    ) -> Result<Response<v1::PlanContactResponse>, Status> {
        choice::plan(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn choose_contact(
        &self,
        request: Request<v1::ChooseContactRequest>,
    ) -> Result<Response<v1::ChooseContactResponse>, Status> {
        choice::choose(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn record_engagement(
        &self,
        request: Request<v1::RecordEngagementRequest>,
    ) -> Result<Response<v1::RecordEngagementResponse>, Status> {
        self.engage(request.into_inner()).await.map(Response::new)
    }
}
