//! Requests of every method, made from the descriptors, in which every text is a canary.

use courtesy::proto::DESCRIPTORS;
use prost_reflect::DescriptorPool;
use prost_reflect::FieldDescriptor;
use prost_reflect::Kind;
use prost_reflect::MessageDescriptor;
use serde_json::Value;
use serde_json::json;

/// What stands in every text.
pub(super) const CANARY: &str = "canary";
/// What names a customer or is the customer's own.
const PERSONAL: &[&str] =
    &["customer_id", "request_id", "contact_request_id", "evidence", "text", "value", "key"];

/// How wrong a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// As the policy wants it.
    Good,
    /// Every text is a canary, names included.
    Strange,
    /// Every text that is not a canary is one nevertheless: numbers, times, messages.
    Mistyped,
}

/// A method, and a request for it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) body: String,
}

/// Requests of every method that has one answer.
pub(super) fn all(sort: Sort) -> Vec<Request> {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let methods: Vec<_> = pool.services().flat_map(|it| it.methods().collect::<Vec<_>>()).collect();
    let unary = methods.iter().filter(|it| !it.is_client_streaming() && !it.is_server_streaming());
    let requests = unary.map(|method| {
        let service = method.parent_service().full_name().to_owned();
        let body = message(&method.input(), sort, 0).to_string();
        Request { path: format!("{service}/{}", method.name()), body }
    });
    requests.collect()
}

/// Whether a text holds the canary of a field that is personal.
pub(super) fn names_a_customer(text: &str) -> bool {
    PERSONAL.iter().any(|field| text.contains(&canary(field)))
}

fn canary(field: &str) -> String {
    format!("{CANARY}-{field}@example.com")
}

fn message(descriptor: &MessageDescriptor, sort: Sort, depth: usize) -> Value {
    let fields =
        descriptor.fields().filter_map(|it| Some((it.name().to_owned(), field(&it, sort, depth)?)));
    Value::Object(fields.collect())
}

fn field(field: &FieldDescriptor, sort: Sort, depth: usize) -> Option<Value> {
    let name = field.name();
    if field.is_map() {
        return Some(json!({(canary("key")): canary("value")}));
    }
    let kind = field.kind();
    let value = if sort == Sort::Strange && name == "tenant" {
        // A tenant is the operator's own, and its name a label of metrics.
        json!("strange")
    } else if kind == Kind::String {
        json!(if sort == Sort::Strange { canary(name) } else { good(name)? })
    } else if sort == Sort::Mistyped && depth > 0 {
        json!(canary(name))
    } else if let Kind::Message(inner) = &kind {
        let is_ours = inner.full_name().starts_with("courtesy") && depth < 3;
        is_ours.then(|| message(inner, sort, depth + 1))?
    } else if name == "kind" {
        json!(1)
    } else {
        return None;
    };
    Some(if field.is_list() { json!([value]) } else { value })
}

/// What the starter policy knows, for a field that must be known; nothing where that may be left
/// out.
fn good(field: &str) -> Option<String> {
    let text = match field {
        "channel" | "channels" => "email",
        "purpose" => "marketing",
        "time_zone" | "time_zones" => "Europe/Berlin",
        "jurisdictions" => "US",
        "tenant" | "at_least_version" | "expected_version" | "page_token" | "cursor" | "locale" => {
            return None;
        }
        "topic" | "occasions" | "brand" | "campaign" | "remove_documents" | "month_day" => {
            return None;
        }
        _ => return Some(canary(field)),
    };
    Some(text.to_owned())
}
