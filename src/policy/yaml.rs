//! A tree of nodes that know their place, read from YAML 1.2 or from JSON, its subset.
//!
//! The reader accepts what a policy needs and refuses the rest with a way out: tags, merge keys,
//! keys that are no text, several documents in one text. It keeps every scalar as it is written,
//! so that `010`, `no` and `1e3` mean what the field that reads them says and nothing else.

use std::rc::Rc;
use std::sync::Arc;

use super::source::Position;

mod reader;
mod syntax;

pub(crate) use reader::read;

/// The maximum depth of lists and maps.
pub(crate) const DEPTH_MAX: usize = 32;
/// The maximum number of nodes in a document. An alias counts as all nodes that it means.
pub(crate) const NODES_MAX: usize = 100_000;

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) position: Position,
    pub(crate) value: Value,
    /// The number of nodes, with all below it.
    nodes: usize,
    /// The number of levels of nodes below it.
    levels: usize,
}

/// The three shapes of a value.
#[derive(Debug)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Vec<Rc<Node>>),
    Map(Vec<Entry>),
}

/// A key of a map, and what it stands for; in the order of the document.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Arc<str>,
    pub(crate) position: Position,
    pub(crate) node: Rc<Node>,
}

/// A text, as its quotes and escapes were meant.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: Arc<str>,
    /// Whether it stands without quotes, so that it may be meant as a number.
    pub(crate) plain: bool,
    /// The end in its source; it begins at the node's position.
    end: usize,
}

/// The meaning of a plain scalar in YAML 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Nothing,
    Truth,
    Integer,
    Float,
    Text,
}

impl Node {
    /// A node that stands for one that was read, at its place.
    pub(crate) fn new(position: Position, value: Value) -> Self {
        let (nodes, levels) = value.extent();
        Self { position, value, nodes, levels }
    }
}

impl Value {
    /// Whether nothing was written, or `null` or `~`.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Scalar(scalar) if scalar.meaning() == Meaning::Nothing)
    }

    /// The kind of value, for a sentence such as "expected a list, found …".
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Scalar(_) if self.is_nothing() => "nothing".to_owned(),
            Self::Scalar(scalar) => quoted(&scalar.text),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
        }
    }
}

impl Scalar {
    /// The meaning of the scalar in the core schema of YAML 1.2.
    pub(crate) fn meaning(&self) -> Meaning {
        if self.plain { meaning(&self.text) } else { Meaning::Text }
    }

    /// The same scalar with another text, which is not a number.
    pub(crate) fn saying(&self, text: String) -> Self {
        Self { text: text.into(), plain: false, end: self.end }
    }

    /// The position in `source` of the byte `offset` of the text. The node begins at `start`.
    ///
    /// Quotes, escapes and folded lines change blanks and add marks, but leave the other
    /// characters in order: the n-th of them in the text is the n-th of them in the source.
    pub(crate) fn locate(&self, start: Position, source: &str, offset: usize) -> Position {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let visible = before.chars().filter(|c| !c.is_whitespace()).count();
        let raw = source.get(start.offset..self.end).unwrap_or_default();
        let inside = syntax::visible_characters(raw).nth(visible).unwrap_or(raw.len());
        start.after(raw.get(..inside).unwrap_or(raw))
    }
}

/// The user's own words in backticks, short and on one line.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let mut shown: String = text.chars().take(SHOWN_MAX).flat_map(visible).collect();
    if text.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let escaped = if c.is_control() { Some(c.escape_default()) } else { None };
    let plain = if escaped.is_none() { Some(c) } else { None };
    escaped.into_iter().flatten().chain(plain)
}

fn meaning(text: &str) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Nothing,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Meaning::Truth,
        ".nan" | ".NaN" | ".NAN" => return Meaning::Float,
        _ => {}
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let octal = text
        .strip_prefix("0o")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| matches!(b, b'0'..=b'7')));
    let hexadecimal = text
        .strip_prefix("0x")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    if digits(unsigned) || octal || hexadecimal {
        return Meaning::Integer;
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Meaning::Float;
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = digits(whole) && (fraction.is_empty() || digits(fraction))
        || whole.is_empty() && digits(fraction);
    if has_digits && digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)) {
        return Meaning::Float;
    }
    Meaning::Text
}

#[cfg(test)]
mod tests;
