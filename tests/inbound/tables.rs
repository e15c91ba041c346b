//! The tables are well formed, and no line of them is satisfied by everyday words alone.

use std::collections::BTreeSet;

use super::super::Doubt;
use super::super::Language;
use super::super::Operator;
use super::super::kind::Key;
use super::super::kind::Says;
use super::super::table::FILES;
use super::super::table::TABLE;
use super::super::table::Table;
use super::super::understand;
use super::messages::said;
use crate::words::lexicon::ClassId;
use crate::words::lexicon::unfolded;
use crate::words::pattern::Element;

/// The shortest sentence that each refusing line accepts, reviewed by people.
const SHORTEST: &str = include_str!("shortest.tsv");

#[test]
fn every_line_can_be_read() {
    assert!(TABLE.mistakes.is_empty(), "{}", TABLE.mistakes.join("\n"));
}

#[test]
fn no_line_is_there_twice() {
    for (file, text) in FILES {
        let mut seen = BTreeSet::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            assert!(seen.insert(line), "{file}, twice: {line}");
        }
    }
}

/// The classes of which every word may stand anywhere.
const FUNCTION_WORDS: [&str; 5] = ["LIGHT", "LEAD", "TAIL", "AND", "CONDITION"];

#[test]
fn no_refusing_line_is_satisfied_by_function_words() {
    for rule in TABLE.rules.iter().filter(|rule| matches!(rule.says, Says::Stop(_))) {
        let decides = rule.elements.iter().any(|element| match element {
            Element::Any(classes) => classes.iter().all(|class| {
                !FUNCTION_WORDS.contains(&TABLE.classes[*class].name)
                    && !is_light(rule.particles.light, TABLE.classes[*class].name)
            }),
            Element::Start | Element::End | Element::Gap => false,
        });
        assert!(decides, "{}:{}: {}", rule.place.file, rule.place.line, rule.text);
    }
}

/// Whether a word that a line names is one that may stand anywhere.
fn is_light(light: ClassId, word: &str) -> bool {
    TABLE.tokens(vec![word.to_owned()])[0].senses.iter().any(|sense| sense.class == light)
}

#[test]
fn the_shortest_sentences_are_the_reviewed_ones() {
    let mut derived = String::new();
    for rule in TABLE.rules.iter().filter(|rule| matches!(rule.says, Says::Stop(_))) {
        let words = rule.text.split(' ').filter(|element| {
            !matches!(*element, "^" | "$" | "..." | "&") && !element.starts_with(['!', '<'])
        });
        let shortest: Vec<String> = words
            .map(|element| shortest(rule.language, element.split('|').next().unwrap()))
            .collect();
        let (language, shortest) = (rule.language.code(), shortest.join(" "));
        derived.extend([language, "\t", &shortest, "\t", rule.text, "\n"]);
    }
    let reviewed: String = SHORTEST
        .lines()
        .filter(|line| !line.starts_with('#'))
        .fold(String::new(), |all, line| all + line + "\n");
    if reviewed != derived {
        let known: BTreeSet<&str> = reviewed.lines().collect();
        let fresh: Vec<&str> = derived.lines().filter(|line| !known.contains(line)).collect();
        panic!(
            "review these, and put all into tests/inbound/shortest.tsv:\n{}\nALL\n{derived}",
            fresh.join("\n")
        );
    }
}

/// The shortest word of a class, or the word itself.
fn shortest(language: Language, element: &str) -> String {
    if !element.starts_with(|c: char| c.is_ascii_uppercase()) {
        return element.replace('_', " ");
    }
    let file = format!("{}.tsv", language.code());
    let text = FILES.iter().find(|(name, _)| *name == file).unwrap().1;
    let columns =
        text.lines().chain(FILES.iter().find(|(name, _)| *name == "und.tsv").unwrap().1.lines());
    let mut words: Vec<String> = Vec::new();
    for line in columns.map(|line| line.split('\t').collect::<Vec<_>>()) {
        match line[..] {
            ["words", name, entries] if name == element => {
                // Of a word that is inflected, the stem.
                let plain = entries.split(' ').map(|entry| match entry.split_once('{') {
                    Some((stem, rest)) if rest.starts_with(char::is_uppercase) => stem,
                    _ => entry,
                });
                words.extend(plain.flat_map(|entry| unfolded(entry).unwrap()));
            }
            ["group", name, members] if name == element => {
                return shortest(language, members.split(' ').next().unwrap());
            }
            _ => {}
        }
    }
    let shortest = words.iter().min_by_key(|word| (word.chars().count(), *word));
    shortest.map_or(element, String::as_str).replace('_', " ")
}

#[test]
fn a_line_with_a_mistake_is_told() {
    let bad = [
        ("keywords.tsv", "english\tstop\t-\tstop\tours"),
        ("keywords.tsv", "en\tstopp\t-\tstop\tours"),
        ("keywords.tsv", "en\tstop\tall\tstop\tours"),
        ("keywords.tsv", "en\tstop\t-\tstop"),
        ("keywords.tsv", "en\tstop\t-\tone  space\tours"),
        ("keywords.tsv", "en\tstop\t-\tabc*\tours"),
        ("keywords.tsv", "en\tstop\t-\ta{b\tours"),
        ("en.tsv", "stop\t-\tUNHEARD"),
        ("en.tsv", "stop\tall\tstop"),
        ("en.tsv", "stop\t-\t^"),
        ("en.tsv", "stop\t-\tNAME stop"),
        ("en.tsv", "doubt\tworry\tstop"),
        ("en.tsv", "group\tALL\tUNHEARD"),
        ("en.tsv", "same\ttwo words\tone"),
        ("en.tsv", "stop\t-\t& UNHEARD"),
        ("en.tsv", "stop\t-\t& stop !UNHEARD"),
        ("en.tsv", "stop\t-\t& <few stop"),
        ("en.tsv", "stop\t-\tstop & calls"),
        ("scattered.tsv", "stop\t-\t& UNHEARD"),
        ("en.tsv", "words\tQUIT\tstopp{V}"),
        ("en.tsv", "words\tQUIT\ta{V}"),
        ("en.tsv", "weight\tmuch\tstop"),
        ("scattered.tsv", "weight\tmuch\tNEWS"),
        ("scattered.tsv", "weight\t1\tUNHEARD"),
    ];
    for (file, line) in bad {
        let table = Table::parse(&[(file, line)]);
        assert_eq!(table.mistakes.len(), 1, "{line}");
        assert_eq!(table.rules.len(), 0, "{line}");
    }
}

#[test]
fn a_stem_stands_for_its_inflected_forms_alone() {
    let table = Table::parse(&[("es.tsv", "endings\tAR\t- a en énme\nwords\tQUIT\tdej{AR}")]);
    assert!(table.mistakes.is_empty(), "{:?}", table.mistakes);
    let is_quit = |word: &str| {
        let senses = &table.tokens(vec![word.to_owned()])[0].senses;
        senses.iter().any(|sense| table.classes[sense.class].name == "QUIT")
    };
    assert!(["dej", "deja", "dejen", "dejenme"].into_iter().all(is_quit));
    assert!(!is_quit("dejadez"));
}

#[test]
fn a_line_in_any_order_asks_for_a_word_in_each_of_its_places() {
    let understood = |text: &str| said(&understand(text, &Operator::default()));
    for text in [
        "of your newsletters I honestly want none",
        "these newsletters of yours honestly have to vanish",
    ] {
        assert!(understood(text).starts_with("stop"), "{text}: {}", understood(text));
    }
    // One word is not two, what is innocent is not ours, and a condition is no refusal.
    for text in ["call", "I want none of the onions", "I want no calls while I am in the meeting"] {
        assert!(!understood(text).starts_with("stop"), "{text}: {}", understood(text));
    }
}

#[test]
fn every_language_that_is_read_has_every_sort_of_line() {
    for language in Language::READ {
        let rules: Vec<Says> = TABLE
            .rules
            .iter()
            .filter(|rule| rule.language == language)
            .map(|rule| rule.says)
            .collect();
        for says in [
            Says::Negated,
            Says::Innocent,
            Says::Stop(None),
            Says::Doubt(Doubt::Death),
            Says::Doubt(Doubt::WrongPerson),
            Says::Doubt(Doubt::Legal),
            Says::Doubt(Doubt::Abuse),
            Says::Doubt(Doubt::Complaint),
            Says::Doubt(Doubt::Mentions),
        ] {
            assert!(rules.contains(&says), "{}: no {says:?}", language.code());
        }
        for key in [Key::Stop, Key::StopAlone, Key::Start, Key::Yes, Key::Help, Key::Courtesy] {
            let has = TABLE.classes.iter().any(|it| it.key == Some(key) && it.language == language);
            assert!(has, "{}: no {key:?}", language.code());
        }
    }
}

#[test]
fn the_documents_name_every_language() {
    let documents = include_str!("../../docs/inbound.md");
    for class in TABLE.classes.iter().filter(|class| class.key == Some(Key::Stop)) {
        let code = class.language.code();
        let is_named = documents.contains(&format!("`{code}`"));
        assert!(is_named || class.language == Language::UNDETERMINED, "{code}");
    }
}
