//! Messages as JSON.

use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use prost_reflect::ReflectMessage;
use prost_reflect::SerializeOptions;
use prost_reflect::Value as Part;
use serde_json::Value;

use super::DESCRIPTORS;

/// A message of the API as JSON, in the form in which the API itself writes and reads it, with
/// every field, `null` where it is unset.
///
/// # Errors
/// If there is no message of that name, or it is not this one.
pub fn message(name: &str, message: &impl Message) -> Result<Value, String> {
    let damaged = |error: &dyn std::error::Error| error.to_string();
    let pool = DescriptorPool::decode(DESCRIPTORS).map_err(|error| damaged(&error))?;
    let descriptor = pool
        .get_message_by_name(&format!("courtesy.v1.{name}"))
        .ok_or_else(|| format!("there is no message `{name}`"))?;
    let message = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|error| damaged(&error))?;
    let options = SerializeOptions::new().skip_default_fields(false);
    let value = message.serialize_with_options(serde_json::value::Serializer, &options);
    let mut value = value.map_err(|error| damaged(&error))?;
    complete(&mut value, &message);
    Ok(value)
}

/// Adds what is unset, as `null`, so that every field of a message is always there. Of a `oneof`
/// only the one that is set is.
fn complete(value: &mut Value, message: &DynamicMessage) {
    let Value::Object(fields) = value else { return };
    if message.descriptor().full_name().starts_with("google.protobuf.") {
        return;
    }
    for field in message.descriptor().fields() {
        let choice = field.containing_oneof().is_some_and(|it| !it.is_synthetic());
        let name = field.json_name();
        if !message.has_field(&field) {
            if field.supports_presence() && !choice {
                fields.entry(name).or_insert(Value::Null);
            }
            continue;
        }
        let Some(value) = fields.get_mut(name) else { continue };
        match (message.get_field(&field).as_ref(), value) {
            (Part::Message(part), value) => complete(value, part),
            (Part::List(parts), Value::Array(values)) => {
                for (part, value) in parts.iter().zip(values) {
                    if let Part::Message(part) = part {
                        complete(value, part);
                    }
                }
            }
            _ => {}
        }
    }
}
