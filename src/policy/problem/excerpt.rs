//! The line a problem is on, cut around the place.

use crate::policy::source::Position;

/// The most characters of a line that are shown.
const SHOWN_MAX: usize = 100;
/// The number of characters that are shown before the position when a line is cut.
const SHOWN_BEFORE: usize = 40;

/// A line of the source and what to underline in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) indent: usize,
    pub(super) width: usize,
}

impl Excerpt {
    /// The line of `at`; `None` if the text is unknown or the line is empty.
    pub(super) fn of(text: &str, at: Position) -> Option<Self> {
        let (before, after) = text.split_at_checked(at.offset)?;
        // A document can be one line of a mebibyte: look no further than what can be shown.
        let mut head: Vec<char> =
            before.chars().rev().take_while(|c| in_line(*c)).take(SHOWN_MAX + 1).collect();
        head.reverse();
        let tail: Vec<char> =
            after.chars().take_while(|c| in_line(*c)).take(SHOWN_MAX + 1).collect();
        let length = head.len() + tail.len();
        if length == 0 {
            return None;
        }
        let skipped = if length <= SHOWN_MAX { 0 } else { head.len().saturating_sub(SHOWN_BEFORE) };
        let shown = SHOWN_MAX.min(length - skipped);
        let mut line = String::from(if skipped == 0 { "" } else { "…" });
        line.extend(head.iter().chain(&tail).skip(skipped).take(shown).copied().map(visible));
        if skipped + shown < length {
            line.push('…');
        }
        let indent = head.len() - skipped + usize::from(skipped > 0);
        let width = at.width.min((skipped + shown).saturating_sub(head.len())).max(1);
        Some(Self { text: line.trim_end().to_owned(), indent, width })
    }
}

/// Whether the character belongs to the line; a byte-order mark belongs to none.
fn in_line(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\u{feff}')
}

/// Every character takes one column, so that the caret stands below the right one.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}
