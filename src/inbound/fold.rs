//! Text as it is compared: clauses of words, without case, accents, punctuation, emoji or tricks.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A line longer than this was broken by a mail program, not by its writer. In bytes.
const LINE_WRAPPED_MIN: usize = 50;

/// From how many letters on a row is an exaggeration: `stoooop`.
const REPEATED_MIN: usize = 3;

/// How many letters that stand alone are a word spelt out: `s t o p`.
const SPELT_MIN: usize = 3;

/// Signs that say something by themselves.
const SIGNS: [char; 2] = ['🛑', '🚫'];

/// The clauses of a text, none of them empty. Punctuation that is followed by a space ends a clause,
/// and so does a line break, unless the line is long enough to have been wrapped.
pub(super) fn clauses(text: &str) -> Vec<Vec<String>> {
    let mut clauses = vec![Vec::new()];
    for line in text.lines() {
        for chunk in line.split_whitespace().filter(|chunk| !is_address(chunk)) {
            let plain = plain(chunk);
            let words = plain.trim_end_matches(|c: char| !is_word(c));
            if words.starts_with(['¿', '¡']) {
                clauses.push(Vec::new());
            }
            push_words(words, &mut clauses);
            if plain.get(words.len()..).is_some_and(|tail| tail.contains(ends_clause)) {
                clauses.push(Vec::new());
            }
        }
        if line.len() < LINE_WRAPPED_MIN {
            clauses.push(Vec::new());
        }
    }
    clauses.retain(|clause| !clause.is_empty());
    clauses.into_iter().map(|clause| join_spelt(&clause)).collect()
}

/// The words of a text as if it were one clause.
pub(super) fn words(text: &str) -> Vec<String> {
    clauses(text).into_iter().flatten().collect()
}

/// A link or an e-mail address: what is in it is not said by the customer.
fn is_address(chunk: &str) -> bool {
    let within = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    chunk.contains("://") || within.starts_with("www.") || within.contains('@')
}

/// Whether a character is part of a word, or a sign.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || SIGNS.contains(&c)
}

const fn ends_clause(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ',' | ';' | ':' | '。' | '、' | '…' | '—' | '–' | '-')
}

/// Lower case, compatibility forms as the ordinary ones, no marks, apostrophes of one kind only.
fn plain(chunk: &str) -> String {
    let straight = chunk.chars().filter(|c| !is_invisible(*c)).map(straighten);
    let decomposed =
        straight.flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c));
    let mut plain = String::with_capacity(chunk.len());
    for c in decomposed.flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    plain
}

/// The characters that people's keyboards put where an apostrophe belongs. Some of them decompose
/// into a space, so this comes before decomposition.
const fn straighten(c: char) -> char {
    match c {
        '’' | '‘' | '‛' | 'ʼ' | '`' | '´' | '′' | '＇' => '\'',
        other => other,
    }
}

/// Characters that cannot be seen: soft hyphens, joiners, directions, variation selectors.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Adds a chunk's words to the clause that is open.
fn push_words(plain: &str, clauses: &mut [Vec<String>]) {
    let Some(clause) = clauses.last_mut() else { return };
    let mut rest = plain;
    while !rest.is_empty() {
        let (part, after) = rest.split_once('\'').unwrap_or((rest, ""));
        let fresh = clause.len();
        let pieces = part.split(|c: char| !is_word(c));
        for piece in pieces.flat_map(split_signs).filter(|piece| !piece.is_empty()) {
            clause.push(squeeze(piece));
        }
        rest = after;
        // `don't` is the word that is also written `dont`; `n'arrête` is two words.
        let tail = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_contraction = matches!(tail, "t" | "s" | "m" | "d" | "ll" | "re" | "ve");
        if is_contraction && clause.len() > fresh {
            if let Some(word) = clause.last_mut() {
                word.push_str(tail);
            }
            rest = after.strip_prefix(tail).unwrap_or_default();
        }
    }
}

/// `stop🛑` is a word and a sign.
fn split_signs(piece: &str) -> impl Iterator<Item = &str> {
    piece.split_inclusive(SIGNS).flat_map(|part| {
        let word = part.trim_end_matches(SIGNS);
        let (word, sign) = part.split_at_checked(word.len()).unwrap_or((part, ""));
        [word, sign]
    })
}

/// The word with a letter that is repeated and repeated written once: `stooop` is `stop`.
fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut count = 1;
        while letters.next_if_eq(&letter).is_some() {
            count += 1;
        }
        let keep = if count >= REPEATED_MIN && letter.is_alphabetic() { 1 } else { count };
        squeezed.extend(std::iter::repeat_n(letter, keep));
    }
    squeezed
}

/// The clause with words that are spelt out put together: `s t o p please` is `stop please`.
fn join_spelt(clause: &[String]) -> Vec<String> {
    let mut joined = Vec::with_capacity(clause.len());
    let is_letter = |word: &String| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    };
    for run in clause.chunk_by(|one, next| is_letter(one) == is_letter(next)) {
        if run.len() >= SPELT_MIN && run.iter().all(is_letter) {
            joined.push(run.concat());
        } else {
            joined.extend_from_slice(run);
        }
    }
    joined
}
