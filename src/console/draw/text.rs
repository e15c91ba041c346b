//! Texts and shares as they stand in a picture.

/// The whole width, in hundredths of a percent.
pub(super) const WHOLE: i64 = 10_000;

/// A text that cannot change the direction of writing and has no invisible characters: such
/// characters are shown as `[U+202E]`.
pub(super) fn clean(text: &str) -> String {
    let shown = |c: char| match is_hidden(c) {
        true => format!("[U+{:04X}]", u32::from(c)),
        false => c.to_string(),
    };
    text.chars().map(shown).collect()
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// At most `chars_max` characters of a text, cleaned.
pub(super) fn short(text: &str, chars_max: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= chars_max {
        return text;
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The share of `whole` that a part is, at most all of it.
pub(super) fn share(part: i64, whole: i64) -> i64 {
    let whole = whole.max(1);
    let part = part.clamp(0, whole);
    i64::try_from(i128::from(part) * i128::from(WHOLE) / i128::from(whole)).unwrap_or(WHOLE)
}

/// A share as SVG has it: `12.5%`.
pub(super) fn percent(share: i64) -> String {
    let (whole, hundredths) = (share / 100, share.rem_euclid(100));
    match (hundredths, hundredths % 10) {
        (0, _) => format!("{whole}%"),
        (_, 0) => format!("{whole}.{}%", hundredths / 10),
        (_, _) => format!("{whole}.{hundredths:02}%"),
    }
}

/// `1 contact`, `2 contacts`.
pub(super) fn count(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
