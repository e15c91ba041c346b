//! What holds for every message.

use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prelude::prop;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use proptest::sample::select;
use unicode_normalization::UnicodeNormalization as _;

use super::super::Language;
use super::super::Meaning;
use super::super::Operator;
use super::super::kind::Key;
use super::super::table::TABLE;
use super::super::understand as understand_with;
use super::messages::said;
use crate::words::work::STEPS;

/// Single words of these kinds, as the table writes them, of the languages that are read.
fn keywords(kinds: &'static [Key]) -> Vec<&'static str> {
    let of_kinds = TABLE.classes.iter().filter(|class| {
        class.key.is_some_and(|key| kinds.contains(&key))
            && Language::READ.contains(&class.language)
    });
    of_kinds
        .flat_map(|class| class.name.split(' '))
        .filter(|entry| !entry.contains(['_', '{']))
        .collect()
}

fn stop_keyword() -> impl Strategy<Value = &'static str> {
    select(keywords(&[Key::Stop, Key::StopAlone]))
}

fn understand(text: &str) -> Meaning {
    understand_with(text, &Operator::default())
}

fn is_stop(text: &str) -> bool {
    matches!(understand(text), Meaning::Stop { .. })
}

proptest! {
    #[test]
    fn dress_never_changes_a_keyword(
        keyword in stop_keyword(),
        upper in any::<bool>(),
        before in select(vec!["", " ", "\"", "¡", "(", "...", "\u{200b}", "\n\n", "👋 "]),
        after in select(vec!["", ".", "!!!", "?", " :-(", "\"", ")", " 😡", "…", " . ", "\u{ff01}", "\n"]),
    ) {
        let keyword = if upper { keyword.to_uppercase() } else { keyword.to_owned() };
        prop_assert!(is_stop(&format!("{before}{keyword}{after}")), "{before}{keyword}{after}");
    }

    #[test]
    fn courtesy_never_changes_a_keyword(
        keyword in stop_keyword(),
        before in select(keywords(&[Key::Courtesy])),
        after in select(keywords(&[Key::Courtesy])),
        joint in select(vec![" ", ", ", ". ", "! ", "\n"]),
    ) {
        for text in [
            format!("{before}{joint}{keyword}"),
            format!("{keyword}{joint}{after}"),
            format!("{before}{joint}{keyword}{joint}{after}"),
        ] {
            prop_assert!(is_stop(&text), "{text}");
        }
    }

    #[test]
    fn accents_never_change_a_keyword(keyword in stop_keyword()) {
        let bare: String = keyword.nfd().filter(char::is_ascii).collect();
        let composed: String = keyword.nfc().collect();
        let split: String = keyword.nfd().collect();
        let wide: String = keyword.chars().map(widened).collect();
        for written in [composed, split, wide] {
            prop_assert!(is_stop(&written), "{written}");
        }
        // Cyrillic has no bare form, and `ß` is two letters.
        if bare.len() == keyword.chars().count() {
            prop_assert!(is_stop(&bare), "{bare}");
        }
    }

    #[test]
    fn a_keyword_beside_anything_is_seen(keyword in stop_keyword(), text in "[a-z ,!éñ]{0,40}") {
        for text in [format!("{keyword}\n{text}"), format!("{text}.\n{keyword}")] {
            prop_assert!(understand(&text) != Meaning::Other, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_says_nothing(keyword in stop_keyword(), text in "[a-z ]{0,40}") {
        prop_assert_eq!(understand(&format!("> {keyword}\n>> {text}\n")), Meaning::Other);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        prop_assert!(!said(&understand(&text)).is_empty());
    }

    #[test]
    fn any_message_takes_work_by_its_length(
        words in known_words(),
        joint in select(vec![" ", ", ", ".\n", "\n", "'"]),
    ) {
        work_grows_with_length(&format!("{}{joint}", words.join(joint)));
    }

    #[test]
    fn a_refusal_among_other_keywords_is_never_lost(
        refusal in stop_keyword(),
        words in proptest::collection::vec(select(keywords(&[
            Key::Stop, Key::Start, Key::Yes, Key::Help, Key::Doubt, Key::Courtesy,
        ])), 0..10),
        place in any::<prop::sample::Index>(),
        joint in select(vec!["\n", ". ", "! ", ", "]),
    ) {
        let mut words = words;
        words.insert(place.index(words.len() + 1), refusal);
        let meaning = understand(&words.join(joint));
        let is_kept = matches!(meaning, Meaning::Stop { .. } | Meaning::Unclear { .. });
        prop_assert!(is_kept, "{words:?}: {meaning:?}");
    }
}

/// How many steps of work a text of so many bytes takes that repeats a piece.
fn steps(piece: &str, bytes: usize) -> usize {
    let text = piece.repeat(bytes / piece.len());
    let before = STEPS.get();
    assert!(!said(&understand(&text)).is_empty());
    STEPS.get() - before
}

/// Four times the text is at most about four times the work.
fn work_grows_with_length(piece: &str) {
    let (short, long) = (steps(piece, 4_000), steps(piece, 16_000));
    assert!(long <= short * 5 + 1_000, "{piece:?}: {short} steps, then {long}");
}

#[test]
fn the_worst_there_is_takes_work_by_its_length() {
    for piece in [
        "stop ",
        "stop",
        "don't ",
        "> stop\n",
        "on 3 March\n",
        "from: a\n",
        "\n",
        "a\u{301}\u{327}",
        "\u{301}\u{327}",
        "\u{fdfa}",
        "s t o p ",
        "''''",
        "🛑",
        "stop calling and ",
        "stop the ",
        "please ",
        "no more ",
        "i want you to ",
        "\"stop\" ",
        "„a",
        "anrufen und ",
        "no quiero ",
        "nicht mehr wollen mails ",
        "call and the the ",
    ] {
        work_grows_with_length(piece);
    }
}

/// Words of the tables, in any order.
fn known_words() -> impl Strategy<Value = Vec<String>> {
    let entries = TABLE.classes.iter().flat_map(|class| class.name.split([' ', '_', '|']));
    let words: Vec<&str> = entries.filter(|word| !word.contains(['{', '*'])).collect();
    proptest::collection::vec(select(words).prop_map(str::to_lowercase), 1..12)
}

/// The full-width form of an ASCII letter.
fn widened(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        other => other,
    }
}
