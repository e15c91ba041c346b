//! Which words are in which classes: `quit` is in `CEASE`.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::fold;

/// A prefix such as `desuscri*` has at least so many letters.
pub(super) const PREFIX_MIN: usize = 4;

/// A longer word is in no class by its beginning. In bytes.
const PREFIX_MAX: usize = 16;

/// A word with a mistake in it is known if it has at least so many letters.
pub(super) const MISTAKE_LETTERS_MIN: usize = 6;

/// From so many letters a word may have two mistakes.
const TWO_MISTAKES_LETTERS_MIN: usize = 9;

/// A longer word is no known word with a mistake in it. In bytes.
const MISTAKE_BYTES_MAX: usize = 32;

/// The number of a class of words.
pub(super) type ClassId = usize;

/// A class that a word begins an entry of, and how many words that entry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    pub(super) class: ClassId,
    pub(super) length: usize,
}

/// The further words of an entry, and its class.
type Entry = (Box<[String]>, ClassId);

/// The words of all classes.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// By the first word: the other words of the entry, and its class.
    entries: HashMap<Box<str>, Vec<Entry>>,
    prefixes: HashMap<Box<str>, Vec<ClassId>>,
    /// Words of which slips are known, by themselves with one letter left out.
    slips: HashMap<Box<str>, Vec<Box<str>>>,
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
        let (text, is_prefix) =
            written.strip_suffix('*').map_or((written, false), |text| (text, true));
        let mut words = fold::words(&text.replace('_', " "));
        if is_prefix {
            let only = words.pop().filter(|word| words.is_empty() && word.len() >= PREFIX_MIN)?;
            self.prefixes.entry(only.into()).or_default().push(class);
            return Some(());
        }
        let rest = words.split_off(1.min(words.len()));
        let entries = self.entries.entry(words.pop()?.into()).or_default();
        let entry = (rest.into_boxed_slice(), class);
        if !entries.contains(&entry) {
            entries.push(entry);
        }
        Some(())
    }

    /// From here on a slip in a single word of these classes is known.
    pub(super) fn know_slips(&mut self, classes: &[ClassId]) {
        let mut words: BTreeMap<&str, ()> = BTreeMap::new();
        #[expect(clippy::disallowed_methods, reason = "they are sorted")]
        for (first, entries) in self.entries.iter() {
            let is_one = entries.iter().any(|(rest, id)| rest.is_empty() && classes.contains(id));
            if is_one && first.chars().count() >= MISTAKE_LETTERS_MIN {
                words.insert(first, ());
            }
        }
        for word in words.into_keys() {
            for shorter in without_a_letter(word) {
                let known = self.slips.entry(shorter.into()).or_default();
                if !known.iter().any(|it| **it == *word) {
                    known.push(word.into());
                }
            }
        }
    }

    /// Whether the word begins an entry.
    pub(super) fn is_known(&self, word: &str) -> bool {
        self.entries.contains_key(word)
    }

    /// Adds the senses of the first of these words, those of the longest entries first.
    pub(super) fn senses(&self, words: &[String], senses: &mut Vec<Sense>) {
        let Some((word, rest)) = words.split_first() else { return };
        if let Some(entries) = self.entries.get(word.as_str()) {
            let holds = entries.iter().filter(|(others, _)| rest.starts_with(others));
            senses.extend(
                holds.map(|(others, class)| Sense { class: *class, length: others.len() + 1 }),
            );
        }
        for end in PREFIX_MIN..=word.len().min(PREFIX_MAX) {
            if let Some(classes) = word.get(..end).and_then(|prefix| self.prefixes.get(prefix)) {
                senses.extend(classes.iter().map(|class| Sense { class: *class, length: 1 }));
            }
        }
        senses.sort_unstable_by_key(|sense| std::cmp::Reverse(sense.length));
    }

    /// The known word that this unknown one is with a mistake or two.
    pub(super) fn meant(&self, word: &str) -> Option<&str> {
        let letters = word.chars().count();
        if letters + 1 < MISTAKE_LETTERS_MIN || word.len() > MISTAKE_BYTES_MAX {
            return None;
        }
        let near = std::iter::once(word.to_owned()).chain(without_a_letter(word));
        let candidates = near.filter_map(|key| self.slips.get(key.as_str())).flatten();
        let mut close = candidates.filter(|known| {
            let allowed = if known.chars().count() >= TWO_MISTAKES_LETTERS_MIN { 2 } else { 1 };
            strsim::osa_distance(word, known) <= allowed
        });
        close.next().map(|known| &**known)
    }
}

/// The word, and what it is with each of its letters left out.
fn without_a_letter(word: &str) -> impl Iterator<Item = String> {
    let left_out = word.char_indices().map(|(at, letter)| {
        let (before, after) = word.split_at_checked(at).unwrap_or_default();
        [before, after.get(letter.len_utf8()..).unwrap_or_default()].concat()
    });
    std::iter::once(word.to_owned()).chain(left_out)
}

/// `stop{,s,ped}` is `stop`, `stops` and `stopped`.
fn unfolded(entry: &str) -> Option<Vec<String>> {
    let Some((stem, endings)) = entry.split_once('{') else { return Some(vec![entry.to_owned()]) };
    let endings = endings.strip_suffix('}').filter(|endings| !endings.contains('{'))?;
    Some(endings.split(',').map(|ending| format!("{stem}{ending}")).collect())
}
