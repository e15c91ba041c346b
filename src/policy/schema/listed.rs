//! Names that ship, listed, so that an editor completes them and marks a typo: presets, time zones
//! and occasions. A document that declares occasions of its own may name any.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::calendar::Occasion;
use crate::policy::decode::text;
use crate::policy::preset;
use crate::zone::Zones;

/// The depth to which definitions are followed.
const DEPTH_MAX: usize = 8;
/// The word that means every occasion.
const ANY: &str = "any";

/// The schema of policy documents with these lists.
pub(super) fn in_document(mut schema: Json) -> Json {
    let name = text::name_schema();
    replace(&mut schema, &name);
    let overlay = schema.get("$ref").and_then(Json::as_str).and_then(|root| {
        overlay(&json!({"$ref": root}), schema.get("$defs").unwrap_or(&Json::Null), &name, 0)
    });
    let presets: Vec<&str> = preset::all().iter().map(|it| it.name).collect();
    let occasions: Vec<&str> =
        Occasion::all().iter().map(Occasion::name).chain(std::iter::once(ANY)).collect();
    if let Some(Json::Object(definitions)) = schema.get_mut("$defs") {
        definitions.insert(
            "preset".to_owned(),
            json!({"description": "The presets that ship.", "enum": presets}),
        );
        definitions.insert(
            "occasion".to_owned(),
            json!({"description": "The occasions that ship.", "enum": occasions}),
        );
        definitions.insert("zone".to_owned(), zones());
    }
    if let (Some(overlay), Json::Object(root)) = (overlay, &mut schema) {
        root.insert("if".to_owned(), json!({"required": ["occasions"]}));
        root.insert("else".to_owned(), overlay);
    }
    schema
}

/// The zones, and fixed offsets.
fn zones() -> Json {
    let zones = Zones::bundled();
    let names: Vec<&str> = zones.names().collect();
    json!({
        "description": "The time zones of the database, and fixed offsets.",
        "anyOf": [
            {"enum": names},
            {
                "type": "string",
                "pattern": "^[+-][0-9]{2}:?[0-9]{2}$",
                "patternErrorMessage":
                    "This is not a time zone. Write it as `Europe/Paris` or `\"+01:00\"`.",
            },
        ],
    })
}

/// Puts lists in the place of names.
fn replace(schema: &mut Json, name: &Json) {
    match schema {
        Json::Array(parts) => parts.iter_mut().for_each(|part| replace(part, name)),
        Json::Object(map) => {
            if let Some(Json::Object(properties)) = map.get_mut("properties") {
                for (key, property) in properties {
                    match key.as_str() {
                        "include" => list(property, name, "preset"),
                        "time_zone" | "time_zones" | "assume" => list(property, name, "zone"),
                        _ => {}
                    }
                }
            }
            map.values_mut().for_each(|part| replace(part, name));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Lets a name, or the names of a list, be one of a definition's.
fn list(schema: &mut Json, name: &Json, definition: &str) {
    if is_name(schema, name) {
        if let (Json::Object(map), Json::Object(name)) = (&mut *schema, name) {
            name.keys().for_each(|key| {
                map.remove(key);
            });
            map.insert("$ref".to_owned(), json!(format!("#/$defs/{definition}")));
        }
        return;
    }
    match schema {
        Json::Object(map) => {
            for key in ["items", "anyOf", "oneOf"] {
                if let Some(part) = map.get_mut(key) {
                    list(part, name, definition);
                }
            }
        }
        Json::Array(parts) => parts.iter_mut().for_each(|part| list(part, name, definition)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Whether a schema is that of a name, apart from further keys.
fn is_name(schema: &Json, name: &Json) -> bool {
    let (Json::Object(schema), Json::Object(name)) = (schema, name) else { return false };
    name.iter().all(|(key, value)| schema.get(key) == Some(value))
}

/// The schema of occasions, at every place of a schema that has some.
fn overlay(schema: &Json, definitions: &Json, name: &Json, depth: usize) -> Option<Json> {
    if depth > DEPTH_MAX {
        return None;
    }
    let within = |schema: &Json| overlay(schema, definitions, name, depth + 1);
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        return within(definitions.get(reference.strip_prefix("#/$defs/")?)?);
    }
    if let Some(items) = schema.get("items") {
        return Some(json!({"items": within(items)?}));
    }
    if let Some(Json::Array(choices)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        return choices.iter().find_map(within);
    }
    let listed = json!({"$ref": "#/$defs/occasion"});
    let mut found = Map::new();
    for (key, property) in schema.get("properties")?.as_object()? {
        let part = match (key.as_str(), property.get("items")) {
            ("occasion", _) if is_name(property, name) => Some(listed.clone()),
            ("occasions", Some(items)) if is_name(items, name) => {
                Some(json!({"items": listed.clone()}))
            }
            _ => within(property),
        };
        if let Some(part) = part {
            found.insert(key.clone(), part);
        }
    }
    (!found.is_empty()).then(|| json!({"properties": found}))
}
