//! A look at the tokens before the parser sees them.
//!
//! It bounds the input of the recursive parser, and it explains the most frequent mistakes better
//! than a grammar can: `=` for `==`, a bracket or a string left open, a `\d` in a pattern.

use std::ops::Range;

use crate::expression::Fault;

/// The longest source, in bytes.
pub const EXPRESSION_BYTES_MAX: usize = 1024;

/// The most tokens in a source, and so the most nodes in its tree.
pub const TOKENS_MAX: usize = 512;

/// The most brackets, or arms of `? :`, open at once.
pub const NESTING_MAX: usize = 32;

/// The tokens of a source, in its order: ranges of bytes without white space and comments.
pub(super) struct Tokens(Vec<Range<usize>>);

impl Tokens {
    /// The token that begins at `offset`; empty where none does, as at the end.
    pub(super) fn at(&self, offset: usize) -> Range<usize> {
        match self.index(offset) {
            Ok(index) => self.0.get(index).cloned().unwrap_or(offset..offset),
            Err(_) => offset..offset,
        }
    }

    /// The last token that begins before `offset`.
    pub(super) fn before(&self, offset: usize) -> Range<usize> {
        let index = self.index(offset).unwrap_or_else(|index| index);
        self.0.get(..index).and_then(<[_]>::last).cloned().unwrap_or(offset..offset)
    }

    /// The first token that begins after `offset`.
    pub(super) fn after(&self, offset: usize) -> Range<usize> {
        let index = self.index(offset).map_or_else(|index| index, |index| index.saturating_add(1));
        self.0.get(index).cloned().unwrap_or(offset..offset)
    }

    /// The tokens that begin after `offset`.
    pub(super) fn all_after(&self, offset: usize) -> impl Iterator<Item = Range<usize>> {
        self.0.iter().filter(move |token| token.start > offset).cloned()
    }

    fn index(&self, offset: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&offset, |token| token.start)
    }
}

/// Splits a source into tokens.
///
/// # Errors
/// The first thing that is too much, or that no token begins or ends with.
pub(super) fn scan(source: &str) -> Result<Tokens, Fault> {
    if source.len() > EXPRESSION_BYTES_MAX {
        let length = source.len();
        let message = format!(
            "an expression has at most {EXPRESSION_BYTES_MAX} bytes, this one has {length}"
        );
        return Err(Fault::new(0, message).help("split it into several rules"));
    }
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    let mut offset = 0_usize;
    while let Some(rest) = source.get(offset..).filter(|rest| !rest.is_empty()) {
        let space = space_length(rest);
        let length = if space > 0 { space } else { token_length(rest, offset)? };
        let end = offset.saturating_add(length);
        if space == 0 {
            match_brackets(rest, offset, &mut open)?;
            tokens.push(offset..end);
        }
        if tokens.len() > TOKENS_MAX {
            let message = format!("an expression has at most {TOKENS_MAX} words and signs");
            return Err(Fault::new(offset, message).help("split it into several rules"));
        }
        offset = end;
    }
    match open.last() {
        Some((at, bracket)) => Err(Fault::new(*at, format!("this `{bracket}` is never closed"))),
        None => Ok(Tokens(tokens)),
    }
}

fn match_brackets(rest: &str, offset: usize, open: &mut Vec<(usize, char)>) -> Result<(), Fault> {
    let Some(sign) = rest.chars().next() else { return Ok(()) };
    let opening = match sign {
        '(' | '[' | '{' => {
            if open.len() == NESTING_MAX {
                let message = format!("brackets are nested more than {NESTING_MAX} deep");
                return Err(Fault::new(offset, message));
            }
            open.push((offset, sign));
            return Ok(());
        }
        ')' => '(',
        ']' => '[',
        '}' => '{',
        _ => return Ok(()),
    };
    match open.pop() {
        Some((_, bracket)) if bracket == opening => Ok(()),
        Some((_, bracket)) => {
            Err(Fault::new(offset, format!("`{sign}` does not close `{bracket}`")))
        }
        None => Err(Fault::new(offset, format!("this `{sign}` closes nothing"))),
    }
}

/// White space and comments at the beginning of `rest`; 0 if there are none.
fn space_length(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    prefix_length(rest, |c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}'))
}

fn token_length(rest: &str, offset: usize) -> Result<usize, Fault> {
    let Some(first) = rest.chars().next() else { return Ok(0) };
    if first == '"' || first == '\'' {
        return string_length(rest, offset, 0);
    }
    if first.is_ascii_alphanumeric() || first == '_' {
        return word_length(rest, offset);
    }
    if ["==", "!=", "<=", ">=", "&&", "||"].iter().any(|operator| rest.starts_with(operator)) {
        return Ok(2);
    }
    if "()[]{}.,+-*/%<>!?:".contains(first) {
        return Ok(1);
    }
    Err(stray(first, offset))
}

/// A name, a number, or a string with a prefix such as `r"…"`.
fn word_length(rest: &str, offset: usize) -> Result<usize, Fault> {
    let length = prefix_length(rest, |c| c.is_ascii_alphanumeric() || c == '_');
    let (word, behind) = rest.split_at(length);
    let prefixes = ["r", "b", "br"];
    if behind.starts_with(['"', '\'']) && prefixes.iter().any(|p| word.eq_ignore_ascii_case(p)) {
        return string_length(rest, offset, length);
    }
    Ok(length)
}

/// A string whose opening quote follows `prefix` bytes that say how to read it.
fn string_length(rest: &str, offset: usize, prefix: usize) -> Result<usize, Fault> {
    let (prefix, quoted) = rest.split_at(prefix);
    let raw = prefix.ends_with(['r', 'R']);
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| quoted.starts_with(quote))
        .unwrap_or_default();
    let many_lines = quote.len() > 1;
    let mut at = prefix.len().saturating_add(quote.len());
    while let Some(rest) = rest.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) {
            return Ok(at.saturating_add(quote.len()));
        }
        if !many_lines && rest.starts_with(['\n', '\r']) {
            break;
        }
        let length = match rest.strip_prefix('\\') {
            Some(escape) if !raw => escape_length(escape, offset.saturating_add(at))?,
            Some(_) | None => rest.chars().next().map_or(0, char::len_utf8),
        };
        at = at.saturating_add(length);
    }
    Err(Fault::new(offset, "this string is never closed"))
}

/// The length of an escape, with its backslash. `rest` is the text after the backslash.
fn escape_length(rest: &str, offset: usize) -> Result<usize, Fault> {
    let first = rest.chars().next();
    let (digits, radix) = match first {
        Some('a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '"' | '\'' | '\\' | '?' | '`') => (0, 16),
        Some('x' | 'X') => (2, 16),
        Some('u') => (4, 16),
        Some('U') => (8, 16),
        Some('0'..='3') => (2, 8),
        Some(_) | None => (usize::MAX, 16),
    };
    let digits_there = rest.chars().skip(1).take_while(|c| c.is_digit(radix)).take(digits).count();
    if digits_there == digits {
        return Ok(digits.saturating_add(2));
    }
    let escape = first.map_or_else(String::new, |c| c.escape_debug().to_string());
    let fault = Fault::new(offset, format!("`\\{escape}` is not an escape that strings have"));
    Err(fault.help(format!("write `\\\\{escape}`, or put `r` in front of the string's quote")))
}

fn stray(character: char, offset: usize) -> Fault {
    let shown = character.escape_debug();
    let help = match character {
        '=' => Some("`==` compares"),
        '&' => Some("`&&` is \"and\""),
        '|' => Some("`||` is \"or\""),
        '“' | '”' | '„' | '‘' | '’' => Some("write straight quotes: `\"`"),
        _ => None,
    };
    Fault::new(offset, format!("unexpected `{shown}`")).maybe_help(help.map(str::to_owned))
}

fn prefix_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}
