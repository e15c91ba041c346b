//! Whole numbers with bounds.

use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use super::mismatch;
use crate::policy::problem::Problems;
use crate::policy::yaml::Meaning;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;
use crate::policy::yaml::quoted;

/// A whole number from `MIN` to `MAX`, in plain decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Whole<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Deref for Whole<MIN, MAX> {
    type Target = u32;

    fn deref(&self) -> &u32 {
        &self.0
    }
}

impl<const MIN: u32, const MAX: u32> Decode for Whole<MIN, MAX> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let range = format!("write a whole number from {MIN} to {MAX}");
        let Value::Scalar(scalar) = &node.value else {
            return mismatch(node, "a whole number", &range, problems);
        };
        let text = &*scalar.text;
        let meaning = scalar.meaning();
        let written = quoted(text);
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (message, help) = if digits && !scalar.plain {
            (format!("expected a number, found the text {written}"), "remove the quotes".to_owned())
        } else if digits && text.len() > 1 && text.starts_with('0') {
            let message = format!("{written} begins with a zero, which others read as octal");
            (message, format!("write `{}`", decimal(text)))
        } else if digits {
            match text.parse() {
                Ok(number) if (MIN..=MAX).contains(&number) => return Some(Self(number)),
                Ok(_) | Err(_) => (format!("{written} is not between {MIN} and {MAX}"), range),
            }
        } else if meaning == Meaning::Integer && text.starts_with('-') {
            (format!("{written} is below zero"), range)
        } else if matches!(meaning, Meaning::Integer | Meaning::Float) {
            (format!("{written} is not a whole number in plain digits"), range)
        } else {
            return mismatch(node, "a whole number", &range, problems);
        };
        problems.error(node.position, message, help);
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// The digits without the zeros in front.
fn decimal(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    }
}
