use std::collections::BTreeSet;
use std::fs;

use jiff::civil::Date;
use jiff::civil::date;

use super::STARTER;
use super::all;
use super::find;
use crate::model::Day;
use crate::policy::Confidence;

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
fn a_preset_says_that_it_is_no_legal_advice_how_sure_it_is_and_of_when() {
    for preset in all() {
        let about = preset.about();
        assert!(about.description.ends_with(" A summary, not legal advice."), "{}", preset.name);
        let reviewed = about.reviewed.unwrap_or_else(|| panic!("{}", preset.name));
        assert!(about.confidence.is_some(), "{}", preset.name);
        assert!(!about.sources.is_empty(), "{}", preset.name);
        let is_newer = |(_, seen): &(String, Day)| *seen > reviewed;
        assert!(!about.sources.iter().any(is_newer), "{}", preset.name);
        for part in &about.parts {
            assert!(!part.source.is_empty(), "{}", part.name);
        }
    }
}

#[test]
fn what_one_vendor_says_is_included_by_name_only() {
    let low = |name: &str| find(name).unwrap().about().confidence == Some(Confidence::Low);
    assert!(all().iter().any(|preset| low(preset.name)));
    for preset in all() {
        for name in preset.about().includes {
            assert!(!low(&name), "{} includes {name}", preset.name);
        }
    }
}

#[test]
fn a_part_that_has_ended_is_not_in_force_since_the_day_after_its_last() {
    let about = find("fr-bloctel").unwrap().about();
    let why = |name: &str, day: Date| {
        let part = about.parts.iter().find(|part| part.name == name).unwrap();
        part.not_in_force(day.into()).map(|why| why.to_string())
    };
    let ended = Some("not in force since 2026-08-11".to_owned());
    assert_eq!(why("fr-bloctel-refusal", date(2026, 8, 10)), None);
    assert_eq!(why("fr-bloctel-refusal", date(2026, 8, 11)), ended);
    let to_come = Some("not in force until 2026-08-11".to_owned());
    assert_eq!(why("fr-bloctel-consent", date(2026, 8, 10)), to_come);
    assert_eq!(why("fr-bloctel-consent", date(2026, 8, 11)), None);
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
