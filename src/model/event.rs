//! Events: actions of customers to which rules can react.

use crate::model::word::words;

words! {
    /// The kind of an event.
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
}
