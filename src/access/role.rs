//! Roles, and which methods each may call.

use std::fmt;

use serde::Deserialize;

use self::Role::Auditor;
use self::Role::Crm;
use self::Role::Operator;
use self::Role::Privacy;
use self::Role::Sender;

/// What a caller is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks whether it may contact customers, and says that it did: `ContactService`.
    Sender,
    /// Records what customers want: `CustomerService`, but for exports and erasures; and asks why a
    /// contact is refused.
    Crm,
    /// Changes policies and pauses contacts: `PolicyService`.
    Operator,
    /// Reads everything, and changes nothing.
    Auditor,
    /// Exports and erases customers.
    Privacy,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Sender, Crm, Operator, Auditor, Privacy];

    /// Its name in credentials.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Sender => "sender",
            Crm => "crm",
            Operator => "operator",
            Auditor => "auditor",
            Privacy => "privacy",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The methods of the API, and who may call each.
const METHODS: &[(&str, &[Role])] = &[
    ("ClockService/SetTime", &[Operator]),
    // A caller who answers customers is asked why they were not written to.
    ("ContactService/CheckContact", &[Sender, Auditor, Crm]),
    ("ContactService/ReserveContact", &[Sender]),
    ("ContactService/RecheckContact", &[Sender]),
    ("ContactService/ConfirmContact", &[Sender]),
    ("ContactService/ReleaseContact", &[Sender]),
    ("ContactService/RecordContact", &[Sender]),
    ("ContactService/BatchCheckContacts", &[Sender, Auditor, Crm]),
    ("ContactService/BatchReserveContacts", &[Sender]),
    ("ContactService/BatchConfirmContacts", &[Sender]),
    ("ContactService/BatchReleaseContacts", &[Sender]),
    ("ContactService/BatchRecordContacts", &[Sender]),
    ("ContactService/BatchRecordEngagements", &[Sender]),
    ("ContactService/PlanContact", &[Sender, Auditor, Crm]),
    ("ContactService/ChooseContact", &[Sender]),
    ("ContactService/RecordEngagement", &[Sender]),
    ("CustomerService/GetCustomer", &[Crm, Auditor]),
    ("CustomerService/UpdateCustomer", &[Crm]),
    ("CustomerService/OptOut", &[Crm]),
    ("CustomerService/OptIn", &[Crm]),
    ("CustomerService/BatchOptOut", &[Crm]),
    ("CustomerService/SuppressCustomer", &[Crm]),
    ("CustomerService/UnsuppressCustomer", &[Crm]),
    ("CustomerService/ListConsentEvents", &[Crm, Auditor]),
    ("CustomerService/ListContacts", &[Crm, Auditor]),
    ("CustomerService/HandleInboundMessage", &[Crm]),
    // Who looks at them works for either.
    ("CustomerService/ListUnclearMessages", &[Crm, Operator, Auditor]),
    ("CustomerService/ResolveUnclearMessage", &[Crm, Operator]),
    ("CustomerService/ListOverdueReplies", &[Crm, Operator]),
    ("CustomerService/MarkAnswered", &[Crm, Operator]),
    ("CustomerService/ListChangedCustomers", &[Crm, Auditor]),
    // A sender puts the link into its message.
    ("CustomerService/IssueUnsubscribeLink", &[Crm, Sender]),
    ("CustomerService/IssuePreferenceLink", &[Crm, Sender]),
    ("CustomerService/GetPreferences", &[Crm, Auditor]),
    ("CustomerService/SetPreferences", &[Crm]),
    ("CustomerService/ImportCustomers", &[Crm]),
    ("CustomerService/ImportContacts", &[Crm]),
    ("CustomerService/ExportCustomer", &[Privacy]),
    ("CustomerService/EraseCustomer", &[Privacy]),
    ("CustomerService/ExportCustomers", &[Privacy]),
    ("PolicyService/ApplyPolicy", &[Operator]),
    ("PolicyService/ValidatePolicy", &[Operator, Auditor]),
    ("PolicyService/CancelPolicy", &[Operator]),
    ("PolicyService/SimulatePolicy", &[Operator, Auditor]),
    ("PolicyService/DescribePressure", &[Operator, Auditor]),
    ("PolicyService/GetPolicy", &[Operator, Auditor]),
    ("PolicyService/ListPolicyRevisions", &[Operator, Auditor]),
    ("PolicyService/RollbackPolicy", &[Operator]),
    // All choose among its names.
    ("PolicyService/DescribePolicy", &[Operator, Auditor, Crm, Sender, Privacy]),
    ("PolicyService/ListPresets", &[Operator, Auditor]),
    // A preference centre shows them to the customer.
    ("PolicyService/ListOccasions", &[Operator, Auditor, Crm]),
    ("PolicyService/PauseContacts", &[Operator]),
    ("PolicyService/ResumeContacts", &[Operator]),
    ("PolicyService/ListPauses", &[Operator, Auditor]),
    ("PolicyService/WatchDecisions", &[Operator, Auditor]),
    ("PolicyService/DescribeDecisions", &[Operator, Auditor]),
    ("PolicyService/ListAuditEvents", &[Operator, Auditor]),
    ("PolicyService/ListWebhooks", &[Operator, Auditor]),
    ("PolicyService/TestWebhook", &[Operator]),
    ("PolicyService/ReplayWebhook", &[Operator]),
    ("PolicyService/CreateTenant", &[Operator]),
    ("PolicyService/AcceptStore", &[Operator]),
    ("PolicyService/UpgradeStore", &[Operator]),
];

/// The roles of which one is needed to call a method of the API, such as
/// `ContactService/CheckContact`. A method that is not in this table may not be called.
#[must_use]
pub fn needed(method: &str) -> &'static [Role] {
    METHODS.iter().find(|(name, _)| *name == method).map_or(&[], |(_, roles)| roles)
}
