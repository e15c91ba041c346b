//! The tables, `tables/*.tsv`, read once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Breadth;
use super::fold;
use super::kind::Key;
use super::kind::Says;
use super::kind::key;
use super::kind::says;
use super::language::Language;
use super::lexicon::ClassId;
use super::lexicon::Lexicon;
use super::lexicon::Sense;
use super::pattern::Element;
use super::pattern::Particles;
use super::pattern::Token;
use super::work;

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

/// What is read before what: words come first, wherever they stand, then what is made of them.
const PASSES: [&[&str]; 4] = [&["same"], &["words"], &["group", "breadth", "slips"], &[]];

/// When a line is read; none if it is a remark.
fn pass(line: &str) -> Option<usize> {
    let mut columns = line.split('\t');
    let kind = columns.next().filter(|kind| !kind.is_empty() && !kind.starts_with('#'))?;
    if columns.count() == 4 {
        return Some(1);
    }
    let named = PASSES.iter().position(|kinds| kinds.contains(&kind));
    Some(named.unwrap_or(PASSES.len() - 1))
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
    by_number: Vec<usize>,
    names: BTreeMap<(Language, &'static str), ClassId>,
    groups: BTreeMap<(Language, &'static str), Vec<ClassId>>,
    languages: Vec<(Language, Known)>,
    slips: Vec<ClassId>,
    /// The key words of one word that are refusals by themselves.
    pub(super) single_keys: Vec<(&'static str, ClassId)>,
    /// The words that the lines of mail programs begin with.
    pub(super) mail_words: BTreeSet<String>,
    courtesy: ClassId,
}

impl Table {
    pub(super) fn parse(files: &[(&'static str, &'static str)]) -> Self {
        let mut table = Self::default();
        let nowhere = Place { file: "", line: 0 };
        table.courtesy = table.class(Language::UNDETERMINED, "COURTESY", nowhere);
        for now in 0..PASSES.len() {
            for (file, text) in files {
                let lines = text.lines().zip(1..).filter(|(line, _)| pass(line) == Some(now));
                for (line, number) in lines {
                    if table.add(line, Place { file, line: number }).is_none() {
                        table.mistakes.push(format!("{file}:{number}: {line}"));
                    }
                }
            }
        }
        let slips = std::mem::take(&mut table.slips);
        table.lexicon.finish(&slips);
        let stops = table.classes.iter().zip(0..).filter(|(it, _)| it.key == Some(Key::Stop));
        let single = |entry: &&str| !entry.contains(['_', '{']);
        let keys = stops
            .flat_map(|(class, id)| class.name.split(' ').filter(single).map(move |it| (it, id)));
        table.single_keys = keys.collect();
        table
    }

    /// The classes of each word.
    pub(super) fn tokens(&self, words: Vec<String>) -> Vec<Token> {
        let ids = self.lexicon.ids(&words);
        let token = |(at, word): (usize, String)| {
            work::step();
            let mut senses = self.lexicon.senses(&word, ids.get(at..).unwrap_or_default());
            if senses.is_empty()
                && let Some(meant) = self.lexicon.meant(&word)
            {
                senses = self.lexicon.senses(meant, &self.lexicon.ids(&[meant.to_owned()]));
                senses.retain(|sense| self.key(sense).is_none_or(|key| key == Key::Stop));
            }
            let courtesy = senses.iter().find(|sense| self.key(sense) == Some(Key::Courtesy));
            senses.extend(courtesy.map(|sense| Sense { class: self.courtesy, ..*sense }));
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
        let by_class = token.senses.iter().filter_map(|sense| self.by_class.get(sense.class));
        let by_number = token.is_number().then_some(&self.by_number);
        by_class.chain(by_number).flatten().filter_map(|rule| self.rules.get(*rule))
    }

    /// How many of the words are known in each language.
    pub(super) fn known_in(&self, tokens: &[&Token]) -> Vec<usize> {
        let mut counts = vec![(0, 0); self.languages.len()];
        for (token, number) in tokens.iter().zip(1..) {
            let classes = token.senses.iter().filter_map(|sense| self.classes.get(sense.class));
            for class in classes {
                // A word counts once.
                if let Some((count, last)) = counts.get_mut(class.tongue).filter(|it| it.1 < number)
                {
                    (*count, *last) = (*count + 1, number);
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

    /// Reads a line: of the key words and of mail programs, it begins with a language; of a grammar, the
    /// file's name is the language.
    fn add(&mut self, line: &'static str, place: Place) -> Option<()> {
        let columns: Vec<&'static str> = line.split('\t').collect();
        match (columns.as_slice(), place.file) {
            (
                &[language, kind, breadth, entries, source],
                "keywords.tsv" | "others.tsv" | "mail.tsv",
            ) => {
                let language = Language::of_code(language)?;
                let id = self.push_class(language, entries, place);
                let class = self.classes.get_mut(id)?;
                class.key = Some(key(kind)?);
                class.breadth = if breadth == "-" { None } else { Some(Breadth::of(breadth)?) };
                class.source = Some(source).filter(|source| !source.is_empty());
                if class.key == Some(Key::Stop) {
                    self.slips.push(id);
                }
                if class.key == Some(Key::Common) {
                    self.languages.get_mut(class.tongue)?.1 = Known::Words;
                }
                if place.file == "mail.tsv" {
                    let first =
                        |entry: &str| fold::words(&entry.replace('_', " ")).into_iter().next();
                    self.mail_words.extend(entries.split(' ').filter_map(first));
                }
                entries.split(' ').try_for_each(|entry| self.lexicon.add(entry, id))
            }
            (&[kind, detail, text], file) => {
                let language = Language::of_code(file.strip_suffix(".tsv")?)?;
                self.add_grammar((kind, detail, text), language, place)
            }
            _ => None,
        }
    }

    fn add_grammar(
        &mut self,
        (kind, detail, text): (&'static str, &'static str, &'static str),
        language: Language,
        place: Place,
    ) -> Option<()> {
        match kind {
            "words" => {
                let id = self.class(language, detail, place);
                text.split(' ').try_for_each(|entry| self.lexicon.add(entry, id))
            }
            "same" => {
                text.split(' ').try_for_each(|written| self.lexicon.add_spelling(detail, written))
            }
            "group" => {
                let members = self.named(language, text, ' ')?;
                self.groups.insert((language, detail), members);
                Some(())
            }
            "breadth" => {
                let breadth = Breadth::of(detail)?;
                for id in self.named(language, text, ' ')? {
                    self.classes.get_mut(id)?.breadth = Some(breadth);
                }
                Some(())
            }
            "slips" => {
                self.slips.extend(self.named(language, text, ' ').filter(|_| detail == "-")?);
                Some(())
            }
            _ => self.add_rule(says(kind, detail)?, (language, text), place),
        }
    }

    fn add_rule(
        &mut self,
        says: Says,
        (language, text): (Language, &'static str),
        place: Place,
    ) -> Option<()> {
        let elements: Vec<Element> = text
            .split(' ')
            .map(|element| self.element(language, element, place))
            .collect::<Option<_>>()?;
        let first = elements.iter().find(|it| !matches!(it, Element::Start))?;
        let Element::Any { classes, number, name: false } = first else { return None };
        let id = self.rules.len();
        for class in classes {
            self.by_class.get_mut(*class)?.push(id);
        }
        if *number {
            self.by_number.push(id);
        }
        let name = |name| self.names.get(&(language, name)).copied();
        let particles = Particles {
            light: name("LIGHT")?,
            lead: name("LEAD")?,
            tail: name("TAIL")?,
            and: name("AND")?,
            condition: name("CONDITION")?,
            courtesy: self.courtesy,
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
        let (mut number, mut name) = (false, false);
        for alternative in text.split('|') {
            match alternative {
                "NUMBER" => number = true,
                "NAME" => name = true,
                _ if alternative.starts_with(|c: char| c.is_ascii_uppercase()) => {
                    classes.extend(self.named(language, alternative, ' ')?);
                }
                _ => {
                    let id = self.class(language, alternative, place);
                    self.lexicon.add(alternative, id)?;
                    classes.push(id);
                }
            }
        }
        Some(Element::Any { classes: classes.into(), number, name })
    }

    /// The classes of these names and groups; `None` if one is not there.
    fn named(&self, language: Language, names: &'static str, by: char) -> Option<Vec<ClassId>> {
        let mut ids = Vec::new();
        for name in names.split(by) {
            match self.groups.get(&(language, name)) {
                Some(group) => ids.extend(group),
                None => {
                    let shared = || self.names.get(&(Language::UNDETERMINED, name));
                    ids.push(*self.names.get(&(language, name)).or_else(shared)?);
                }
            }
        }
        Some(ids)
    }

    /// The class of that name, a new one if there is none.
    fn class(&mut self, language: Language, name: &'static str, place: Place) -> ClassId {
        if let Some(id) = self.names.get(&(language, name)) {
            return *id;
        }
        let id = self.push_class(language, name, place);
        self.names.insert((language, name), id);
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
