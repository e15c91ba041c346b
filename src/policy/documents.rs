//! The documents of one policy: the tenant's own, and the presets they include.

use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::rc::Rc;

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
use super::value::Confidence;
use super::yaml;
use super::yaml::Node;
use super::yaml::Value;
use super::yaml::quoted;
use crate::model::Name;
use crate::words::closest;

/// The preset to include.
fn preset_named(name: &At<Name>, problems: &mut Problems) -> Option<Document> {
    let Some(preset) = preset::find(name) else {
        let names: Vec<&str> = preset::all().iter().map(|it| it.name).collect();
        let help = || match closest(name, &names) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "`courtesy policy presets` lists those that ship".to_owned(),
        };
        problems.error_with(name.position, format!("there is no preset {}", quoted(name)), help);
        return None;
    };
    let source = Source::new(&format!("preset {}", preset.name), preset.text);
    let document = read::<Document>(&source, problems)?;
    if document.confidence == Some(Confidence::Low) {
        let message =
            format!("the preset {} rests on one vendor's or newspaper's word", quoted(name));
        let help =
            format!("ask a lawyer; `courtesy policy presets {}` names the source", preset.name);
        problems.warn(name.position, message, help);
    }
    Some(document)
}

/// All documents of one policy.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// The tenant's own documents.
    pub(super) own: Vec<Document>,
    /// The presets that ship with courtesy. They have nothing but rules.
    pub(super) presets: Vec<Document>,
}

/// Reads one text as a document of some type.
pub(super) fn read<T: Decode>(source: &Source, problems: &mut Problems) -> Option<T> {
    let node = yaml::read(source, problems)?;
    T::decode(&node, problems)
}

/// Reads a document after its nodes have been changed into another form.
pub(super) fn read_formed<T: Decode>(
    source: &Source,
    form: impl Fn(&Rc<Node>) -> Rc<Node>,
    problems: &mut Problems,
) -> Option<T> {
    let node = yaml::read(source, problems)?;
    T::decode(&form(&node), problems)
}

impl Source {
    /// The name that the document gives itself, whatever its other mistakes; `None` if that cannot
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

impl Documents {
    /// The tenant's documents and every preset that they or their presets include, once each, in
    /// the strongest mode of those that include it.
    pub(super) fn with_presets(own: Vec<Document>, problems: &mut Problems) -> Self {
        let mut presets: Vec<Document> = Vec::new();
        let includes = |it: &Document| {
            let mode = it.mode();
            it.include.iter().map(|name| (name.clone(), mode)).collect::<Vec<_>>()
        };
        let mut wanted: VecDeque<(At<Name>, Mode)> = own.iter().flat_map(includes).collect();
        while let Some((name, mode)) = wanted.pop_front() {
            let position = presets.iter().position(|known| *known.name == *name);
            if let Some(known) = position.and_then(|position| presets.get_mut(position)) {
                if known.mode() != known.mode().at_least(mode) {
                    known.mode = Some(mode);
                    wanted.extend(includes(known));
                }
            } else if let Some(document) = preset_named(&name, problems) {
                let document = Document { mode: Some(mode), ..document };
                wanted.extend(includes(&document));
                presets.push(document);
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

    /// The occasions in addition to those that ship.
    pub(super) fn occasions(&self) -> impl Iterator<Item = &Dates> {
        self.own.iter().flat_map(|document| &document.occasions)
    }

    /// The sets of holidays in addition to those that ship.
    pub(super) fn holiday_sets(&self) -> impl Iterator<Item = &Dates> {
        self.own.iter().flat_map(|document| &document.holiday_sets)
    }

    /// The topics that may be named; `None` if any may.
    pub(super) fn topics(&self) -> Option<BTreeSet<&Name>> {
        let mut lists = self.own.iter().filter_map(|document| document.topics.as_ref()).peekable();
        lists.peek()?;
        Some(lists.flatten().map(|topic| &topic.name().value).collect())
    }
}
