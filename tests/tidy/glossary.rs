//! The glossary of ARCHITECTURE.md is true: every term stands where it says, every module is in it,
//! and no other word is used for the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::collect;
use super::module_of;
use super::sources;
use super::tracked;
use super::words::has_word;

/// Where no rejected word stands.
const PLACES: &[&str] =
    &["src", "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "proto", "helm", "clients"];

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
fn a_term_stands_in_every_module_of_its_row() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut missing = Vec::new();
    for row in rows() {
        let term = words_of(&row.term);
        for module in &row.modules {
            let directory = source.join(module.replace("::", "/"));
            let mut files = vec![directory.with_extension("rs")];
            if directory.is_dir() {
                collect(&directory, &mut files);
            }
            let is_there = files
                .iter()
                .any(|file| has_term(&words_of(&fs::read_to_string(file).unwrap()), &term));
            if !is_there {
                missing.push(format!("`{}` does not stand in `{module}`", row.term));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
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
    for (path, text) in tracked(PLACES) {
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
        // What stands in brackets tells it from another meaning that the field has.
        let term = term.split(" (").next().unwrap_or(term);
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

/// The words of prose and of names, in lower case: `opt` and `out` of opt-out, `opt_out`, `OptOut`.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_within_a_word = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && is_within_a_word) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        is_within_a_word = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the words of a term stand side by side. Each may be a plural.
fn has_term(words: &[String], term: &[String]) -> bool {
    let is_word =
        |(word, of): (&String, &String)| word == of || word.strip_suffix('s') == Some(of.as_str());
    words.windows(term.len()).any(|window| window.iter().zip(term).all(is_word))
}

#[test]
fn a_term_is_found_in_prose_and_in_names_but_not_in_other_words() {
    let term = words_of("opt-out");
    for text in ["An opt-out.", "/// To opt\n/// out", "struct OptOut;", "let opt_outs = 2;"] {
        assert!(has_term(&words_of(text), &term), "{text}");
    }
    for text in ["adopt outage", "out opt", "opt", ""] {
        assert!(!has_term(&words_of(text), &term), "{text}");
    }
}
