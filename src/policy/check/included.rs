//! Presets that have nothing to say about what the policy declares.

use std::collections::BTreeSet;

use super::world::World;
use crate::policy::document::Document;
use crate::policy::document::Selector;
use crate::policy::document::Suppress;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::yaml::quoted;

/// A tenant who includes a law and whose channels and purposes it does not know is not kept to it.
pub(super) fn check(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    for name in documents.own.iter().flat_map(|document| &document.include) {
        if with_its_own(name.as_str(), documents).iter().any(|it| says_something(it, world)) {
            continue;
        }
        let message = format!(
            "{} does nothing here: its rules are about kinds of channels or purposes that the \
             policy does not have",
            quoted(name)
        );
        let help = "say `kind` of channels, `marketing: true` or `collection: true` of purposes, \
                    or remove it";
        problems.warn(name.position, message, help);
    }
}

/// A preset and those that it includes.
fn with_its_own<'a>(name: &str, documents: &'a Documents) -> Vec<&'a Document> {
    let find = |name: &str| documents.presets.iter().find(|it| it.name.as_str() == name);
    let mut found: Vec<&Document> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut wanted: Vec<&str> = vec![name];
    while let Some(name) = wanted.pop() {
        if let Some(document) = find(name).filter(|it| seen.insert(it.name.as_str())) {
            wanted.extend(document.include.iter().map(|it| it.as_str()));
            found.push(document);
        }
    }
    found
}

fn says_something(preset: &Document, world: &World<'_>) -> bool {
    let about =
        |it: &Selector| world.has_kinds(it.channel_kinds.as_ref(), it.purpose_kinds.as_ref());
    let suppressed =
        |it: &Suppress| world.has_kinds(it.channel_kinds.as_ref(), it.purpose_kinds.as_ref());
    preset.rules().any(|any| any.rule().r#for.as_ref().is_none_or(|it| about(it)))
        || preset.reactions.iter().any(|it| suppressed(&it.suppress))
}
