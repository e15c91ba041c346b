//! `ContactService`, for senders.

use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;

use super::batch;
use super::choice;
use super::convert::time::Within;
use super::convert::violations::Path;
use super::decide::Caller;
use super::decide::Question;
use super::decide::Target;
use super::decide::Verdict;
use super::decide::refuse;
use super::follow_up::Confirmation;
use super::follow_up::Engaged;
use super::follow_up::Recorded;
use super::follow_up::Release;
use super::follow_up::alone;
use super::follow_up::together;
use super::reservation;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::operation;
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
        let mut violations = caller.violations();
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
        let verdict = match gate.read_for_decision(&key, context.policy, caller.now).await {
            Ok(seen) if !reaches(seen.version, demanded) => Err(Failure::VersionNotReached),
            Ok(seen) => operation::check(context, &seen.record, contact, at, detail)
                .map(|decided| Verdict::of(decided, seen.version))
                .map_err(|undeclared| Failure::Fault(undeclared.into())),
            Err(failure) => {
                let target = Target { key: &key, contact, at };
                Verdict::without_record(gate, &caller, target, failure)
            }
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
}

/// Whether a record is as new as a caller demands.
fn reaches(version: Option<Version>, demanded: Option<Version>) -> bool {
    demanded.is_none_or(|demanded| {
        version.is_some_and(|version| {
            version.incarnation == demanded.incarnation && version.counter >= demanded.counter
        })
    })
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
        let (call, request) = ("ConfirmContact", request.into_inner());
        let tenant = request.tenant.as_deref();
        alone::<Confirmation>(&self.gate, call, tenant, &request).await.map(Response::new)
    }

    async fn release_contact(
        &self,
        request: Request<v1::ReleaseContactRequest>,
    ) -> Result<Response<v1::ReleaseContactResponse>, Status> {
        let (call, request) = ("ReleaseContact", request.into_inner());
        let tenant = request.tenant.as_deref();
        alone::<Release>(&self.gate, call, tenant, &request).await.map(Response::new)
    }

    async fn record_contact(
        &self,
        request: Request<v1::RecordContactRequest>,
    ) -> Result<Response<v1::RecordContactResponse>, Status> {
        let (call, request) = ("RecordContact", request.into_inner());
        let tenant = request.tenant.as_deref();
        alone::<Recorded>(&self.gate, call, tenant, &request).await.map(Response::new)
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

    async fn batch_confirm_contacts(
        &self,
        request: Request<v1::BatchConfirmContactsRequest>,
    ) -> Result<Response<v1::BatchConfirmContactsResponse>, Status> {
        let v1::BatchConfirmContactsRequest { confirmations: items, tenant } = request.into_inner();
        let (gate, call) = (&self.gate, "BatchConfirmContacts");
        let results = together::<Confirmation>(gate, call, tenant.as_deref(), items).await?;
        Ok(Response::new(v1::BatchConfirmContactsResponse { results }))
    }

    async fn batch_release_contacts(
        &self,
        request: Request<v1::BatchReleaseContactsRequest>,
    ) -> Result<Response<v1::BatchReleaseContactsResponse>, Status> {
        let v1::BatchReleaseContactsRequest { releases: items, tenant } = request.into_inner();
        let (gate, call) = (&self.gate, "BatchReleaseContacts");
        let results = together::<Release>(gate, call, tenant.as_deref(), items).await?;
        Ok(Response::new(v1::BatchReleaseContactsResponse { results }))
    }

    async fn batch_record_contacts(
        &self,
        request: Request<v1::BatchRecordContactsRequest>,
    ) -> Result<Response<v1::BatchRecordContactsResponse>, Status> {
        let v1::BatchRecordContactsRequest { records: items, tenant } = request.into_inner();
        let (gate, call) = (&self.gate, "BatchRecordContacts");
        let results = together::<Recorded>(gate, call, tenant.as_deref(), items).await?;
        Ok(Response::new(v1::BatchRecordContactsResponse { results }))
    }

    async fn batch_record_engagements(
        &self,
        request: Request<v1::BatchRecordEngagementsRequest>,
    ) -> Result<Response<v1::BatchRecordEngagementsResponse>, Status> {
        let v1::BatchRecordEngagementsRequest { engagements: items, tenant } = request.into_inner();
        let (gate, call) = (&self.gate, "BatchRecordEngagements");
        let results = together::<Engaged>(gate, call, tenant.as_deref(), items).await?;
        Ok(Response::new(v1::BatchRecordEngagementsResponse { results }))
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
        let (call, request) = ("RecordEngagement", request.into_inner());
        let tenant = request.tenant.as_deref();
        alone::<Engaged>(&self.gate, call, tenant, &request).await.map(Response::new)
    }
}
