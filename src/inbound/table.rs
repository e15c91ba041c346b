//! The tables, `tables/*.tsv`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Breadth;
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

/// What is read before what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Words,
    Groups,
    Lines,
}

impl Pass {
    /// When a line is read; none if it is a remark.
    fn of(line: &str) -> Option<Self> {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        Some(match (columns.next(), columns.count()) {
            (Some("words"), _) | (_, 4) => Self::Words,
            (Some("group" | "breadth" | "slips"), _) => Self::Groups,
            _ => Self::Lines,
        })
    }
}

/// A class of words.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) language: Language,
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
    pub(super) elements: Vec<Element>,
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
    by_class: BTreeMap<ClassId, Vec<usize>>,
    by_number: Vec<usize>,
    names: BTreeMap<(Language, &'static str), ClassId>,
    groups: BTreeMap<(Language, &'static str), Vec<ClassId>>,
    particles: BTreeMap<Language, Particles>,
    slips: Vec<ClassId>,
    courtesy: ClassId,
}

impl Table {
    pub(super) fn parse(files: &[(&'static str, &'static str)]) -> Self {
        let mut table = Self::default();
        let nowhere = Place { file: "", line: 0 };
        table.courtesy = table.class(Language::UNDETERMINED, "COURTESY", nowhere);
        // Words come first, wherever they stand, then what is made of them.
        for pass in [Pass::Words, Pass::Groups, Pass::Lines] {
            for (file, text) in files {
                let lines = text.lines().zip(1..).filter(|(line, _)| Pass::of(line) == Some(pass));
                for (line, number) in lines {
                    if table.add(line, Place { file, line: number }).is_none() {
                        table.mistakes.push(format!("{file}:{number}: {line}"));
                    }
                }
            }
        }
        let slips = std::mem::take(&mut table.slips);
        table.lexicon.know_slips(&slips);
        table
    }

    /// The classes of each word.
    pub(super) fn tokens(&self, words: &[String]) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let mut senses = Vec::new();
            self.lexicon.senses(words.get(at..).unwrap_or_default(), &mut senses);
            if senses.is_empty()
                && let Some(meant) = self.lexicon.meant(word)
            {
                self.lexicon.senses(&[meant.to_owned()], &mut senses);
                senses.retain(|sense| self.slips_are_known(sense.class));
            }
            let courtesy = senses.iter().find(|sense| self.key(sense) == Some(Key::Courtesy));
            senses.extend(courtesy.map(|sense| Sense { class: self.courtesy, ..*sense }));
            tokens.push(Token { word: word.clone(), senses });
        }
        tokens
    }

    fn slips_are_known(&self, class: ClassId) -> bool {
        self.classes.get(class).is_some_and(|class| class.key.is_none_or(|key| key == Key::Stop))
    }

    pub(super) fn key(&self, sense: &Sense) -> Option<Key> {
        self.classes.get(sense.class).and_then(|class| class.key)
    }

    /// How many words the longest key of these kinds has at the start of these.
    pub(super) fn longest(&self, words: &[String], kinds: &[Key]) -> Option<usize> {
        let mut senses = Vec::new();
        self.lexicon.senses(words, &mut senses);
        let is_one = |sense: &&Sense| self.key(sense).is_some_and(|key| kinds.contains(&key));
        senses.iter().find(is_one).map(|sense| sense.length)
    }

    /// The key words of one word that are refusals by themselves.
    pub(super) fn single_keys(&self) -> impl Iterator<Item = (&'static str, &Class)> {
        let stops = self.classes.iter().filter(|class| class.key == Some(Key::Stop));
        let single = |entry: &&str| !entry.contains(['_', '{']);
        stops.flat_map(move |class| {
            class.name.split(' ').filter(single).map(move |entry| (entry, class))
        })
    }

    /// The lines that may begin with this word.
    pub(super) fn beginning_with(&self, token: &Token) -> impl Iterator<Item = &Rule> {
        let by_class = token.senses.iter().filter_map(|sense| self.by_class.get(&sense.class));
        let by_number = token.is_number().then_some(&self.by_number);
        by_class.chain(by_number).flatten().filter_map(|rule| self.rules.get(*rule))
    }

    pub(super) fn particles(&self, language: Language) -> Option<Particles> {
        self.particles.get(&language).copied()
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
                if matches!(key(kind)?, Key::Stop) {
                    self.slips.push(id);
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
            self.by_class.entry(*class).or_default().push(id);
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
        self.particles.insert(language, particles);
        self.rules.push(Rule { says, language, elements, text, place });
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
        self.classes.push(Class { language, name, place, key: None, breadth: None, source: None });
        self.classes.len() - 1
    }
}
