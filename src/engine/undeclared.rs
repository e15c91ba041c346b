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
        all.extend(Self::check_purpose(policy, &contact.purpose).err());
        all.extend(Self::labels(policy, contact.topic.as_ref(), &contact.occasions));
        all
    }

    /// Whether a policy declares a purpose.
    ///
    /// # Errors
    /// If it does not.
    pub fn check_purpose(policy: &Policy, purpose: &Name) -> Result<(), Self> {
        let declared = policy.purpose_position(purpose).is_some();
        if declared { Ok(()) } else { Err(Self::purpose(policy, purpose)) }
    }

    /// What a policy does not declare of a topic, where the policy lists topics, and of occasions.
    pub fn labels<'a>(
        policy: &'a Policy,
        topic: Option<&'a Name>,
        occasions: &'a [Name],
    ) -> impl Iterator<Item = Self> + 'a {
        let topics = policy.topics.as_ref();
        let listed = topic.zip(topics).filter(|(topic, topics)| !topics.contains(*topic));
        let topic = listed.map(|(topic, topics)| Self::new("topic", topic, topics.iter().cloned()));
        let unknown = occasions.iter().filter(|name| !policy.occasions.contains(*name));
        let declared = || policy.occasions.iter().cloned();
        topic.into_iter().chain(unknown.map(move |it| Self::new("occasion", it, declared())))
    }

    pub(crate) fn channel(policy: &Policy, channel: &Name) -> Self {
        let declared = policy.channels.iter().map(|channel| channel.name.clone());
        Self::new("channel", channel, declared)
    }

    pub(crate) fn purpose(policy: &Policy, purpose: &Name) -> Self {
        let declared = policy.purposes.iter().map(|purpose| purpose.name.clone());
        Self::new("purpose", purpose, declared)
    }

    /// Topics, where the policy lists them, and occasions.
    pub(crate) fn check_labels(policy: &Policy, contact: &Contact) -> Result<(), Self> {
        let mut labels = Self::labels(policy, contact.topic.as_ref(), &contact.occasions);
        labels.next().map_or(Ok(()), Err)
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
