//! Prose and code keep to 100 columns. What may be wider is named in `could_be_shorter`, and
//! nowhere else; generated code is left out by `NOT_OURS`.

use super::tracked;

const COLUMNS_MAX: usize = 100;

/// The kinds of files that are held to it, and how many there are of each at least. Data have their
/// own form: JSON, tables and lists of names.
const KINDS: &[(&str, usize)] = &[
    ("rs", 900),
    ("yaml", 100),
    ("proto", 20),
    ("py", 20),
    ("md", 15),
    ("sh", 15),
    ("ts", 10),
    ("js", 6),
    ("toml", 6),
    ("css", 4),
    ("lua", 3),
    ("tpl", 2),
    ("go", 1),
    ("Dockerfile", 1),
];

#[test]
fn a_line_has_at_most_100_columns() {
    let mut found = Vec::new();
    let mut seen = [0; KINDS.len()];
    for (path, text) in tracked(&["."]) {
        let kind = kind(&path, &text);
        let Some(kind) = KINDS.iter().position(|(name, _)| *name == kind) else { continue };
        seen[kind] += 1;
        let mut is_snippet = false;
        for (number, line) in text.lines().enumerate() {
            is_snippet ^= path.ends_with(".md") && line.trim_start().starts_with("```");
            if line.chars().count() > COLUMNS_MAX && could_be_shorter(&path, line, is_snippet) {
                found.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    let is_enough = seen.iter().zip(KINDS).all(|(count, (_, least))| count >= least);
    assert!(is_enough, "only {seen:?} files of {KINDS:?} were found");
    assert!(found.is_empty(), "{} lines are too long:\n{}", found.len(), found.join("\n"));
}

/// The ending of a file's name, or `sh` of a script that has none. The chart's text of NOTES.txt is
/// a `tpl`, as its helpers are.
fn kind<'a>(path: &'a str, text: &str) -> &'a str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, "mjs" | "cjs")) => "js",
        Some((_, "yml")) => "yaml",
        Some(("NOTES", "txt")) => "tpl",
        Some((_, ending)) => ending,
        None if text.starts_with("#!") => "sh",
        None => name,
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
    // What is shown is as wide as it is. What is said of it can be broken.
    let is_shown = is_snippet && !has_comment(line);
    !is_word && !is_row_of_a_table && !is_data && !is_shown
}

/// Whether a line of a snippet is a comment, or ends with one.
fn has_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "//"]
        .iter()
        .any(|mark| line.starts_with(&format!("{mark} ")) || line.contains(&format!(" {mark} ")))
}

#[test]
fn a_script_is_known_by_its_first_line() {
    assert_eq!([kind("a/b.c/run", "#!/bin/sh"), kind("a.x/run", "text")], ["sh", "run"]);
    assert_eq!([kind("Dockerfile", "FROM x"), kind("a/NOTES.txt", "")], ["Dockerfile", "tpl"]);
    assert_eq!([kind("a/x.yml", ""), kind("b.mjs", ""), kind("c.py", "#!")], ["yaml", "js", "py"]);
}

#[test]
fn a_comment_of_a_snippet_is_found() {
    for line in ["# A comment.", "  // A comment.", "name: a  # a comment"] {
        assert!(has_comment(line), "{line}");
    }
    for line in ["#!/bin/sh", "curl http://example.com/#place", "courtesy health"] {
        assert!(!has_comment(line), "{line}");
    }
}
