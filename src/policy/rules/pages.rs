//! The pages for customers, compiled.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::model::Span;
use crate::model::word::words;

/// The occasions that pages show first where a policy lists none.
pub const OCCASIONS_FIRST: [&str; 6] =
    ["mothers_day", "fathers_day", "valentines_day", "christmas", "easter", "new_year"];

/// The settings of the pages for customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// The sender, if the link names no declared brand.
    pub sender: Sender,
    /// The senders, by brand.
    pub brands: BTreeMap<Name, Sender>,
    /// The purposes of the pages, in the order in which the policy declares them.
    pub purposes: Vec<Name>,
    /// The channels that are offered, in the same order.
    pub channels: Vec<Name>,
    /// The topics that are offered, in the same order.
    pub topics: Vec<Name>,
    /// The channels that need a consent and are offered all the same.
    pub confirm: Vec<Name>,
    /// The limits that can be chosen, in the order of the document.
    pub cadence: Vec<(u32, Span)>,
    /// The breaks that are offered.
    pub breaks: Vec<Span>,
    /// The occasions that are shown first.
    pub occasions: Vec<Name>,
    /// Whether customers may name a date of their own.
    pub own_date: bool,
    /// The part of the contacts that is shown.
    pub history: ShownHistory,
    /// The names for people.
    pub titles: Titles,
}

words! {
    /// The part of the contacts that the preference page shows.
    #[derive(Default)]
    pub enum ShownHistory {
        /// Nothing.
        #[default]
        Off,
        /// The time and the channel, and never the content.
        Channels,
    }
}

/// The sender of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The sender's name, as customers know it.
    pub name: Option<Box<str>>,
    /// The postal address.
    pub address: Option<Box<str>>,
    /// The address of the sender's privacy notice.
    pub privacy_url: Option<Box<str>>,
    /// The colour of buttons, as `#rrggbb`.
    pub colour: Option<Box<str>>,
}

/// A name for people, by language.
pub type Title = BTreeMap<Box<str>, Box<str>>;

/// The names for people, by the names in the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    /// The names of channels.
    pub channels: BTreeMap<Name, Title>,
    /// The names of purposes.
    pub purposes: BTreeMap<Name, Title>,
    /// The names of topics.
    pub topics: BTreeMap<Name, Title>,
    /// The names of the policy's own occasions.
    pub occasions: BTreeMap<Name, Title>,
}

impl Pages {
    /// The sender of a brand. Parts that it does not set are those of the page.
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
