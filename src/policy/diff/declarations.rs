//! The things that documents declare, by their names: rules, channels, settings.

use std::collections::BTreeMap;

use super::words::written;
use crate::policy::problem::Problems;
use crate::policy::rules::families;
use crate::policy::source::Source;
use crate::policy::yaml;
use crate::policy::yaml::Entry;
use crate::policy::yaml::Node;
use crate::policy::yaml::Value;

/// Everything that some documents declare.
pub(super) type Declarations = BTreeMap<Key, Declaration>;

/// What sort of thing, and which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    sort: Sort,
    name: String,
}

/// The kinds, in the order in which differences are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Document,
    Settings,
    Channel,
    Purpose,
    Topic,
    Conversations,
    InboundMessages,
    Pages,
    /// A rule of a family.
    Rule(&'static str),
    HolidaySet,
    Occasion,
    Reaction,
    Preset,
}

/// What a thing says: its keys and what is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) document: String,
    pub(super) says: BTreeMap<String, Says>,
}

/// A value, or the values below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Value(String),
    Map(BTreeMap<String, Self>),
}

impl Key {
    /// What answers call it: a rule by its name alone.
    pub(super) fn subject(&self) -> String {
        if let Sort::Rule(_) = self.sort { self.name.clone() } else { self.full() }
    }

    /// The same with its sort.
    pub(super) fn full(&self) -> String {
        let sort = match self.sort {
            Sort::Document => "document",
            Sort::Settings => return "settings".to_owned(),
            Sort::Channel => "channel",
            Sort::Purpose => "purpose",
            Sort::Topic => "topic",
            Sort::Conversations => return "conversations".to_owned(),
            Sort::InboundMessages => return "inbound messages".to_owned(),
            Sort::Pages => return "pages".to_owned(),
            Sort::Rule(family) => return format!("the {family} {}", self.name),
            Sort::HolidaySet => "holiday set",
            Sort::Occasion => "occasion",
            Sort::Reaction => "reaction",
            Sort::Preset => "preset",
        };
        format!("{sort} {}", self.name)
    }
}

/// Everything that these documents declare.
pub(super) fn declarations(sources: &[Source]) -> Declarations {
    let mut declarations = Declarations::new();
    for source in sources {
        let Some(node) = yaml::read(source, &mut Problems::default()) else { continue };
        let Value::Map(entries) = &node.value else { continue };
        let mut reader = Reader { document: source.name(), declarations: &mut declarations };
        reader.add(Sort::Document, source.name(), BTreeMap::new());
        entries.iter().for_each(|entry| reader.section(entry));
    }
    declarations
}

struct Reader<'a> {
    document: &'a str,
    declarations: &'a mut Declarations,
}

impl Reader<'_> {
    fn section(&mut self, entry: &Entry) {
        match &*entry.key {
            "name" => {}
            "settings" => self.whole(Sort::Settings, &entry.node),
            "conversations" => self.whole(Sort::Conversations, &entry.node),
            "inbound_messages" => self.whole(Sort::InboundMessages, &entry.node),
            "channels" => self.map(Sort::Channel, &entry.node),
            "purposes" => self.map(Sort::Purpose, &entry.node),
            "topics" => self.list(Sort::Topic, &entry.node),
            "pages" => self.whole(Sort::Pages, &entry.node),
            "include" => self.names(Sort::Preset, &entry.node),
            "holiday_sets" => self.list(Sort::HolidaySet, &entry.node),
            "occasions" => self.list(Sort::Occasion, &entry.node),
            "reactions" => self.list(Sort::Reaction, &entry.node),
            key => match noun(key) {
                Some(noun) => self.list(Sort::Rule(noun), &entry.node),
                // What a document says about itself.
                None => {
                    let (document, says) = (self.document.to_owned(), says(&entry.node));
                    self.merge(Sort::Document, &document, BTreeMap::from([(key.to_owned(), says)]));
                }
            },
        }
    }

    /// A section that is one thing, of which several documents may say parts.
    fn whole(&mut self, sort: Sort, node: &Node) {
        if let Says::Map(map) = says(node) {
            self.merge(sort, "", map);
        }
    }

    fn map(&mut self, sort: Sort, node: &Node) {
        if let Value::Map(entries) = &node.value {
            for entry in entries {
                self.add(sort, &entry.key, keys(&entry.node));
            }
        }
    }

    fn names(&mut self, sort: Sort, node: &Node) {
        if let Value::List(items) = &node.value {
            items.iter().for_each(|item| self.add(sort, &written(item), BTreeMap::new()));
        }
    }

    /// Declarations with names; one without is known by all that it says.
    fn list(&mut self, sort: Sort, node: &Node) {
        let Value::List(items) = &node.value else { return };
        for item in items {
            let mut keys = keys(item);
            match keys.remove("name") {
                Some(Says::Value(name)) => self.add(sort, &name, keys),
                Some(Says::Map(_)) | None => self.add(sort, &written(item), BTreeMap::new()),
            }
        }
    }

    fn add(&mut self, sort: Sort, name: &str, says: BTreeMap<String, Says>) {
        let key = Key { sort, name: name.to_owned() };
        self.declarations.insert(key, Declaration { document: self.document.to_owned(), says });
    }

    fn merge(&mut self, sort: Sort, name: &str, says: BTreeMap<String, Says>) {
        let key = Key { sort, name: name.to_owned() };
        let thing = || Declaration { document: self.document.to_owned(), says: BTreeMap::new() };
        self.declarations.entry(key).or_insert_with(thing).says.extend(says);
    }
}

/// Makes of the table of families what a rule of a section is called.
macro_rules! nouns {
    ($(#[$doc:meta] $kind:ident($document:ty, $compiled:ty):
        $section:ident, $noun:literal, $family:expr;)+) => {
        fn noun(section: &str) -> Option<&'static str> {
            let nouns = [$((stringify!($section), $noun)),+];
            nouns.into_iter().find(|(known, _)| *known == section).map(|(_, noun)| noun)
        }
    };
}

families!(nouns);

fn keys(node: &Node) -> BTreeMap<String, Says> {
    match says(node) {
        Says::Map(map) => map,
        Says::Value(_) => BTreeMap::new(),
    }
}

fn says(node: &Node) -> Says {
    match &node.value {
        Value::Map(entries) => {
            let entries = entries.iter();
            Says::Map(entries.map(|it| (it.key.to_string(), says(&it.node))).collect())
        }
        Value::List(_) | Value::Scalar(_) => Says::Value(written(node)),
    }
}
