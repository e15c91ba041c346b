//! `PolicyService`, for operators.

mod occasions;

use std::collections::BTreeSet;
use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;

use super::convert::time::timestamp;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::decide::Caller;
use super::decide::refuse;
use crate::gate::Applied;
use crate::gate::Gate;
use crate::gate::Revision;
use crate::policy::Problem;
use crate::policy::Source;
use crate::policy::source::DOCUMENT_BYTES_MAX;
use crate::proto::v1;
use crate::proto::v1::policy_service_server::PolicyService;

const DOCUMENTS_MAX: usize = 100;

/// The service.
#[derive(Debug)]
pub(super) struct Policies {
    gate: Arc<Gate>,
}

impl Policies {
    pub(super) fn new(gate: &Arc<Gate>) -> Self {
        Self { gate: Arc::clone(gate) }
    }
}

/// What an operator wants changed.
fn read(request: &v1::ApplyPolicyRequest) -> Result<Revision, Status> {
    let root = Path::ROOT;
    let mut violations = Violations::default();
    violations.at_most(root, "documents", request.documents.len(), DOCUMENTS_MAX);
    violations.at_most(root, "remove_documents", request.remove_documents.len(), DOCUMENTS_MAX);
    let expected = violations.required(root, "expected_revision", request.expected_revision);
    if request.documents.is_empty() && request.remove_documents.is_empty() {
        violations.add(root, "documents", "must not be empty where nothing is removed");
    }
    let mut names = BTreeSet::new();
    let mut documents = Vec::new();
    for (i, document) in request.documents.iter().take(DOCUMENTS_MAX).enumerate() {
        let path = Path::item("documents", i);
        if document.text.len() > DOCUMENT_BYTES_MAX {
            violations.add(path, "text", format!("has at most {DOCUMENT_BYTES_MAX} bytes"));
            continue;
        }
        // One without a name is refused, under the name of its place.
        let place = format!("documents[{i}]");
        let source = Source::new(&place, &document.text);
        let source = source.own_name().map_or(source, |name| Source::new(&name, &document.text));
        if !names.insert(source.name().to_owned()) {
            violations.add(path, "text", "has the same name as another document of the request");
        }
        documents.push(source);
    }
    let expected = violations.finish(expected)?;
    Ok(Revision {
        expected,
        documents,
        remove: request.remove_documents.clone(),
        validate_only: request.validate_only.unwrap_or_default(),
    })
}

fn problem(problem: &Problem) -> v1::PolicyProblem {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    v1::PolicyProblem {
        document: problem.file.clone(),
        line: number(problem.line),
        column: number(problem.column),
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

#[async_trait]
impl PolicyService for Policies {
    async fn apply_policy(
        &self,
        request: Request<v1::ApplyPolicyRequest>,
    ) -> Result<Response<v1::ApplyPolicyResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let revision = read(&request)?;
        let applied = self.gate.apply(&caller.tenant, &revision).await;
        let Applied { revision, warnings } = applied.map_err(|failure| refuse(&failure))?;
        let warnings = warnings.iter().map(problem).collect();
        Ok(Response::new(v1::ApplyPolicyResponse { revision, warnings }))
    }

    async fn get_policy(
        &self,
        request: Request<v1::GetPolicyRequest>,
    ) -> Result<Response<v1::GetPolicyResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let active = &caller.active;
        let documents = active.documents.iter();
        let policy = v1::Policy {
            revision: active.policy.revision,
            documents: documents
                .map(|(name, text)| v1::PolicyDocument { text: text.clone(), name: name.clone() })
                .collect(),
            apply_time: active.applied.map(timestamp),
        };
        Ok(Response::new(v1::GetPolicyResponse { policy: Some(policy) }))
    }

    async fn list_occasions(
        &self,
        request: Request<v1::ListOccasionsRequest>,
    ) -> Result<Response<v1::ListOccasionsResponse>, Status> {
        occasions::list(&self.gate, request.into_inner()).await.map(Response::new)
    }
}
