//! Words as they are compared, the classes that they are in, and which known word a misspelt one
//! may stand for.

pub(crate) mod fold;
pub(crate) mod lexicon;
pub(crate) mod pattern;
pub(crate) mod slips;
pub(crate) mod weights;
pub(crate) mod work;

/// The longest word that is compared, in bytes.
pub const COMPARED_BYTES_MAX: usize = 64;

/// The word that looks most like what was written, if one looks like it at all: one letter in
/// three may be wrong, and `sunday` is `sun` written out.
#[must_use]
pub fn closest<'a>(written: &str, words: &[&'a str]) -> Option<&'a str> {
    if written.len() > COMPARED_BYTES_MAX {
        return None;
    }
    let lower = written.to_lowercase();
    let edits = |word: &&'a str| {
        let most = 1.max(lower.len().min(word.len()) / 3);
        if word.len() > 2 && lower.starts_with(*word) {
            return Some((most, *word));
        }
        // The lengths alone tell of most words that they are too far away.
        if lower.len().abs_diff(word.len()) > most {
            return None;
        }
        let edits = strsim::osa_distance(&lower, &word.to_lowercase());
        (edits <= most).then_some((edits, *word))
    };
    words.iter().filter_map(edits).min_by_key(|(edits, _)| *edits).map(|(_, word)| word)
}

#[cfg(test)]
mod tests;
