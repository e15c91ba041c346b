//! Words that make a reader stop. Each hides its subject: write "no caller", "a customer who…", or
//! the name of what it is.

use super::tracked;

/// Words that are not used anywhere, also not as parts of names such as `a_word_in_a_name`.
const NEVER: &[&str] =
    &["nobody", "somebody", "anybody", "everybody", "whoever", "whomever", "whom"];

/// How no comment of the API begins: it says what a field is, not what it does.
const BEGINNINGS: &[&str] = &["Says", "Holds", "Tells", "Names", "Identifies"];

/// How no comment of the source begins: the reader would ask who is told, and how.
const NOT_IN_THE_SOURCE: &[&str] = &["Says", "Tells"];

/// The list itself.
const LIST: &str = "tests/tidy/words.rs";

#[test]
fn no_sentence_hides_its_subject() {
    refuse(&tracked(&["."]), NEVER);
}

#[test]
fn a_comment_of_the_api_begins_with_what_it_is_about() {
    for (path, text) in tracked(&["proto"]) {
        let mut is_first = true;
        for (number, line) in text.lines().enumerate() {
            let comment = line.trim_start().strip_prefix("//").map(str::trim_start);
            let Some(comment) = comment else {
                is_first = true;
                continue;
            };
            let said = comment.trim_start_matches("Optional. ").trim_start_matches("Required. ");
            let first = said.split_whitespace().next().unwrap_or_default();
            let is_riddle = is_first && BEGINNINGS.contains(&first);
            assert!(!is_riddle, "{path}:{}: begins with `{first}`: {line}", number + 1);
            is_first = comment.is_empty();
        }
    }
}

#[test]
fn a_comment_of_the_source_begins_with_what_it_is_about() {
    let mut found = Vec::new();
    for (path, text) in tracked(&["src"]).iter().filter(|(path, _)| path.ends_with(".rs")) {
        for (number, line) in text.lines().enumerate() {
            let comment = line.trim_start();
            let comment = comment.strip_prefix("///").or_else(|| comment.strip_prefix("//!"));
            let first = comment.and_then(|it| it.split_whitespace().next()).unwrap_or_default();
            if NOT_IN_THE_SOURCE.contains(&first.trim_end_matches(',')) {
                found.push(format!("{path}:{}: begins with `{first}`", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn refuse(files: &[(String, String)], words: &[&str]) {
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path != LIST) {
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| has_word(line, word)) {
                found.push(format!("{path}:{}: `{word}`: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{} riddles:\n{}", found.len(), found.join("\n"));
}

/// Whether a line has a word, in any case, between letters of no other word.
pub(super) fn has_word(line: &str, word: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.match_indices(word).any(|(start, _)| {
        let before = lower.get(..start).and_then(|it| it.chars().next_back());
        let after = lower.get(start + word.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn a_word_is_found_in_any_case_and_in_names_but_not_in_other_words() {
    assert!(has_word("// Nobody knows.", "nobody") && has_word("fn nobody_knows()", "nobody"));
    assert!(!has_word("antinobody", "nobody") && !has_word("wholesome", "whom"));
}
