//! Facts about the customer. This is their only list; what is stored, sent, replaced and taken over
//! of them is made from it.

use std::collections::BTreeMap;

use crate::model::jurisdiction::Jurisdiction;
use crate::model::name::Name;

/// Declares the fields of a profile. A line such as
///
/// ```text
/// /// The customer's language, as BCP 47 writes it.
/// locale: Locale(Option<Name>), "language";
/// ```
///
/// makes a field `locale` of [`Profile`] and a variant `Fact::Locale`, and gives it a title for
/// people. The `$` at the beginning is for the macro that it makes.
macro_rules! profile {
    ($d:tt $($(#[doc = $doc:literal])+ $field:ident: $fact:ident($type:ty), $title:literal;)+) => {
        /// Does something with each field of a profile, or of a type with the same fields:
        ///
        /// - `facts!(add(&mut own, &other))` is `add(&mut own.time_zone, &other.time_zone); …`
        /// - `facts!([bytes(&own)])` is `[bytes(&own.time_zone), …]`, and so with `&mut`
        /// - `facts!(Profile { read(message)? })` is
        ///   `Profile { time_zone: read(message.time_zone)?, … }`; with `&` it borrows them
        /// - `facts!(Message { texts(&own), .. })` has other fields, which are empty
        /// - `facts!(Message { own, .. })` takes the fields as they are
        macro_rules! facts {
            ($d done:ident(&mut $d to:expr, &$d of:expr)) => {
                $($d done(&mut $d to.$field, &$d of.$field);)+
            };
            ([$d made:ident(&mut $d of:expr)]) => { [$($d made(&mut $d of.$field)),+] };
            ([$d made:ident(&$d of:expr)]) => { [$($d made(&$d of.$field)),+] };
            ($d($d type:ident)::+ { $d made:ident(&$d of:expr) }) => {
                $d($d type)::+ { $($field: $d made(&$d of.$field)),+ }
            };
            ($d($d type:ident)::+ { $d made:ident(&$d of:expr), .. }) => {
                $d($d type)::+ { $($field: $d made(&$d of.$field),)+ ..Default::default() }
            };
            ($d($d type:ident)::+ { $d made:ident($d of:expr)? }) => {
                $d($d type)::+ { $($field: $d made($d of.$field)?),+ }
            };
            ($d($d type:ident)::+ { $d of:ident, .. }) => {
                $d($d type)::+ { $($field: $d of.$field,)+ ..Default::default() }
            };
        }

        /// Facts about the customer that rules select by.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Profile {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        /// One field of a profile.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Fact {
            $($(#[doc = $doc])+ $fact($type),)+
        }

        impl Profile {
            /// The names of the fields.
            pub const FIELDS: [&'static str; { [$(stringify!($field)),+].len() }] =
                [$(stringify!($field)),+];

            /// The names of the fields for people.
            pub const TITLES: [&'static str; Self::FIELDS.len()] = [$($title),+];

            /// Replaces a field.
            pub fn set(&mut self, fact: Fact) {
                match fact { $(Fact::$fact(it) => self.$field = it),+ }
            }
        }
    };
}

profile! { $
    /// The customer's own time zone, by its IANA name.
    time_zone: TimeZone(Option<Name>), "time zone";
    /// The zones in which the customer may be, where the own one is unknown.
    time_zones: TimeZones(Vec<Name>), "may be in";
    /// The laws under which the customer falls.
    jurisdictions: Jurisdictions(Vec<Jurisdiction>), "jurisdictions";
    /// The customer's language, as BCP 47 writes it.
    locale: Locale(Option<Name>), "language";
    /// The groups to which the customer belongs.
    segments: Segments(Vec<Name>), "segments";
    /// The attributes that content rules may read.
    attributes: Attributes(BTreeMap<Name, String>), "attributes";
}

pub(crate) use facts;

/// The value of one field.
pub trait Known: Sized {
    /// The value as texts, as it is stored and sent.
    type Texts;

    /// The value as texts.
    fn texts(&self) -> Self::Texts;

    /// Reads the value from texts.
    ///
    /// # Errors
    /// If one of them breaks a bound, with what it should be.
    fn of(texts: Self::Texts) -> Result<Self, &'static str>;

    /// The size in bytes, where each text takes `more` bytes beyond its own.
    fn bytes(&self, more: usize) -> usize;

    /// Adds what another knows. Where both know one thing, the own one holds.
    fn add(&mut self, other: &Self);
}

/// The value of one field, as texts.
pub fn texts<T: Known>(fact: &T) -> T::Texts {
    fact.texts()
}

/// Texts for people.
pub trait Listed {
    /// Each of them; of an attribute, with its name.
    fn listed(&self) -> Vec<String>;
}

/// The texts of one field, each by itself.
pub fn listed(texts: &impl Listed) -> Vec<String> {
    texts.listed()
}

impl Listed for Option<String> {
    fn listed(&self) -> Vec<String> {
        self.iter().cloned().collect()
    }
}

impl Listed for Vec<String> {
    fn listed(&self) -> Vec<String> {
        self.clone()
    }
}

impl Listed for BTreeMap<String, String> {
    fn listed(&self) -> Vec<String> {
        self.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }
}

/// A text within bounds.
pub trait Bounded: Clone + PartialEq + ToString {
    /// Reads a value from a text.
    ///
    /// # Errors
    /// If it breaks a bound, with what it should be.
    fn of(text: &str) -> Result<Self, &'static str>;

    /// The text.
    fn text(&self) -> &str;
}

impl Bounded for Name {
    fn of(text: &str) -> Result<Self, &'static str> {
        Self::new(text).map_err(|_bound| "name")
    }

    fn text(&self) -> &str {
        self
    }
}

impl Bounded for Jurisdiction {
    fn of(text: &str) -> Result<Self, &'static str> {
        Self::new(text).ok().flatten().ok_or("jurisdictions")
    }

    fn text(&self) -> &str {
        self.as_str()
    }
}

impl<T: Bounded> Known for Option<T> {
    type Texts = Option<String>;

    fn texts(&self) -> Option<String> {
        self.as_ref().map(T::to_string)
    }

    fn of(text: Option<String>) -> Result<Self, &'static str> {
        text.map(|it| T::of(&it)).transpose()
    }

    fn bytes(&self, more: usize) -> usize {
        self.as_ref().map_or(0, |it| it.text().len() + more)
    }

    fn add(&mut self, other: &Self) {
        *self = self.take().or_else(|| other.clone());
    }
}

impl<T: Bounded> Known for Vec<T> {
    type Texts = Vec<String>;

    fn texts(&self) -> Vec<String> {
        self.iter().map(T::to_string).collect()
    }

    fn of(texts: Vec<String>) -> Result<Self, &'static str> {
        texts.iter().map(|it| T::of(it)).collect()
    }

    fn bytes(&self, more: usize) -> usize {
        self.iter().map(|it| it.text().len() + more).sum()
    }

    fn add(&mut self, other: &Self) {
        for it in other {
            if !self.contains(it) {
                self.push(it.clone());
            }
        }
    }
}

impl Known for BTreeMap<Name, String> {
    type Texts = BTreeMap<String, String>;

    fn texts(&self) -> BTreeMap<String, String> {
        self.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    }

    fn of(texts: BTreeMap<String, String>) -> Result<Self, &'static str> {
        let pairs = texts.into_iter();
        pairs.map(|(name, value)| Ok((Bounded::of(&name)?, value))).collect()
    }

    fn bytes(&self, more: usize) -> usize {
        self.iter().map(|(name, value)| name.len() + value.len() + 3 * more).sum()
    }

    fn add(&mut self, other: &Self) {
        for (name, value) in other {
            self.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}
