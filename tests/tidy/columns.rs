//! Prose and code keep to 100 columns. What may be wider is named in `could_be_shorter`, and
//! nowhere else; generated code is left out by `NOT_OURS`.

use super::tracked;

const COLUMNS_MAX: usize = 100;

/// The kinds of files that are held to it. A script without an ending is a `sh`.
const KINDS: &[&str] = &["rs", "proto", "md", "py", "ts", "js", "sh", "yaml"];

#[test]
fn a_line_has_at_most_100_columns() {
    let mut found = Vec::new();
    let mut seen = [0; KINDS.len()];
    for (path, text) in tracked(&["."]) {
        let Some(kind) = KINDS.iter().position(|it| *it == kind(&path, &text)) else { continue };
        seen[kind] += 1;
        let mut is_snippet = false;
        for (number, line) in text.lines().enumerate() {
            is_snippet ^= path.ends_with(".md") && line.trim_start().starts_with("```");
            if line.chars().count() > COLUMNS_MAX && could_be_shorter(&path, line, is_snippet) {
                found.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "only {seen:?} files of {KINDS:?} were found");
    assert!(found.is_empty(), "{} lines are too long:\n{}", found.len(), found.join("\n"));
}

/// The ending of a file's name, or `sh` of a script that has none.
fn kind<'a>(path: &'a str, text: &str) -> &'a str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, "mjs" | "cjs")) => "js",
        Some((_, "yml")) => "yaml",
        Some((_, ending)) => ending,
        None if text.starts_with("#!") => "sh",
        None => "",
    }
}

/// Whether a long line could be broken: it is none of the exceptions.
fn could_be_shorter(path: &str, line: &str, is_snippet: bool) -> bool {
    // A word that cannot be broken, such as an address or what a test expects in JSON.
    let is_word = line.split_whitespace().any(|word| word.chars().count() > COLUMNS_MAX / 2);
    let is_row_of_a_table = path.ends_with(".md") && line.trim_start().starts_with('|');
    // Data in tests and benchmarks: a policy, an answer.
    let is_test = path.contains("tests") || path.starts_with("benches/");
    let is_data = path.ends_with(".rs") && is_test && !line.trim_start().starts_with("//");
    !is_word && !is_row_of_a_table && !is_data && !is_snippet
}

#[test]
fn a_script_is_known_by_its_first_line() {
    assert_eq!([kind("a/b.c/run", "#!/bin/sh"), kind("a.x/run", "text")], ["sh", ""]);
    assert_eq!([kind("a/x.yml", ""), kind("b.mjs", ""), kind("c.py", "#!")], ["yaml", "js", "py"]);
}
