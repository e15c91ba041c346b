//! What the pages for customers offer, compiled.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::model::Span;
use crate::model::word::words;

/// The occasions that pages show first where a policy lists none.
pub const OCCASIONS_FIRST: [&str; 6] =
    ["mothers_day", "fathers_day", "valentines_day", "christmas", "easter", "new_year"];

/// What the pages for customers offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Who writes, where the link names no brand that is declared.
    pub sender: Sender,
    /// Who writes, by brand.
    pub brands: BTreeMap<Name, Sender>,
    /// What the pages are about, in the order in which the policy declares them.
    pub purposes: Vec<Name>,
    /// The channels that are offered, likewise.
    pub channels: Vec<Name>,
    /// The topics, likewise.
    pub topics: Vec<Name>,
    /// Those channels that need a consent and are offered all the same.
    pub confirm: Vec<Name>,
    /// How often at most, in the order of the document.
    pub cadence: Vec<(u32, Span)>,
    /// The breaks that are offered.
    pub breaks: Vec<Span>,
    /// The occasions that are shown first.
    pub occasions: Vec<Name>,
    /// Whether customers may name a date of their own.
    pub own_date: bool,
    /// What is shown of what was sent.
    pub history: ShownHistory,
    /// What things are called.
    pub titles: Titles,
}

words! {
    /// What the preference page shows of the contacts that were made.
    #[derive(Default)]
    pub enum ShownHistory {
        /// Nothing.
        #[default]
        Off,
        /// When and on which channel, and never about what.
        Channels,
    }
}

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// What customers know the sender by.
    pub name: Option<Box<str>>,
    /// The postal address.
    pub address: Option<Box<str>>,
    /// Where the sender says what becomes of what is known of customers.
    pub privacy_url: Option<Box<str>>,
    /// The colour of buttons, as `#rrggbb`.
    pub colour: Option<Box<str>>,
}

/// What people call something, by language.
pub type Title = BTreeMap<Box<str>, Box<str>>;

/// What people call things, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    /// Of channels.
    pub channels: BTreeMap<Name, Title>,
    /// Of purposes.
    pub purposes: BTreeMap<Name, Title>,
    /// Of topics.
    pub topics: BTreeMap<Name, Title>,
    /// Of the policy's own occasions.
    pub occasions: BTreeMap<Name, Title>,
}

impl Pages {
    /// Who writes under a brand; what it does not say is said by the page.
    #[must_use]
    pub fn sender(&self, brand: Option<&Name>) -> Sender {
        let Some(own) = brand.and_then(|name| self.brands.get(name)) else {
            return self.sender.clone();
        };
        let or =
            |own: &Option<Box<str>>, page: &Option<Box<str>>| own.clone().or_else(|| page.clone());
        Sender {
            name: or(&own.name, &self.sender.name),
            address: or(&own.address, &self.sender.address),
            privacy_url: or(&own.privacy_url, &self.sender.privacy_url),
            colour: or(&own.colour, &self.sender.colour),
        }
    }
}

/// The title in a language: as it is written, then in the language without its region, then in
/// English, then the name itself, as people write it.
#[must_use]
pub fn titled(titles: &BTreeMap<Name, Title>, name: &Name, language: &str) -> String {
    let title = titles.get(name);
    let primary = language.split('-').next().unwrap_or_default();
    let find =
        |tag: &str| title.and_then(|it| it.get(&*tag.to_lowercase())).map(ToString::to_string);
    find(language).or_else(|| find(primary)).or_else(|| find("en")).unwrap_or_else(|| spoken(name))
}

/// A name as people write it: its first letter raised, `_` as a space.
#[must_use]
pub fn spoken(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
