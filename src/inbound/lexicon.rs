//! Which words are in which classes: `quit` is in `CEASE`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::iter;
use std::ops::Range;

use super::fold;

/// A prefix such as `desuscri*` has at least so many bytes.
const PREFIX_MIN: usize = 4;

/// A word with a mistake in it is known if it has at least so many letters.
const MISTAKE_LETTERS_MIN: usize = 6;

/// From so many letters a word may have two mistakes.
const TWO_MISTAKES_LETTERS_MIN: usize = 9;

/// A longer word is no known word with a mistake in it. In bytes.
const MISTAKE_BYTES_MAX: usize = 32;

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
    /// Words of which slips are known, by their own hash and those with one letter left out.
    slips: HashMap<u64, Vec<Box<str>>>,
}

impl Lexicon {
    /// Adds an entry such as `quit`, `turn_off`, `quit{ting,s}` or `desuscri*` to a class; `None` if it
    /// cannot be read.
    pub(super) fn add(&mut self, entry: &str, class: ClassId) -> Option<()> {
        for written in unfolded(entry)? {
            let spelt = written.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
            self.add_plain(&written, class)?;
            if spelt != written {
                self.add_plain(&spelt, class)?;
            }
        }
        Some(())
    }

    fn add_plain(&mut self, written: &str, class: ClassId) -> Option<()> {
        let mut words = fold::words(&written.trim_end_matches('*').replace('_', " "));
        if written.ends_with('*') {
            let only = words.pop().filter(|_| words.is_empty())?;
            let begun = self.prefixes.entry(*only.as_bytes().first_chunk()?).or_default();
            begun.push((only.into(), class));
            return Some(());
        }
        let ids: Vec<WordId> = words.iter().map(|word| self.intern(word)).collect();
        let (first, rest) = ids.split_first()?;
        self.entries.get_mut(*first)?.push((rest.into(), class));
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

    /// No more is added. A slip in a single word of these classes is known.
    pub(super) fn finish(&mut self, slips: &[ClassId]) {
        for entries in &mut self.entries {
            entries.sort_unstable();
            entries.dedup();
        }
        #[expect(clippy::disallowed_methods, reason = "they are sorted")]
        let mut words: Vec<(&Box<str>, &WordId)> = self.ids.iter().collect();
        words.sort_unstable();
        for (word, id) in words {
            let mut single = self.entries.get(*id).into_iter().flatten();
            if word.chars().count() >= MISTAKE_LETTERS_MIN
                && single.any(|(rest, class)| rest.is_empty() && slips.contains(class))
            {
                for hash in nearly(word) {
                    self.slips.entry(hash).or_default().push(word.clone());
                }
            }
        }
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
        if let Some(entries) = self.entries.get(*first) {
            let by_second = |(others, _): &Entry| others.first() < rest.first();
            let start = if rest.is_empty() { 0 } else { entries.partition_point(by_second) };
            let longer = entries
                .iter()
                .skip(start)
                .take_while(|(others, _)| !others.is_empty() && others.first() == rest.first());
            let longer = longer.filter(|(others, _)| rest.starts_with(others));
            let single = entries.iter().take_while(|(others, _)| others.is_empty());
            senses.extend(
                longer
                    .chain(single)
                    .map(|(others, class)| Sense { length: others.len() + 1, class: *class }),
            );
        }
        let begun = word.as_bytes().first_chunk().and_then(|first| self.prefixes.get(first));
        if let Some(begun) = begun {
            let begun = begun.iter().filter(|(prefix, _)| word.starts_with(&**prefix));
            senses.extend(begun.map(|(_, class)| Sense { length: 1, class: *class }));
        }
        senses.sort_unstable_by_key(|sense| (Reverse(sense.length), sense.class));
        senses
    }

    /// The known word that this unknown one is with a mistake or two.
    pub(super) fn meant(&self, word: &str) -> Option<&str> {
        if word.len() + 1 < MISTAKE_LETTERS_MIN || word.len() > MISTAKE_BYTES_MAX {
            return None;
        }
        let mut candidates = nearly(word).filter_map(|hash| self.slips.get(&hash)).flatten();
        let close = candidates.find(|known| {
            let is_long = known.chars().count() >= TWO_MISTAKES_LETTERS_MIN;
            strsim::osa_distance(word, known) <= 1 + usize::from(is_long)
        });
        close.map(|known| &**known)
    }
}

/// The word's hash, and those of what it is with each of its letters left out.
fn nearly(word: &str) -> impl Iterator<Item = u64> {
    let letters = word.char_indices().map(|(at, letter)| at..at + letter.len_utf8());
    let without = |left_out: Range<usize>| {
        let kept = word.bytes().enumerate().filter(move |(at, _)| !left_out.contains(at));
        kept.fold(0, |hash: u64, (_, byte)| {
            (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95)
        })
    };
    iter::once(0..0).chain(letters).map(without)
}

/// `stop{,s,ped}` is `stop`, `stops` and `stopped`.
pub(super) fn unfolded(entry: &str) -> Option<Vec<String>> {
    let Some((stem, endings)) = entry.split_once('{') else { return Some(vec![entry.to_owned()]) };
    let endings = endings.strip_suffix('}').filter(|endings| !endings.contains('{'))?;
    Some(endings.split(',').map(|ending| format!("{stem}{ending}")).collect())
}
