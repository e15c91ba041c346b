//! YAML as a plain tree, read and written without the product's own reader: the reference must
//! not share the product's mistakes.

use std::fmt;

use granit_parser::Event;
use granit_parser::Parser;
use granit_parser::ScalarStyle;

/// A line that is not longer than this is written in flow style, `{like: this}`.
const FLOW_MAX: usize = 110;

/// A node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text { text: String, quoted: bool },
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), quoted: false }
    }

    /// The value of a key, if this is a map that has it.
    pub(crate) fn at(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            Self::Null | Self::Text { .. } | Self::List(_) => None,
        }
    }

    /// The value of a key, made null if it is not there.
    pub(crate) fn at_mut(&mut self, key: &str) -> &mut Self {
        let Self::Map(entries) = self else { panic!("not a map: {self}") };
        let position = entries.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
            entries.push((key.to_owned(), Self::Null));
            entries.len() - 1
        });
        &mut entries[position].1
    }

    /// The items of a list; null is made an empty one.
    pub(crate) fn items_mut(&mut self) -> &mut Vec<Self> {
        if *self == Self::Null {
            *self = Self::List(Vec::new());
        }
        match self {
            Self::List(items) => items,
            Self::Null | Self::Text { .. } | Self::Map(_) => panic!("not a list"),
        }
    }

    /// Sets the value of a key.
    pub(crate) fn set(&mut self, key: &str, value: Self) {
        let Self::Map(entries) = self else { panic!("not a map: {self}") };
        entries.retain(|(k, _)| k != key);
        entries.push((key.to_owned(), value));
    }

    /// How many nodes there are, this one included.
    pub(crate) fn size(&self) -> usize {
        1 + match self {
            Self::Null | Self::Text { .. } => 0,
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Map(entries) => entries.iter().map(|(_, value)| value.size()).sum(),
        }
    }
}

/// Reads one document.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let mut events = Parser::new_from_str(text)
        .map(|event| event.map(|(event, _)| event).map_err(|error| error.to_string()))
        .filter(|event| !matches!(event, Ok(Event::Comment(..))));
    loop {
        match events.next().ok_or("no document")?? {
            Event::StreamStart | Event::DocumentStart(..) => {}
            first => return node(first, &mut events),
        }
    }
}

fn node<'a>(
    event: Event<'a>,
    events: &mut impl Iterator<Item = Result<Event<'a>, String>>,
) -> Result<Value, String> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null") => {
            Ok(Value::Null)
        }
        Event::Scalar(text, style, ..) => {
            Ok(Value::Text { text: text.into_owned(), quoted: style != ScalarStyle::Plain })
        }
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match events.next().ok_or("unfinished list")?? {
                    Event::SequenceEnd => return Ok(Value::List(items)),
                    event => items.push(node(event, events)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = Vec::new();
            loop {
                match events.next().ok_or("unfinished map")?? {
                    Event::MappingEnd => return Ok(Value::Map(entries)),
                    Event::Scalar(key, ..) => {
                        let event = events.next().ok_or("unfinished map")??;
                        entries.push((key.into_owned(), node(event, events)?));
                    }
                    event => return Err(format!("a key that is not a scalar: {event:?}")),
                }
            }
        }
        event => Err(format!("unexpected {event:?}")),
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&block(self, 0))
    }
}

/// In block style, with short values in flow style; begins on the line it is put on.
fn block(value: &Value, indent: usize) -> String {
    let flat = flow(value);
    if indent > 0 && flat.len() + indent <= FLOW_MAX {
        return flat;
    }
    let margin = format!("\n{}", " ".repeat(indent));
    let lines: Vec<String> = match value {
        Value::List(items) if !items.is_empty() => {
            items.iter().map(|item| format!("- {}", block(item, indent + 2))).collect()
        }
        Value::Map(entries) if !entries.is_empty() => {
            entries.iter().map(|(key, value)| entry(key, value, indent)).collect()
        }
        Value::Null | Value::Text { .. } | Value::List(_) | Value::Map(_) => vec![flat],
    };
    lines.join(&margin)
}

fn entry(key: &str, value: &Value, indent: usize) -> String {
    let inner = block(value, indent + 2);
    if inner != flow(value) {
        format!("{key}:\n{}{inner}", " ".repeat(indent + 2))
    } else {
        format!("{key}: {inner}")
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text { text, quoted } => scalar(text, *quoted),
        Value::List(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn scalar(text: &str, quoted: bool) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+".contains(c);
    if !quoted && !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
