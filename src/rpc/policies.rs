//! `PolicyService`, for operators.

mod apply;
mod audit;
mod decisions;
mod declared;
mod occasions;
mod pauses;
mod presets;
mod pressure;
mod revisions;
mod simulate;
mod stores;
mod survey;
mod webhooks;

pub use webhooks::Hooks;

pub(super) use pauses::message as pause;
pub(super) use revisions::in_force;

use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;

use super::convert::violations::Path;
use super::convert::violations::Violations;
use crate::background::Background;
use crate::gate::Attribution;
use crate::gate::Gate;
use crate::proto::v1;
use crate::proto::v1::policy_service_server::PolicyService;
use crate::rpc::identity;

/// The longest name of an author, in bytes.
const AUTHOR_BYTES_MAX: usize = 128;
/// The longest note, in bytes.
const NOTE_BYTES_MAX: usize = 1_024;
/// The number of bytes after which a page takes no further element.
const PAGE_BYTES: usize = 1 << 20;

/// The service.
#[derive(Debug)]
pub(super) struct Policies {
    gate: Arc<Gate>,
    background: Background,
    hooks: Hooks,
}

impl Policies {
    pub(super) fn new(gate: &Arc<Gate>, background: Background, hooks: Hooks) -> Self {
        Self { gate: Arc::clone(gate), background, hooks }
    }
}

/// The author of a change, and the reason.
fn words(violations: &mut Violations, author: Option<&str>, note: Option<&str>) -> Attribution {
    Attribution {
        actor: identity::caller().name.to_string(),
        author: violations.optional_text(Path::ROOT, "author", author, AUTHOR_BYTES_MAX),
        note: violations.optional_text(Path::ROOT, "note", note, NOTE_BYTES_MAX),
    }
}

#[async_trait]
impl PolicyService for Policies {
    type SimulatePolicyStream = simulate::Answers;
    type DescribePressureStream = pressure::Answers;
    type WatchDecisionsStream = decisions::DecisionStream;

    async fn simulate_policy(
        &self,
        request: Request<v1::SimulatePolicyRequest>,
    ) -> Result<Response<simulate::Answers>, Status> {
        let request = request.into_inner();
        simulate::answers(&self.gate, &self.background, &request).await.map(Response::new)
    }

    async fn describe_pressure(
        &self,
        request: Request<v1::DescribePressureRequest>,
    ) -> Result<Response<pressure::Answers>, Status> {
        let request = request.into_inner();
        pressure::answers(&self.gate, &self.background, &request).await.map(Response::new)
    }

    async fn apply_policy(
        &self,
        request: Request<v1::ApplyPolicyRequest>,
    ) -> Result<Response<v1::ApplyPolicyResponse>, Status> {
        apply::apply(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn validate_policy(
        &self,
        request: Request<v1::ValidatePolicyRequest>,
    ) -> Result<Response<v1::ValidatePolicyResponse>, Status> {
        apply::validate(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn rollback_policy(
        &self,
        request: Request<v1::RollbackPolicyRequest>,
    ) -> Result<Response<v1::RollbackPolicyResponse>, Status> {
        apply::rollback(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn cancel_policy(
        &self,
        request: Request<v1::CancelPolicyRequest>,
    ) -> Result<Response<v1::CancelPolicyResponse>, Status> {
        apply::cancel(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn get_policy(
        &self,
        request: Request<v1::GetPolicyRequest>,
    ) -> Result<Response<v1::GetPolicyResponse>, Status> {
        revisions::get(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn list_policy_revisions(
        &self,
        request: Request<v1::ListPolicyRevisionsRequest>,
    ) -> Result<Response<v1::ListPolicyRevisionsResponse>, Status> {
        revisions::list(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn describe_policy(
        &self,
        request: Request<v1::DescribePolicyRequest>,
    ) -> Result<Response<v1::DescribePolicyResponse>, Status> {
        declared::describe(&self.gate, &request.into_inner()).map(Response::new)
    }

    async fn list_presets(
        &self,
        request: Request<v1::ListPresetsRequest>,
    ) -> Result<Response<v1::ListPresetsResponse>, Status> {
        presets::list(&request.into_inner()).map(Response::new)
    }

    async fn list_occasions(
        &self,
        request: Request<v1::ListOccasionsRequest>,
    ) -> Result<Response<v1::ListOccasionsResponse>, Status> {
        occasions::list(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn pause_contacts(
        &self,
        request: Request<v1::PauseContactsRequest>,
    ) -> Result<Response<v1::PauseContactsResponse>, Status> {
        pauses::pause(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn resume_contacts(
        &self,
        request: Request<v1::ResumeContactsRequest>,
    ) -> Result<Response<v1::ResumeContactsResponse>, Status> {
        pauses::resume(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn list_pauses(
        &self,
        request: Request<v1::ListPausesRequest>,
    ) -> Result<Response<v1::ListPausesResponse>, Status> {
        pauses::list(&self.gate, &request.into_inner()).map(Response::new)
    }

    async fn watch_decisions(
        &self,
        request: Request<v1::WatchDecisionsRequest>,
    ) -> Result<Response<decisions::DecisionStream>, Status> {
        decisions::watch(&self.gate, &request.into_inner()).map(Response::new)
    }

    async fn describe_decisions(
        &self,
        request: Request<v1::DescribeDecisionsRequest>,
    ) -> Result<Response<v1::DescribeDecisionsResponse>, Status> {
        decisions::describe(&self.gate, &request.into_inner()).map(Response::new)
    }

    async fn list_audit_events(
        &self,
        request: Request<v1::ListAuditEventsRequest>,
    ) -> Result<Response<v1::ListAuditEventsResponse>, Status> {
        audit::list(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn list_webhooks(
        &self,
        _request: Request<v1::ListWebhooksRequest>,
    ) -> Result<Response<v1::ListWebhooksResponse>, Status> {
        webhooks::list(&self.gate, &self.hooks).await.map(Response::new)
    }

    async fn test_webhook(
        &self,
        request: Request<v1::TestWebhookRequest>,
    ) -> Result<Response<v1::TestWebhookResponse>, Status> {
        webhooks::test(&self.gate, &self.hooks, &request.into_inner()).await.map(Response::new)
    }

    async fn replay_webhook(
        &self,
        request: Request<v1::ReplayWebhookRequest>,
    ) -> Result<Response<v1::ReplayWebhookResponse>, Status> {
        webhooks::replay(&self.gate, &self.hooks, &request.into_inner()).await.map(Response::new)
    }

    async fn create_tenant(
        &self,
        request: Request<v1::CreateTenantRequest>,
    ) -> Result<Response<v1::CreateTenantResponse>, Status> {
        stores::create_tenant(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn accept_store(
        &self,
        request: Request<v1::AcceptStoreRequest>,
    ) -> Result<Response<v1::AcceptStoreResponse>, Status> {
        stores::accept(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn upgrade_store(
        &self,
        request: Request<v1::UpgradeStoreRequest>,
    ) -> Result<Response<v1::UpgradeStoreResponse>, Status> {
        stores::upgrade(&self.gate, &request.into_inner()).await.map(Response::new)
    }
}
