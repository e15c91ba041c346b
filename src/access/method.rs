//! The methods of the API: the roles that may call each, and its treatment. This is their only
//! list.

use super::role::Role;
use super::role::Role::Auditor;
use super::role::Role::Crm;
use super::role::Role::Operator;
use super::role::Role::Privacy;
use super::role::Role::Sender;

/// One method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    name: &'static str,
    /// The roles that may call it; one is enough.
    pub roles: &'static [Role],
    /// The priority by which it is refused if there is too much to do.
    pub priority: Priority,
    /// Whether its requests may be as long as those of batches.
    pub is_large: bool,
    /// Whether it waits for an event. Then it takes no place of other calls, and has a deadline of
    /// its own.
    pub is_waiting: bool,
}

/// The order in which calls are refused when there is too much to do: the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A check changes nothing.
    Check,
    /// Any other call.
    Change,
    /// A customer refuses.
    Refusal,
}

impl Method {
    const fn checks(self) -> Self {
        Self { priority: Priority::Check, ..self }
    }

    const fn refuses(self) -> Self {
        Self { priority: Priority::Refusal, ..self }
    }

    const fn large(self) -> Self {
        Self { is_large: true, ..self }
    }

    const fn waits(self) -> Self {
        Self { is_waiting: true, ..self }
    }
}

const fn call(name: &'static str, roles: &'static [Role]) -> Method {
    let priority = Priority::Change;
    Method { name, roles, priority, is_large: false, is_waiting: false }
}

/// A method that is not in the table, which no caller may call.
const UNKNOWN: Method = call("", &[]);

const METHODS: &[Method] = &[
    call("ClockService/SetTime", &[Operator]),
    // A caller who answers customers is asked why they were not written to.
    call("ContactService/CheckContact", &[Sender, Auditor, Crm]).checks(),
    call("ContactService/ReserveContact", &[Sender]),
    call("ContactService/RecheckContact", &[Sender]),
    call("ContactService/ConfirmContact", &[Sender]),
    call("ContactService/ReleaseContact", &[Sender]),
    call("ContactService/RecordContact", &[Sender]),
    call("ContactService/BatchCheckContacts", &[Sender, Auditor, Crm]).checks().large(),
    call("ContactService/BatchReserveContacts", &[Sender]).large(),
    call("ContactService/BatchConfirmContacts", &[Sender]).large(),
    call("ContactService/BatchReleaseContacts", &[Sender]).large(),
    call("ContactService/BatchRecordContacts", &[Sender]).large(),
    call("ContactService/BatchRecordEngagements", &[Sender]).large(),
    call("ContactService/PlanContact", &[Sender, Auditor, Crm]).checks(),
    call("ContactService/ChooseContact", &[Sender]),
    call("ContactService/RecordEngagement", &[Sender]),
    call("CustomerService/GetCustomer", &[Crm, Auditor]),
    call("CustomerService/UpdateCustomer", &[Crm]),
    call("CustomerService/OptOut", &[Crm]).refuses(),
    call("CustomerService/OptIn", &[Crm]),
    call("CustomerService/BatchOptOut", &[Crm]).refuses().large(),
    call("CustomerService/SuppressCustomer", &[Crm]),
    call("CustomerService/UnsuppressCustomer", &[Crm]),
    call("CustomerService/ListConsentEvents", &[Crm, Auditor]),
    call("CustomerService/ListContacts", &[Crm, Auditor]),
    call("CustomerService/HandleInboundMessage", &[Crm]).refuses(),
    // The people who look at them have either role.
    call("CustomerService/ListUnclearMessages", &[Crm, Operator, Auditor]),
    call("CustomerService/ResolveUnclearMessage", &[Crm, Operator]),
    call("CustomerService/ListOverdueReplies", &[Crm, Operator, Auditor]),
    call("CustomerService/MarkAnswered", &[Crm, Operator]),
    call("CustomerService/ListChangedCustomers", &[Crm, Auditor]).checks().waits(),
    // A sender puts the link into its message.
    call("CustomerService/IssueUnsubscribeLink", &[Crm, Sender]),
    call("CustomerService/IssuePreferenceLink", &[Crm, Sender]),
    call("CustomerService/GetPreferences", &[Crm, Auditor]),
    call("CustomerService/SetPreferences", &[Crm]).refuses(),
    call("CustomerService/ImportCustomers", &[Crm]).large(),
    call("CustomerService/ImportContacts", &[Crm]).large(),
    call("CustomerService/ExportCustomer", &[Privacy]),
    call("CustomerService/EraseCustomer", &[Privacy]),
    call("CustomerService/ExportCustomers", &[Privacy]),
    call("PolicyService/ApplyPolicy", &[Operator]).large(),
    call("PolicyService/ValidatePolicy", &[Operator, Auditor]).large(),
    call("PolicyService/CancelPolicy", &[Operator]).large(),
    call("PolicyService/SimulatePolicy", &[Operator, Auditor]).large(),
    call("PolicyService/DescribePressure", &[Operator, Auditor]).large(),
    call("PolicyService/GetPolicy", &[Operator, Auditor]).large(),
    call("PolicyService/ListPolicyRevisions", &[Operator, Auditor]).large(),
    call("PolicyService/RollbackPolicy", &[Operator]).large(),
    // All choose among its names.
    call("PolicyService/DescribePolicy", &[Operator, Auditor, Crm, Sender, Privacy]).large(),
    call("PolicyService/ListPresets", &[Operator, Auditor]).large(),
    // A preference centre shows them to the customer.
    call("PolicyService/ListOccasions", &[Operator, Auditor, Crm]).large(),
    call("PolicyService/PauseContacts", &[Operator]).large(),
    call("PolicyService/ResumeContacts", &[Operator]).large(),
    call("PolicyService/ListPauses", &[Operator, Auditor]).large(),
    call("PolicyService/WatchDecisions", &[Operator, Auditor]).large(),
    call("PolicyService/DescribeDecisions", &[Operator, Auditor]).large(),
    call("PolicyService/ListAuditEvents", &[Operator, Auditor]).large(),
    call("PolicyService/ListWebhooks", &[Operator, Auditor]).large(),
    call("PolicyService/TestWebhook", &[Operator]).large(),
    call("PolicyService/ReplayWebhook", &[Operator]).large(),
    call("PolicyService/CreateTenant", &[Operator]).large(),
    call("PolicyService/AcceptStore", &[Operator]).large(),
    call("PolicyService/UpgradeStore", &[Operator]).large(),
];

/// A method by its service and name, such as `ContactService/CheckContact`. One that is not in the
/// table may not be called.
#[must_use]
pub fn named(name: &str) -> &'static Method {
    METHODS.iter().find(|it| it.name == name).unwrap_or(&UNKNOWN)
}
