//! Fields that this version of courtesy does not know, carried over when it writes a record.

use std::sync::LazyLock;

use bytes::Bytes;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use prost_reflect::MessageDescriptor;
use prost_reflect::Value;

use crate::proto;

static RECORD: LazyLock<Option<MessageDescriptor>> = LazyLock::new(|| {
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).ok()?;
    pool.get_message_by_name("courtesy.store.v1.Record")
});

/// The record `known` with the fields of `before` that are not known here; `None` if either is not
/// a record.
pub(super) fn keep(before: &Bytes, known: &[u8]) -> Option<Vec<u8>> {
    let descriptor = RECORD.as_ref()?;
    let before = DynamicMessage::decode(descriptor.clone(), before.clone()).ok()?;
    let mut after = DynamicMessage::decode(descriptor.clone(), known).ok()?;
    carry_over(&before, &mut after);
    Some(after.encode_to_vec())
}

fn carry_over(before: &DynamicMessage, after: &mut DynamicMessage) {
    for (field, value) in after.fields_mut() {
        match (&*before.get_field(&field), value) {
            (Value::Message(before), Value::Message(after)) => carry_over(before, after),
            (Value::List(before), Value::List(after)) => carry_over_elements(before, after),
            _ => {}
        }
    }
    let mut unknown = Vec::new();
    for field in before.unknown_fields() {
        field.encode(&mut unknown);
    }
    // A value that has been decoded once can be decoded again.
    let _merged = after.merge(unknown.as_slice());
}

/// Two elements are the same if their first fields are equal; an element without one matches none.
/// Most lists have changed only at one end, so the search continues where it found the last one.
fn carry_over_elements(before: &[Value], after: &mut [Value]) {
    let mut next = 0;
    for element in after.iter_mut() {
        let Value::Message(element) = element else { return };
        let candidates =
            before.iter().enumerate().skip(next).chain(before.iter().enumerate().take(next));
        let found = candidates
            .filter_map(|(position, value)| Some((position, value.as_message()?)))
            .find(|(_, candidate)| key(candidate).is_some_and(|it| Some(it) == key(element)));
        if let Some((position, candidate)) = found {
            next = position + 1;
            carry_over(candidate, element);
        }
    }
}

/// The known part of the first field.
fn key(message: &DynamicMessage) -> Option<Value> {
    let mut value = message.get_field_by_number(1)?.into_owned();
    if let Value::Message(message) = &mut value {
        message.take_unknown_fields().for_each(drop);
    }
    Some(value)
}
