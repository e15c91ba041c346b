//! Confirms that a reserved contact was sent.

use tonic::Status;

use super::Asked;
use super::FollowUp;
use super::Heard;
use super::text;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::settle::Confirmed;
use crate::operation::settle::Made;
use crate::operation::settle::confirm;
use crate::proto::v1;
use crate::proto::v1::batch_confirm_result::Result as Outcome;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::store::Version;

/// A confirmation.
#[derive(Debug)]
pub(in crate::rpc) struct Confirmation {
    request_id: Box<str>,
    made: Made,
}

impl FollowUp for Confirmation {
    type Request = v1::ConfirmContactRequest;
    type Item = v1::BatchConfirmation;
    type Done = Confirmed;
    type Response = v1::ConfirmContactResponse;
    type Result = v1::BatchConfirmResult;
    const LIST: &'static str = "confirmations";

    fn read(caller: &Caller, path: Path, request: &Self::Request) -> Result<Heard<Self>, Status> {
        let mut violations = caller.violations();
        let customer_id = violations.customer_id(path, &request.customer_id);
        let id = violations.request_id(path, "request_id", &request.request_id);
        let sent = request.send_time.as_ref();
        let sent = violations.time(path, "send_time", sent, Within::Past.at(caller.now));
        let (value, undeclared) = violations.finish_bounds(customer_id.zip(id))?;
        let (customer_id, request_id) = value;
        let made = Made { sent, unanswered: request.unanswered.unwrap_or_default() };
        Ok(Heard { customer_id, said: Self { request_id, made }, undeclared })
    }

    fn put(&self, caller: &Caller, record: &mut Record) -> Result<Confirmed, Fault> {
        confirm(caller.context(), record, &self.request_id, self.made)
    }

    fn answer(&self, _: &Asked<'_>, done: Confirmed, version: Option<Version>) -> Self::Response {
        let (late, send_time) = (done.late, Some(timestamp(done.sent)));
        v1::ConfirmContactResponse { late, send_time, record_version: text(version) }
    }

    fn result(answer: Result<Self::Response, v1::ItemError>) -> Self::Result {
        let result = answer.map_or_else(Outcome::Error, Outcome::Confirmation);
        v1::BatchConfirmResult { result: Some(result) }
    }
}

impl From<v1::BatchConfirmation> for v1::ConfirmContactRequest {
    fn from(item: v1::BatchConfirmation) -> Self {
        let v1::BatchConfirmation { customer_id, request_id, send_time, unanswered } = item;
        Self { customer_id, request_id, send_time, unanswered, tenant: None }
    }
}
