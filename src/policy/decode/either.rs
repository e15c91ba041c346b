//! A value that is written short, as one text, or long, as a map.

use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use crate::policy::problem::Problems;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

/// The short form or the long one. The kind of the node decides which.
#[derive(Clone, Debug)]
pub(crate) enum Either<S, L> {
    /// `per: 7d`
    Short(S),
    /// `per: {calendar: week}`
    Long(L),
}

impl<S: Decode, L: Decode> Decode for Either<S, L> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Map(_) => L::decode(node, problems).map(Self::Long),
            Value::Scalar(_) | Value::List(_) => S::decode(node, problems).map(Self::Short),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"anyOf": [S::schema(definitions), L::schema(definitions)]})
    }
}
