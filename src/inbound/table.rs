//! The tables, `tables/*.tsv`, read once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Breadth;
use super::Match;
use super::kind::Key;
use super::kind::Says;
use super::language::Language;
use super::lexicon::ClassId;
use super::lexicon::Lexicon;
use super::lexicon::Sense;
use super::pattern::Element;
use super::pattern::Particles;
use super::pattern::Token;
use crate::words::fold;
use crate::words::slips::Slips;
use crate::words::work;

/// The files. Each says at its head what its columns are.
pub(super) const FILES: [(&str, &str); 10] = [
    ("keywords.tsv", include_str!("tables/keywords.tsv")),
    ("others.tsv", include_str!("tables/others.tsv")),
    ("mail.tsv", include_str!("tables/mail.tsv")),
    ("und.tsv", include_str!("tables/und.tsv")),
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

/// What is read before what: first other ways to write a word, then the classes of words, wherever
/// they stand, then the lines that are made of them. A line of key words has five columns.
fn pass(columns: &[&str]) -> usize {
    match columns {
        ["same", ..] => 0,
        [_, _, _, _, _] | ["words" | "group" | "breadth" | "slips", ..] => 1,
        _ => 2,
    }
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
    names: BTreeMap<(Language, &'static str), Vec<ClassId>>,
    languages: Vec<(Language, Known)>,
    /// Classes of words of which slips are known, and these.
    with_slips: Vec<ClassId>,
    slips: Slips,
    /// The key words of one word that are refusals by themselves.
    pub(super) single_keys: Vec<(&'static str, ClassId)>,
    /// The words that the lines of mail programs begin with.
    pub(super) mail_words: BTreeSet<String>,
}

/// Classes of words that no line of a table has: courtesies of all languages, numbers of so many
/// digits or more, and words that no table knows.
pub(super) const COURTESY: ClassId = 0;
pub(super) const NUMBER: ClassId = 1;
pub(super) const NAME: ClassId = 2;
const NUMBER_DIGITS_MIN: usize = 4;

impl Class {
    /// That words of a message are of it.
    pub(super) fn found(&self, words: String) -> Match {
        let (language, phrase) = (self.language, self.name);
        Match { language, phrase, words, source: self.source, place: Some(self.place) }
    }
}

impl Table {
    pub(super) fn parse(files: &[(&'static str, &'static str)]) -> Self {
        let mut table = Self::default();
        let nowhere = Place { file: "", line: 0 };
        for name in ["COURTESY", "NUMBER", "NAME"] {
            table.class(Language::UNDETERMINED, name, nowhere);
        }
        for now in 0..=2 {
            for (file, text) in files {
                for (line, number) in text.lines().zip(1..) {
                    let columns: Vec<&'static str> = line.split('\t').collect();
                    let is_remark = line.is_empty() || line.starts_with('#');
                    if is_remark || pass(&columns) != now {
                        continue;
                    }
                    if table.add(&columns, Place { file, line: number }).is_none() {
                        table.mistakes.push(format!("{file}:{number}: {line}"));
                    }
                }
            }
        }
        table.lexicon.finish();
        table.slips = Slips::of(table.lexicon.single_in(&table.with_slips));
        table
    }

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

    /// The most of such counts among the languages of which so much is known.
    pub(super) fn most(&self, counts: &[usize], known: Known) -> usize {
        let counts = self.languages.iter().zip(counts).filter(|((_, it), _)| *it == known);
        counts.map(|(_, count)| *count).max().unwrap_or_default()
    }

    /// Reads a line: of the key words and of mail programs, it begins with a language; of a
    /// grammar, the file's name is the language.
    fn add(&mut self, columns: &[&'static str], place: Place) -> Option<()> {
        if let &[language, kind, breadth, entries, source] = columns {
            return self.add_keys(
                Language::of_code(language)?,
                [kind, breadth, entries, source],
                place,
            );
        }
        let &[kind, detail, text] = columns else { return None };
        let language = Language::of_code(place.file.strip_suffix(".tsv")?)?;
        let mut entries = text.split(' ');
        match kind {
            "words" => {
                let id = self.class(language, detail, place);
                entries.try_for_each(|entry| self.lexicon.add(entry, id))
            }
            "same" => entries.try_for_each(|it| self.lexicon.add_spelling(detail, it)),
            "group" => {
                let members = self.named(language, text)?;
                self.names.insert((language, detail), members);
                Some(())
            }
            "breadth" => {
                for id in self.named(language, text)? {
                    self.classes.get_mut(id)?.breadth = Some(detail.parse().ok()?);
                }
                Some(())
            }
            "slips" => {
                self.with_slips.extend(self.named(language, text).filter(|_| detail == "-")?);
                Some(())
            }
            _ => self.add_rule(Says::of(kind, detail)?, (language, text), place),
        }
    }

    fn add_keys(
        &mut self,
        language: Language,
        [kind, breadth, entries, source]: [&'static str; 4],
        place: Place,
    ) -> Option<()> {
        let id = self.push_class(language, entries, place);
        let class = self.classes.get_mut(id)?;
        let key: Key = kind.parse().ok()?;
        class.key = Some(key);
        class.breadth = if breadth == "-" { None } else { Some(breadth.parse().ok()?) };
        class.source = Some(source).filter(|source| !source.is_empty());
        for entry in entries.split(' ') {
            self.lexicon.add(entry, id)?;
            if place.file == "mail.tsv" {
                self.mail_words.extend(fold::words(&entry.replace('_', " ")).into_iter().next());
            }
            if key == Key::Stop && !entry.contains(['_', '{']) {
                self.single_keys.push((entry, id));
            }
        }
        if key == Key::Stop {
            self.with_slips.push(id);
        }
        if key == Key::Common {
            self.languages.get_mut(self.classes.get(id)?.tongue)?.1 = Known::Words;
        }
        Some(())
    }

    fn add_rule(
        &mut self,
        says: Says,
        (language, text): (Language, &'static str),
        place: Place,
    ) -> Option<()> {
        let elements = text.split(' ').map(|element| self.element(language, element, place));
        let elements: Vec<Element> = elements.collect::<Option<_>>()?;
        let first = elements.iter().find(|it| !matches!(it, Element::Start))?;
        let Element::Any(classes) = first else { return None };
        if classes.contains(&NAME) {
            return None;
        }
        for class in classes {
            self.by_class.get_mut(*class)?.push(self.rules.len());
        }
        let class = |name| self.names.get(&(language, name))?.first().copied();
        let particles = Particles {
            light: class("LIGHT")?,
            lead: class("LEAD")?,
            tail: class("TAIL")?,
            and: class("AND")?,
            condition: class("CONDITION")?,
            courtesy: COURTESY,
            number: NUMBER,
        };
        let tongue = self.classes.get(particles.light)?.tongue;
        self.rules.push(Rule { says, language, tongue, elements, particles, text, place });
        Some(())
    }

    fn element(&mut self, language: Language, text: &'static str, place: Place) -> Option<Element> {
        match text {
            "^" => return Some(Element::Start),
            "$" => return Some(Element::End),
            "..." => return Some(Element::Gap),
            _ => {}
        }
        let mut classes = Vec::new();
        for alternative in text.split('|') {
            if alternative.starts_with(|c: char| c.is_ascii_uppercase()) {
                classes.extend(self.named(language, alternative)?);
            } else {
                let id = self.class(language, alternative, place);
                self.lexicon.add(alternative, id)?;
                classes.push(id);
            }
        }
        Some(Element::Any(classes))
    }

    /// The classes of these names and groups; `None` if one is not there.
    fn named(&self, language: Language, names: &'static str) -> Option<Vec<ClassId>> {
        let shared = |name| self.names.get(&(Language::UNDETERMINED, name));
        let ids =
            names.split(' ').map(|name| self.names.get(&(language, name)).or_else(|| shared(name)));
        Some(ids.collect::<Option<Vec<_>>>()?.into_iter().flatten().copied().collect())
    }

    /// The class of that name, a new one if there is none.
    fn class(&mut self, language: Language, name: &'static str, place: Place) -> ClassId {
        if let Some(id) = self.names.get(&(language, name)).and_then(|ids| ids.first()) {
            return *id;
        }
        let id = self.push_class(language, name, place);
        self.names.insert((language, name), vec![id]);
        id
    }

    fn push_class(&mut self, language: Language, name: &'static str, place: Place) -> ClassId {
        let known = self.languages.iter().position(|(it, _)| *it == language);
        let tongue = known.unwrap_or(self.languages.len());
        if known.is_none() {
            let is_read = Language::READ.contains(&language);
            self.languages.push((language, if is_read { Known::Sentences } else { Known::Keys }));
        }
        let fresh = Class { language, tongue, name, place, key: None, breadth: None, source: None };
        self.classes.push(fresh);
        self.by_class.push(Vec::new());
        self.classes.len() - 1
    }
}
