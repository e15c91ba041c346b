//! How the tables are read: line by line, of key words and of grammars.

use super::COURTESY;
use super::Class;
use super::Known;
use super::NAME;
use super::NUMBER;
use super::Place;
use super::Rule;
use super::Table;
use crate::inbound::kind::Key;
use crate::inbound::kind::Says;
use crate::inbound::language::Language;
use crate::inbound::scattered::Scattered;
use crate::words::fold;
use crate::words::lexicon::ClassId;
use crate::words::pattern::Element;
use crate::words::pattern::Particles;
use crate::words::slips::Slips;
use crate::words::weights::Weight;

/// The file whose lines are those of every language that is read.
const OF_ALL_LANGUAGES: &str = "scattered.tsv";

/// What is not about us: what a refusal in any order is not of, nor on a condition, nor turned
/// round.
const ASIDES: [&str; 3] = ["BENIGN", "WHEN", "TURN"];

/// What is read before what: first other ways to write a word, then the classes of words, wherever
/// they stand, then the lines that are made of them. A line of key words has five columns.
fn pass(columns: &[&str]) -> usize {
    match columns {
        ["same" | "endings", ..] => 0,
        [_, _, _, _, _] | ["words" | "group" | "breadth" | "slips", ..] => 1,
        _ => 2,
    }
}

impl Table {
    pub(in crate::inbound) fn parse(files: &[(&'static str, &'static str)]) -> Self {
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

    /// Reads a line: of the key words and of mail programs, it begins with a language; of a
    /// grammar, the file's name is the language, or it is for all of them.
    fn add(&mut self, columns: &[&'static str], place: Place) -> Option<()> {
        if let &[language, kind, breadth, entries, source] = columns {
            return self.add_keys(
                Language::of_code(language)?,
                [kind, breadth, entries, source],
                place,
            );
        }
        let &[kind, detail, text] = columns else { return None };
        if place.file == OF_ALL_LANGUAGES {
            let mut languages = Language::READ.into_iter();
            if kind == "weight" {
                let weight = detail.parse().ok()?;
                return languages.try_for_each(|it| {
                    let weight = Weight { tongue: self.tongue(it), weight, line: place.line };
                    self.weights.add_classes(self.named(it, text)?, weight);
                    Some(())
                });
            }
            let says = Says::of(kind, detail)?;
            return languages.try_for_each(|it| self.add_rule(says, (it, text), place));
        }
        let language = Language::of_code(place.file.strip_suffix(".tsv")?)?;
        let mut entries = text.split(' ');
        match kind {
            "words" => {
                let id = self.class(language, detail, place);
                entries.try_for_each(|entry| self.lexicon.add(language.code(), entry, id))
            }
            "weight" => {
                let (tongue, weight) = (self.tongue(language), detail.parse().ok()?);
                self.weights.add(text, Weight { tongue, weight, line: place.line })
            }
            "endings" => self.lexicon.add_endings(language.code(), detail, text),
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
            self.lexicon.add(language.code(), entry, id)?;
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
        let mut scattered = None;
        let mut elements = Vec::new();
        for element in text.split(' ') {
            let asked = scattered.as_mut();
            match (asked, element.split_at_checked(1)) {
                (None, Some(("&", ""))) if elements.is_empty() => {
                    scattered = Some(Scattered { without: Vec::new(), fewer_than: usize::MAX });
                }
                (Some(Scattered { without, .. }), Some(("!", names))) => {
                    without.extend(self.any(language, names, place)?);
                }
                (Some(Scattered { fewer_than, .. }), Some(("<", count))) => {
                    *fewer_than = count.parse().ok()?;
                }
                _ => elements.push(self.element(language, element, place)?),
            }
        }
        let first = elements.iter().find(|it| !matches!(it, Element::Start))?;
        let Element::Any(classes) = first else { return None };
        if classes.contains(&NAME) {
            return None;
        }
        if let (Some(scattered), Says::Stop(_)) = (&mut scattered, says) {
            for name in ASIDES {
                scattered.without.extend(self.named(language, name)?);
            }
        }
        let index = if scattered.is_some() { &mut self.scattered } else { &mut self.by_class };
        for class in classes {
            index.get_mut(*class)?.push(self.rules.len());
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
        let rule = Rule { says, language, tongue, elements, scattered, particles, text, place };
        self.rules.push(rule);
        Some(())
    }

    fn element(&mut self, language: Language, text: &'static str, place: Place) -> Option<Element> {
        match text {
            "^" => return Some(Element::Start),
            "$" => return Some(Element::End),
            "..." => return Some(Element::Gap),
            _ => {}
        }
        self.any(language, text, place).map(Element::Any)
    }

    /// The classes of `A|B`.
    fn any(
        &mut self,
        language: Language,
        text: &'static str,
        place: Place,
    ) -> Option<Vec<ClassId>> {
        let mut classes = Vec::new();
        for alternative in text.split('|') {
            if alternative.starts_with(|c: char| c.is_ascii_uppercase()) {
                classes.extend(self.named(language, alternative)?);
            } else {
                let id = self.class(language, alternative, place);
                self.lexicon.add(language.code(), alternative, id)?;
                classes.push(id);
            }
        }
        Some(classes)
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
        let tongue = self.tongue(language);
        let fresh = Class { language, tongue, name, place, key: None, breadth: None, source: None };
        self.classes.push(fresh);
        self.by_class.push(Vec::new());
        self.scattered.push(Vec::new());
        self.classes.len() - 1
    }

    /// The number of a language, a new one if it has none.
    fn tongue(&mut self, language: Language) -> usize {
        let known = self.languages.iter().position(|(it, _)| *it == language);
        if known.is_none() {
            let is_read = Language::READ.contains(&language);
            self.languages.push((language, if is_read { Known::Sentences } else { Known::Keys }));
        }
        known.unwrap_or(self.languages.len() - 1)
    }
}
