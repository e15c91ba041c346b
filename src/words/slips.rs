//! Words with a mistake or two in them.

use std::collections::HashMap;
use std::iter;
use std::ops::Range;

/// The number of letters from which on a word with a mistake is recognised.
const LETTERS_MIN: usize = 6;
/// The number of letters from which on a word may have two mistakes.
const TWO_MISTAKES_LETTERS_MIN: usize = 9;
/// The maximum number of bytes of a word with a mistake.
const BYTES_MAX: usize = 32;
/// A shorter key word looks like too many ordinary words.
const KEY_LETTERS_MIN: usize = 4;
/// A key word as typed has at most one mistake in this many letters.
const LETTERS_PER_MISTAKE: usize = 5;
/// The maximum number of bytes of a key word with something after it.
const TYPED_MAX: usize = 64;

/// The words of which slips are recognised, by their own hash and the hashes with one letter left
/// out.
#[derive(Debug, Default)]
pub(crate) struct Slips(HashMap<u64, Vec<Box<str>>>);

impl Slips {
    /// Slips in these are known. Of two words that are as close, the first is meant.
    pub(crate) fn of(words: impl IntoIterator<Item = Box<str>>) -> Self {
        let mut slips: HashMap<u64, Vec<Box<str>>> = HashMap::new();
        for word in words.into_iter().filter(|word| word.chars().count() >= LETTERS_MIN) {
            for hash in nearly(&word) {
                slips.entry(hash).or_default().push(word.clone());
            }
        }
        Self(slips)
    }

    /// The word that this one is with a mistake or two.
    pub(crate) fn meant(&self, word: &str) -> Option<&str> {
        if word.len() + 1 < LETTERS_MIN || word.len() > BYTES_MAX {
            return None;
        }
        let mut candidates = nearly(word).filter_map(|hash| self.0.get(&hash)).flatten();
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

/// Whether the typed text begins with a key word, or is one apart from a mistake or two.
pub(crate) fn looks_like(typed: &str, key: &str) -> bool {
    let letters = key.chars().count();
    let mistakes = letters / LETTERS_PER_MISTAKE;
    let is_close = || {
        typed.chars().count().abs_diff(letters) <= mistakes
            && strsim::osa_distance(typed, key) <= mistakes
    };
    typed.len() <= TYPED_MAX
        && letters >= KEY_LETTERS_MIN
        && (typed.starts_with(key) || (mistakes > 0 && is_close()))
}
