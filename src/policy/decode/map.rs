//! Maps whose keys are names that the author chose.

use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::At;
use super::Decode;
use super::Definitions;
use super::mismatch;
use super::text;
use crate::model::Name;
use crate::policy::problem::Problems;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;
use crate::policy::yaml::quoted;

/// Values by name, in the order of the document.
#[derive(Clone, Debug)]
pub(crate) struct Named<T>(Vec<(At<Name>, T)>);

impl<T> Named<T> {
    /// The names and their values, in the order of the document.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (At<Name>, T)> {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a Named<T> {
    type Item = &'a (At<Name>, T);
    type IntoIter = std::slice::Iter<'a, (At<Name>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(node: &Rc<Node>, problems: &mut Problems) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let help = match &node.value {
                Value::List(items) => items.first().and_then(|item| match &item.value {
                    Value::Scalar(scalar) => Some(&*scalar.text),
                    Value::List(_) | Value::Map(_) => None,
                }),
                Value::Scalar(_) | Value::Map(_) => None,
            }
            .map_or_else(
                || "write names and values, such as `{name: …}`, or `{}` for none".to_owned(),
                |first| format!("write each name as a key: {}", quoted(&format!("{first}: …"))),
            );
            return mismatch(node, "a map of names", &help, problems);
        };
        let decoded: Vec<Option<(At<Name>, T)>> = entries
            .iter()
            .map(|entry| {
                let name = text::name(&entry.key, entry.position, problems);
                let value = T::decode(&entry.node, problems)?;
                Some((At { value: name?, position: entry.position }, value))
            })
            .collect();
        decoded.into_iter().collect::<Option<_>>().map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({
            "type": "object",
            "propertyNames": Name::schema(definitions),
            "additionalProperties": T::schema(definitions),
        })
    }
}
