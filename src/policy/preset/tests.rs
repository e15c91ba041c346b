use std::collections::BTreeSet;
use std::fs;

use super::STARTER;
use super::all;
use super::find;

#[test]
fn every_file_is_a_preset_and_they_are_sorted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/presets");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|file| file.strip_suffix(".yaml").unwrap().to_owned())
        .collect();
    let names: Vec<&str> = all().iter().map(|preset| preset.name).collect();
    assert_eq!(names, Vec::from_iter(&files));
}

#[test]
fn a_preset_is_found_by_the_name_its_document_has() {
    for preset in all() {
        assert_eq!(find(preset.name), Some(preset));
        assert_eq!(preset.text.lines().next(), Some(format!("name: {}", preset.name).as_str()));
    }
    assert_eq!(find("us-xx"), None);
}

#[test]
fn a_preset_says_that_it_is_no_legal_advice_and_of_when_it_is() {
    for preset in all() {
        let text = preset.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("As of 2026-"), "{}", preset.name);
        assert!(text.contains("not legal advice."), "{}", preset.name);
    }
}

#[test]
fn rules_carry_the_name_of_their_preset_and_a_source() {
    for preset in all() {
        let own = format!("  - name: {}-", preset.name);
        let rules = preset.text.lines().filter(|line| line.starts_with("  - name: "));
        assert!(rules.clone().all(|line| line.starts_with(&own)), "{}", preset.name);
        let sources = preset.text.lines().filter(|line| line.starts_with("    source: "));
        assert_eq!(sources.count(), rules.count(), "{}", preset.name);
    }
}

#[test]
fn the_starter_includes_presets_that_exist() {
    let included = STARTER.lines().find_map(|line| line.strip_prefix("include: [")).unwrap();
    for name in included.trim_end_matches(']').split(", ") {
        assert!(find(name).is_some(), "{name}");
    }
}
