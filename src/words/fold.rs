//! Text as it is compared: clauses of words, without case, accents, punctuation, emoji or tricks.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::work;

/// A line longer than this was broken by a mail program, not by its writer. In bytes.
const LINE_WRAPPED_MIN: usize = 50;
/// The number of letters in a row from which on they are an exaggeration, `stoooop`, and flags are
/// letters.
const REPEATED_MIN: usize = 3;
/// The number of single letters that are a word spelt out: `s t o p`.
const SPELT_MIN: usize = 3;
/// The most letters of a word that is spelt out.
const SPELT_MAX: usize = 16;
/// The most parts of a word that is broken: `st op`.
const BROKEN_MAX: usize = 3;
/// The number of words with a full stop after each that are also one clause: `take. me. off. this.`
const DOTTED_MIN: usize = 4;
/// The number of digits from which on neighbouring numbers are a telephone number.
const TELEPHONE_DIGITS_MIN: usize = 7;
/// A shorter word may look like another one by chance.
const LIKENESS_MIN: usize = 4;
/// Signs that say something by themselves.
const SIGNS: [char; 5] = ['🛑', '⛔', '🚫', '🖕', '✋'];
/// The characters that end a clause.
const ENDS_CLAUSE: &[char] =
    &['.', '!', '?', ',', ';', ':', '。', '、', '…', '—', '–', '-', '？', '！', '،', '؟'];
/// Digits and signs that stand for letters: `st0p`, `$top`.
const DISGUISES: [(&str, char); 6] =
    [("$5", 's'), ("@4", 'a'), ("0", 'o'), ("1!|", 'i'), ("3", 'e'), ("7+", 't')];
/// The letters after the apostrophe in `don't`, which is also written `dont`; `n'arrête` is two
/// words.
const CONTRACTIONS: [&str; 7] = ["t", "s", "m", "d", "ll", "re", "ve"];

/// The contents of `letters.tsv`.
static LETTERS: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let lines = include_str!("letters.tsv").lines().filter(|line| !line.starts_with('#'));
    let columns = lines.filter_map(|line| line.split_once('\t'));
    let letters = columns.flat_map(|(letters, plain)| {
        let alphabet = ('a'..='z').map(String::from);
        let same = std::iter::repeat(plain.to_owned());
        let plain: Box<dyn Iterator<Item = String>> =
            if plain == "a-z" { Box::new(alphabet) } else { Box::new(same) };
        letters.chars().zip(plain)
    });
    letters.collect()
});

/// The clauses of a text, each of words that no punctuation divides, none of them empty.
/// Punctuation that is followed by a space ends a clause, and so does a line break, unless the line
/// is long enough to have been wrapped. `is_known` tells the words of the tables, so that a word in
/// disguise can be told.
pub(crate) fn clauses(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let mut clauses: Vec<Vec<String>> = Vec::new();
    let mut clause = Vec::new();
    for line in text.lines() {
        let start = clauses.len();
        for chunk in line.split_whitespace() {
            work::step();
            // The text of a link or an address is not the customer's own words.
            let said = if is_address(chunk) {
                chunk.get(chunk.trim_end_matches(ENDS_CLAUSE).len()..).unwrap_or_default()
            } else {
                chunk
            };
            let plain = undisguised(said, &is_known);
            let words = plain.trim_end_matches(|c: char| !is_word(c));
            if words.starts_with(['¿', '¡']) {
                clauses.push(std::mem::take(&mut clause));
            }
            push_words(words, &mut clause, &is_known);
            if plain.get(words.len()..).unwrap_or_default().contains(ENDS_CLAUSE) {
                clauses.push(std::mem::take(&mut clause));
            }
        }
        let dotted = clauses.get(start..).unwrap_or_default();
        if dotted.len() >= DOTTED_MIN && dotted.iter().all(|words| words.len() == 1) {
            clauses.push(dotted.concat());
        }
        if line.len() < LINE_WRAPPED_MIN {
            clauses.push(std::mem::take(&mut clause));
        }
    }
    clauses.push(clause);
    clauses.retain(|clause| !clause.is_empty());
    clauses.into_iter().map(|clause| joined(clause, &is_known)).collect()
}

/// The words of a text as if it were one clause.
pub(crate) fn words(text: &str) -> Vec<String> {
    clauses(text, |_| false).concat()
}

/// A link or an e-mail address.
fn is_address(chunk: &str) -> bool {
    let within = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let has_path = || within.contains('.') && within.contains('/');
    chunk.contains("://") || within.starts_with("www.") || within.contains('@') || has_path()
}

/// Whether a character is part of a word, or a sign.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || SIGNS.contains(&c)
}

/// Lower case, compatibility forms as the ordinary ones, no marks, apostrophes of one kind only.
fn plain(chunk: &str) -> String {
    if chunk.is_ascii() {
        return chunk.to_ascii_lowercase().replace('`', "'");
    }
    let flags = chunk.chars().filter(|c| matches!(c, '🇦'..='🇿')).count();
    let seen = chunk.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        '🇦'..='🇿' if flags >= REPEATED_MIN => {
            char::from_u32(u32::from('a') + u32::from(c) - u32::from('🇦')).unwrap_or(c)
        }
        _ => c,
    });
    // Some apostrophes decompose into a space, and some letters are in the table when they are
    // decomposed.
    let decomposed = seen.flat_map(lettered).flat_map(char::to_lowercase).nfkd();
    let bare = decomposed.flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c));
    bare.flat_map(lettered).collect()
}

/// A letter as the table has it, or itself.
fn lettered(c: char) -> impl Iterator<Item = char> {
    let written = LETTERS.get(&c).map(String::as_str);
    written.is_none().then_some(c).into_iter().chain(written.unwrap_or_default().chars())
}

/// Characters that cannot be seen: soft hyphens, joiners, directions, variation selectors.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Adds a chunk's words.
fn push_words(plain: &str, words: &mut Vec<String>, is_known: &impl Fn(&str) -> bool) {
    if plain.bytes().all(|c| c.is_ascii_lowercase()) {
        words.extend((!plain.is_empty()).then(|| squeeze(plain)));
        return;
    }
    if let Some(word) = disguised(plain, is_known) {
        words.push(word);
        return;
    }
    let mut rest = plain;
    let first = words.len();
    while !rest.is_empty() {
        let (part, after) = rest.split_once('\'').unwrap_or((rest, ""));
        // `stop🛑` is a word and a sign.
        let pieces = part.split(|c: char| !is_word(c)).flat_map(|it| it.split_inclusive(SIGNS));
        let pieces = pieces.flat_map(|it| {
            let word = it.trim_end_matches(SIGNS);
            [word, it.get(word.len()..).unwrap_or_default()]
        });
        let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
        // `st.op`, `opt-out`, `f**k` and `555-123-4567` are one word each.
        let whole = pieces.concat();
        let is_number = whole.len() >= 4 && whole.bytes().all(|c| c.is_ascii_digit());
        if pieces.len() > 1 && (is_number || is_known(&whole)) {
            words.push(whole);
        } else {
            words.extend(pieces.into_iter().map(squeeze));
        }
        rest = after;
        let tail = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if let Some(word) = words.get_mut(first..).and_then(<[String]>::last_mut)
            && CONTRACTIONS.contains(&tail)
        {
            word.push_str(tail);
            rest = after.strip_prefix(tail).unwrap_or_default();
        }
    }
}

/// The known word that a chunk is with digits or signs for letters.
fn disguised(chunk: &str, is_known: &impl Fn(&str) -> bool) -> Option<String> {
    let letter = |c| DISGUISES.iter().find(|(signs, _)| signs.contains(c)).map(|it| it.1);
    if !chunk.contains(|c: char| c.is_ascii_alphabetic())
        || !chunk.contains(|c| letter(c).is_some())
    {
        return None;
    }
    let word: String = chunk.chars().map(|c| letter(c).unwrap_or(c)).collect();
    (word.len() >= SPELT_MIN && is_known(&word)).then_some(word)
}

/// The chunk, or the known word that it looks like, if its letters are of another script.
fn undisguised(chunk: &str, is_known: &impl Fn(&str) -> bool) -> String {
    let own = plain(chunk);
    let trimmed = |text: &str| is_known(text.trim_matches(|c: char| !is_word(c)));
    if own.is_ascii() || trimmed(&own) {
        return own;
    }
    let likeness = plain(&unicode_security::skeleton(chunk).collect::<String>());
    if likeness.chars().count() >= LIKENESS_MIN && trimmed(&likeness) { likeness } else { own }
}

/// The word with a letter that is repeated and repeated written once: `stooop` is `stop`.
fn squeeze(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let runs = letters.chunk_by(|one, next| one == next);
    let kept = runs.flat_map(|run| match run {
        [letter, ..] if run.len() >= REPEATED_MIN && letter.is_alphabetic() => run.split_at(1).0,
        _ => run,
    });
    kept.collect()
}

/// The clause with words that are spelt out put together, `s t o p please` is `stop please`, and so
/// with the parts of a telephone number, and of a word that is all there is: `sto p`.
fn joined(clause: Vec<String>, is_known: &impl Fn(&str) -> bool) -> Vec<String> {
    if (2..=BROKEN_MAX).contains(&clause.len()) && !clause.iter().all(|word| is_known(word)) {
        let whole = clause.concat();
        if whole.len() >= LIKENESS_MIN && is_known(&whole) {
            return vec![whole];
        }
    }
    let is_number = |word: &String| word.bytes().all(|c| c.is_ascii_digit());
    let is_letter = |word: &String| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    };
    let is_run = |one: &String, next: &String| {
        (is_number(one) && is_number(next)) || (is_letter(one) && is_letter(next))
    };
    if !clause.iter().zip(clause.iter().skip(1)).any(|(one, next)| is_run(one, next)) {
        return clause;
    }
    let mut joined = Vec::with_capacity(clause.len());
    for mut run in clause.chunk_by(is_run) {
        if run.iter().all(is_number) && run.len() > 1 && run.concat().len() >= TELEPHONE_DIGITS_MIN
        {
            joined.push(run.concat());
            continue;
        }
        while run.len() >= SPELT_MIN && !run.iter().all(is_number) {
            let longest = (SPELT_MIN..=run.len().min(SPELT_MAX)).rev();
            let mut heads = longest.map(|length| run.split_at(length));
            let known = heads.find(|(head, _)| is_known(&head.concat()));
            let Some((head, rest)) = known.or_else(|| run.split_at_checked(1)) else { break };
            joined.push(head.concat());
            run = rest;
        }
        joined.extend_from_slice(run);
    }
    joined
}

/// A letter that is not Latin.
pub(crate) fn is_other_letter(c: char) -> bool {
    c > '\u{24f}' && !matches!(c, '\u{1e00}'..='\u{1eff}') && c.is_alphabetic()
}

/// The whole words within the first `room` bytes.
pub(crate) fn start_of(line: &str, room: usize) -> &str {
    let end = (0..=room.min(line.len())).rev().find(|end| line.is_char_boundary(*end));
    let (within, beyond) = line.split_at_checked(end.unwrap_or_default()).unwrap_or_default();
    let is_cut = beyond.starts_with(|c: char| !c.is_whitespace());
    let word_end = within.rfind(char::is_whitespace).filter(|_| is_cut);
    word_end.and_then(|end| within.get(..end)).unwrap_or(within)
}
