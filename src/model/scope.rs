//! What a wish is about.

use std::fmt;

use crate::model::contact::Contact;
use crate::model::name::Name;

/// A conjunction: every part that is given must match; one with no part given is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// How the customer would be reached.
    pub channel: Option<Name>,
    /// Why.
    pub purpose: Option<Name>,
    /// About what.
    pub topic: Option<Name>,
    /// By which of the organisation's faces.
    pub brand: Option<Name>,
    /// About which occasion: any of those that the contact declares.
    pub occasion: Option<Name>,
    /// Whether only for purposes that are marketing, those that the policy will declare one day
    /// included. Where it declares none, it is for all.
    pub marketing: bool,
}

impl Scope {
    /// Whether the contact lies within the scope, the occasion included; `marketing` tells whether
    /// its purpose is, or the policy declares none that is.
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
        part(&self.channel, &other.channel)
            && part(&self.purpose, &other.purpose)
            && part(&self.topic, &other.topic)
            && part(&self.brand, &other.brand)
            && part(&self.occasion, &other.occasion)
            && (!self.marketing || other.marketing)
    }

    /// Whether something may lie within both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let part = |own: &Option<Name>, other: &Option<Name>| {
            own.is_none() || other.is_none() || own == other
        };
        part(&self.channel, &other.channel)
            && part(&self.purpose, &other.purpose)
            && part(&self.topic, &other.topic)
            && part(&self.brand, &other.brand)
            && part(&self.occasion, &other.occasion)
    }

    /// Whether the contact lies within the scope, whatever occasions it declares.
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
        let parts = [
            ("channel", &self.channel),
            ("purpose", &self.purpose),
            ("topic", &self.topic),
            ("brand", &self.brand),
            ("occasion", &self.occasion),
        ];
        let mut separator = "";
        if self.marketing {
            f.write_str("all marketing")?;
            separator = ", ";
        }
        for (what, part) in parts {
            if let Some(name) = part {
                write!(f, "{separator}{what} {name}")?;
                separator = ", ";
            }
        }
        if separator.is_empty() { f.write_str("everything") } else { Ok(()) }
    }
}
