//! Text as it is compared: clauses of words, without case, accents, punctuation, emoji or tricks.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::work;

/// A line longer than this was broken by a mail program, not by its writer. In bytes.
const LINE_WRAPPED_MIN: usize = 50;

/// From how many letters on a row is an exaggeration: `stoooop`.
const REPEATED_MIN: usize = 3;

/// How many letters that stand alone are a word spelt out: `s t o p`.
const SPELT_MIN: usize = 3;

/// The most letters of a word that is spelt out.
const SPELT_MAX: usize = 16;

/// The most parts of a word that is broken: `st op`.
const BROKEN_MAX: usize = 3;

/// So many words with a full stop after each are also one clause: `take. me. off. this.`
const DOTTED_MIN: usize = 4;

/// Numbers beside one another that have so many digits together are a telephone number.
const TELEPHONE_DIGITS_MIN: usize = 7;

/// A shorter word may look like another one by chance.
const LIKENESS_MIN: usize = 4;

/// Capitals as small as small letters, from A to Z; an `x` has none of its own.
const SMALL_CAPITALS: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";

/// Signs that say something by themselves.
const SIGNS: [char; 5] = ['🛑', '⛔', '🚫', '🖕', '✋'];

/// The clauses of a text, each of words that no punctuation divides, none of them empty. Punctuation that
/// is followed by a space ends a clause, and so does a line break, unless the line is long enough to have
/// been wrapped. `is_known` tells the words of the tables, so that a word in disguise can be told.
pub(super) fn clauses(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let mut clauses: Vec<Vec<String>> = Vec::new();
    let mut clause = Vec::new();
    for line in text.lines() {
        let start = clauses.len();
        for chunk in line.split_whitespace() {
            work::step();
            // What is in a link or an address is not said by the customer.
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
pub(super) fn words(text: &str) -> Vec<String> {
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

/// What ends a clause.
const ENDS_CLAUSE: &[char] =
    &['.', '!', '?', ',', ';', ':', '。', '、', '…', '—', '–', '-', '？', '！', '،', '؟'];

/// Lower case, compatibility forms as the ordinary ones, no marks, apostrophes of one kind only.
fn plain(chunk: &str) -> String {
    if chunk.is_ascii() {
        return chunk.to_ascii_lowercase().replace('`', "'");
    }
    let flags = chunk.chars().filter(|c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}')).count();
    let straight = chunk
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(straighten)
        .map(|c| unenclosed(c, flags >= REPEATED_MIN));
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
            'đ' => plain.push('d'),
            'ı' => plain.push('i'),
            'ς' => plain.push('σ'),
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

/// A letter in a black circle or square, or, in a row of them, a flag's letter.
fn unenclosed(c: char, has_flags: bool) -> char {
    let first = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1_f150,
        '\u{1f170}'..='\u{1f189}' => 0x1_f170,
        '\u{1f1e6}'..='\u{1f1ff}' if has_flags => 0x1_f1e6,
        _ => return c,
    };
    char::from_u32(u32::from('a') + u32::from(c) - first).unwrap_or(c)
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
    while !rest.is_empty() {
        let (part, after) = rest.split_once('\'').unwrap_or((rest, ""));
        let fresh = words.len();
        let pieces = part.split(|c: char| !is_word(c)).flat_map(split_signs);
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
        // `don't` is the word that is also written `dont`; `n'arrête` is two words.
        let tail = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_contraction = matches!(tail, "t" | "s" | "m" | "d" | "ll" | "re" | "ve");
        if is_contraction && words.len() > fresh {
            if let Some(word) = words.last_mut() {
                word.push_str(tail);
            }
            rest = after.strip_prefix(tail).unwrap_or_default();
        }
    }
}

/// The known word that a chunk is with digits or signs for letters: `st0p`, `$top`.
fn disguised(chunk: &str, is_known: &impl Fn(&str) -> bool) -> Option<String> {
    let as_letter = |c: char| match c {
        '$' | '5' => 's',
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '7' | '+' => 't',
        other => other,
    };
    let has_letter = chunk.bytes().any(|c| c.is_ascii_alphabetic());
    if !has_letter || !chunk.contains(|c| as_letter(c) != c) {
        return None;
    }
    let word: String = chunk.chars().map(as_letter).collect();
    (word.len() >= SPELT_MIN && is_known(&word)).then_some(word)
}

/// The chunk, or the known word that it looks like, if its letters are of another script.
fn undisguised(chunk: &str, is_known: &impl Fn(&str) -> bool) -> String {
    let own = plain(chunk);
    let trimmed = |text: &str| is_known(text.trim_matches(|c: char| !is_word(c)));
    if own.is_ascii() || trimmed(&own) {
        return own;
    }
    let capitals = |c| SMALL_CAPITALS.chars().position(|it| it == c).map_or(c, letter);
    let likeness: String = chunk.chars().map(capitals).collect();
    let likeness = plain(&unicode_security::skeleton(&likeness).collect::<String>());
    if likeness.chars().count() >= LIKENESS_MIN && trimmed(&likeness) { likeness } else { own }
}

/// The small letter at a place of the alphabet.
fn letter(place: usize) -> char {
    u8::try_from(place).map_or('a', |place| char::from(b'a'.saturating_add(place)))
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
    let is_plain = |pair: &[String]| pair.iter().any(|word| shape(word) == Shape::Word);
    if clause.windows(2).all(is_plain) {
        return clause;
    }
    let mut joined = Vec::with_capacity(clause.len());
    for mut run in clause.chunk_by(|one, next| shape(one) == shape(next)) {
        let kind = run.first().map_or(Shape::Word, |first| shape(first));
        if kind == Shape::Number && run.len() > 1 && run.concat().len() >= TELEPHONE_DIGITS_MIN {
            joined.push(run.concat());
            continue;
        }
        while kind == Shape::Letter && run.len() >= SPELT_MIN {
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

#[derive(PartialEq, Eq)]
enum Shape {
    Letter,
    Number,
    Word,
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars();
    let is_letter = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    if is_letter {
        Shape::Letter
    } else if word.bytes().all(|c| c.is_ascii_digit()) {
        Shape::Number
    } else {
        Shape::Word
    }
}
