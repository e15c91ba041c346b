//! The content of events, in the words of the API.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use serde_json::Value;
use serde_json::json;

use super::convert::changed::changed_customer;
use super::convert::changed::overdue_replies;
use super::customers::unclear_messages;
use super::policies::in_force;
use super::policies::pause;
use crate::gate::Failure;
use crate::gate::WholeRecord;
use crate::proto;
use crate::webhooks::Fresh;
use crate::webhooks::Kind;

static POOL: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(proto::DESCRIPTORS).ok());

/// The content of an event; `None` if there is nothing left to report.
///
/// # Errors
/// If the store cannot be read.
pub fn describe(fresh: &Fresh<'_>) -> Result<Option<Value>, Failure> {
    let Fresh { kind, customer, active, now, .. } = *fresh;
    match (kind, fresh.looked) {
        (Kind::Wishes, Some(looked)) => {
            let changed = changed_customer(customer, fresh.changed, looked)?;
            Ok(Some(value("ChangedCustomer", &changed)?))
        }
        (Kind::UnclearMessages, Some(looked)) => {
            let Some(snapshot) = readable(looked)? else { return Ok(None) };
            let messages = unclear_messages(customer, &snapshot.record);
            let messages = values("UnclearMessage", &messages)?;
            Ok(some(customer, "messages", &messages))
        }
        (Kind::OverdueReplies, Some(looked)) => {
            let Some(snapshot) = readable(looked)? else { return Ok(None) };
            let late = overdue_replies(customer, &snapshot.record, (&active.policy, now));
            let late: Vec<_> = late.into_iter().map(|(_, reply)| reply).collect();
            Ok(some(customer, "replies", &values("OverdueReply", &late)?))
        }
        (Kind::Pauses, _) => {
            let pauses = active.pauses.iter().filter(|pause| !pause.is_over(now));
            let pauses: Vec<_> = pauses.map(pause).collect();
            Ok(Some(json!({ "pauses": values("Pause", &pauses)? })))
        }
        (Kind::Policy, _) => {
            let (in_force, scheduled) = in_force(active, now);
            let scheduled = scheduled.map(|it| value("PolicyRevision", &it)).transpose()?;
            let in_force = in_force.map(|it| value("PolicyRevision", &it)).transpose()?;
            Ok(Some(json!({ "inForce": in_force, "scheduled": scheduled })))
        }
        (Kind::Wishes | Kind::UnclearMessages | Kind::OverdueReplies, None) => Ok(None),
    }
}

/// A record that can be read; one that cannot tells nothing.
fn readable(looked: &Result<WholeRecord, Failure>) -> Result<Option<&WholeRecord>, Failure> {
    match looked {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(Failure::Unreadable(_)) => Ok(None),
        Err(failure) => Err(failure.clone()),
    }
}

fn some(customer: &str, name: &str, values: &[Value]) -> Option<Value> {
    (!values.is_empty()).then(|| json!({ "customerId": customer, name: values }))
}

fn values(name: &str, messages: &[impl Message]) -> Result<Vec<Value>, Failure> {
    messages.iter().map(|message| value(name, message)).collect()
}

/// A message of the API as JSON, as the API itself writes it.
fn value(name: &str, message: &impl Message) -> Result<Value, Failure> {
    let strange = |what: String| Failure::Unreadable(what);
    let pool = POOL.as_ref().ok_or_else(|| strange("no descriptors".to_owned()))?;
    let found = pool.get_message_by_name(&format!("courtesy.v1.{name}"));
    let found = found.ok_or_else(|| strange(format!("no message {name}")))?;
    let decoded = DynamicMessage::decode(found, &*message.encode_to_vec());
    let decoded = decoded.map_err(|error| strange(error.to_string()))?;
    serde_json::to_value(&decoded).map_err(|error| strange(error.to_string()))
}
