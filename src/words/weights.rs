//! What words weigh: more than nothing those of complaints, less those of orders and of chats.
//!
//! An entry is a word, two words that follow one another, `leave_me`, or all longer words with the
//! same five letters at their start, `haras*`. A text counts each entry once.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::fold;
use super::work;

/// How many letters of a longer word are its beginning.
const BEGINNING: usize = 5;

/// What each entry weighs in each language.
#[derive(Debug, Default)]
pub(crate) struct Weights(HashMap<Box<str>, Vec<Weight>>);

/// What an entry weighs in a language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    /// The number of the language.
    pub(crate) tongue: usize,
    pub(crate) weight: i32,
    /// The line that says so.
    pub(crate) line: usize,
}

/// How much a text weighs.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) sum: i32,
    /// The entry that weighs most.
    pub(crate) words: String,
    pub(crate) heaviest: Weight,
}

impl Weights {
    /// Adds entries that weigh the same; `None` if one cannot be read.
    pub(crate) fn add(&mut self, entries: &str, weight: Weight) -> Option<()> {
        for entry in entries.split(' ') {
            let (written, sign) = entry.strip_suffix('*').map_or((entry, ""), |it| (it, "*"));
            let key = fold::words(&written.replace('_', " ")).join("_") + sign;
            (key.len() > sign.len()).then_some(())?;
            self.0.entry(key.into()).or_default().push(weight);
        }
        Some(())
    }

    /// How much the words weigh. Of languages of which a text has as many words, those with these
    /// numbers, it is the least in any.
    pub(crate) fn of(&self, words: &[&str], languages: &[usize]) -> Option<Weighed> {
        let found = self.found(words);
        let weighed = languages.iter().map(|language| {
            let own = found.iter().flat_map(|(words, all)| all.iter().map(move |it| (words, it)));
            let own = own.filter(|(_, weight)| weight.tongue == *language);
            let sum: i32 = own.clone().map(|(_, weight)| weight.weight).sum();
            (sum, own.max_by_key(|(_, weight)| weight.weight))
        });
        let (sum, heaviest) = weighed.min_by_key(|(sum, _)| *sum)?;
        let (words, heaviest) = heaviest?;
        Some(Weighed { sum, words: words.replace('_', " "), heaviest: *heaviest })
    }

    /// Each entry that the words have, once.
    fn found(&self, words: &[&str]) -> BTreeMap<&str, &[Weight]> {
        let mut found = BTreeMap::new();
        let mut look_up = |entry: &str| {
            work::step();
            found.extend(self.0.get_key_value(entry).map(|(key, all)| (&**key, all.as_slice())));
        };
        let (mut entry, mut before) = (String::new(), "");
        for word in words {
            look_up(word);
            for (start, end) in [(before, *word), (beginning(word), "")] {
                if start.is_empty() {
                    continue;
                }
                entry.clear();
                entry.extend([start, if end.is_empty() { "*" } else { "_" }, end]);
                look_up(&entry);
            }
            before = word;
        }
        found
    }
}

/// The first letters of a longer word.
fn beginning(word: &str) -> &str {
    let end = word.char_indices().nth(BEGINNING).map(|(end, _)| end);
    end.and_then(|end| word.get(..end)).unwrap_or_default()
}
