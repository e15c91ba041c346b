//! What sort of channel a channel is, and what sort of purpose a purpose.

/// What sort of channel a channel is: customers refuse "calls" and "texts", and know no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChannelKind {
    /// E-mails.
    Email,
    /// SMS and what took its place.
    Text,
    /// Telephone calls.
    Call,
    /// Notifications of an application.
    Push,
    /// Messages in a messenger such as WhatsApp.
    Messenger,
    /// Letters and cards.
    Post,
    /// None of these.
    Other,
}

impl ChannelKind {
    /// The word that policies write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::Call => "call",
            Self::Push => "push",
            Self::Messenger => "messenger",
            Self::Post => "post",
            Self::Other => "other",
        }
    }
}

/// What sort of purpose a purpose is: laws are about these, and know no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PurposeKind {
    /// Advertising of any sort.
    Marketing,
    /// The collection of debts.
    Collection,
    /// Neither of them.
    Other,
}
