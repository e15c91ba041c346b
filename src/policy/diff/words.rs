//! Values and their differences as one writes them on a line.

use std::collections::BTreeMap;

use super::declarations::Declaration;
use super::declarations::Says;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

/// The longest value that is shown whole, in characters.
const SHOWN_MAX: usize = 80;
/// The words for a missing value.
const UNSET: &str = "not set";

/// The content of a new declaration, after a colon.
pub(super) fn summary(thing: &Declaration) -> String {
    let said: Vec<String> =
        thing.says.iter().map(|(key, says)| format!("{key} {}", short(&shown(says)))).collect();
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

/// The differences of a declaration that stays.
pub(super) fn difference(old: &Declaration, new: &Declaration) -> Vec<String> {
    let mut differences = Vec::new();
    compare("", &old.says, &new.says, &mut differences);
    differences
}

fn compare(
    path: &str,
    old: &BTreeMap<String, Says>,
    new: &BTreeMap<String, Says>,
    differences: &mut Vec<String>,
) {
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (old.get(key), new.get(key)) {
            (Some(Says::Map(old)), Some(Says::Map(new))) => {
                compare(&path, old, new, differences);
            }
            (old, new) if old != new => {
                let words = |says: Option<&Says>| {
                    says.map_or_else(|| UNSET.to_owned(), |says| short(&shown(says)))
                };
                let (old, new) = (words(old), words(new));
                let same = if old == new { " (beyond what is shown)" } else { "" };
                differences.push(format!("{path} {old} → {new}{same}"));
            }
            (_, _) => {}
        }
    }
}

fn shown(says: &Says) -> String {
    match says {
        Says::Value(value) => value.clone(),
        Says::Map(map) => {
            let entries = map.iter().map(|(key, says)| format!("{key}: {}", shown(says)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A value on one line, as a document could hold it.
pub(super) fn written(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let mut entries: Vec<String> =
                entries.iter().map(|it| format!("{}: {}", it.key, written(&it.node))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
