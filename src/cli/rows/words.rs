//! Yes and no in the words that people and their programs write.

/// The words for yes.
const YES: [&str; 19] = [
    "yes", "y", "true", "t", "1", "1.0", "on", "x", "✓", "✔", "ja", "j", "oui", "si", "sí", "sim",
    "wahr", "vrai", "vero",
];
/// The words for no, and those that programs write for nothing at all.
const NO: [&str; 19] = [
    "no", "n", "false", "f", "0", "0.0", "off", "-", "none", "null", "n/a", "nein", "non", "não",
    "nao", "falsch", "faux", "falso", "[]",
];

/// A word for comparing: `Opted-Out` is `opted_out`.
pub(super) fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Whether a word means yes or no; `None` if it means neither.
pub(super) fn truth(word: &str) -> Option<bool> {
    let lower = word.trim().to_lowercase();
    let word = lower.as_str();
    if YES.contains(&word) {
        Some(true)
    } else if NO.contains(&word) {
        Some(false)
    } else {
        None
    }
}

/// The words that are understood, for messages.
pub(super) fn listed() -> String {
    format!("for yes {}; for no {}", YES.join(", "), NO.join(", "))
}
