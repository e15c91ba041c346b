//! The name of a type or a trait that only its own module sees stands in few modules: one that
//! stands in many says little in each.

use std::collections::BTreeMap;

use super::tracked;

const MODULES_MAX: usize = 3;

/// Errors are named `Error` in every module, as `std` and most crates do.
const EVERYWHERE: &[&str] = &["Error"];

#[test]
fn the_name_of_a_private_type_stands_in_few_modules() {
    let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in tracked(&["src"]) {
        if !path.ends_with(".rs") || path.contains("/tests") {
            continue;
        }
        for name in private_types(&text) {
            modules.entry(name).or_default().push(path.clone());
        }
    }
    assert!(modules.len() > 200, "only {} types were found", modules.len());
    let many: Vec<_> = modules
        .into_iter()
        .filter(|(name, paths)| paths.len() > MODULES_MAX && !EVERYWHERE.contains(&name.as_str()))
        .collect();
    assert!(many.is_empty(), "{many:#?}");
}

/// The types and traits that a module declares and does not publish, but for the arguments of
/// commands.
fn private_types(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_of_a_command = false;
    for line in text.lines() {
        if line.starts_with("#[derive(") {
            is_of_a_command = line.contains("Args") || line.contains("Subcommand");
        }
        let words: Vec<&str> = line.split([' ', '<', '(', ';', '{', '=', ':']).collect();
        let declared = match words[..] {
            ["struct" | "enum" | "type" | "trait", name, ..] => Some(name),
            // `pub(super) struct Name` is split at the bracket as well.
            ["pub", _, "struct" | "enum" | "type" | "trait", name, ..]
                if line.starts_with("pub(") =>
            {
                Some(name)
            }
            _ => None,
        };
        if let Some(name) = declared.map(|name| name.trim_end_matches(')')) {
            if !is_of_a_command {
                found.push(name.to_owned());
            }
            is_of_a_command = false;
        }
    }
    found
}
