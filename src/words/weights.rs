//! What words weigh: more than nothing those of complaints, less those of orders and of chats.
//!
//! An entry is a word, two words that follow one another, `leave_me`, or all longer words with the
//! same five letters at their start, `haras*`. A class of words may weigh something as well. A text
//! counts each entry and each class once.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::fold;
use super::lexicon::ClassId;
use super::work;

/// From so much weight on words refuse, and words that a line doubts.
const REFUSAL_MIN: i32 = 14;
const DOUBTED_REFUSAL_MIN: i32 = 10;
/// Fewer words are no refusal by their weight.
const REFUSAL_WORDS_MIN: usize = 3;
/// From so much weight on words are a doubt, and from so much on where a line says that some of
/// them are innocent; a single word is none by its weight.
const DOUBT_MIN: i32 = 2;
const DOUBT_BESIDE_MIN: i32 = 5;
const DOUBT_WORDS_MIN: usize = 2;
/// From so little weight down words are of something else, whatever a line says of them: what it
/// takes for a refusal, and what it doubts.
const REFUSAL_HIDDEN_MAX: i32 = -7;
const DOUBT_HIDDEN_MAX: i32 = -22;
/// How many letters of a longer word are its beginning.
const BEGINNING: usize = 5;

/// What entries and classes weigh.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// Each entry in each language.
    entries: HashMap<Box<str>, Vec<Weight>>,
    classes: Vec<(ClassId, Weight)>,
}

/// What an entry or a class weighs in a language.
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
    sum: i32,
    /// Of how many words.
    count: usize,
    /// The entry that weighs most.
    pub(crate) words: String,
    pub(crate) heaviest: Weight,
}

impl Weighed {
    /// Whether words refuse that a line doubts, or no line.
    pub(crate) const fn refuses(&self, is_doubted: bool) -> bool {
        let least = if is_doubted { DOUBTED_REFUSAL_MIN } else { REFUSAL_MIN };
        self.count >= REFUSAL_WORDS_MIN && self.sum >= least
    }

    /// Whether words are a doubt that no line doubts, though one may say that some are innocent.
    pub(crate) const fn is_doubtful(&self, is_innocent: bool) -> bool {
        let least = if is_innocent { DOUBT_BESIDE_MIN } else { DOUBT_MIN };
        self.count >= DOUBT_WORDS_MIN && self.sum >= least
    }

    /// Whether words are of something else that a line takes for a refusal.
    pub(crate) const fn hides_refusal(&self) -> bool {
        self.sum <= REFUSAL_HIDDEN_MAX
    }

    /// Whether words are of something else that a line doubts.
    pub(crate) const fn hides_doubt(&self) -> bool {
        self.sum <= DOUBT_HIDDEN_MAX
    }
}

impl Weights {
    /// Adds entries that weigh the same; `None` if one cannot be read.
    pub(crate) fn add(&mut self, entries: &str, weight: Weight) -> Option<()> {
        for entry in entries.split(' ') {
            let (written, sign) = entry.strip_suffix('*').map_or((entry, ""), |it| (it, "*"));
            let key = fold::words(&written.replace('_', " ")).join("_") + sign;
            (key.len() > sign.len()).then_some(())?;
            self.entries.entry(key.into()).or_default().push(weight);
        }
        Some(())
    }

    /// Adds classes that weigh the same.
    pub(crate) fn add_classes(&mut self, classes: Vec<ClassId>, weight: Weight) {
        self.classes.extend(classes.into_iter().map(|class| (class, weight)));
    }

    /// How much the words weigh, and the classes that are there. Of languages of which a text has
    /// as many words, those with these numbers, it is the least in any.
    pub(crate) fn of(
        &self,
        words: &[&str],
        there: &[bool],
        languages: &[usize],
    ) -> Option<Weighed> {
        let found = self.found(words);
        let weighed = languages.iter().map(|language| {
            let own = found.iter().flat_map(|(words, all)| all.iter().map(move |it| (words, it)));
            let own = own.filter(|(_, weight)| weight.tongue == *language);
            let classes = self.classes.iter().filter(|(class, weight)| {
                weight.tongue == *language && there.get(*class) == Some(&true)
            });
            let all = own.clone().map(|(_, weight)| weight).chain(classes.map(|(_, it)| it));
            let sum = all.map(|weight| weight.weight).sum();
            (sum, own.max_by_key(|(_, weight)| weight.weight))
        });
        let (sum, heaviest) = weighed.min_by_key(|(sum, _)| *sum)?;
        let (entry, heaviest) = heaviest?;
        let (count, words) = (words.len(), entry.replace('_', " "));
        Some(Weighed { sum, count, words, heaviest: *heaviest })
    }

    /// Each entry that the words have, once.
    fn found(&self, words: &[&str]) -> BTreeMap<&str, &[Weight]> {
        let mut found = BTreeMap::new();
        let mut look_up = |entry: &str| {
            work::step();
            found.extend(
                self.entries.get_key_value(entry).map(|(key, all)| (&**key, all.as_slice())),
            );
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
