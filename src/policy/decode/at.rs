//! Values that know their place, and values that can be stated to be unset.

use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use crate::policy::problem::Problems;
use crate::policy::source::Position;
use crate::policy::yaml::Node;

/// A value and where it was written, so that later checks can point at it.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) position: Position,
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for At<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let value = T::decode(node, problems)?;
        Some(Self { value, position: super::beginning(node) })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

/// An expectation, which may be that there is no value: `next_allowed_time: null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated<T> {
    /// The key is missing.
    Nothing,
    /// The key has `null`.
    Unset,
    /// The key has a value.
    Value(T),
}

impl<T: Decode> Decode for Stated<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        if node.value.is_nothing() {
            return Some(Self::Unset);
        }
        T::decode(node, problems).map(Self::Value)
    }

    fn absent() -> Option<Self> {
        Some(Self::Nothing)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"anyOf": [T::schema(definitions), {"type": "null"}]})
    }
}
