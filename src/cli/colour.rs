//! Colours on a terminal. Commands write plain text, and what a line begins with tells its colour,
//! so that nothing that customers wrote is ever taken for one.

use std::borrow::Cow;
use std::io::IsTerminal;

const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Whether the output to a stream is coloured: on a terminal that can, unless `NO_COLOR` is set
/// (no-color.org) or the terminal is dumb.
pub(super) fn is_wanted(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

/// A line, without its end, in its colours.
pub(super) fn painted(line: &str) -> Cow<'_, str> {
    let words = [
        ("ALLOW", GREEN),
        ("DENY", RED),
        ("valid:", GREEN),
        ("BROKEN", RED),
        ("FAILED", RED),
        ("error:", RED),
        ("warning:", YELLOW),
    ];
    let begins = |word: &str| {
        line.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if let Some((word, colour)) = words.into_iter().find(|(word, _)| begins(word)) {
        let rest = line.get(word.len()..).unwrap_or_default();
        return format!("{BOLD}{colour}{word}{PLAIN}{rest}").into();
    }
    if is_heading(line) { format!("{BOLD}{line}{PLAIN}").into() } else { line.into() }
}

/// Whether the line is the head of a table: at least two columns of capitals.
fn is_heading(line: &str) -> bool {
    let columns = line.trim().split("  ").filter(|column| !column.trim().is_empty()).count();
    let is_capital = |c: char| c.is_ascii_uppercase() || c == ' ' || c == '\'';
    columns >= 2 && line.chars().all(is_capital)
}

#[cfg(test)]
mod tests {
    use super::painted;

    #[test]
    fn a_line_is_painted_by_what_it_begins_with() {
        assert_eq!(painted("ALLOW"), "\u{1b}[1m\u{1b}[32mALLOW\u{1b}[0m");
        assert_eq!(painted("error: it is"), "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m it is");
        assert_eq!(painted(" REASON  CAUSE"), "\u{1b}[1m REASON  CAUSE\u{1b}[0m");
        for plain in ["", "ALLOWED", "a DENY", " OPTED_OUT  an opt-out", "STOP"] {
            assert_eq!(painted(plain), plain);
        }
    }
}
