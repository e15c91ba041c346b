//! Releases a reserved contact that was not sent.

use tonic::Status;

use super::Asked;
use super::FollowUp;
use super::Heard;
use super::text;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::settle::release;
use crate::proto::v1;
use crate::proto::v1::batch_release_result::Result as Outcome;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::store::Version;

/// A reservation that is given back.
#[derive(Debug)]
pub(in crate::rpc) struct Release {
    request_id: Box<str>,
}

impl FollowUp for Release {
    type Request = v1::ReleaseContactRequest;
    type Item = v1::BatchRelease;
    /// Whether it had expired.
    type Done = bool;
    type Response = v1::ReleaseContactResponse;
    type Result = v1::BatchReleaseResult;
    const LIST: &'static str = "releases";

    fn read(caller: &Caller, path: Path, request: &Self::Request) -> Result<Heard<Self>, Status> {
        let mut violations = caller.violations();
        let customer_id = violations.customer_id(path, &request.customer_id);
        let id = violations.request_id(path, "request_id", &request.request_id);
        let (value, undeclared) = violations.finish_bounds(customer_id.zip(id))?;
        let (customer_id, request_id) = value;
        Ok(Heard { customer_id, said: Self { request_id }, undeclared })
    }

    fn put(&self, _: &Caller, record: &mut Record) -> Result<bool, Fault> {
        release(record, &self.request_id)
    }

    fn answer(&self, _: &Asked<'_>, expired: bool, version: Option<Version>) -> Self::Response {
        v1::ReleaseContactResponse { expired, record_version: text(version) }
    }

    fn result(answer: Result<Self::Response, v1::ItemError>) -> Self::Result {
        let result = answer.map_or_else(Outcome::Error, Outcome::Release);
        v1::BatchReleaseResult { result: Some(result) }
    }
}

impl From<v1::BatchRelease> for v1::ReleaseContactRequest {
    fn from(item: v1::BatchRelease) -> Self {
        let v1::BatchRelease { customer_id, request_id } = item;
        Self { customer_id, request_id, tenant: None }
    }
}
