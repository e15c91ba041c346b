//! The contact to decide on.

use std::collections::BTreeMap;

use crate::model::label::Labels;
use crate::model::name::Name;

/// The priority of a contact that states none.
pub const PRIORITY_DEFAULT: u8 = 50;
/// The highest priority; 0 is the lowest.
pub const PRIORITY_MAX: u8 = 100;

/// One message or call to one customer that a sender is about to make. Its customer is for the
/// record to say; when it would happen is an argument of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// A channel that the policy declares: the way of contact.
    pub channel: Name,
    /// A purpose that the policy declares: the reason for the contact.
    pub purpose: Name,
    /// Its labels, such as the topic.
    pub labels: Labels<Option<Name>>,
    /// The days or seasons the message is about, such as `mothers_day`.
    pub occasions: Vec<Name>,
    /// The priority, from 0 to [`PRIORITY_MAX`]; [`PRIORITY_DEFAULT`] by default.
    pub priority: u8,
    /// The attributes that content rules may read.
    pub attributes: BTreeMap<Name, String>,
}

impl Contact {
    /// A contact with nothing but the two things every contact has.
    #[must_use]
    pub fn new(channel: Name, purpose: Name) -> Self {
        Self {
            channel,
            purpose,
            labels: Labels::NONE,
            occasions: Vec::new(),
            priority: PRIORITY_DEFAULT,
            attributes: BTreeMap::new(),
        }
    }
}
