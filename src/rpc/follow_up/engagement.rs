//! Records the customer's reactions.

use tonic::Status;

use super::Asked;
use super::FollowUp;
use super::Heard;
use super::text;
use crate::codec::number;
use crate::engine::Undeclared;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::engagement::Engagement;
use crate::operation::engagement::engage;
use crate::proto::v1;
use crate::proto::v1::batch_engagement_result::Result as Outcome;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::store::Version;

/// A reaction of the customer.
#[derive(Debug)]
pub(in crate::rpc) struct Engaged(Engagement);

impl FollowUp for Engaged {
    type Request = v1::RecordEngagementRequest;
    type Item = v1::BatchEngagement;
    /// Whether it is new.
    type Done = bool;
    type Response = v1::RecordEngagementResponse;
    type Result = v1::BatchEngagementResult;
    const LIST: &'static str = "engagements";

    fn read(caller: &Caller, path: Path, request: &Self::Request) -> Result<Heard<Self>, Status> {
        let mut violations = caller.violations();
        let customer_id = violations.customer_id(path, &request.customer_id);
        let kind = number::event_kind(request.kind);
        if kind.is_none() {
            violations.add(path, "kind", format!("there is no kind {}", request.kind));
        }
        let channel = violations.optional(path, "channel", request.channel.as_deref());
        let policy = &caller.active.policy;
        if let Some(Err(undeclared)) =
            channel.as_ref().map(|channel| Undeclared::check_channel(policy, channel))
        {
            violations.add_undeclared(path, &undeclared);
        }
        let about = request.contact_request_id.as_deref();
        let contact_request_id =
            about.and_then(|id| violations.request_id(path, "contact_request_id", id));
        let at = request.event_time.as_ref();
        let at = violations.time(path, "event_time", at, Within::Past.at(caller.now));
        let key = violations.request_key(path, &request.request_id, request);
        let value = customer_id.zip(kind).zip(key);
        let (((customer_id, kind), request), undeclared) = violations.finish_bounds(value)?;
        let said = Self(Engagement { request, kind, channel, contact_request_id, at });
        Ok(Heard { customer_id, said, undeclared })
    }

    fn put(&self, caller: &Caller, record: &mut Record) -> Result<bool, Fault> {
        engage(caller.context(), record, &self.0)
    }

    fn answer(&self, _: &Asked<'_>, is_new: bool, version: Option<Version>) -> Self::Response {
        v1::RecordEngagementResponse { record_version: text(version), changed: Some(is_new) }
    }

    fn result(answer: Result<Self::Response, v1::ItemError>) -> Self::Result {
        let result = answer.map_or_else(Outcome::Error, Outcome::Engagement);
        v1::BatchEngagementResult { result: Some(result) }
    }
}

impl From<v1::BatchEngagement> for v1::RecordEngagementRequest {
    fn from(item: v1::BatchEngagement) -> Self {
        Self {
            customer_id: item.customer_id,
            kind: item.kind,
            channel: item.channel,
            contact_request_id: item.contact_request_id,
            event_time: item.event_time,
            request_id: item.request_id,
            tenant: None,
        }
    }
}
