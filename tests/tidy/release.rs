//! A release has one number wherever it is named, and a changelog that can be read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The headings that a release may have.
const SORTS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

#[test]
fn every_file_that_names_the_version_names_this_one() {
    for (file, line) in [
        ("clients/python/pyproject.toml", format!("version = \"{VERSION}\"")),
        ("clients/typescript/package.json", format!("\"version\": \"{VERSION}\"")),
        ("clients/typescript/package-lock.json", format!("\"version\": \"{VERSION}\"")),
        ("docs/senders.md", format!("courtesy-client-{VERSION}.tgz")),
        ("helm/courtesy/Chart.yaml", format!("\nversion: {VERSION}\n")),
        ("helm/courtesy/Chart.yaml", format!("\nappVersion: {VERSION}\n")),
    ] {
        assert!(read(file).contains(&line), "{file} does not have {line:?}");
    }
    let changelog = read("CHANGELOG.md");
    let newest = releases(&changelog).into_iter().find(|it| it.name != "Unreleased");
    let newest = newest.unwrap().name;
    assert!(newest.starts_with(&format!("{VERSION} - 20")), "the changelog's newest is {newest}");
}

#[test]
fn a_release_has_each_heading_once_and_says_nothing_twice() {
    let text = read("CHANGELOG.md");
    let mut entries = BTreeSet::new();
    for release in releases(&text) {
        let sorts: Vec<&str> =
            release.lines.iter().filter_map(|line| line.strip_prefix("### ")).collect();
        assert!(sorts.iter().all(|it| SORTS.contains(it)), "{}: {sorts:?}", release.name);
        let different: BTreeSet<&&str> = sorts.iter().collect();
        assert_eq!(different.len(), sorts.len(), "{}: a heading twice: {sorts:?}", release.name);
        for entry in release.lines.iter().filter(|line| line.starts_with("- ")) {
            assert!(entries.insert(*entry), "an entry stands there twice: {entry}");
        }
    }
    assert!(entries.len() > 20, "only {} entries were found", entries.len());
}

struct Release<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
}

fn releases(text: &str) -> Vec<Release<'_>> {
    let parts = text.split("\n## ").skip(1).map(|part| {
        let (name, rest) = part.split_once('\n').unwrap();
        Release { name, lines: rest.lines().collect() }
    });
    parts.collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}
