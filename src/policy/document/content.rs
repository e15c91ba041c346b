//! Content rules: what may not be said, or not to some customers.

use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Alone;
use super::Rule;
use crate::expression::EXPRESSION_BYTES_MAX;
use crate::expression::Expression;
use crate::policy::decode::Decode;
use crate::policy::decode::Definitions;
use crate::policy::decode::Text;
use crate::policy::decode::record;
use crate::policy::decode::text;
use crate::policy::problem::Problems;
use crate::policy::source::Source;
use crate::policy::yaml::Node;

record! {
    /// Content that is forbidden, or forbidden for some customers.
    pub(in crate::policy) struct ContentRule with rule: Rule {
        /// A CEL expression over `contact`, `customer` and `at`; where it is true, the contact is
        /// denied.
        deny_when: Condition,
        /// The message for the caller.
        message: Option<Text>,
    }
}

impl Alone for ContentRule {}

/// A condition that compiles.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Condition(pub(in crate::policy) Expression);

impl Decode for Condition {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let scalar = text::scalar(node, "an expression", problems)?;
        let faults = match Expression::compile_within(problems.capacity(), &scalar.text) {
            Ok(expression) => return Some(Self(expression)),
            Err(faults) => faults,
        };
        let source = problems.source(node.position).cloned();
        for fault in faults {
            let text = source.as_ref().map_or("", Source::text);
            let at = scalar.locate(node.position, text, fault.offset);
            let help = "see the policy language for what an expression may use";
            problems.error(at, fault.message, fault.help.as_deref().unwrap_or(help));
        }
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({"type": "string", "minLength": 1, "maxLength": EXPRESSION_BYTES_MAX})
    }
}
