//! Characters that a reader does not see and a terminal obeys.

/// Whether a character changes the direction in which text is shown: the `Bidi_Control` property of
/// Unicode. It can make a name look like another one.
#[must_use]
pub const fn is_bidirectional(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether a character must not reach a terminal as it is: controls (C0, C1) and changes of
/// direction.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control() || is_bidirectional(c)
}
