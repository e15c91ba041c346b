//! Nodes become types, and types become a JSON Schema, from one declaration.
//!
//! A [`record!`] is a struct whose fields are the keys of a map. Its doc comments are the
//! descriptions in the schema, its types say what is accepted, and reading it reports every
//! mistake it can see: unknown keys, missing ones, and what each value has to object to. So the
//! language is written down once; a test holds decoder and schema together.

use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::problem::Problems;
use super::source::Position;
use super::yaml::Node;
use super::yaml::Value;
use crate::words::closest;

mod at;
mod choice;
mod either;
mod labels;
mod list;
mod map;
mod record;
mod scalar;
pub(crate) mod text;
mod whole;

pub(crate) use at::At;
pub use at::Stated;
pub(crate) use choice::choices;
pub(crate) use choice::chosen;
pub(crate) use choice::words;
pub(crate) use either::Either;
pub(crate) use list::AtLeastOne;
pub(crate) use list::List;
pub(crate) use list::OneOrMore;
pub(crate) use list::Rules;
pub(crate) use map::Named;
pub(crate) use record::Constraint;
pub(crate) use record::Fields;
pub(crate) use record::Keys;
pub(crate) use record::Member;
pub(crate) use record::Record;
pub(crate) use record::decode_record;
pub(crate) use record::record;
pub(crate) use record::record_schema;
pub(crate) use scalar::Fault;
pub(crate) use scalar::Scalar;
pub(crate) use scalar::decode_scalar;
pub(crate) use scalar::scalars;
pub(crate) use scalar::told_schema;
pub(crate) use text::Text;
pub(crate) use whole::Whole;

/// The named parts of a schema, to which others refer.
pub(crate) type Definitions = serde_json::Map<String, Json>;

/// A value that can be read from a node.
pub(crate) trait Decode: Sized {
    /// The value, or none after saying what is wrong with the node.
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self>;

    /// The value if the key is missing; `None` if the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The schema of the nodes that `decode` accepts. Records are put among the definitions.
    fn schema(definitions: &mut Definitions) -> Json;
}

/// A key that may be left out.
impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        T::decode(node, problems).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

/// `true` or `false`, which other tools may also write as `yes` or `on`.
impl Decode for bool {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        if let Value::Scalar(scalar) = &node.value
            && scalar.plain
        {
            match &*scalar.text {
                "true" => return Some(true),
                "false" => return Some(false),
                _ => {}
            }
        }
        mismatch(node, "`true` or `false`", "write `true` or `false`, without quotes", problems)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({"type": "boolean"})
    }
}

/// Reports that a node is not of the expected type.
pub(crate) fn mismatch<T>(
    node: &Node,
    expected: &str,
    help: &str,
    problems: &mut Problems,
) -> Option<T> {
    let found = node.value.describe();
    problems.error(node.position, format!("expected {expected}, found {found}"), help);
    None
}

/// `a`, `b` or `c`.
pub(crate) fn alternatives(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
    }
}

/// "did you mean …?", if one of the words looks like what was written, and else the words, if
/// they are few enough to be read.
pub(crate) fn suggestion<'a>(written: &str, words: &[&'a str], none: &'a str) -> String {
    const LISTED_MAX: usize = 20;
    if let Some(word) = closest(written, words) {
        return format!("did you mean `{word}`?");
    }
    if words.is_empty() || words.len() > LISTED_MAX {
        return none.to_owned();
    }
    format!("write {}", alternatives(words))
}

/// The position of a problem with a node if no part of it stands out: its beginning.
pub(crate) fn beginning(node: &Node) -> Position {
    let width = match &node.value {
        Value::Scalar(_) => node.position.width,
        Value::List(_) | Value::Map(_) => 1,
    };
    Position { width, ..node.position }
}

#[cfg(test)]
mod tests;
