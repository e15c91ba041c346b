//! The kinds of channels and of purposes.

use crate::model::word::words;

words! {
    /// The kind of a channel: customers refuse "calls" and "texts", and do not know names of
    /// channels.
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
        /// Another kind.
        Other,
    }
}

words! {
    /// The kind of a purpose: laws are about kinds, and do not know names of purposes.
    pub enum PurposeKind {
        /// Advertising of any sort.
        Marketing,
        /// The collection of debts.
        Collection,
        /// Neither of them.
        Other,
    }
}
