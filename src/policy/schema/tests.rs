use std::collections::BTreeSet;

use jsonschema::Validator;

use super::*;
use crate::policy::document::tests::LANGUAGE;
use crate::policy::document::tests::cases;
use crate::policy::documents;
use crate::policy::preset;
use crate::policy::problem::Problems;
use crate::policy::source::Source;
use crate::policy::yaml;
use crate::policy::yaml::Meaning;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

#[test]
fn the_schemas_are_schemas() {
    for schema in [document(), tests(), customer()] {
        assert!(jsonschema::meta::is_valid(&schema));
    }
}

#[test]
fn everything_that_is_read_fits_the_schema() {
    let validator = validator(&document());
    fits(&validator, "language.yaml", LANGUAGE);
    fits(&validator, "starter.yaml", preset::STARTER);
    for preset in preset::all() {
        fits(&validator, preset.name, preset.text);
    }
    let validator = self::validator(&tests());
    for (name, text) in cases() {
        fits(&validator, &name, &text);
    }
}

#[test]
fn an_editor_marks_a_name_that_does_not_ship() {
    let validator = validator(&document());
    let is_valid = |text: &str| validator.is_valid(&json(text));
    let quiet = |occasion: &str| {
        format!("name: a\nquiet_periods: [{{name: q, occasion: {occasion}, before: 3d}}]\n")
    };
    let about = |occasion: &str| {
        format!(
            "name: a\nbudgets: [{{name: b, limit: 1, per: 7d, for: {{occasions: [{occasion}]}}}}]\n"
        )
    };
    let zone = |zone: &str| format!("name: a\nsettings: {{time_zone: {{assume: {zone}}}}}\n");
    for text in [
        "name: a\ninclude: [us-tcpa]\n".to_owned(),
        quiet("mothers_day"),
        quiet("any"),
        about("mothers_day"),
        zone("Europe/Paris"),
        zone("'-06:00'"),
        // Who declares occasions knows their names.
        quiet("our_day") + "occasions: [{name: our_day, dates: [2027-01-05]}]\n",
    ] {
        assert!(is_valid(&text), "{text}");
    }
    for text in [
        "name: a\ninclude: [us-tcpaa]\n".to_owned(),
        quiet("mother_day"),
        about("mother_day"),
        zone("Europe/Pariss"),
    ] {
        assert!(!is_valid(&text), "{text}");
    }
}

#[test]
fn every_key_has_a_description() {
    for schema in [document(), tests()] {
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            assert!(definition["description"].is_string(), "{name}");
            for (key, property) in definition["properties"].as_object().into_iter().flatten() {
                let description = property["description"].as_str().unwrap_or_default();
                assert!(description.ends_with(['.', '`']), "{name}.{key}: {description:?}");
            }
        }
    }
}

/// Every value of the language's document is replaced by values of other kinds, every key is left
/// out, and a key is added everywhere. Reader and schema must agree on each of these documents.
#[test]
fn reader_and_schema_agree_on_what_is_wrong() {
    let Json::Object(language) = json(LANGUAGE) else { panic!("no map") };
    for (key, value) in language {
        agree::<Document>(&shape(), &json!({"name": "base", key: value}));
    }
}

#[test]
fn reader_and_schema_agree_on_what_is_wrong_with_tests() {
    let customer = "
        time_zone: America/New_York
        time_zones: [Europe/London]
        jurisdictions: [US-NY]
        locale: en-US
        segments: [vip]
        attributes: {age: '44'}
        opt_outs:
          - {channel: email, purpose: marketing, topic: t, brand: b, occasion: o}
          - {until: 2026-11-22T15:00:00Z}
        consents: [{channel: sms, purpose: p, at: 2026-11-22T15:00:00Z, state: pending}]
        suppressions: [{channel: email, reason: open_case, until: 2026-11-22T15:00:00Z}]
        cadence: [{channel: email, limit: 2, per: 7d}, {limit: 2, per: {calendar: week}}]
        quiet:
          - {from: 2026-12-20, to: 2027-01-05}
          - {yearly: 03-03, around: 3d}
          - {hours: {from: '18:00', to: '24:00'}}
        contacts:
          - {at: 2026-11-22T15:00:00Z, channel: email, purpose: marketing, topic: t, campaign: c}
          - {at: 2026-11-22T15:00:00Z, channel: c, purpose: p, brand: b, occasions: [o]}
          - {at: 2026-11-22T15:00:00Z, channel: c, purpose: p, priority: 50, state: sent}
        events: [{at: 2026-11-22T15:00:00Z, type: clicked, channel: email}]
    ";
    let Json::Object(parts) = json(customer) else { panic!("no map") };
    for (key, value) in parts {
        agree::<Customer>(&self::customer(), &json!({key: value}));
    }
    let test = "
        documents: [{name: base}]
        tests:
          - name: all that a test can hold
            now: 2026-11-22T15:00:00Z
            customers: {ada: {}}
            pauses: [{for: {channels: [sms]}, from: 2026-11-22T12:00:00Z, reason: outage}]
            expect:
              - contact: {customer: ada, channel: email, purpose: marketing, priority: 80}
                effect: DENY
                reasons: [BUDGET_SPENT]
                rules: [marketing-weekly]
                next_allowed_time: 2026-11-23T15:00:00Z
                valid_until: null
                remaining: {marketing-weekly: 0, other: null}
    ";
    agree::<TestDocument>(&tests(), &json(test));
}

#[track_caller]
fn agree<T: Decode>(schema: &Json, document: &Json) {
    let validator = validator(schema);
    assert!(validator.is_valid(document), "the document itself");
    let mut shapes = BTreeSet::new();
    for path in paths(document) {
        // One item of a list is as good as another, if it has the same keys.
        if !shapes.insert(path.replace(|c: char| c.is_ascii_digit(), "")) {
            continue;
        }
        for mutant in mutants_of(document, &path) {
            let fits = validator.is_valid(&mutant);
            let text = mutant.to_string();
            let mut problems = Problems::default();
            let read = documents::read::<T>(&Source::new("mutant.json", &text), &mut problems);
            let accepted = read.is_some() && problems.is_empty();
            // No schema knows which expressions compile.
            if fits && !accepted && path.ends_with("/deny_when") {
                continue;
            }
            assert_eq!(fits, accepted, "{path}: {:?}\n{problems}", mutant.pointer(&path));
        }
    }
    assert!(shapes.len() >= 2, "only {shapes:?}");
}

/// The document with the value at `path` replaced, extended, or left out.
fn mutants_of(document: &Json, path: &str) -> Vec<Json> {
    let replacements = json!([
        null, true, 7, -1, 1.5, 99_999, "", " ", "7", "7d", "0d", "7 days", "2026-12-24", "12-24",
        "08:00", "24:00", "2026-11-22T15:00:00Z", "US", "zzz", [], ["zzz"], [7], {}, {"zzz": 1},
    ]);
    let mut mutants: Vec<Json> = Vec::new();
    for replacement in replacements.as_array().unwrap() {
        let mut mutant = document.clone();
        *mutant.pointer_mut(path).unwrap() = replacement.clone();
        mutants.push(mutant);
    }
    if document.pointer(path).unwrap().is_object() {
        let mut mutant = document.clone();
        mutant.pointer_mut(path).unwrap()["zzz"] = json!(1);
        mutants.push(mutant);
    }
    if let Some((parent, key)) = path.rsplit_once('/')
        && let Some(Json::Object(_)) = document.pointer(parent)
    {
        let mut mutant = document.clone();
        mutant.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        mutants.push(mutant);
    }
    mutants
}

/// The JSON pointers of a document and of everything in it.
fn paths(value: &Json) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut add = |key: &str, value: &Json| {
        all.extend(paths(value).into_iter().map(|path| format!("/{key}{path}")));
    };
    match value {
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| add(&index.to_string(), item));
        }
        Json::Object(entries) => entries.iter().for_each(|(key, item)| add(key, item)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
    all
}

#[track_caller]
fn fits(validator: &Validator, name: &str, text: &str) {
    let errors: Vec<String> = validator
        .iter_errors(&json(text))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
}

fn validator(schema: &Json) -> Validator {
    jsonschema::draft202012::new(schema).unwrap()
}

/// What an editor makes of a text: plain scalars as the core schema of YAML 1.2 reads them.
fn json(text: &str) -> Json {
    let mut problems = Problems::default();
    let node = yaml::read(&Source::new("text", text), &mut problems);
    assert!(problems.is_empty(), "{problems}");
    to_json(&node.unwrap())
}

fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::List(items) => items.iter().map(|item| to_json(item)).collect(),
        Value::Map(entries) => {
            entries.iter().map(|it| (it.key.to_string(), to_json(&it.node))).collect()
        }
        Value::Scalar(scalar) => match scalar.meaning() {
            Meaning::Nothing => Json::Null,
            Meaning::Truth => json!(scalar.text.eq_ignore_ascii_case("true")),
            Meaning::Integer => json!(scalar.text.parse::<i64>().unwrap()),
            Meaning::Float => json!(scalar.text.parse::<f64>().unwrap()),
            Meaning::Text => json!(&*scalar.text),
        },
    }
}

#[test]
fn an_editor_tells_in_words_what_a_pattern_means() {
    fn look(schema: &serde_json::Value, path: &str, told: &mut usize) {
        if let serde_json::Value::Object(keys) = schema {
            if keys.get("pattern").is_some_and(serde_json::Value::is_string) {
                let message = keys.get("patternErrorMessage").and_then(serde_json::Value::as_str);
                assert!(message.is_some_and(|it| it.contains("Write it")), "{path}: {schema}");
                *told += 1;
            }
            keys.iter().for_each(|(key, below)| look(below, &format!("{path}/{key}"), told));
        } else if let serde_json::Value::Array(items) = schema {
            items.iter().for_each(|item| look(item, path, told));
        }
    }
    let mut told = 0;
    for schema in [document(), tests(), customer()] {
        look(&schema, "", &mut told);
    }
    assert!(told > 20, "{told}");
}
