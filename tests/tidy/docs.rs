//! The README leads to every page, and a newcomer's way is short.

use std::fs;
use std::path::Path;

use super::tracked;

/// What a newcomer reads who wants to use courtesy, and one who wants to change it, in this order.
const WAYS: [&[&str]; 2] = [
    &["README.md", "docs/promises.md", "docs/senders.md"],
    &["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"],
];

const WAY_LINES_MAX: usize = 600;
const README_LINES_MAX: usize = 150;

#[test]
fn a_newcomers_way_is_short() {
    assert!(lines("README.md") <= README_LINES_MAX, "the README has {} lines", lines("README.md"));
    for way in WAYS {
        let sum: usize = way.iter().map(|page| lines(page)).sum();
        assert!(sum <= WAY_LINES_MAX, "{way:?} have {sum} lines");
    }
}

#[test]
fn the_readme_leads_to_every_page() {
    let readme = read("README.md");
    for (path, _) in tracked(&["docs/*.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"]) {
        assert!(readme.contains(&format!("]({path})")), "the README does not link {path}");
    }
}

#[test]
fn links_within_the_docs_lead_somewhere() {
    let mut count = 0;
    for (path, text) in tracked(&["*.md"]) {
        let directory = Path::new(&path).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            if file.contains(':') || link.contains(char::is_whitespace) {
                continue;
            }
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let file =
                if file.is_empty() { root.join(&path) } else { root.join(directory).join(file) };
            assert!(file.exists(), "{path}: {link} leads nowhere");
            let is_page = file.extension().is_some_and(|it| it == "md");
            let heads = || fs::read_to_string(&file).unwrap();
            let is_there =
                place.is_empty() || !is_page || heads().lines().any(|it| is_at(it, place));
            assert!(is_there, "{path}: {link} has no such heading");
            count += 1;
        }
    }
    assert!(count > 30, "only {count} links were found");
}

/// Whether a line is the heading with this anchor, or sets it.
fn is_at(line: &str, place: &str) -> bool {
    if line.contains(&format!("<a id=\"{place}\">")) {
        return true;
    }
    let heading = line.trim_start_matches('#');
    let kept = heading.trim().chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    line.starts_with('#') && kept.collect::<String>().to_lowercase().replace(' ', "-") == place
}

fn lines(page: &str) -> usize {
    read(page).lines().count()
}

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap()
}
