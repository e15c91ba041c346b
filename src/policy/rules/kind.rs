//! What sort of channel a channel is, and what sort of purpose a purpose.

use crate::model::word::words;

words! {
    /// What sort of channel a channel is: customers refuse "calls" and "texts", and know no names.
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
}

words! {
    /// What sort of purpose a purpose is: laws are about these, and know no names.
    pub enum PurposeKind {
        /// Advertising of any sort.
        Marketing,
        /// The collection of debts.
        Collection,
        /// Neither of them.
        Other,
    }
}
