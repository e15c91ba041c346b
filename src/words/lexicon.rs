//! The classes of words: `quit` is in `CEASE`.
//!
//! A word is there as it is written, as a beginning, `desuscri*`, or as a stem that is inflected,
//! `dej{AR}`: so a verb is one entry for all of its forms.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::Arc;

use super::fold;

/// The least number of bytes of a beginning such as `desuscri*`.
const BEGINNING_MIN: usize = 4;
/// The least number of bytes of a stem such as `dej{AR}`.
const STEM_MIN: usize = 3;
/// The number of a class of words.
pub(crate) type ClassId = usize;

/// The number of a word that the tables have.
pub(crate) type WordId = usize;

/// A word that the tables do not have.
const UNKNOWN: WordId = WordId::MAX;

/// A class that a word begins an entry of, and how many words that entry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sense {
    pub(crate) length: usize,
    pub(crate) class: ClassId,
}

/// The words of an entry after its first one, and the entry's class.
type Entry = (Box<[WordId]>, ClassId);

/// The words of all classes.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    ids: HashMap<Box<str>, WordId>,
    /// The entries by their first word, sorted.
    entries: Vec<Vec<Entry>>,
    /// Beginnings of words by their first letters.
    beginnings: HashMap<[u8; STEM_MIN], Vec<Beginning>>,
    /// The endings of each way to inflect a word: `AR`.
    endings: BTreeMap<(&'static str, &'static str), Arc<BTreeSet<String>>>,
}

/// The beginning of a word, and what may follow it; anything may if that is not said.
#[derive(Debug)]
struct Beginning {
    start: Box<str>,
    endings: Option<Arc<BTreeSet<String>>>,
    class: ClassId,
}

impl Lexicon {
    /// Adds an entry such as `quit`, `turn_off`, `quit{ting,s}`, `desuscri*` or `dej{AR}` to a
    /// class; `None` if it cannot be read. Umlauts are also written as two letters. The named
    /// language has the endings of `AR`.
    pub(crate) fn add(
        &mut self,
        language: &'static str,
        entry: &'static str,
        class: ClassId,
    ) -> Option<()> {
        if let Some((stem, inflected)) = inflected(entry) {
            let endings = Arc::clone(self.endings.get(&(language, inflected))?);
            let begin = |stem: &String| self.begin(stem, Some(Arc::clone(&endings)), class);
            return both_ways(stem).iter().try_for_each(begin);
        }
        for written in unfolded(entry)?.iter().flat_map(|written| both_ways(written)) {
            if let Some(start) = written.strip_suffix('*') {
                (start.len() >= BEGINNING_MIN).then_some(())?;
                self.begin(start, None, class)?;
                continue;
            }
            let words = fold::words(&written.replace('_', " "));
            let ids: Vec<WordId> = words.iter().map(|word| self.intern(word)).collect();
            let (first, rest) = ids.split_first()?;
            self.entries.get_mut(*first)?.push((rest.into(), class));
        }
        Some(())
    }

    fn begin(
        &mut self,
        start: &str,
        endings: Option<Arc<BTreeSet<String>>>,
        class: ClassId,
    ) -> Option<()> {
        let mut words = fold::words(start);
        let start: Box<str> = words.pop().filter(|_| words.is_empty())?.into();
        let begun = self.beginnings.entry(*start.as_bytes().first_chunk()?).or_default();
        begun.push(Beginning { start, endings, class });
        Some(())
    }

    /// Adds a way to inflect words to a language; `-` is no ending.
    pub(crate) fn add_endings(
        &mut self,
        language: &'static str,
        name: &'static str,
        text: &str,
    ) -> Option<()> {
        let ending = |ending: &str| fold::words(ending.trim_matches('-')).concat();
        let endings = text.split(' ').map(ending).collect();
        self.endings.insert((language, name), Arc::new(endings)).is_none().then_some(())
    }

    fn intern(&mut self, word: &str) -> WordId {
        let fresh = self.entries.len();
        let id = *self.ids.entry(word.into()).or_insert(fresh);
        if id == fresh {
            self.entries.push(Vec::new());
        }
        id
    }

    /// Adds another way to write a word; `None` if it is an entry by itself.
    pub(crate) fn add_spelling(&mut self, word: &str, written: &str) -> Option<()> {
        let [word, written] = [word, written].map(fold::words);
        let ([word], [written]) = (word.as_slice(), written.as_slice()) else { return None };
        let id = self.intern(word);
        (*self.ids.entry(written.as_str().into()).or_insert(id) == id).then_some(())
    }

    /// No more is added.
    pub(crate) fn finish(&mut self) {
        for entries in &mut self.entries {
            entries.sort_unstable();
            entries.dedup();
        }
    }

    /// The single words of these classes.
    pub(crate) fn single_in(&self, classes: &[ClassId]) -> BTreeSet<Box<str>> {
        let is_one = |id: &WordId| {
            let mut single = self.entries.get(*id).into_iter().flatten();
            single.any(|(rest, class)| rest.is_empty() && classes.contains(class))
        };
        #[expect(clippy::disallowed_methods, reason = "they are sorted")]
        let words = self.ids.iter().filter(|(_, id)| is_one(id));
        words.map(|(word, _)| word.clone()).collect()
    }

    /// Whether the word begins an entry.
    pub(crate) fn is_known(&self, word: &str) -> bool {
        self.ids.get(word).and_then(|id| self.entries.get(*id)).is_some_and(|it| !it.is_empty())
    }

    /// The numbers of words.
    pub(crate) fn ids(&self, words: &[String]) -> Vec<WordId> {
        words.iter().map(|word| self.ids.get(word.as_str()).copied().unwrap_or(UNKNOWN)).collect()
    }

    /// The senses of the first of these words, those of the longest entries first.
    pub(crate) fn senses(&self, word: &str, ids: &[WordId]) -> Vec<Sense> {
        let mut senses = Vec::new();
        let Some((first, rest)) = ids.split_first() else { return senses };
        let entries = self.entries.get(*first).map_or(&[][..], Vec::as_slice);
        let single = entries.iter().take_while(|(others, _)| others.is_empty());
        let next = entries.partition_point(|(others, _)| others.first() < rest.first());
        let longer = entries.iter().skip(next.max(single.clone().count()));
        let longer = longer.take_while(|(others, _)| others.first() == rest.first());
        let there = single.chain(longer.filter(|(others, _)| rest.starts_with(others)));
        senses
            .extend(there.map(|(others, class)| Sense { length: others.len() + 1, class: *class }));
        let begun = word.as_bytes().first_chunk().and_then(|first| self.beginnings.get(first));
        let begun = begun.into_iter().flatten().filter(|beginning| {
            let ending = word.strip_prefix(&*beginning.start);
            ending.is_some_and(|it| beginning.endings.as_ref().is_none_or(|all| all.contains(it)))
        });
        senses.extend(begun.map(|beginning| Sense { length: 1, class: beginning.class }));
        senses.sort_unstable_by_key(|sense| (Reverse(sense.length), sense.class));
        senses
    }
}

/// The stem of `dej{AR}`, and the name of its endings.
fn inflected(entry: &'static str) -> Option<(&'static str, &'static str)> {
    let (stem, name) = entry.strip_suffix('}')?.split_once('{')?;
    name.bytes().all(|c| c.is_ascii_uppercase()).then_some((stem, name))
}

/// A word as it is written, and with its umlauts as two letters.
fn both_ways(written: &str) -> Vec<String> {
    let spelt = written.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    let mut ways = vec![written.to_owned(), spelt];
    ways.dedup();
    ways
}

/// `stop{,s,ped}` is `stop`, `stops` and `stopped`.
pub(crate) fn unfolded(entry: &str) -> Option<Vec<String>> {
    let Some((stem, endings)) = entry.split_once('{') else { return Some(vec![entry.to_owned()]) };
    let endings = endings.strip_suffix('}').filter(|endings| !endings.contains('{'))?;
    Some(endings.split(',').map(|ending| format!("{stem}{ending}")).collect())
}
