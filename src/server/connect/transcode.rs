//! Between protobuf JSON and protobuf, by the descriptors of the messages.

use bytes::Bytes;
use prost::Message;
use prost_reflect::DynamicMessage;
use prost_reflect::MessageDescriptor;
use tonic::Status;

use crate::rpc::status;
use crate::server::elements;
use crate::server::elements::Elements;

/// The bytes of the message that `json` describes. A field that the message does not have is a
/// mistake, because a wish that is misspelt must not be forgotten silently.
pub(super) fn from_json(message: &MessageDescriptor, json: &[u8]) -> Result<Vec<u8>, Status> {
    elements::check_json(message, json)?;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let malformed = |error| status::malformed(message.name(), &without_values(&error));
    let parsed = DynamicMessage::deserialize(message.clone(), &mut deserializer);
    let parsed = parsed.map_err(malformed)?;
    deserializer.end().map_err(malformed)?;
    Ok(parsed.encode_to_vec())
}

/// The same bytes, if they are a valid message.
pub(super) fn from_binary(message: &MessageDescriptor, bytes: Bytes) -> Result<Vec<u8>, Status> {
    let mut elements = Elements::new(message.clone(), false);
    elements.see(&bytes).and_then(|()| elements.finish())?;
    match DynamicMessage::decode(message.clone(), bytes.clone()) {
        Ok(_) => Ok(bytes.into()),
        Err(error) => Err(status::malformed(message.name(), &error.to_string())),
    }
}

/// A message of ours as JSON.
pub(super) fn to_json(message: &MessageDescriptor, bytes: Bytes) -> Result<Bytes, Status> {
    let decoded = DynamicMessage::decode(message.clone(), bytes).map_err(|error| {
        tracing::error!("a {} of our own does not decode: {error}", message.name());
        status::internal()
    })?;
    match serde_json::to_vec(&decoded) {
        Ok(json) => Ok(json.into()),
        Err(error) => {
            tracing::error!("a {} of our own is not JSON: {error}", message.name());
            Err(status::internal())
        }
    }
}

/// The error in a JSON text and its position, without the text there: that may be a customer's id.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(", expected ") {
        Some((_value, expected)) if error.is_data() => format!("expected {expected}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests;
