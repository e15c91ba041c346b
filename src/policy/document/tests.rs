use super::*;
use crate::policy::decode::Decode;
use crate::policy::preset;
use crate::policy::problem::Problems;
use crate::policy::source::Source;
use crate::policy::yaml;

/// The document of the language's description, which uses every key.
pub(in crate::policy) const LANGUAGE: &str = include_str!("tests/language.yaml");

#[test]
fn the_whole_language_is_read() {
    let document: Document = accept("language.yaml", LANGUAGE);
    assert_eq!(document.name.as_str(), "base");
    assert_eq!((document.channels.iter().count(), document.purposes.iter().count()), (6, 4));
    assert_eq!((document.budgets.len(), document.contact_hours.len()), (5, 3));
    let weekly = &document.budgets[0];
    assert_eq!(weekly.rule.name.as_str(), "marketing-weekly");
    assert_eq!((**weekly.limit, weekly.limits.len(), weekly.keep.len()), (3, 2, 1));
    assert!(matches!(weekly.per.value, Per::Short(span) if span.to_string() == "7d"));
    let monthly = &document.budgets[2];
    assert!(matches!(&monthly.per.value, Per::Long(window) if window.time_zone.is_some()));
    assert_eq!(monthly.cost.iter().map(|(_, cost)| **cost).sum::<u32>(), 5);
    let italy = document.contact_hours[1].holidays.as_ref().unwrap();
    assert_eq!((italy.of.len(), italy.open.len()), (1, 0));
    assert_eq!(document.reactions.len(), 5);
    assert_eq!(document.include.len(), 2);
}

#[test]
fn everything_that_ships_is_read() {
    accept::<Document>("starter.yaml", preset::STARTER);
    for preset in preset::all() {
        accept::<Document>(preset.name, preset.text);
    }
}

#[test]
fn every_case_is_read() {
    for (name, text) in cases() {
        accept::<TestDocument>(&name, &text);
    }
}

/// The test documents in `tests/cases`, by file name.
pub(in crate::policy) fn cases() -> Vec<(String, String)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut cases: Vec<(String, String)> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect();
    cases.sort();
    assert!(cases.len() >= 17, "cases are missing: {}", cases.len());
    cases
}

#[track_caller]
fn accept<T: Decode>(name: &str, text: &str) -> T {
    let mut problems = Problems::default();
    let node = yaml::read(&Source::new(name, text), &mut problems);
    let value = node.and_then(|node| T::decode(&node, &mut problems));
    assert!(problems.is_empty(), "{problems}");
    value.unwrap()
}
