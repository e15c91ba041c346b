//! Names that a policy does not declare.

use crate::model::Contact;
use crate::model::Name;
use crate::policy::Policy;

/// A contact names something that the policy does not declare, so there is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy declares no {what} `{name}`; it declares {}", list(declared))]
pub struct Undeclared {
    /// `channel`, `purpose`, `topic` or `occasion`.
    pub what: &'static str,
    /// The name that was given.
    pub name: Name,
    /// The names that are declared, in order.
    pub declared: Vec<Name>,
}

impl Undeclared {
    /// Whether a policy declares a channel.
    ///
    /// # Errors
    /// If it does not.
    pub fn check_channel(policy: &Policy, channel: &Name) -> Result<(), Self> {
        let declared = policy.channel_position(channel).is_some();
        if declared { Ok(()) } else { Err(Self::channel(policy, channel)) }
    }

    /// Every name of a contact that a policy does not declare.
    #[must_use]
    pub fn all(policy: &Policy, contact: &Contact) -> Vec<Self> {
        let mut all = Vec::new();
        all.extend(Self::check_channel(policy, &contact.channel).err());
        if policy.purpose_position(&contact.purpose).is_none() {
            all.push(Self::purpose(policy, contact));
        }
        all.extend(Self::check_topic(policy, contact).err());
        all.extend(Self::unknown_occasions(policy, contact));
        all
    }

    pub(crate) fn channel(policy: &Policy, channel: &Name) -> Self {
        let declared = policy.channels.iter().map(|channel| channel.name.clone());
        Self::new("channel", channel, declared)
    }

    pub(crate) fn purpose(policy: &Policy, contact: &Contact) -> Self {
        let declared = policy.purposes.iter().map(|purpose| purpose.name.clone());
        Self::new("purpose", &contact.purpose, declared)
    }

    /// Topics, where the policy lists them, and occasions.
    pub(crate) fn check_labels(policy: &Policy, contact: &Contact) -> Result<(), Self> {
        Self::check_topic(policy, contact)?;
        Self::unknown_occasions(policy, contact).next().map_or(Ok(()), Err)
    }

    fn check_topic(policy: &Policy, contact: &Contact) -> Result<(), Self> {
        match (&contact.topic, &policy.topics) {
            (Some(topic), Some(topics)) if !topics.contains(topic) => {
                Err(Self::new("topic", topic, topics.iter().cloned()))
            }
            _ => Ok(()),
        }
    }

    fn unknown_occasions(policy: &Policy, contact: &Contact) -> impl Iterator<Item = Self> {
        let unknown = contact.occasions.iter().filter(|name| !policy.occasions.contains(*name));
        unknown.map(|occasion| Self::new("occasion", occasion, policy.occasions.iter().cloned()))
    }

    fn new(what: &'static str, name: &Name, declared: impl Iterator<Item = Name>) -> Self {
        let mut declared: Vec<Name> = declared.collect();
        declared.sort();
        Self { what, name: name.clone(), declared }
    }
}

fn list(names: &[Name]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
