//! The glossary of ARCHITECTURE.md is true: every term stands where it says, every module is in it,
//! and no other word is used for the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::module_of;
use super::sources;
use super::tracked;
use super::words::has_word;

/// One row of the table.
struct Row {
    term: String,
    modules: Vec<String>,
    /// Words that are not used for it.
    others: Vec<String>,
}

#[test]
fn every_module_of_the_glossary_exists_and_every_module_is_in_it() {
    let rows = rows();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for row in &rows {
        assert!(!row.modules.is_empty(), "`{}` names no module", row.term);
        for module in &row.modules {
            let file = source.join(format!("{}.rs", module.replace("::", "/")));
            assert!(file.is_file(), "`{}`: there is no module `{module}`", row.term);
        }
    }
    let first = |module: &String| module.split("::").next().unwrap().to_owned();
    let named: BTreeSet<String> = rows.iter().flat_map(|it| &it.modules).map(first).collect();
    let there: BTreeSet<String> = sources().iter().map(|file| module_of(file)).collect();
    let missing: Vec<_> = there.difference(&named).filter(|it| *it != "main").collect();
    assert!(missing.is_empty(), "the glossary has no term of {missing:?}");
}

#[test]
fn a_term_has_one_row_and_the_rows_are_in_order() {
    let terms: Vec<String> = rows().into_iter().map(|row| row.term.to_lowercase()).collect();
    let sorted: BTreeSet<String> = terms.iter().cloned().collect();
    assert_eq!(terms, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn a_word_that_the_glossary_rejects_is_not_used() {
    let rows = rows();
    let rejected: Vec<(&str, &str)> = rows
        .iter()
        .flat_map(|row| row.others.iter().map(|other| (other.as_str(), row.term.as_str())))
        .collect();
    assert!(rejected.len() > 10, "only {} words are rejected", rejected.len());
    let mut found = Vec::new();
    for (path, text) in tracked(&["src", "docs", "README.md", "CONTRIBUTING.md", "proto"]) {
        for (number, line) in text.lines().enumerate() {
            for (word, term) in rejected.iter().filter(|(word, _)| has_word(line, word)) {
                let line = line.trim();
                found.push(format!("{path}:{}: `{word}` is {term}: {line}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The rows of the table below the heading `Glossary`.
fn rows() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let text = fs::read_to_string(file).unwrap();
    let (_, below) = text.split_once("\n## Glossary\n").unwrap();
    let below = below.split_once("\n## ").map_or(below, |(table, _)| table);
    let rows = below.lines().filter(|line| line.starts_with('|')).skip(2).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [term, _meaning, modules, others] = <[&str; 4]>::try_from(cells).unwrap();
        Row { term: term.to_owned(), modules: codes(modules), others: codes(others) }
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() > 20, "only {} terms were found", rows.len());
    rows
}

/// What stands between backticks in a cell.
fn codes(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
