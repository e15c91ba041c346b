//! The table of words is well formed.

use std::collections::BTreeSet;

use super::super::Language;
use super::super::clause;
use super::super::table::Kind;
use super::super::table::TABLE;
use super::super::table::TEXT;
use super::super::table::Table;

#[test]
fn every_line_can_be_read() {
    let lines: Vec<&str> = TEXT.lines().collect();
    let mistakes: Vec<String> =
        TABLE.mistakes.iter().map(|number| format!("{number}: {}", lines[number - 1])).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn no_line_is_there_twice() {
    let mut seen = BTreeSet::new();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        assert!(seen.insert(line), "twice: {line}");
    }
}

#[test]
fn no_refusal_is_courtesy_elsewhere() {
    let stops =
        TABLE.entries.iter().filter(|entry| matches!(entry.kind, Kind::Stop | Kind::StopAlone));
    for word in stops.flat_map(|entry| entry.pattern.single_words()) {
        assert!(!clause::is_courtesy(std::slice::from_ref(word)), "{word}");
    }
}

#[test]
fn a_line_with_a_mistake_is_told() {
    let bad = [
        "xx\tstop\t-\tstop",
        "en\tstopp\t-\tstop",
        "en\tstop\tall\tstop",
        "en\tstop\t-",
        "en\tstop\t-\tstop\tsource\tmore",
        "en\tstop\t-\tone  space",
        "en\tstop\t-\tone-word",
        "en\tstop\t-\ta|",
        "en\tstop\t-\tmaybe?",
        "en\tstop\t-\ta b? c? d? e? f?",
        "en\tstop\t-\ta b c d e f g h i j k l m",
    ];
    for line in bad {
        let table = Table::parse(line);
        assert_eq!((table.mistakes, table.entries.len()), (vec![1], 0), "{line}");
    }
}

#[test]
fn every_language_has_its_words() {
    let six = [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::German,
        Language::Portuguese,
        Language::Italian,
    ];
    let kinds = [
        Kind::Stop,
        Kind::StopAlone,
        Kind::StopPhrase,
        Kind::Start,
        Kind::Yes,
        Kind::Help,
        Kind::Doubt,
        Kind::Mention,
        Kind::WrongPerson,
        Kind::Negated,
        Kind::Innocent,
        Kind::Courtesy,
        Kind::Filler,
        Kind::ReplyOpener,
        Kind::ReplyVerb,
        Kind::Original,
        Kind::HeadFrom,
        Kind::HeadNext,
        Kind::Device,
    ];
    for language in six {
        for kind in kinds {
            let has =
                TABLE.entries.iter().any(|entry| entry.kind == kind && entry.language == language);
            assert!(has, "{}: no {kind:?}", language.code());
        }
    }
}
