//! Customers who have changed, and answers that are late, as messages.

use super::consent::history_of;
use super::customer::customer;
use super::time::timestamp;
use crate::gate::Failure;
use crate::gate::WholeRecord;
use crate::model::Instant;
use crate::model::Record;
use crate::model::reply::Awaiting;
use crate::operation::reply;
use crate::policy::Policy;
use crate::proto::v1;

/// A customer who has changed, as the record stands.
///
/// # Errors
/// If the store cannot be read.
pub fn changed_customer(
    id: &str,
    changed: Instant,
    looked: &Result<WholeRecord, Failure>,
) -> Result<v1::ChangedCustomer, Failure> {
    let told = v1::ChangedCustomer {
        customer_id: id.to_owned(),
        change_time: Some(timestamp(changed)),
        ..v1::ChangedCustomer::default()
    };
    match looked {
        Ok(snapshot) => Ok(v1::ChangedCustomer {
            customer: Some(customer(id, &snapshot.record, snapshot.version)),
            erased: snapshot.version.is_none() && snapshot.record.erased.is_some(),
            last_consent_event: history_of(&snapshot.record).pop().map(|(_, event)| event),
            ..told
        }),
        Err(Failure::Unreadable(_)) => Ok(v1::ChangedCustomer { unreadable: true, ..told }),
        Err(failure) => Err(failure.clone()),
    }
}

/// The answers to a customer that are late now.
#[must_use]
pub fn overdue_replies(
    id: &str,
    record: &Record,
    (policy, now): (&Policy, Instant),
) -> Vec<(u64, v1::OverdueReply)> {
    let late = reply::open(policy, record).filter_map(|awaiting| {
        let due = reply::due(policy, awaiting).filter(|due| *due <= now)?;
        Some((awaiting.item(), overdue_reply(id, awaiting, due)))
    });
    late.collect()
}

fn overdue_reply(id: &str, awaiting: &Awaiting, due: Instant) -> v1::OverdueReply {
    v1::OverdueReply {
        customer_id: id.to_owned(),
        channel: awaiting.channel.to_string(),
        message_id: awaiting.id.to_string(),
        event_time: Some(timestamp(awaiting.since)),
        due_time: Some(timestamp(due)),
    }
}
