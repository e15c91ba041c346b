//! Records a contact that was made without asking first.

use tonic::Status;

use super::Asked;
use super::FollowUp;
use super::Heard;
use crate::model::Record;
use crate::operation::Decided;
use crate::operation::Fault;
use crate::operation::record_contact;
use crate::operation::record_contact::Past;
use crate::proto::v1;
use crate::proto::v1::batch_record_result::Result as Outcome;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::rpc::decide::Question;
use crate::rpc::decide::Verdict;
use crate::store::Version;

/// A contact that happened.
#[derive(Debug)]
pub(in crate::rpc) struct Recorded(Past);

impl FollowUp for Recorded {
    type Request = v1::RecordContactRequest;
    type Item = v1::BatchRecord;
    type Done = Decided;
    type Response = v1::RecordContactResponse;
    type Result = v1::BatchRecordResult;
    const LIST: &'static str = "records";

    fn read(caller: &Caller, path: Path, request: &Self::Request) -> Result<Heard<Self>, Status> {
        let mut violations = caller.violations();
        let (terms, contact) = (caller.terms(Within::Past), request.contact.as_ref());
        let asked = violations.contact(path.with("contact"), contact, terms);
        let key = violations.request_key(path, &request.request_id, request);
        let ((asked, request_key), undeclared) = violations.finish_bounds(asked.zip(key))?;
        let unanswered = request.unanswered.unwrap_or_default();
        let (contact, at) = (asked.contact, asked.at);
        let said = Self(Past { request: request_key, contact, at, unanswered });
        Ok(Heard { customer_id: asked.customer_id, said, undeclared })
    }

    fn put(&self, caller: &Caller, record: &mut Record) -> Result<Decided, Fault> {
        record_contact::record(caller.context(), record, &self.0)
    }

    fn answer(
        &self,
        asked: &Asked<'_>,
        decided: Decided,
        version: Option<Version>,
    ) -> Self::Response {
        let Asked { gate, caller, call, key } = *asked;
        let (contact, at) = (&self.0.contact, self.0.at);
        let question = Question { call, caller, customer_id: &key.id, contact, at };
        let decision = Some(Verdict::of(decided, version).into_message(gate, &question));
        v1::RecordContactResponse { decision }
    }

    fn result(answer: Result<Self::Response, v1::ItemError>) -> Self::Result {
        let result = match answer {
            Ok(response) => response.decision.map(Outcome::Decision),
            Err(error) => Some(Outcome::Error(error)),
        };
        v1::BatchRecordResult { result }
    }
}

impl From<v1::BatchRecord> for v1::RecordContactRequest {
    fn from(item: v1::BatchRecord) -> Self {
        let v1::BatchRecord { contact, request_id, unanswered } = item;
        Self { contact, request_id, unanswered, tenant: None }
    }
}
