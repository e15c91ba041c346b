//! What callers know: what was acknowledged, and what was asked without an answer.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use courtesy::proto::v1;

use crate::api::product::email;
use crate::api::product::seconds;

/// How many contacts each customer gets at most.
pub(super) const LIMIT: usize = 4;

/// What customers said, and what nothing is left of after an erasure.
pub(super) const EVIDENCE: &str = "said so on the telephone";

/// The policy, which differs in nothing but its description from one revision to the next.
pub(super) fn policy(note: u64) -> String {
    format!(
        "name: base\ndescription: number {note}\nchannels: {{email: {{}}, sms: {{}}}}\n\
         purposes: {{marketing: {{}}}}\nbudgets: [{{name: weekly, limit: {LIMIT}, per: 7d}}]\n"
    )
}

/// All that callers know.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) customers: BTreeMap<String, Customer>,
    /// Who had something to do with the last load.
    pub(super) touched: BTreeSet<String>,
    pub(super) policy: Policy,
    /// How many changes were acknowledged.
    pub(super) acknowledged: u64,
    /// How many got no answer, or an error that leaves it open.
    pub(super) open: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Customer {
    pub(super) reservations: BTreeMap<String, Reservation>,
    /// By topic.
    pub(super) opt_outs: BTreeMap<String, Wish>,
    pub(super) erasure: Option<Wish>,
}

/// An opt-out, or a request to be forgotten, that was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wish {
    pub(super) acknowledged: bool,
}

/// A reservation that was sent, once or more often.
#[derive(Clone, Debug, Default)]
pub(super) struct Reservation {
    pub(super) held: bool,
    pub(super) granted: bool,
    /// Whether one of the requests has no answer.
    pub(super) open: bool,
    pub(super) settled: Option<Settled>,
}

/// A confirmation or a release that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    pub(super) sent: bool,
    pub(super) acknowledged: bool,
}

/// The last acknowledged revision, and the note of one that got no answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    pub(super) revision: u64,
    pub(super) note: u64,
    pub(super) open: Option<u64>,
}

impl Ledger {
    pub(super) fn customer(&mut self, id: &str) -> &mut Customer {
        self.touched.insert(id.to_owned());
        self.customers.entry(id.to_owned()).or_default()
    }

    /// Notes how one request ended.
    pub(super) fn count<T>(&mut self, answer: &Result<T, tonic::Status>) {
        match answer {
            Ok(_) => self.acknowledged += 1,
            Err(_) => self.open += 1,
        }
    }
}

impl Reservation {
    /// The state on record, where it is certain.
    pub(super) fn state(&self) -> Option<v1::ContactState> {
        match self.settled {
            None => Some(v1::ContactState::Reserved),
            Some(Settled { acknowledged: false, .. }) => None,
            Some(Settled { sent: true, .. }) => Some(v1::ContactState::Sent),
            Some(Settled { sent: false, .. }) => Some(v1::ContactState::Released),
        }
    }
}

/// The request of a reservation, the same each time.
pub(super) fn reserve(customer: &str, id: &str, held: bool) -> v1::ReserveContactRequest {
    v1::ReserveContactRequest {
        contact: Some(v1::Contact { priority: Some(priority(id)), ..email(customer) }),
        request_id: id.to_owned(),
        hold: held.then(|| seconds(24 * 3_600)),
        ..Default::default()
    }
}

/// A priority that follows from the id, so that a contact shows whether all of it is there.
pub(super) fn priority(id: &str) -> u32 {
    id.bytes().map(u32::from).sum::<u32>() % 100
}

/// The request of an opt-out of a topic.
pub(super) fn opt_out(customer: &str, topic: &str) -> v1::OptOutRequest {
    v1::OptOutRequest {
        customer_id: customer.to_owned(),
        scope: Some(v1::Scope { topic: Some(topic.to_owned()), ..Default::default() }),
        evidence: Some(EVIDENCE.to_owned()),
        request_id: Some(format!("out-{topic}")),
        ..Default::default()
    }
}

/// The request to be forgotten.
pub(super) fn erase(customer: &str) -> v1::EraseCustomerRequest {
    v1::EraseCustomerRequest { customer_id: customer.to_owned(), ..Default::default() }
}
