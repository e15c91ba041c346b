//! Prose and code keep to 100 columns. Tables may be wider, and so may data in tests and snippets
//! in the docs: a policy, a row, an answer.

use super::tracked;

const COLUMNS_MAX: usize = 100;

#[test]
fn a_line_has_at_most_100_columns() {
    let mut found = Vec::new();
    let mut seen = 0;
    for (path, text) in tracked(&["."]) {
        let Some((_, kind)) = path.rsplit_once('.') else { continue };
        if !["rs", "proto", "md"].contains(&kind) {
            continue;
        }
        seen += 1;
        let mut is_code = false;
        for (number, line) in text.lines().enumerate() {
            is_code ^= kind == "md" && line.trim_start().starts_with("```");
            if line.chars().count() > COLUMNS_MAX && could_be_shorter(&path, line, is_code) {
                found.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    assert!(seen > 1_000, "only {seen} files were found");
    assert!(found.is_empty(), "{} lines are too long:\n{}", found.len(), found.join("\n"));
}

/// Whether a long line could be broken: it is neither a row of a table, nor a word that nothing can
/// break, such as an address, nor data of a test, nor a snippet of the docs.
fn could_be_shorter(path: &str, line: &str, is_code: bool) -> bool {
    let is_row = path.ends_with(".md") && line.trim_start().starts_with('|');
    let is_word = line.split_whitespace().any(|word| word.chars().count() > COLUMNS_MAX / 2);
    let is_comment = line.trim_start().starts_with("//");
    let is_test = path.contains("tests") || path.starts_with("benches/");
    let is_data = is_test && !is_comment;
    !is_row && !is_word && !is_data && !is_code
}
