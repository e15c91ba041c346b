//! Names that a policy does not declare.

use crate::model::Contact;
use crate::model::Ground;
use crate::model::Name;
use crate::model::Scope;
use crate::policy::Policy;
use crate::words;

/// A name in a contact or a wish that the policy does not declare. There is no decision about such
/// a contact, and such a wish would refuse nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy declares no {what} `{name}`; {} {}", lead(name, declared), list(declared))]
pub struct Undeclared {
    /// `channel`, `purpose`, `topic`, `occasion` or `ground`.
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
        let Contact { channel, purpose, labels, occasions, .. } = contact;
        Self::among(policy, (Some(channel), Some(purpose)), labels.topic.as_ref(), occasions)
    }

    /// Whether a policy declares all names of a scope.
    ///
    /// # Errors
    /// If it does not, with the first.
    pub fn check_scope(policy: &Policy, scope: &Scope) -> Result<(), Self> {
        Self::in_scope(policy, scope).into_iter().next().map_or(Ok(()), Err)
    }

    /// Every name of a scope that a policy does not declare. Brands are free.
    #[must_use]
    pub fn in_scope(policy: &Policy, scope: &Scope) -> Vec<Self> {
        let Scope { channel, purpose, topic, brand: _, occasion, marketing: _ } = scope;
        let parts = (channel.as_ref(), purpose.as_ref());
        Self::among(policy, parts, topic.as_ref(), occasion.as_slice())
    }

    /// Whether a policy knows the ground of a consent.
    ///
    /// # Errors
    /// If it does not.
    pub fn check_ground(policy: &Policy, ground: &Ground) -> Result<(), Self> {
        match ground.other() {
            Some(name) if !policy.grounds.contains(name) => {
                Err(Self::new("ground", name, policy.grounds.iter().cloned()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a policy declares a purpose.
    ///
    /// # Errors
    /// If it does not.
    pub fn check_purpose(policy: &Policy, purpose: &Name) -> Result<(), Self> {
        let declared = policy.purpose_position(purpose).is_some();
        if declared { Ok(()) } else { Err(Self::purpose(policy, purpose)) }
    }

    /// The labels that a policy does not declare: the topic, if the policy lists topics, and the
    /// occasions.
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
        let mut labels = Self::labels(policy, contact.labels.topic.as_ref(), &contact.occasions);
        labels.next().map_or(Ok(()), Err)
    }

    fn among(
        policy: &Policy,
        (channel, purpose): (Option<&Name>, Option<&Name>),
        topic: Option<&Name>,
        occasions: &[Name],
    ) -> Vec<Self> {
        let channel = channel.and_then(|it| Self::check_channel(policy, it).err());
        let purpose = purpose.and_then(|it| Self::check_purpose(policy, it).err());
        let labels = Self::labels(policy, topic, occasions);
        channel.into_iter().chain(purpose).chain(labels).collect()
    }

    fn new(what: &'static str, name: &Name, declared: impl Iterator<Item = Name>) -> Self {
        let mut declared: Vec<Name> = declared.collect();
        declared.sort();
        Self { what, name: name.clone(), declared }
    }
}

/// The beginning of the message, before the list. A caller whose error is truncated still sees the
/// suggestion.
fn lead(name: &Name, declared: &[Name]) -> String {
    let words: Vec<&str> = declared.iter().map(Name::as_str).collect();
    match words::closest(name.as_str(), &words) {
        Some(meant) => format!("did you mean `{meant}`? It declares"),
        None => "it declares".to_owned(),
    }
}

fn list(names: &[Name]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
