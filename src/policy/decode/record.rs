//! Maps whose keys are the fields of a struct.

use std::rc::Rc;

use serde_json::Value as Json;
use serde_json::json;

use super::Decode;
use super::Definitions;
use super::suggestion;
use crate::policy::problem::Problems;
use crate::policy::source::Position;
use crate::policy::yaml::Entry;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;
use crate::policy::yaml::quoted;

/// A struct whose fields are the keys of a map. [`record!`] declares one.
pub(crate) trait Record: Sized {
    /// The name of its definition in the schema.
    const NAME: &'static str;
    /// The description, as the lines of its doc comment.
    const DOC: &'static [&'static str];
    /// The constraints between keys.
    const CONSTRAINTS: &'static [Constraint];

    /// Reads the fields; every one, also after a mistake.
    fn read(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Self>;

    /// Describes the fields.
    fn describe(keys: &mut Keys<'_>);
}

/// The types that a field of a record can have: a value under the name of the field, or values
/// under names of their own.
pub(crate) trait Member: Sized {
    /// Reads it.
    fn take(fields: &mut Fields<'_>, name: &'static str, problems: &mut Problems) -> Option<Self>;

    /// Describes it.
    fn describe(keys: &mut Keys<'_>, name: &'static str, doc: &[&str]);
}

impl<T: Decode> Member for T {
    fn take(fields: &mut Fields<'_>, name: &'static str, problems: &mut Problems) -> Option<Self> {
        let key = key_of(name);
        fields.known.push(key);
        if let Some(entry) = fields.entry(key) {
            return T::decode(&entry.node, problems);
        }
        let absent = T::absent();
        if absent.is_none() {
            let message = format!("the key `{key}` is missing");
            problems.error(fields.at, message, format!("add `{key}: …`"));
        }
        absent
    }

    fn describe(keys: &mut Keys<'_>, name: &'static str, doc: &[&str]) {
        let key = key_of(name);
        let mut schema = T::schema(keys.definitions);
        if let (Some(schema), Some(description)) = (schema.as_object_mut(), description(doc)) {
            schema.insert("description".to_owned(), Json::String(description));
        }
        keys.properties.insert(key.to_owned(), schema);
        if T::absent().is_none() {
            keys.required.push(key);
        }
    }
}

/// A constraint between the keys of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Constraint {
    /// Exactly one of these keys.
    ExactlyOne(&'static [&'static str]),
    /// At least one of these keys.
    AtLeastOne(&'static [&'static str]),
    /// The first makes sense only beside the second.
    Needs(&'static str, &'static str),
    /// The first makes no sense beside the second.
    Excludes(&'static str, &'static str),
}

/// The keys of a map, while its fields are read.
pub(crate) struct Fields<'a> {
    entries: &'a [Entry],
    known: Vec<&'static str>,
    at: Position,
}

impl Fields<'_> {
    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key == key)
    }

    fn check(&self, constraint: Constraint, problems: &mut Problems) -> Option<()> {
        let present = |keys: &[&'static str]| -> Vec<&Entry> {
            self.entries.iter().filter(|entry| keys.contains(&&*entry.key)).collect()
        };
        let (at, message, help) = match constraint {
            Constraint::ExactlyOne(keys) | Constraint::AtLeastOne(keys)
                if present(keys).is_empty() =>
            {
                let words = super::alternatives(keys);
                (self.at, format!("one of the keys {words} is missing"), "add one".to_owned())
            }
            Constraint::ExactlyOne(keys) => match present(keys).as_slice() {
                [first, second, ..] => {
                    let message =
                        format!("`{}` and `{}` cannot be used together", first.key, second.key);
                    (second.position, message, "keep one of them".to_owned())
                }
                [] | [_] => return Some(()),
            },
            Constraint::Needs(key, other) => match (self.entry(key), self.entry(other)) {
                (Some(entry), None) => {
                    let message = format!("`{key}` has no meaning without `{other}`");
                    (entry.position, message, format!("add `{other}`, or remove `{key}`"))
                }
                _ => return Some(()),
            },
            Constraint::Excludes(key, other) => match (self.entry(key), self.entry(other)) {
                (Some(entry), Some(_)) => {
                    let message = format!("`{key}` has no meaning beside `{other}`");
                    (entry.position, message, "remove one of them".to_owned())
                }
                _ => return Some(()),
            },
            Constraint::AtLeastOne(_) => return Some(()),
        };
        problems.error(at, message, help);
        None
    }

    /// Reports the keys that no field has.
    fn finish(&self, problems: &mut Problems) {
        for entry in self.entries {
            if !self.known.contains(&&*entry.key) {
                let message = format!("unknown key {}", quoted(&entry.key));
                let help = || suggestion(&entry.key, &self.known, "remove it");
                problems.error_with(entry.position, message, help);
            }
        }
    }
}

/// The keys of a map, while its schema is written.
pub(crate) struct Keys<'a> {
    properties: serde_json::Map<String, Json>,
    required: Vec<&'static str>,
    definitions: &'a mut Definitions,
}

/// Reads a record, and reports the keys it does not have.
pub(crate) fn decode_record<T: Record>(node: &Rc<Node>, problems: &mut Problems) -> Option<T> {
    let Value::Map(entries) = &node.value else {
        let message = format!("expected a map, found {}", node.value.describe());
        problems.error_with(node.position, message, || example::<T>(node));
        return None;
    };
    let at = super::beginning(node);
    let mut fields = Fields { entries, known: Vec::new(), at };
    let record = T::read(&mut fields, problems);
    fields.finish(problems);
    let constraints = T::CONSTRAINTS.iter().map(|it| fields.check(*it, problems));
    let kept: Vec<Option<()>> = constraints.collect();
    record.filter(|_| kept.iter().all(Option::is_some))
}

/// An example of the record, for a node of another kind.
fn example<T: Record>(node: &Node) -> String {
    let Keys { properties, required, .. } = keys::<T>(&mut Definitions::new());
    let asks_for_one =
        |it: &Constraint| matches!(it, Constraint::ExactlyOne(_) | Constraint::AtLeastOne(_));
    let may_be_empty = required.is_empty() && !T::CONSTRAINTS.iter().any(asks_for_one);
    if node.value.is_nothing() && may_be_empty {
        return "write `{}`, or remove the key".to_owned();
    }
    let first = properties.keys().next().map(String::as_str);
    let shown = if required.is_empty() { first.into_iter().collect() } else { required };
    format!("write keys and values, such as `{{{}: …}}`", shown.join(": …, "))
}

fn keys<T: Record>(definitions: &mut Definitions) -> Keys<'_> {
    let mut keys = Keys { properties: serde_json::Map::new(), required: Vec::new(), definitions };
    T::describe(&mut keys);
    keys
}

/// Describes a record among the definitions, and refers to it.
pub(crate) fn record_schema<T: Record>(definitions: &mut Definitions) -> Json {
    let reference = json!({"$ref": format!("#/$defs/{}", T::NAME)});
    if definitions.contains_key(T::NAME) {
        return reference;
    }
    let Keys { properties, required, .. } = keys::<T>(definitions);
    let mut schema = json!({"type": "object", "additionalProperties": false});
    if let Some(schema) = schema.as_object_mut() {
        if let Some(description) = description(T::DOC) {
            schema.insert("description".to_owned(), Json::String(description));
        }
        schema.insert("properties".to_owned(), Json::Object(properties));
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        if !T::CONSTRAINTS.is_empty() {
            let all: Vec<Json> = T::CONSTRAINTS.iter().map(|it| it.schema()).collect();
            schema.insert("allOf".to_owned(), Json::Array(all));
        }
    }
    definitions.insert(T::NAME.to_owned(), schema);
    reference
}

impl Constraint {
    fn schema(self) -> Json {
        let each = |keys: &[&str]| -> Vec<Json> {
            keys.iter().map(|key| json!({"required": [key]})).collect()
        };
        match self {
            Self::ExactlyOne(keys) => json!({"oneOf": each(keys)}),
            Self::AtLeastOne(keys) => json!({"anyOf": each(keys)}),
            Self::Needs(key, other) => json!({"dependentRequired": {key: [other]}}),
            Self::Excludes(key, other) => json!({"not": {"required": [key, other]}}),
        }
    }
}

/// The key of a field: keys that are words of Rust have `r#` before them there.
fn key_of(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The lines of a doc comment as one text.
fn description(doc: &[&str]) -> Option<String> {
    let lines: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
    let text = lines.join(" ");
    (!text.is_empty()).then_some(text)
}

/// Declares a struct whose fields are the keys of a map, and how it is read and described.
///
/// `struct Budget with rule: Rule { … }` has the keys of `Rule` as well, in a field `rule`. Fields
/// of type `Option`, `Vec`, `Named` and `Stated` may be left out. Constraints follow after `where`.
macro_rules! record {
    (
        $(#![$attribute:meta])?
        $(#[doc = $doc:literal])*
        $visibility:vis struct $name:ident $(with $base_field:ident: $base:ident)? {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
        $(where $($constraint:expr),+ $(,)?)?
    ) => {
        $(#[$attribute])?
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        $visibility struct $name {
            $(
                #[doc = concat!("The keys it shares with others: a [`", stringify!($base), "`].")]
                pub(crate) $base_field: $base,
            )?
            $($(#[doc = $field_doc])* pub(crate) $field: $type,)*
        }

        impl $crate::policy::decode::Record for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static [&'static str] = &[$($doc),*];
            const CONSTRAINTS: &'static [$crate::policy::decode::Constraint] =
                &[$($($constraint),+)?];

            fn read(
                fields: &mut $crate::policy::decode::Fields<'_>,
                problems: &mut $crate::policy::problem::Problems,
            ) -> Option<Self> {
                $(let $base_field =
                    <$base as $crate::policy::decode::Record>::read(fields, problems);)?
                $(let $field = <$type as $crate::policy::decode::Member>::take(
                    fields,
                    stringify!($field),
                    problems,
                );)*
                Some(Self {
                    $($base_field: $base_field?,)?
                    $($field: $field?,)*
                })
            }

            fn describe(keys: &mut $crate::policy::decode::Keys<'_>) {
                $(<$base as $crate::policy::decode::Record>::describe(keys);)?
                $(<$type as $crate::policy::decode::Member>::describe(
                    keys,
                    stringify!($field),
                    &[$($field_doc),*],
                );)*
            }
        }

        impl $crate::policy::decode::Decode for $name {
            fn decode(
                node: &std::rc::Rc<$crate::policy::yaml::Node>,
                problems: &mut $crate::policy::problem::Problems,
            ) -> Option<Self> {
                $crate::policy::decode::decode_record(node, problems)
            }

            fn schema(definitions: &mut $crate::policy::decode::Definitions) -> serde_json::Value {
                $crate::policy::decode::record_schema::<Self>(definitions)
            }
        }
    };
}

pub(crate) use record;
