//! The table of messages, `tests/inbound/messages.tsv`, and what a meaning says about itself.

use std::collections::BTreeMap;

use super::super::Breadth;
use super::super::Doubt;
use super::super::INBOUND_TEXT_MAX;
use super::super::Meaning;
use super::super::Operator;
use super::super::understand as understand_with;

fn understand(text: &str) -> Meaning {
    understand_with(text, &Operator::default())
}

const MESSAGES: &str = include_str!("messages.tsv");

#[test]
fn every_message_is_understood() {
    let wrong: Vec<String> = messages()
        .filter(|message| said(&understand(&message.text)) != message.meaning)
        .map(|message| {
            let got = understand(&message.text);
            format!("{:?}: not {}, but {got:?}", message.text, message.meaning)
        })
        .collect();
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_language_has_refusals_and_what_looks_like_them() {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for message in messages() {
        let (refusals, others) = counts.entry(message.language).or_default();
        *(if message.meaning.starts_with("stop") { refusals } else { others }) += 1;
    }
    for language in ["en", "es", "fr", "de", "pt", "it"] {
        let (refusals, others) = counts[language];
        assert!(refusals + others >= 60, "{language}: {refusals} + {others}");
        assert!(refusals >= 30 && others >= 20, "{language}: {refusals} + {others}");
    }
}

#[test]
fn a_meaning_says_which_line_of_which_table_decided() {
    let Meaning::Stop { breadths, because } = understand("Please OPT-OUT!") else {
        panic!("no STOP")
    };
    assert_eq!(breadths, [Breadth::Unsaid]);
    assert_eq!((because.language.code(), because.words.as_str()), ("en", "optout"));
    assert_eq!(because.source, Some("47 CFR 64.1200(a)(10); Twilio; AWS"));
    assert_eq!(because.place.unwrap().file, "keywords.tsv");

    let Meaning::Unclear { doubt, because } = understand("¡Por favor, no me den de baja!") else {
        panic!("not unclear")
    };
    assert_eq!(doubt, Doubt::Negated);
    assert_eq!(because.to_string(), "`no me den de baja` (es)");
    assert_eq!((because.source, because.place.unwrap().file), (None, "es.tsv"));
}

#[test]
fn what_is_beyond_the_bound_is_not_read() {
    let filler = |bytes: usize| "so ".chars().cycle().take(bytes).collect::<String>();
    let within = format!("{}. stop", filler(INBOUND_TEXT_MAX - 7));
    assert_eq!(said(&understand(&within)), "stop");
    let beyond = format!("{}. stop", filler(INBOUND_TEXT_MAX));
    assert_eq!(understand(&beyond), Meaning::Other);
    // A word that is cut in two is no word.
    let cut = format!("{} stopwatch", filler(INBOUND_TEXT_MAX - 5));
    assert_eq!(understand(&cut), Meaning::Other);
}

#[test]
fn quoted_text_does_not_use_up_the_bound() {
    let quoted = "> Big sale today, and tomorrow, and the day after\n".repeat(20_000);
    assert_eq!(said(&understand(&format!("{quoted}\nSTOP"))), "stop");
}

struct Message {
    language: &'static str,
    meaning: &'static str,
    text: String,
}

fn messages() -> impl Iterator<Item = Message> {
    MESSAGES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [language, meaning, text] = columns[..] else { panic!("three columns: {line}") };
        Message { language, meaning, text: text.replace("\\n", "\n") }
    })
}

/// A meaning as the table has it.
pub(super) fn said(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Stop { breadths, .. } => {
            let said = breadths.iter().filter(|breadth| **breadth != Breadth::Unsaid);
            let said: Vec<String> =
                said.map(|breadth| format!("{breadth:?}").to_lowercase()).collect();
            format!("stop {}", said.join("+")).trim_end().to_owned()
        }
        Meaning::Start { .. } => "start".to_owned(),
        Meaning::Yes { .. } => "yes".to_owned(),
        Meaning::Help { .. } => "help".to_owned(),
        Meaning::Unclear { doubt, .. } => format!("unclear {doubt:?}").to_lowercase(),
        // A wish such as "do not call before noon" is no refusal of anything.
        Meaning::Preference { .. } | Meaning::Other => "other".to_owned(),
    }
}
