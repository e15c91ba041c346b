//! The documents of one policy: the tenant's own, and the presets they include.

use std::collections::BTreeSet;

use super::decode::At;
use super::decode::Decode;
use super::document::Channel;
use super::document::Dates;
use super::document::Document;
use super::document::Purpose;
use super::preset;
use super::problem::Problems;
use super::rules::Mode;
use super::source::Source;
use super::yaml;
use super::yaml::Value;
use super::yaml::quoted;
use crate::model::Name;
use crate::words::closest;

/// All documents of one policy.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// What the tenant wrote.
    pub(super) own: Vec<Document>,
    /// What ships with courtesy: nothing but rules.
    pub(super) presets: Vec<Document>,
}

/// Reads one text as a document of some type.
pub(super) fn read<T: Decode>(source: &Source, problems: &mut Problems) -> Option<T> {
    let node = yaml::read(source, problems)?;
    T::decode(&node, problems)
}

impl Source {
    /// The name that the document gives itself, whatever else is wrong with it; none if that cannot
    /// be read.
    #[must_use]
    pub fn own_name(&self) -> Option<Name> {
        let mut problems = Problems::default();
        let node = yaml::read(self, &mut problems)?;
        let Value::Map(entries) = &node.value else { return None };
        let entry = entries.iter().find(|entry| *entry.key == *"name")?;
        Name::decode(&entry.node, &mut problems)
    }
}

/// The strongest mode of the documents that include a preset.
fn mode_of(own: &[Document], preset: &str) -> Mode {
    let includes = |it: &&Document| it.include.iter().any(|name| name.as_str() == preset);
    let modes = own.iter().filter(includes).map(Document::mode);
    modes.reduce(Mode::at_least).unwrap_or(Mode::Enforce)
}

impl Documents {
    /// The tenant's documents and every preset they include, once each, in the strongest mode of those
    /// that include it.
    pub(super) fn with_presets(own: Vec<Document>, problems: &mut Problems) -> Self {
        let mut presets = Vec::new();
        let mut included = BTreeSet::new();
        for name in own.iter().flat_map(|document| &document.include) {
            match preset::find(name) {
                Some(preset) if included.insert(preset.name) => {
                    let source = Source::new(&format!("preset {}", preset.name), preset.text);
                    let document = read::<Document>(&source, problems);
                    let mode = Some(mode_of(&own, preset.name));
                    presets.extend(document.map(|document| Document { mode, ..document }));
                }
                Some(_) => {}
                None => {
                    let names: Vec<&str> = preset::all().iter().map(|it| it.name).collect();
                    let help = || match closest(name, &names) {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => "`courtesy policy presets` lists those that ship".to_owned(),
                    };
                    let message = format!("there is no preset {}", quoted(name));
                    problems.error_with(name.position, message, help);
                }
            }
        }
        Self { own, presets }
    }

    /// Presets and then the tenant's own documents.
    pub(super) fn all(&self) -> impl Iterator<Item = &Document> {
        self.presets.iter().chain(&self.own)
    }

    /// The channels, in the order in which they are declared.
    pub(super) fn channels(&self) -> impl Iterator<Item = &(At<Name>, Channel)> {
        self.own.iter().flat_map(|document| &document.channels)
    }

    /// The purposes, in the order in which they are declared.
    pub(super) fn purposes(&self) -> impl Iterator<Item = &(At<Name>, Purpose)> {
        self.own.iter().flat_map(|document| &document.purposes)
    }

    /// The occasions beyond those that ship.
    pub(super) fn occasions(&self) -> impl Iterator<Item = &Dates> {
        self.own.iter().flat_map(|document| &document.occasions)
    }

    /// The sets of holidays beyond those that ship.
    pub(super) fn holiday_sets(&self) -> impl Iterator<Item = &Dates> {
        self.own.iter().flat_map(|document| &document.holiday_sets)
    }

    /// The topics that may be named; none where any may.
    pub(super) fn topics(&self) -> Option<BTreeSet<&Name>> {
        let mut lists = self.own.iter().filter_map(|document| document.topics.as_ref()).peekable();
        lists.peek()?;
        Some(lists.flatten().map(|topic| &topic.value).collect())
    }
}
