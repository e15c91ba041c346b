//! Makes the output of a command harmless. Texts that customers and callers wrote come back in
//! answers; a terminal would obey the control characters in them, and a reader would see another
//! order than the one that is written. They are shown as `\\u001b`, which JSON reads as the
//! character that it stands for. Line ends and tabs stay.

use std::io;
use std::io::Write;

use crate::cli::colour::painted;
use crate::model::hidden::is_unprintable;

/// A writer that shows characters instead of sending them.
pub(super) struct Printable<'a> {
    to: &'a mut dyn Write,
    /// The line that is being written, where lines are coloured.
    line: Option<String>,
    /// The beginning of a character whose other bytes have not been written yet.
    pending: Vec<u8>,
}

impl<'a> Printable<'a> {
    pub(super) fn new(to: &'a mut dyn Write) -> Self {
        Self { to, line: None, pending: Vec::new() }
    }

    /// A writer that colours whole lines, if that is wanted.
    pub(super) fn coloured(to: &'a mut dyn Write, wanted: bool) -> Self {
        Self { line: wanted.then(String::new), ..Self::new(to) }
    }
}

impl Write for Printable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        let whole = whole_characters(&self.pending);
        let rest = self.pending.split_off(whole);
        let text = std::mem::replace(&mut self.pending, rest);
        let shown = printable(&String::from_utf8_lossy(&text));
        let Some(line) = &mut self.line else {
            self.to.write_all(shown.as_bytes())?;
            return Ok(bytes.len());
        };
        for piece in shown.split_inclusive('\n') {
            line.push_str(piece);
            if let Some(whole) = line.strip_suffix('\n') {
                writeln!(self.to, "{}", painted(whole))?;
                line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Half a line, such as a question, has no colour.
        if let Some(line) = &mut self.line {
            self.to.write_all(std::mem::take(line).as_bytes())?;
        }
        self.to.flush()
    }
}

/// The number of bytes without a character that is cut off at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Ok(_) | Err(_) => bytes.len(),
    }
}

/// A text in which characters that a terminal obeys are shown.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) && !matches!(c, '\n' | '\t') {
            shown.push_str(&escaped(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A text on one line, for a cell of a table: its line ends are shown too.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_unprintable(c) { escaped(c) } else { c.to_string() }).collect()
}

fn escaped(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut printable = Printable::new(&mut out);
        for piece in pieces {
            printable.write_all(piece).unwrap();
        }
        printable.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        assert_eq!(written(&[b"\x1b[2J\x07ok\n\tmore"]), "\\u001b[2J\\u0007ok\n\tmore");
        assert_eq!(written(&["a\u{202e}b\u{9b}c\u{200f}".as_bytes()]), "a\\u202eb\\u009bc\\u200f");
        assert_eq!(written(&["a\rb".as_bytes()]), "a\\u000db");
        assert_eq!(written(&["caf\u{e9} \u{1f6d1}".as_bytes()]), "caf\u{e9} \u{1f6d1}");
    }

    #[test]
    fn a_character_in_two_pieces_stays_whole() {
        let text = "a\u{202e}\u{e9}".as_bytes();
        for cut in 0..text.len() {
            let (before, after) = text.split_at(cut);
            assert_eq!(written(&[before, after]), "a\\u202e\u{e9}", "cut at {cut}");
        }
    }

    #[test]
    fn json_stays_json() {
        let json = serde_json::json!({"text": "a\u{1b}\u{202e}\u{9b}b"});
        let shown = written(&[json.to_string().as_bytes()]);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), json);
    }

    #[test]
    fn a_cell_has_one_line() {
        assert_eq!(one_line("stop\n\x1b[1Aopted in"), "stop\\u000a\\u001b[1Aopted in");
    }
}
