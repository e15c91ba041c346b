//! What customers do, as far as rules react to it.

use std::fmt;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The customer wrote to us.
    Inbound,
    /// We spoke with the customer.
    Conversation,
    /// A message was opened.
    Opened,
    /// A link was followed.
    Clicked,
    /// The customer answered a message.
    Replied,
    /// The customer did what the message was for.
    Converted,
    /// The customer complained, by a spam report, say.
    Complained,
    /// The address does not exist.
    BouncedHard,
    /// The message could not be delivered this time.
    BouncedSoft,
    /// The customer said no, on the phone, say.
    Refused,
}

impl EventKind {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 10] = [
        Self::Inbound,
        Self::Conversation,
        Self::Opened,
        Self::Clicked,
        Self::Replied,
        Self::Converted,
        Self::Complained,
        Self::BouncedHard,
        Self::BouncedSoft,
        Self::Refused,
    ];

    /// The name in the policy language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Conversation => "conversation",
            Self::Opened => "opened",
            Self::Clicked => "clicked",
            Self::Replied => "replied",
            Self::Converted => "converted",
            Self::Complained => "complained",
            Self::BouncedHard => "bounced_hard",
            Self::BouncedSoft => "bounced_soft",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
