//! The tables, `tables/*.tsv`, read once.

mod parse;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Breadth;
use super::Match;
use super::kind::Key;
use super::kind::Says;
use super::language::Language;
use super::scattered::Scattered;
use crate::words::lexicon::ClassId;
use crate::words::lexicon::Lexicon;
use crate::words::lexicon::Sense;
use crate::words::pattern::Element;
use crate::words::pattern::Particles;
use crate::words::pattern::Token;
use crate::words::slips::Slips;
use crate::words::weights::Weighed;
use crate::words::weights::Weights;
use crate::words::work;

/// The files. Each says at its head what its columns are.
pub(super) const FILES: [(&str, &str); 11] = [
    ("keywords.tsv", include_str!("tables/keywords.tsv")),
    ("others.tsv", include_str!("tables/others.tsv")),
    ("mail.tsv", include_str!("tables/mail.tsv")),
    ("und.tsv", include_str!("tables/und.tsv")),
    ("scattered.tsv", include_str!("tables/scattered.tsv")),
    ("en.tsv", include_str!("tables/en.tsv")),
    ("es.tsv", include_str!("tables/es.tsv")),
    ("fr.tsv", include_str!("tables/fr.tsv")),
    ("de.tsv", include_str!("tables/de.tsv")),
    ("pt.tsv", include_str!("tables/pt.tsv")),
    ("it.tsv", include_str!("tables/it.tsv")),
];

/// The shipped tables. A line that cannot be read is left out; a test holds that there is none.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(&FILES));

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The table's file.
    pub file: &'static str,
    /// The line, from one.
    pub line: usize,
}

/// What is known of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Keys,
    Words,
    Sentences,
}

/// A class of words.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) language: Language,
    /// The number of its language.
    tongue: usize,
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) key: Option<Key>,
    pub(super) breadth: Option<Breadth>,
    pub(super) source: Option<&'static str>,
}

/// A line of a grammar.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) says: Says,
    pub(super) language: Language,
    /// The number of its language.
    pub(super) tongue: usize,
    pub(super) elements: Vec<Element>,
    /// Unset where the elements stand in their order.
    pub(super) scattered: Option<Scattered>,
    pub(super) particles: Particles,
    pub(super) text: &'static str,
    pub(super) place: Place,
}

/// All the tables.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) lexicon: Lexicon,
    pub(super) classes: Vec<Class>,
    pub(super) rules: Vec<Rule>,
    /// The lines that could not be read.
    pub(super) mistakes: Vec<String>,
    /// By a class, the lines that can begin with it.
    by_class: Vec<Vec<usize>>,
    /// By a class, the lines in any order that name it first.
    scattered: Vec<Vec<usize>>,
    names: BTreeMap<(Language, &'static str), Vec<ClassId>>,
    languages: Vec<(Language, Known)>,
    /// Classes of words of which slips are known, and these.
    with_slips: Vec<ClassId>,
    slips: Slips,
    /// The key words of one word that are refusals by themselves.
    pub(super) single_keys: Vec<(&'static str, ClassId)>,
    pub(super) weights: Weights,
    /// The words that the lines of mail programs begin with.
    pub(super) mail_words: BTreeSet<String>,
}

/// Classes of words that no line of a table has: courtesies of all languages, numbers of so many
/// digits or more, and words that no table knows.
pub(super) const COURTESY: ClassId = 0;
pub(super) const NUMBER: ClassId = 1;
pub(super) const NAME: ClassId = 2;
const NUMBER_DIGITS_MIN: usize = 4;

impl Rule {
    /// Whether there are words for all of its places, by the classes that are there. Of most lines
    /// there are not, so that they need not be held against a clause.
    pub(super) fn may_be_in(&self, there: &[bool]) -> bool {
        self.elements.iter().rev().all(|element| match element {
            Element::Any(classes) => classes.iter().any(|it| there.get(*it) == Some(&true)),
            Element::Start | Element::End | Element::Gap => true,
        })
    }
}

impl Class {
    /// That words of a message are of it.
    pub(super) fn found(&self, words: String) -> Match {
        let (language, phrase) = (self.language, self.name);
        Match { language, phrase, words, source: self.source, place: Some(self.place) }
    }
}

impl Table {
    /// The classes of each word.
    pub(super) fn tokens(&self, words: Vec<String>) -> Vec<Token> {
        let ids = self.lexicon.ids(&words);
        let token = |(at, word): (usize, String)| {
            work::step();
            let mut senses = self.lexicon.senses(&word, ids.get(at..).unwrap_or_default());
            if senses.is_empty()
                && let Some(meant) = self.slips.meant(&word)
            {
                senses = self.lexicon.senses(meant, &self.lexicon.ids(&[meant.to_owned()]));
                senses.retain(|sense| self.key(sense).is_none_or(|key| key == Key::Stop));
            }
            let courtesy = senses.iter().find(|sense| self.key(sense) == Some(Key::Courtesy));
            senses.extend(courtesy.map(|sense| Sense { class: COURTESY, ..*sense }));
            if word.len() >= NUMBER_DIGITS_MIN && word.bytes().all(|c| c.is_ascii_digit()) {
                senses.push(Sense { class: NUMBER, length: 1 });
            } else if senses.is_empty() && word.chars().all(char::is_alphabetic) {
                senses.push(Sense { class: NAME, length: 1 });
            }
            Token { word, senses }
        };
        words.into_iter().enumerate().map(token).collect()
    }

    pub(super) fn key(&self, sense: &Sense) -> Option<Key> {
        self.classes.get(sense.class).and_then(|class| class.key)
    }

    /// How many words the longest key of these kinds has at the start of these.
    pub(super) fn longest(&self, words: &[String], kinds: &[Key]) -> Option<usize> {
        let senses = self.lexicon.senses(words.first()?, &self.lexicon.ids(words));
        let is_one = |sense: &&Sense| self.key(sense).is_some_and(|key| kinds.contains(&key));
        senses.iter().find(is_one).map(|sense| sense.length)
    }

    /// Which classes have a word among these.
    pub(super) fn there<T: Borrow<Token>>(&self, tokens: &[T]) -> Vec<bool> {
        let mut there = vec![false; self.classes.len()];
        for sense in tokens.iter().flat_map(|token| &token.borrow().senses) {
            if let Some(class) = there.get_mut(sense.class) {
                *class = true;
            }
        }
        there
    }

    /// The lines in any order of which this word may be the first.
    pub(super) fn scattered_with(&self, token: &Token) -> impl Iterator<Item = &Rule> {
        let rules = token.senses.iter().filter_map(|sense| self.scattered.get(sense.class));
        rules.flatten().filter_map(|rule| self.rules.get(*rule))
    }

    /// The lines that may begin with this word.
    pub(super) fn beginning_with(&self, token: &Token) -> impl Iterator<Item = &Rule> {
        let rules = token.senses.iter().filter_map(|sense| self.by_class.get(sense.class));
        rules.flatten().filter_map(|rule| self.rules.get(*rule))
    }

    /// How many of the words are known in each language.
    pub(super) fn known_in(&self, tokens: &[&Token]) -> Vec<usize> {
        let mut counts = vec![(0, 0); self.languages.len()];
        for (token, number) in tokens.iter().zip(1..) {
            for class in token.senses.iter().filter_map(|sense| self.classes.get(sense.class)) {
                // A word counts once.
                if let Some(count) = counts.get_mut(class.tongue).filter(|it| it.1 < number) {
                    *count = (count.0 + 1, number);
                }
            }
        }
        counts.into_iter().map(|(count, _)| count).collect()
    }

    /// That these words weigh so much.
    pub(super) fn heavy(&self, Weighed { words, heaviest, .. }: Weighed) -> Match {
        let language =
            self.languages.get(heaviest.tongue).map_or(Language::UNDETERMINED, |it| it.0);
        let is_own = |file: &&str| file.strip_suffix(".tsv") == Some(language.code());
        let file = FILES.iter().map(|(file, _)| *file).find(is_own);
        let place = file.map(|file| Place { file, line: heaviest.line });
        Match { language, phrase: "words that weigh", words, source: None, place }
    }

    /// The languages that are read of which such counts are the most.
    pub(super) fn best(&self, counts: &[usize]) -> Vec<usize> {
        let most = self.most(counts, Known::Sentences);
        let all = self.languages.iter().zip(counts).enumerate();
        let best =
            all.filter(|(_, ((_, known), count))| *known == Known::Sentences && **count == most);
        best.map(|(number, _)| number).collect()
    }

    /// The most of such counts among the languages of which so much is known.
    pub(super) fn most(&self, counts: &[usize], known: Known) -> usize {
        let counts = self.languages.iter().zip(counts).filter(|((_, it), _)| *it == known);
        counts.map(|(_, count)| *count).max().unwrap_or_default()
    }
}
