//! A phrase of the table: `don't|do not text|call me again?`.
//!
//! Words are separated by spaces, alternatives by `|`; a word that ends in `?` may be missing; `#` is a
//! number of four digits or more, such as a short code. Words are folded as messages are.

use super::fold;

/// The most words of a phrase.
pub(super) const PHRASE_WORDS_MAX: usize = 12;

/// The most words of a phrase that may be missing: each doubles the ways to match.
pub(super) const PHRASE_OPTIONAL_MAX: usize = 4;

/// A short code has at least this many digits.
const NUMBER_DIGITS_MIN: usize = 4;

/// A phrase, ready to be looked for.
#[derive(Debug)]
pub(super) struct Pattern {
    slots: Vec<Slot>,
}

/// One place of a phrase.
#[derive(Debug)]
struct Slot {
    words: Vec<String>,
    is_optional: bool,
}

impl Pattern {
    /// Reads a phrase; none if it has no word that must be there, too many words, or a word that is
    /// none or several when folded.
    pub(super) fn parse(phrase: &str) -> Option<Self> {
        let slots: Vec<Slot> = phrase.split(' ').map(Slot::parse).collect::<Option<_>>()?;
        let optional = slots.iter().filter(|slot| slot.is_optional).count();
        let fits = slots.len() <= PHRASE_WORDS_MAX && optional <= PHRASE_OPTIONAL_MAX;
        (fits && optional < slots.len()).then_some(Self { slots })
    }

    /// The words that a match can begin with.
    pub(super) fn first_words(&self) -> Vec<&str> {
        let leading = self.slots.iter().position(|slot| !slot.is_optional).unwrap_or_default();
        self.slots
            .iter()
            .take(leading + 1)
            .flat_map(|slot| &slot.words)
            .map(String::as_str)
            .collect()
    }

    /// How many words the longest match takes from the start of these.
    pub(super) fn longest(&self, words: &[String]) -> Option<usize> {
        longest(&self.slots, words)
    }

    /// The word, if the phrase is always that one word.
    pub(super) fn single_words(&self) -> &[String] {
        match self.slots.as_slice() {
            [only] => &only.words,
            _ => &[],
        }
    }
}

fn longest(slots: &[Slot], words: &[String]) -> Option<usize> {
    let Some((slot, slots)) = slots.split_first() else { return Some(0) };
    let first = words.split_first().filter(|(word, _)| slot.accepts(word));
    let taken = first.and_then(|(_, words)| longest(slots, words)).map(|count| count + 1);
    let passed = if slot.is_optional { longest(slots, words) } else { None };
    taken.max(passed)
}

impl Slot {
    fn parse(text: &str) -> Option<Self> {
        let (text, is_optional) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
        let word = |alternative: &str| {
            if alternative == "#" {
                return Some("#".to_owned());
            }
            let mut words = fold::words(alternative);
            words.pop().filter(|_| words.is_empty())
        };
        Some(Self { words: text.split('|').map(word).collect::<Option<_>>()?, is_optional })
    }

    fn accepts(&self, word: &str) -> bool {
        let is_number =
            || word.len() >= NUMBER_DIGITS_MIN && word.chars().all(|c| c.is_ascii_digit());
        self.words.iter().any(|own| own == word || (own == "#" && is_number()))
    }
}
