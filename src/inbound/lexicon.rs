//! Which words are in which classes: `quit` is in `CEASE`.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::collections::HashMap;

use crate::words::fold;

/// A prefix such as `desuscri*` has at least so many bytes.
const PREFIX_MIN: usize = 4;
/// The number of a class of words.
pub(super) type ClassId = usize;

/// The number of a word that the tables have.
pub(super) type WordId = usize;

/// A word that the tables do not have.
const UNKNOWN: WordId = WordId::MAX;

/// A class that a word begins an entry of, and how many words that entry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sense {
    pub(super) length: usize,
    pub(super) class: ClassId,
}

/// The further words of an entry, and its class.
type Entry = (Box<[WordId]>, ClassId);

/// The words of all classes.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    ids: HashMap<Box<str>, WordId>,
    /// By the first word, sorted.
    entries: Vec<Vec<Entry>>,
    /// By their first letters.
    prefixes: HashMap<[u8; PREFIX_MIN], Vec<(Box<str>, ClassId)>>,
}

impl Lexicon {
    /// Adds an entry such as `quit`, `turn_off`, `quit{ting,s}` or `desuscri*` to a class; `None`
    /// if it cannot be read. Umlauts are also written as two letters.
    pub(super) fn add(&mut self, entry: &str, class: ClassId) -> Option<()> {
        for written in unfolded(entry)? {
            let spelt = written.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
            let mut ways = vec![written, spelt];
            ways.dedup();
            for written in ways {
                let mut words = fold::words(&written.trim_end_matches('*').replace('_', " "));
                if written.ends_with('*') {
                    let only = words.pop().filter(|_| words.is_empty())?;
                    let begun = self.prefixes.entry(*only.as_bytes().first_chunk()?).or_default();
                    begun.push((only.into(), class));
                    continue;
                }
                let ids: Vec<WordId> = words.iter().map(|word| self.intern(word)).collect();
                let (first, rest) = ids.split_first()?;
                self.entries.get_mut(*first)?.push((rest.into(), class));
            }
        }
        Some(())
    }

    fn intern(&mut self, word: &str) -> WordId {
        let fresh = self.entries.len();
        let id = *self.ids.entry(word.into()).or_insert(fresh);
        if id == fresh {
            self.entries.push(Vec::new());
        }
        id
    }

    /// From here on this is another way to write that word; `None` if it is one by itself.
    pub(super) fn add_spelling(&mut self, word: &str, written: &str) -> Option<()> {
        let [word, written] = [word, written].map(fold::words);
        let ([word], [written]) = (word.as_slice(), written.as_slice()) else { return None };
        let id = self.intern(word);
        (*self.ids.entry(written.as_str().into()).or_insert(id) == id).then_some(())
    }

    /// No more is added.
    pub(super) fn finish(&mut self) {
        for entries in &mut self.entries {
            entries.sort_unstable();
            entries.dedup();
        }
    }

    /// The single words of these classes.
    pub(super) fn single_in(&self, classes: &[ClassId]) -> BTreeSet<Box<str>> {
        let is_one = |id: &WordId| {
            let mut single = self.entries.get(*id).into_iter().flatten();
            single.any(|(rest, class)| rest.is_empty() && classes.contains(class))
        };
        #[expect(clippy::disallowed_methods, reason = "they are sorted")]
        let words = self.ids.iter().filter(|(_, id)| is_one(id));
        words.map(|(word, _)| word.clone()).collect()
    }

    /// Whether the word begins an entry.
    pub(super) fn is_known(&self, word: &str) -> bool {
        self.ids.get(word).and_then(|id| self.entries.get(*id)).is_some_and(|it| !it.is_empty())
    }

    /// The numbers of words.
    pub(super) fn ids(&self, words: &[String]) -> Vec<WordId> {
        words.iter().map(|word| self.ids.get(word.as_str()).copied().unwrap_or(UNKNOWN)).collect()
    }

    /// The senses of the first of these words, those of the longest entries first.
    pub(super) fn senses(&self, word: &str, ids: &[WordId]) -> Vec<Sense> {
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
        let begun = word.as_bytes().first_chunk().and_then(|first| self.prefixes.get(first));
        let begun = begun.into_iter().flatten().filter(|(prefix, _)| word.starts_with(&**prefix));
        senses.extend(begun.map(|(_, class)| Sense { length: 1, class: *class }));
        senses.sort_unstable_by_key(|sense| (Reverse(sense.length), sense.class));
        senses
    }
}

/// `stop{,s,ped}` is `stop`, `stops` and `stopped`.
pub(super) fn unfolded(entry: &str) -> Option<Vec<String>> {
    let Some((stem, endings)) = entry.split_once('{') else { return Some(vec![entry.to_owned()]) };
    let endings = endings.strip_suffix('}').filter(|endings| !endings.contains('{'))?;
    Some(endings.split(',').map(|ending| format!("{stem}{ending}")).collect())
}
