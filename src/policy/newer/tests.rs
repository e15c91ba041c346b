use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::*;
use crate::policy::preset;
use crate::policy::schema;

/// The keys of the language and the presets that stores of the first format can have.
const FIRST: &str = include_str!("tests/first.txt");

fn word(text: &str, format: u32) -> Option<(usize, String)> {
    newer_word(&Source::new("base", text), format).map(|it| (it.line, it.text))
}

#[test]
fn a_word_is_found_with_its_line() {
    for (text, expected) in [
        ("name: base\nchannels:\n  email: {kind: email}\n", (3, "channels.email.kind")),
        (
            "name: base\nspacing:\n  - {name: a, least: 1h}\n  - {name: b, for: {channel_kinds: [text]}, least: 1h}\n",
            (4, "spacing.for.channel_kinds"),
        ),
        (
            "name: base\nquiet_periods: [{name: a, occasion: any}]\n",
            (2, "quiet_periods.occasion: any"),
        ),
        ("name: base\ninclude:\n  - us-fl\n  - us-regf\n", (4, "include: us-regf")),
        (r#"{"name": "base", "pages": {"own_date": false}}"#, (1, "pages")),
    ] {
        let (line, said) = expected;
        assert_eq!(word(text, 1), Some((line, said.to_owned())), "{text}");
        assert_eq!(word(text, 3), None, "{text}");
    }
    for text in [
        "name: base\nchannels: {email: {consent: required}}\nquiet_periods: [{name: a, occasion: easter}]\n",
        "name: base\nchannels: {kind: {}, pages: {}, marketing: {}}\ntopics: [consents]\n",
        "name: base\ninclude: [us-fl]\nspacing: [{name: any, least: 1h, description: any}]\n",
    ] {
        assert_eq!(word(text, 1), None, "{text}");
    }
}

/// What is added to the language must be listed, or older instances would be given what they
/// cannot read.
#[test]
fn every_key_and_preset_has_its_format() {
    let first: BTreeSet<&str> = FIRST.lines().collect();
    let schema = schema::document();
    let mut now = BTreeSet::new();
    let root = schema.pointer("").unwrap();
    keys(&schema, root, &mut Vec::new(), &mut now);
    now.extend(preset::all().iter().map(|it| format!("include={}", it.name)));
    let listed = |said: &str| {
        let (path, value) = match said.split_once('=') {
            Some((path, value)) => (path, Some(value)),
            None => (said, None),
        };
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        WORDS.iter().flat_map(|(_, words)| words.iter()).any(|word| {
            fits(word, &path, value)
                || (1..path.len()).any(|length| fits(word, &path[..length], None))
        })
    };
    let unlisted: Vec<&String> =
        now.iter().filter(|it| !first.contains(it.as_str()) && !listed(it)).collect();
    assert_eq!(unlisted, Vec::<&String>::new(), "list them in WORDS, under a new format");
    let both: Vec<&&str> = first.iter().filter(|it| listed(it)).collect();
    assert_eq!(both, Vec::<&&str>::new(), "old words need no format");
}

/// The paths of all keys below a schema.
fn keys(root: &Json, schema: &Json, path: &mut Vec<String>, all: &mut BTreeSet<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        keys(root, root.pointer(reference.trim_start_matches('#')).unwrap(), path, all);
    }
    for several in ["anyOf", "oneOf", "allOf"] {
        let parts = schema.get(several).and_then(Json::as_array);
        parts.into_iter().flatten().for_each(|part| keys(root, part, path, all));
    }
    if let Some(items) = schema.get("items") {
        keys(root, items, path, all);
    }
    let below = |path: &mut Vec<String>, key: &str, schema: &Json, all: &mut BTreeSet<String>| {
        path.push(key.to_owned());
        all.insert(path.join("."));
        keys(root, schema, path, all);
        path.pop();
    };
    for (key, schema) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        below(path, key, schema, all);
    }
    if let Some(named) = schema.get("additionalProperties").filter(|it| it.is_object()) {
        below(path, "*", named, all);
    }
}
