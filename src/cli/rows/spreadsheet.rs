//! Cells that a spreadsheet would take for formulas. An export writes an apostrophe before such
//! text, which spreadsheets do not show, and an import takes it away again. Ids and numbers stay as
//! they are: a `+` before a telephone number is not a formula, and an id with an apostrophe is
//! another's.

use std::borrow::Cow;

const MARK: char = '\'';
/// The characters with which a formula begins, and those that spreadsheets pass over before one.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell of an export.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("{MARK}{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell, as it was before it was escaped.
pub(super) fn unescaped(cell: &str) -> &str {
    cell.strip_prefix(MARK).filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Whether a text must be escaped: also one that looks escaped already, so that it comes back
/// whole.
fn is_formula(text: &str) -> bool {
    let begins = text.trim_start_matches(MARK);
    begins.starts_with(BEGINNINGS) && !is_number(begins)
}

/// Whether a text is a number, or a telephone number.
fn is_number(text: &str) -> bool {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '-' | '(' | ')');
    rest.starts_with(|c: char| c.is_ascii_digit() || c == '(') && rest.chars().all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_a_formula_is_escaped_and_comes_back() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@sum(a)", "'@sum(a)"),
            ("-vip", "'-vip"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("+447700900123", "+447700900123"),
            ("-3.5", "-3.5"),
            ("+1 (555) 010-99", "+1 (555) 010-99"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(escaped(text), cell);
            assert_eq!(unescaped(cell), text);
        }
    }
}
