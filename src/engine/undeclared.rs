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
        if let (Some(topic), Some(topics)) = (&contact.topic, &policy.topics)
            && !topics.contains(topic)
        {
            return Err(Self::new("topic", topic, topics.iter().cloned()));
        }
        let unknown = contact.occasions.iter().find(|name| !policy.occasions.contains(*name));
        unknown.map_or(Ok(()), |occasion| {
            Err(Self::new("occasion", occasion, policy.occasions.iter().cloned()))
        })
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
