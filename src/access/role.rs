//! Roles.

use serde::Deserialize;

use crate::model::word::words;

words! {
    /// What a caller is there for.
    #[derive(Deserialize, clap::ValueEnum)]
    #[serde(rename_all = "lowercase")]
    pub enum Role {
        /// Asks whether it may contact customers, and says that it did: `ContactService`.
        Sender,
        /// Records what customers want: `CustomerService`, but for exports and erasures; and asks
        /// why a contact is refused.
        Crm,
        /// Changes policies, pauses contacts, and resolves messages that were not understood:
        /// `PolicyService`.
        Operator,
        /// Reads everything except exports; changes nothing.
        Auditor,
        /// Exports and erases customers.
        Privacy,
    }
}
