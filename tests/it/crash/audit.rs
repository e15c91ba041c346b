//! Compares a server with what its callers know.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use courtesy::proto::v1;
use courtesy::proto::v1::ContactState;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use futures_util::future::join_all;
use tonic::Code;
use tonic::Status;
use tonic::transport::Channel;

use super::ledger;
use super::ledger::Customer;
use super::ledger::LIMIT;
use super::ledger::Ledger;
use super::ledger::Wish;
use super::process::Process;
use crate::api::product::codes;
use crate::api::product::email;

/// How many customers are looked at at once.
const AT_ONCE: usize = 16;

/// What is not as it was acknowledged.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Acknowledged, and not there.
    pub(super) lost: Vec<String>,
    /// There, and never granted; or twice; or over the budget; or in part.
    pub(super) wrong: Vec<String>,
    /// Customers whose records the server calls damaged.
    pub(super) unreadable: usize,
    /// How many requests without an answer had been done.
    pub(super) done: usize,
}

impl Findings {
    #[track_caller]
    pub(super) fn assert_none(&self, context: &str) {
        let clean = self.lost.is_empty() && self.wrong.is_empty() && self.unreadable == 0;
        assert!(clean, "{context}: {self:#?}");
    }

    fn loses(&mut self, is_there: bool, what: impl FnOnce() -> String) {
        if !is_there {
            self.lost.push(what());
        }
    }

    fn wrongs(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        if !is_right {
            self.wrong.push(what());
        }
    }
}

/// Looks at some customers and the policy, and sends once more what got no answer. Afterwards the
/// ledger holds nothing open about them.
pub(super) async fn audit(
    process: &Process,
    ledger: &mut Ledger,
    customers: BTreeSet<String>,
) -> Findings {
    let findings = RefCell::new(Findings::default());
    let channel = process.connect();
    audit_policy(&channel, ledger, &findings).await;
    let waiting = RefCell::new(customers.into_iter());
    let known = RefCell::new(&mut ledger.customers);
    let auditors = (0..AT_ONCE).map(|_| async {
        loop {
            let Some(id) = waiting.borrow_mut().next() else { return };
            let customer = known.borrow_mut().remove(&id).unwrap_or_default();
            let mut auditor = Auditor::new(&channel, &id, &findings, customer);
            match auditor.run().await {
                Ok(()) => {}
                Err(status) if status.code() == Code::DataLoss => {
                    findings.borrow_mut().unreadable += 1;
                }
                Err(status) => panic!("{id}: {status:?}"),
            }
            let audited = auditor.known;
            known.borrow_mut().insert(id, audited);
        }
    });
    join_all(auditors).await;
    findings.into_inner()
}

async fn audit_policy(channel: &Channel, ledger: &mut Ledger, findings: &RefCell<Findings>) {
    let mut policies = PolicyServiceClient::new(channel.clone());
    let found = policies.get_policy(v1::GetPolicyRequest::default()).await.unwrap();
    let found = found.into_inner().policy.unwrap();
    let known = &mut ledger.policy;
    let text = found.documents.first().map(|it| it.text.clone()).unwrap_or_default();
    let (revision, note) = match known.open.take() {
        Some(note) if found.revision == known.revision + 1 => (known.revision + 1, note),
        _ => (known.revision, known.note),
    };
    let mut findings = findings.borrow_mut();
    let is_there = found.revision >= revision;
    findings.loses(is_there, || format!("revision {revision}; there is {}", found.revision));
    let is_right = !is_there || (found.revision == revision && text == ledger::policy(note));
    findings.wrongs(is_right, || format!("revision {}: {text}", found.revision));
    (known.revision, known.note) = (revision, note);
}

struct Auditor<'a> {
    id: &'a str,
    findings: &'a RefCell<Findings>,
    known: Customer,
    contacts: ContactServiceClient<Channel>,
    customers: CustomerServiceClient<Channel>,
}

impl<'a> Auditor<'a> {
    fn new(
        channel: &Channel,
        id: &'a str,
        findings: &'a RefCell<Findings>,
        known: Customer,
    ) -> Self {
        let contacts = ContactServiceClient::new(channel.clone());
        let customers = CustomerServiceClient::new(channel.clone());
        Self { id, findings, known, contacts, customers }
    }

    async fn run(&mut self) -> Result<(), Status> {
        if self.known.erasure.is_some() {
            return self.audit_erasure().await;
        }
        let found = self.on_record().await?;
        self.compare(&found);
        self.audit_opt_outs().await?;
        if self.send_again(&found).await? {
            let found = self.on_record().await?;
            self.compare(&found);
        }
        Ok(())
    }

    /// A customer who was erased stays erased, and the opt-out obeyed, before and after it is done.
    async fn audit_erasure(&mut self) -> Result<(), Status> {
        self.ask_about_an_opt_out().await?;
        if self.known.erasure.is_some_and(|it| !it.acknowledged) {
            self.customers.erase_customer(ledger::erase(self.id)).await?;
            self.known.erasure = Some(Wish { acknowledged: true });
            self.ask_about_an_opt_out().await?;
        }
        let request =
            v1::ExportCustomerRequest { customer_id: self.id.to_owned(), ..Default::default() };
        let left = self.customers.export_customer(request).await;
        let forgotten = !format!("{left:?}").contains(ledger::EVIDENCE);
        self.findings.borrow_mut().loses(forgotten, || format!("{}: the erasure", self.id));
        Ok(())
    }

    /// The contacts on record by request id, each exactly once.
    async fn on_record(&mut self) -> Result<BTreeMap<String, v1::RecordedContact>, Status> {
        let request = v1::ListContactsRequest {
            customer_id: self.id.to_owned(),
            page_size: Some(1_000),
            ..Default::default()
        };
        let contacts = self.customers.list_contacts(request).await?.into_inner().contacts;
        let counts = |it: &&v1::RecordedContact| {
            matches!(it.state(), ContactState::Reserved | ContactState::Sent)
        };
        let spent = contacts.iter().filter(counts).count();
        let mut findings = self.findings.borrow_mut();
        findings.wrongs(spent <= LIMIT, || format!("{}: {spent} contacts of {LIMIT}", self.id));
        let mut found = BTreeMap::new();
        for contact in contacts {
            let request = contact.request_id.clone().unwrap_or_default();
            let right = contact.channel == "email"
                && contact.purpose == "marketing"
                && contact.priority == ledger::priority(&request);
            findings.wrongs(right, || format!("{}: half of {request}: {contact:?}", self.id));
            let twice = found.insert(request.clone(), contact).is_some();
            findings.wrongs(!twice, || format!("{}: {request} twice", self.id));
        }
        Ok(found)
    }

    fn compare(&self, found: &BTreeMap<String, v1::RecordedContact>) {
        let mut findings = self.findings.borrow_mut();
        for (request, contact) in found {
            let known = self.known.reservations.get(request);
            let asked = known.is_some_and(|it| it.granted || it.open);
            findings.wrongs(asked, || format!("{}: {request} was not granted", self.id));
            let state = known.and_then(|it| it.state());
            let kept = state.is_none_or(|state| state == contact.state());
            let what = || format!("{}: {request} is {:?}, not {state:?}", self.id, contact.state());
            // What was settled and is open again has been lost.
            findings.loses(kept || contact.state() != ContactState::Reserved, what);
            findings.wrongs(kept || contact.state() == ContactState::Reserved, what);
        }
        for (request, known) in &self.known.reservations {
            let is_there = !known.granted || found.contains_key(request);
            findings.loses(is_there, || format!("{}: {request}", self.id));
        }
    }

    async fn audit_opt_outs(&mut self) -> Result<(), Status> {
        let request =
            v1::GetCustomerRequest { customer_id: self.id.to_owned(), ..Default::default() };
        let customer = self.customers.get_customer(request).await?.into_inner().customer;
        let opt_outs = customer.map(|it| it.opt_outs).unwrap_or_default();
        let topics: BTreeSet<String> =
            opt_outs.into_iter().filter_map(|it| it.scope.and_then(|it| it.topic)).collect();
        {
            let mut findings = self.findings.borrow_mut();
            for topic in &topics {
                let known = self.known.opt_outs.contains_key(topic);
                findings.wrongs(known, || format!("{}: no caller opted out of {topic}", self.id));
            }
            for (topic, _) in self.known.opt_outs.iter().filter(|(_, it)| it.acknowledged) {
                let is_there = topics.contains(topic);
                findings.loses(is_there, || format!("{}: the opt-out of {topic}", self.id));
            }
        }
        self.ask_about_an_opt_out().await
    }

    /// An acknowledged opt-out must be obeyed, not only be there.
    async fn ask_about_an_opt_out(&mut self) -> Result<(), Status> {
        let acknowledged = self.known.opt_outs.iter().find(|(_, it)| it.acknowledged);
        if let Some((topic, _)) = acknowledged {
            let contact = v1::Contact { topic: Some(topic.clone()), ..email(self.id) };
            let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
            let answer = self.contacts.check_contact(request).await?.into_inner();
            let codes = codes(answer.decision.as_ref().unwrap());
            let obeyed = codes.iter().any(|code| code == "OPTED_OUT");
            let what = || format!("{}: a contact about {topic}: {codes:?}", self.id);
            self.findings.borrow_mut().loses(obeyed, what);
        }
        Ok(())
    }

    /// Sends once more what got no answer; returns whether there was any.
    async fn send_again(
        &mut self,
        found: &BTreeMap<String, v1::RecordedContact>,
    ) -> Result<bool, Status> {
        let mut any = false;
        for (request, known) in &mut self.known.reservations {
            let (customer_id, request_id) = (self.id.to_owned(), request.clone());
            if known.open {
                any = true;
                let again = ledger::reserve(self.id, request, known.held);
                let answer = self.contacts.reserve_contact(again).await?.into_inner();
                let allowed = answer.decision.unwrap().effect() == v1::Effect::Allow;
                let was_done = known.granted || found.contains_key(request);
                let mut findings = self.findings.borrow_mut();
                findings.done += usize::from(was_done);
                findings.wrongs(allowed || !was_done, || {
                    format!("{}: {request} is on record, and refused when repeated", self.id)
                });
                (known.open, known.granted) = (false, allowed);
            } else if let Some(settled) = known.settled.as_mut().filter(|it| !it.acknowledged) {
                any = true;
                let answer = if settled.sent {
                    let again =
                        v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() };
                    self.contacts.confirm_contact(again).await.map(drop)
                } else {
                    let again =
                        v1::ReleaseContactRequest { customer_id, request_id, ..Default::default() };
                    self.contacts.release_contact(again).await.map(drop)
                };
                let is_there = !answer.as_ref().is_err_and(|it| it.code() == Code::NotFound);
                let what = || format!("{}: {request}, which was to be settled", self.id);
                self.findings.borrow_mut().loses(is_there, what);
                if is_there {
                    answer?;
                }
                settled.acknowledged = true;
            }
        }
        for (topic, wish) in self.known.opt_outs.iter_mut().filter(|(_, it)| !it.acknowledged) {
            self.customers.opt_out(ledger::opt_out(self.id, topic)).await?;
            wish.acknowledged = true;
        }
        Ok(any)
    }
}
