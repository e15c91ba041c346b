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

/// What an event is about, as it stands when the event is sent.
#[derive(Debug)]
pub struct Fresh<'a> {
    /// What it is about.
    pub kind: Kind,
    /// The customer; empty where it is about none.
    pub customer: &'a str,
    /// When it changed.
    pub changed: Instant,
    /// The customer's record; nothing where it is about none.
    pub looked: Option<&'a Result<WholeRecord, Failure>>,
    /// What is in force.
    pub active: &'a Active,
    /// The time.
    pub now: Instant,
}

/// Puts what an event is about into words, those of the API; nothing where nothing is to be told
/// any more.
pub type Described = fn(&Fresh<'_>) -> Result<Option<Value>, Failure>;

/// The id of an event, which is the same when it is sent again and tells nothing of the customer.
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

/// An event by which a webhook is tried out, and its id.
#[must_use]
pub fn test_event(webhook: &Name, now: Instant) -> (String, String) {
    let id = format!("evt_{:016x}", hash_of(&[webhook, "test"], now));
    let data = json!({ "webhook": webhook.as_str() });
    let body = event(&id, ("courtesy.test.v1", None), now, &data);
    (id, body)
}
