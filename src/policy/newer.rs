//! Words of the policy language that releases before some format of stores cannot read: if such
//! instances run, they would keep the previous policy.

use super::problem::Problems;
use super::source::Source;
use super::yaml;
use super::yaml::Node;
use super::yaml::Value;

/// A word that older releases cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerWord {
    /// The word, and its place.
    pub text: String,
    /// The name of the document.
    pub document: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// The first word of a document that releases cannot read which know less than a format.
#[must_use]
pub fn newer_word(source: &Source, format: u32) -> Option<NewerWord> {
    let newer = WORDS.iter().filter(|(since, _)| *since > format);
    let words: Vec<&str> = newer.flat_map(|(_, words)| words.iter().copied()).collect();
    if words.is_empty() {
        return None;
    }
    let node = yaml::read(source, &mut Problems::default())?;
    let (line, text) = found(&words, &node, &mut Vec::new())?;
    Some(NewerWord { text, document: source.name().to_owned(), line })
}

fn found(words: &[&str], node: &Node, path: &mut Vec<String>) -> Option<(usize, String)> {
    match &node.value {
        Value::Scalar(scalar) => {
            let said = format!("{}: {}", path.join("."), scalar.text);
            let is_said = words.iter().any(|word| fits(word, path, Some(&scalar.text)));
            is_said.then_some((node.position.line, said))
        }
        Value::List(items) => items.iter().find_map(|item| found(words, item, path)),
        Value::Map(entries) => entries.iter().find_map(|entry| {
            path.push(entry.key.to_string());
            let is_said = words.iter().any(|word| fits(word, path, None));
            let newer = if is_said {
                Some((entry.position.line, path.join(".")))
            } else {
                found(words, &entry.node, path)
            };
            path.pop();
            newer
        }),
    }
}

/// Whether a path of keys, or the value that stands there, is a word of the list.
fn fits(word: &str, path: &[String], value: Option<&str>) -> bool {
    let (pattern, wanted) = match word.split_once('=') {
        Some((pattern, wanted)) => (pattern, Some(wanted)),
        None => (word, None),
    };
    let mut parts = pattern.split('.').rev();
    let mut keys = path.iter().rev();
    wanted == value
        && loop {
            match (parts.next(), keys.next()) {
                (Some("**"), _) | (None, None) => break true,
                (Some(part), Some(key)) if part == "*" || part == key => {}
                (Some(_) | None, Some(_)) | (Some(_), None) => break false,
            }
        }
}

/// The words that came into the language after its first release, by the format of stores: keys
/// below each other, with `*` for any name, `**` for any place and `=` before a value. Words that
/// are not listed are as old as the language. A word that is added belongs to a new format.
const WORDS: &[(u32, &[&str])] = &[(
    3,
    &[
        "reviewed",
        "confidence",
        "sources",
        "leaves_out",
        "channels.*.kind",
        "channels.*.title",
        "purposes.*.marketing",
        "purposes.*.collection",
        "purposes.*.title",
        "topics.name",
        "topics.title",
        "occasions.title",
        "holiday_sets.title",
        "conversations.reply_within",
        "conversations.reply_hours",
        "inbound_messages.suppress_unclear_for=0s",
        "inbound_messages.hold_unclear_for",
        "inbound_messages.unknown_language",
        "inbound_messages.preferences",
        "inbound_messages.stop_words",
        "inbound_messages.start_words",
        "inbound_messages.help_words",
        "pages",
        "**.channel_kinds",
        "**.purpose_kinds",
        "budgets.answered",
        "quiet_periods.occasion=any",
        "consents",
        "reactions.within",
        "include=at",
        "include=br-ce",
        "include=br-rj",
        "include=ca-bc",
        "include=ca-casl",
        "include=de-uwg",
        "include=gb-pecr",
        "include=ie",
        "include=in",
        "include=nl",
        "include=pt",
        "include=sa",
        "include=th",
        "include=th-texts",
        "include=us-ca",
        "include=us-il",
        "include=us-regf",
        "include=vn",
    ],
)];

#[cfg(test)]
mod tests;
