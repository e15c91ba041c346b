//! Events as <https://github.com/cloudevents/spec> 1.0 has them, in JSON.

use serde_json::Value;
use serde_json::json;

use super::Kind;
use crate::gate::Active;
use crate::gate::Failure;
use crate::gate::Told;
use crate::gate::WholeRecord;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::hash_of;

/// The subject of an event, in its state when the event is sent.
#[derive(Debug)]
pub struct Fresh<'a> {
    /// The kind of the subject.
    pub kind: Kind,
    /// The customer; empty where it is about none.
    pub customer: &'a str,
    /// The time of the change.
    pub changed: Instant,
    /// The customer's record; nothing where it is about none.
    pub looked: Option<&'a Result<WholeRecord, Failure>>,
    /// The policy and the pauses that are in force.
    pub active: &'a Active,
    /// The time.
    pub now: Instant,
}

/// The function that describes the subject of an event in the words of the API; `None` if there is
/// nothing left to send.
pub type Described = fn(&Fresh<'_>) -> Result<Option<Value>, Failure>;

/// The id of an event. It does not change when the event is sent again, and reveals nothing of the
/// customer.
pub(super) fn id_of(tenant: &Name, told: &Told) -> String {
    let kind = Kind::of(told.topic).as_str();
    format!("evt_{:016x}", hash_of(&[tenant, kind, &told.entry.customer], told.entry.due))
}

/// An event.
pub(super) fn event(
    id: &str,
    (kind, tenant): (&str, Option<&Name>),
    changed: Instant,
    data: &Value,
) -> String {
    let mut event = json!({
        "specversion": "1.0",
        "id": id,
        "source": "/courtesy",
        "type": kind,
        "time": changed.to_string(),
        "datacontenttype": "application/json",
        "data": data,
    });
    if let (Some(tenant), Some(event)) = (tenant, event.as_object_mut()) {
        event.insert("tenant".to_owned(), Value::from(tenant.as_str()));
    }
    event.to_string()
}

/// An event to try out a webhook, and its id.
#[must_use]
pub fn test_event(webhook: &Name, now: Instant) -> (String, String) {
    let id = format!("evt_{:016x}", hash_of(&[webhook, "test"], now));
    let data = json!({ "webhook": webhook.as_str() });
    let body = event(&id, ("courtesy.test.v1", None), now, &data);
    (id, body)
}
