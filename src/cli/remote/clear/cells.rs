//! The cells that are added to a row.

use serde_json::Value;

/// Writes a cell and the separator behind it.
pub(super) fn put(cell: &[u8], separator: u8, out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == separator || matches!(*byte, b'"' | b'\n' | b'\r');
    if !cell.iter().any(special) {
        out.extend(cell);
        out.push(separator);
        return;
    }
    out.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.extend([b'"', separator]);
}

/// The values of the columns that are added to a row, in their order.
#[derive(Debug)]
pub(super) enum Added {
    /// A word that is always there.
    Word(&'static str),
    /// A list of words.
    Words(Vec<String>),
    /// A value that may be missing.
    Perhaps(Option<String>),
}

/// Writes the end of a line: its added columns, as cells or as fields of an object.
pub(super) fn end(names: &[String], added: Vec<Added>, separator: Option<u8>, out: &mut Vec<u8>) {
    match separator {
        Some(separator) => {
            for value in added {
                put(value.into_cell().as_bytes(), separator, out);
            }
            out.pop();
        }
        None => {
            for (name, value) in names.iter().zip(added) {
                let (name, value) = (Value::from(name.as_str()), value.into_json());
                out.extend(format!("{name}:{value},").bytes());
            }
            out.pop();
            out.push(b'}');
        }
    }
    out.push(b'\n');
}

impl Added {
    fn into_cell(self) -> String {
        match self {
            Self::Word(word) => word.to_owned(),
            Self::Words(words) => words.join(";"),
            Self::Perhaps(text) => text.unwrap_or_default(),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Word(word) => Value::from(word),
            Self::Words(words) => Value::from(words),
            Self::Perhaps(text) => text.map_or(Value::Null, Value::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        for (cell, written) in
            [("a b", "a b;"), ("a;b", "\"a;b\";"), ("a\"b", "\"a\"\"b\";"), ("a\nb", "\"a\nb\";")]
        {
            let mut out = Vec::new();
            put(cell.as_bytes(), b';', &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
    }
}
