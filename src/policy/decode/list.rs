//! Lists.

use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use super::mismatch;
use crate::policy::problem::Problems;
use crate::policy::rules::RULES_MAX;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

/// A list that may be empty or left out.
impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let Value::List(items) = &node.value else {
            let help = match &node.value {
                Value::Scalar(_) if node.value.is_nothing() => "write `[]`, or remove the key",
                Value::Scalar(_) => "put it in brackets, even if it is the only one",
                Value::List(_) | Value::Map(_) => {
                    "begin each item with `- `, or put it in brackets"
                }
            };
            return mismatch(node, "a list", help, problems);
        };
        // Every item is read, also after a mistake, so that all mistakes are shown.
        let decoded: Vec<Option<T>> = items.iter().map(|item| T::decode(item, problems)).collect();
        decoded.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"type": "array", "items": T::schema(definitions)})
    }
}

/// A list of rules, which may be empty or left out: a policy has at most [`RULES_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct Rules<T>(Vec<T>);

impl<T> Deref for Rules<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Decode> Decode for Rules<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        // Rules take time to read, so there are never more of them read than there can be.
        if let Value::List(items) = &node.value
            && let Some(excess) = items.get(RULES_MAX)
        {
            problems.error(super::beginning(excess), TOO_MANY_RULES, "remove what is not needed");
            return None;
        }
        Decode::decode(node, problems).map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"type": "array", "items": T::schema(definitions), "maxItems": RULES_MAX})
    }
}

/// The error for one rule more than [`RULES_MAX`].
pub(crate) const TOO_MANY_RULES: &str =
    "a policy has at most 1000 rules, those of presets included, and this is one more";

/// A list that may be empty, but not left out.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(Vec<T>);

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Decode> Decode for List<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        Decode::decode(node, problems).map(Self)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        Vec::<T>::schema(definitions)
    }
}

/// A list with something in it.
#[derive(Clone, Debug)]
pub(crate) struct AtLeastOne<T>(Vec<T>);

impl<T> AtLeastOne<T> {
    /// The items.
    pub(crate) fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> Deref for AtLeastOne<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Decode> Decode for AtLeastOne<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let items: Vec<T> = Decode::decode(node, problems)?;
        if items.is_empty() {
            let help = "write at least one item";
            problems.error(node.position, "this list must not be empty", help);
            return None;
        }
        Some(Self(items))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"type": "array", "items": T::schema(definitions), "minItems": 1})
    }
}

/// One item, or a list of several.
#[derive(Clone, Debug)]
pub(crate) struct OneOrMore<T>(Vec<T>);

impl<T> Deref for OneOrMore<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Decode> Decode for OneOrMore<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::List(_) => AtLeastOne::decode(node, problems).map(|list| Self(list.0)),
            Value::Scalar(_) | Value::Map(_) => T::decode(node, problems).map(|it| Self(vec![it])),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"anyOf": [T::schema(definitions), AtLeastOne::<T>::schema(definitions)]})
    }
}
