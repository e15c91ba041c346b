//! JSON Schemas of the documents, for editors: drawn from the declarations that read them.
//!
//! A schema knows forms: keys, kinds, words, bounds, and the names that ship. The reader refuses
//! further mistakes: a date that does not exist, an expression that does not compile, a name that
//! is not declared.

use serde_json::Value as Json;
use serde_json::json;

use super::decode::Decode;
use super::decode::Definitions;
use super::document::Customer;
use super::document::Document;
use super::document::TestDocument;

mod listed;

/// The schema of policy documents.
#[must_use]
pub fn document() -> Json {
    listed::in_document(shape())
}

/// The schema without the names that ship, which the reader of a single document does not know.
fn shape() -> Json {
    schema_of::<Document>("A policy document of courtesy")
}

/// The schema of test documents.
#[must_use]
pub fn tests() -> Json {
    schema_of::<TestDocument>("Tests of a policy of courtesy")
}

/// The schema of a customer, as tests have them and `courtesy policy explain` reads one.
#[must_use]
pub fn customer() -> Json {
    schema_of::<Customer>("A customer, as courtesy knows one")
}

fn schema_of<T: Decode>(title: &str) -> Json {
    let mut definitions = Definitions::new();
    let root = T::schema(&mut definitions);
    definitions.sort_keys();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": root.get("$ref"),
        "$defs": definitions,
    })
}

#[cfg(test)]
mod tests;
