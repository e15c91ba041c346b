//! How well messages are understood: figures over the files of `tests/inbound`, and bounds on them.
//!
//! `tests/inbound/measure FILE…` prints the figures of any files of the same form.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use sha2::Digest as _;
use sha2::Sha256;

use super::super::Language;
use super::super::Operator;
use super::super::understand;
use super::messages::said;

const TEXTS: &str = include_str!("texts.tsv");
const WRITTEN: &str = include_str!("written.tsv");
const PEOPLE: &str = include_str!("people.tsv");
/// Nothing was mended by these: they tell how texts are read that were never seen.
const FRESH: &str = include_str!("fresh.tsv");
const HELD: &str = include_str!("held.tsv");
const LAST: &str = include_str!("last.tsv");
const KEY_WORDS: &str = include_str!("../../src/inbound/tables/keywords.tsv");

/// A text, what it may mean, and its language.
struct Text<'a> {
    text: String,
    meanings: Vec<&'a str>,
    language: &'a str,
}

/// How texts of one sort were read.
#[derive(Default)]
struct Counts {
    all: usize,
    stop: usize,
    start: usize,
    unclear: usize,
    other: usize,
}

impl Counts {
    fn add(&mut self, meaning: &str) {
        self.all += 1;
        match meaning {
            "stop" => self.stop += 1,
            "start" => self.start += 1,
            "unclear" => self.unclear += 1,
            _ => self.other += 1,
        }
    }

    /// Whether at most so many of a thousand are these.
    fn at_most(&self, count: usize, per_mille: usize) -> bool {
        count * 1_000 <= self.all * per_mille
    }
}

/// What was reached with texts by which nothing was mended: of a thousand clear refusals at least
/// so many are STOP and at most so many OTHER, and of ordinary ones at most so many are STOP.
#[test]
fn texts_that_nothing_was_mended_by_are_read_as_well_as_they_were() {
    for (name, texts, [stop_min, other_max, ordinary_max]) in [
        ("fresh.tsv", FRESH, [835, 15, 15]),
        ("held.tsv", HELD, [880, 24, 24]),
        ("last.tsv", LAST, [650, 95, 17]),
    ] {
        let counts = counts(&read(texts), "all");
        let (clear, ordinary) = (&counts["clear refusal"], &counts["ordinary"]);
        assert!(clear.stop * 1_000 >= clear.all * stop_min, "{name}: {} STOP", clear.stop);
        assert!(clear.at_most(clear.other, other_max), "{name}: {} OTHER", clear.other);
        assert!(ordinary.at_most(ordinary.stop, ordinary_max), "{name}: {} STOP", ordinary.stop);
        assert_eq!(counts["refusal"].start + ordinary.start, 0, "{name}: START");
    }
}

#[test]
fn figures_are_within_their_bounds() {
    for (texts, half) in [TEXTS, WRITTEN]
        .into_iter()
        .flat_map(|texts| ["seen", "unseen", "all"].map(|half| (texts, half)))
    {
        let counts = counts(&read(texts), half);
        let refusals = &counts["refusal"];
        assert!(
            refusals.at_most(refusals.other, 10),
            "{half}: {} of {} missed",
            refusals.other,
            refusals.all
        );
        assert_eq!(refusals.start, 0, "{half}: a refusal is read as START");
        let clear = &counts["clear refusal"];
        assert!(clear.stop * 100 >= clear.all * 85, "{half}: {} of {}", clear.stop, clear.all);
        let ordinary = &counts["ordinary"];
        assert!(
            ordinary.at_most(ordinary.stop, 30),
            "{half}: {} of {}",
            ordinary.stop,
            ordinary.all
        );
        assert_eq!(ordinary.start, 0, "{half}: an ordinary sentence is read as START");
        let people = &self::counts(&read(PEOPLE), half)["ordinary"];
        assert!(people.at_most(people.stop, 3), "{half}: {} of {}", people.stop, people.all);
        assert!(people.at_most(people.unclear, 15), "{half}: {} of {}", people.unclear, people.all);
    }
}

#[test]
fn every_key_word_of_every_language_is_a_refusal_by_itself() {
    let operator = Operator::default();
    let mut languages = BTreeMap::new();
    for line in KEY_WORDS.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        if !columns[1].starts_with("stop") {
            continue;
        }
        assert!(!columns[4].is_empty(), "a key word without a source: {line}");
        let words = columns[3].split(' ').filter(|entry| !entry.contains('{'));
        for word in words.map(|entry| entry.replace('_', " ")) {
            for written in [word.clone(), word.to_uppercase(), format!("{word}!")] {
                let meaning = said(&understand(&written, &operator));
                assert!(meaning.starts_with("stop"), "{written} ({}): {meaning}", columns[0]);
            }
            *languages.entry(columns[0]).or_insert(0) += 1;
        }
    }
    assert!(languages.len() >= 35, "{} languages", languages.len());
    for language in Language::READ {
        assert!(languages[language.code()] > 10, "{}", language.code());
    }
}

/// Prints the figures: of the files that `COURTESY_TEXTS` names, or of those in the repository.
#[test]
#[expect(clippy::disallowed_methods, reason = "the script names the files in the environment")]
fn figures_are_printed() {
    let named = std::env::var("COURTESY_TEXTS").unwrap_or_default();
    let mut files = vec![
        ("tests/inbound/texts.tsv".to_owned(), TEXTS.to_owned()),
        ("tests/inbound/written.tsv".to_owned(), WRITTEN.to_owned()),
        ("tests/inbound/people.tsv".to_owned(), PEOPLE.to_owned()),
        ("tests/inbound/fresh.tsv".to_owned(), FRESH.to_owned()),
        ("tests/inbound/held.tsv".to_owned(), HELD.to_owned()),
        ("tests/inbound/last.tsv".to_owned(), LAST.to_owned()),
    ];
    for name in named.split_whitespace() {
        files.push((name.to_owned(), fs::read_to_string(name).unwrap()));
    }
    let mut report = String::new();
    for (name, text) in files {
        let before = report.len();
        for half in ["seen", "unseen", "all"] {
            for (sort, counts) in counts(&read(&text), half) {
                let Counts { all, stop, start, unclear, other } = counts;
                let [stop, start, unclear, other] =
                    [stop, start, unclear, other].map(|count| share(count, all));
                writeln!(
                    report,
                    "{name}\t{half}\t{sort}\t{all} texts: STOP {stop}, START {start}, UNCLEAR {unclear}, OTHER {other}"
                )
                .unwrap();
            }
        }
        assert!(report.len() > before, "{name} has no texts");
    }
    println!("{report}");
}

/// A count, and what it is of a hundred: `3 (0.5 %)`.
fn share(count: usize, all: usize) -> String {
    let per_mille = (count * 1_000 + all / 2).checked_div(all).unwrap_or_default();
    format!("{count} ({}.{} %)", per_mille / 10, per_mille % 10)
}

fn counts(texts: &[Text<'_>], half: &str) -> BTreeMap<&'static str, Counts> {
    let operator = Operator::default();
    let mut all: BTreeMap<&'static str, Counts> = BTreeMap::new();
    for text in texts.iter().filter(|text| half == "all" || half == half_of(&text.text)) {
        let meaning = said(&understand(&text.text, &operator));
        let meaning = meaning.split(' ').next().unwrap_or_default();
        let meaning =
            if text.meanings.contains(&"start") && meaning == "start" { "other" } else { meaning };
        let is_refusal = text.meanings.contains(&"stop") && !text.meanings.contains(&"other");
        let sort = if is_refusal { "refusal" } else { "ordinary" };
        all.entry(sort).or_default().add(meaning);
        let is_read = Language::READ.iter().any(|language| language.code() == text.language);
        if text.meanings == ["stop"] && is_read {
            all.entry("clear refusal").or_default().add(meaning);
        }
    }
    all
}

/// Lines and classes are tuned on one half of most texts, so that the other half tells how well
/// others are read by them. The weights of words are made of both.
fn half_of(text: &str) -> &'static str {
    if Sha256::digest(text.as_bytes())[0] % 2 == 0 { "seen" } else { "unseen" }
}

fn read(file: &str) -> Vec<Text<'_>> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [text, meanings, language] = columns[..] else { panic!("three columns: {line}") };
            Text {
                text: text.replace("\\n", "\n"),
                meanings: meanings.split('|').collect(),
                language,
            }
        })
        .collect()
}
