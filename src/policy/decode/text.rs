//! Names and texts.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use super::mismatch;
use crate::model::Name;
use crate::model::name::NAME_BYTES_MAX;
use crate::policy::problem::Problems;
use crate::policy::source::Position;
use crate::policy::yaml::Meaning;
use crate::policy::yaml::Node;
use crate::policy::yaml::Scalar;
use crate::policy::yaml::Value;
use crate::policy::yaml::quoted;

/// The longest text, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 4_096;

/// A text for people, or for something else to parse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub(crate) Arc<str>);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Decode for Text {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let scalar = scalar(node, "a text", problems)?;
        let bytes = scalar.text.len();
        if bytes > TEXT_BYTES_MAX {
            let message =
                format!("a text has at most {TEXT_BYTES_MAX} bytes, this one has {bytes}");
            problems.error(node.position, message, "shorten it");
            return None;
        }
        Some(Self(Arc::clone(&scalar.text)))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({"type": "string", "maxLength": TEXT_BYTES_MAX})
    }
}

impl Decode for Name {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        name(&scalar(node, "a name", problems)?.text, node.position, problems)
    }

    fn schema(_: &mut Definitions) -> Json {
        name_schema()
    }
}

/// A text that others would not read as a number, a truth value or nothing.
pub(crate) fn scalar<'a>(
    node: &'a Node,
    what: &str,
    problems: &mut Problems,
) -> Option<&'a Scalar> {
    let Value::Scalar(scalar) = &node.value else {
        return mismatch(node, what, "write a text", problems);
    };
    let read_as = match scalar.meaning() {
        Meaning::Text => return Some(scalar),
        Meaning::Nothing => {
            return mismatch(node, what, "write a text, or remove the key", problems);
        }
        Meaning::Truth => "a truth value",
        Meaning::Integer | Meaning::Float => "a number",
    };
    let message = format!("expected {what}, found {read_as}, {}", quoted(&scalar.text));
    let help = format!("if it is meant as text, write it in quotes: `\"{}\"`", scalar.text);
    problems.error(node.position, message, help);
    None
}

/// The schema of a name.
pub(crate) fn name_schema() -> Json {
    json!({
        "type": "string",
        "pattern": r"^\S(.*\S)?$",
        "patternErrorMessage":
            "This is not a name. Write it on one line, without white space around it.",
        "maxLength": NAME_BYTES_MAX,
    })
}

/// The name that `text` is.
pub(super) fn name(text: &str, at: Position, problems: &mut Problems) -> Option<Name> {
    match Name::new(text) {
        Ok(name) => Some(name),
        Err(error) => {
            problems.error(at, error.to_string(), "choose a short name on one line");
            None
        }
    }
}
