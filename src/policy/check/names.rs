//! Names are unique, and what can be set once is set once.

use std::collections::BTreeMap;

use crate::calendar::HolidaySet;
use crate::calendar::Occasion;
use crate::model::Name;
use crate::policy::decode::At;
use crate::policy::document::ANY_OCCASION;
use crate::policy::document::Document;
use crate::policy::document::Settings;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::problem::REPEATED;
use crate::policy::source::Position;
use crate::policy::yaml::quoted;

/// The places at which each name of a kind was first given.
struct Register<'a> {
    what: &'static str,
    places: BTreeMap<&'a str, Position>,
}

pub(super) fn check(documents: &Documents, problems: &mut Problems) {
    let own = &documents.own;
    Register::new("documents").add_all(own.iter().map(|document| &document.name), problems);
    Register::new("channels").add_all(documents.channels().map(|(name, _)| name), problems);
    Register::new("purposes").add_all(documents.purposes().map(|(name, _)| name), problems);
    Register::new("sets of holidays")
        .add_all(documents.holiday_sets().map(|dates| &dates.name), problems);
    Register::new("occasions").add_all(documents.occasions().map(|dates| &dates.name), problems);
    // Presets come first, so that a problem is shown in the tenant's own document.
    Register::new("rules").add_all(documents.all().flat_map(rule_names), problems);
    shipped(documents, problems);
    settings(own, problems);
}

fn rule_names(document: &Document) -> impl Iterator<Item = &At<Name>> {
    let reactions = document.reactions.iter().filter_map(|reaction| reaction.name.as_ref());
    document.rules().map(|any| &any.rule().name).chain(reactions)
}

impl<'a> Register<'a> {
    fn new(what: &'static str) -> Self {
        Self { what, places: BTreeMap::new() }
    }

    fn add_all(&mut self, names: impl Iterator<Item = &'a At<Name>>, problems: &mut Problems) {
        for name in names {
            if let Some(first) = self.places.get(name.as_str()) {
                let message = format!("two {} {REPEATED} {}", self.what, quoted(name));
                let help = format!("the other is at {}; rename one", place(*first, problems));
                problems.error(name.position, message, help);
            } else {
                self.places.insert(name.as_str(), name.position);
            }
        }
    }
}

/// A declaration must not hide a name that ships, or a word of the language.
fn shipped(documents: &Documents, problems: &mut Problems) {
    let occasions = documents.occasions().filter(|it| Occasion::find(&it.name).is_some());
    let sets = documents.holiday_sets().filter(|it| HolidaySet::find(&it.name).is_some());
    for (what, dates) in
        occasions.map(|it| ("an occasion", it)).chain(sets.map(|it| ("a set of holidays", it)))
    {
        let message = format!("{what} with the name {} ships already", quoted(&dates.name));
        problems.error(dates.name.position, message, "choose another name");
    }
    for dates in documents.occasions().filter(|it| it.name.as_str() == ANY_OCCASION) {
        let message =
            "`any` is not a name for an occasion: quiet periods mean every occasion by it";
        problems.refuse(dates.name.position, message, "choose another name");
    }
    for (name, _) in documents.channels().filter(|(name, _)| name.as_str() == "same") {
        let message = "`same` is not a name for a channel: reactions mean the event's own by it";
        problems.error(name.position, message, "choose another name");
    }
}

/// Each setting is made by one document only.
fn settings(own: &[Document], problems: &mut Problems) {
    let mut places: BTreeMap<&str, Position> = BTreeMap::new();
    for document in own {
        let settings = document.settings.iter().flat_map(positions);
        let window = document.conversations.iter().map(|it| ("conversations", it.position));
        let inbound = document.inbound_messages.iter().map(|it| ("inbound_messages", it.position));
        let pages = document.pages.iter().map(|it| ("pages", it.position));
        for (key, position) in settings.chain(window).chain(inbound).chain(pages) {
            if let Some(first) = places.get(key) {
                let message = format!("`{key}` is set by two documents");
                let help = format!("the other is at {}; keep one", place(*first, problems));
                problems.error(position, message, help);
            } else {
                places.insert(key, position);
            }
        }
    }
}

fn positions(settings: &Settings) -> Vec<(&'static str, Position)> {
    let zone = settings.time_zone.as_ref();
    let all = [
        ("time_zone.assume", zone.and_then(|zone| zone.assume.as_ref()).map(|it| it.position)),
        ("time_zone.unknown", zone.and_then(|zone| zone.unknown.as_ref()).map(|it| it.position)),
        ("jurisdictions", settings.jurisdictions.as_ref().map(|it| it.assume.position)),
        ("week_starts", settings.week_starts.as_ref().map(|it| it.position)),
        ("history_retention", settings.history_retention.as_ref().map(|it| it.position)),
    ];
    all.into_iter().filter_map(|(key, position)| Some((key, position?))).collect()
}

/// `base.yaml:3:5`
fn place(position: Position, problems: &Problems) -> String {
    let file = problems.source(position).map_or("", |source| source.name());
    format!("{file}:{}:{}", position.line, position.column)
}
