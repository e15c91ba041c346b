//! The scope of a wish.

use std::fmt;

use crate::model::contact::Contact;
use crate::model::name::Name;

/// Does something with each part of a scope that is a name, or of a type with the same parts:
///
/// - `parts!(&scope)` is `[("channel", &scope.channel), …]`, and so with `&mut`
/// - `parts!(Scope { read(message)?, marketing: true })` is
///   `Scope { channel: read(message.channel)?, …, marketing: true }`; with `&` it borrows them
macro_rules! parts {
    (&mut $of:expr) => {
        [
            ("channel", &mut $of.channel),
            ("purpose", &mut $of.purpose),
            ("topic", &mut $of.topic),
            ("brand", &mut $of.brand),
            ("occasion", &mut $of.occasion),
        ]
    };
    (&$of:expr) => {
        [
            ("channel", &$of.channel),
            ("purpose", &$of.purpose),
            ("topic", &$of.topic),
            ("brand", &$of.brand),
            ("occasion", &$of.occasion),
        ]
    };
    ($($type:ident)::+ { $made:ident(&$of:expr), $($rest:tt)+ }) => {
        $($type)::+ {
            channel: $made(&$of.channel),
            purpose: $made(&$of.purpose),
            topic: $made(&$of.topic),
            brand: $made(&$of.brand),
            occasion: $made(&$of.occasion),
            $($rest)+
        }
    };
    ($($type:ident)::+ { $made:ident($of:expr)?, $($rest:tt)+ }) => {
        $($type)::+ {
            channel: $made($of.channel)?,
            purpose: $made($of.purpose)?,
            topic: $made($of.topic)?,
            brand: $made($of.brand)?,
            occasion: $made($of.occasion)?,
            $($rest)+
        }
    };
}

pub(crate) use parts;

/// A conjunction: every part that is given must match; one with no part given is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The channel.
    pub channel: Option<Name>,
    /// The purpose.
    pub purpose: Option<Name>,
    /// About what.
    pub topic: Option<Name>,
    /// The brand of the organisation.
    pub brand: Option<Name>,
    /// The occasion. It matches any of those that the contact declares.
    pub occasion: Option<Name>,
    /// Whether it is limited to marketing purposes, including those that the policy declares later.
    /// If the policy declares none, it is for all purposes.
    pub marketing: bool,
}

impl Scope {
    /// Whether the contact lies within the scope, the occasion included. `marketing` is true if its
    /// purpose is marketing, or if the policy declares no marketing purpose.
    #[must_use]
    pub fn matches(&self, contact: &Contact, marketing: bool) -> bool {
        let occasion = self.occasion.as_ref();
        self.matches_beside_occasion(contact, marketing)
            && occasion.is_none_or(|occasion| contact.occasions.contains(occasion))
    }

    /// Whether everything in the other scope lies within this one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let part = |own: &Option<Name>, other: &Option<Name>| own.is_none() || own == other;
        let mut both = parts!(&self).into_iter().zip(parts!(&other));
        both.all(|((_, own), (_, other))| part(own, other)) && (!self.marketing || other.marketing)
    }

    /// Whether something may lie within both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let part = |own: &Option<Name>, other: &Option<Name>| {
            own.is_none() || other.is_none() || own == other
        };
        let mut both = parts!(&self).into_iter().zip(parts!(&other));
        both.all(|((_, own), (_, other))| part(own, other))
    }

    /// Whether the contact lies within the scope, apart from occasions.
    #[must_use]
    pub fn matches_beside_occasion(&self, contact: &Contact, marketing: bool) -> bool {
        (!self.marketing || marketing)
            && covers(self.channel.as_ref(), Some(&contact.channel))
            && covers(self.purpose.as_ref(), Some(&contact.purpose))
            && covers(self.topic.as_ref(), contact.labels.topic.as_ref())
            && covers(self.brand.as_ref(), contact.labels.brand.as_ref())
    }
}

fn covers(part: Option<&Name>, of_contact: Option<&Name>) -> bool {
    part.is_none() || part == of_contact
}

impl fmt::Display for Scope {
    /// `everything`, or the parts: `all marketing, channel email, topic newsletter`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if self.marketing {
            f.write_str("all marketing")?;
            separator = ", ";
        }
        for (what, part) in parts!(&self) {
            if let Some(name) = part {
                write!(f, "{separator}{what} {name}")?;
                separator = ", ";
            }
        }
        if separator.is_empty() { f.write_str("everything") } else { Ok(()) }
    }
}
