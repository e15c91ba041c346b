//! What was known of a customer who was erased is in no file after `courtesy compact`, or some time
//! later.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use regex::bytes::RegexSet;
use tonic::transport::Channel;

use super::disk::files;
use super::process::Process;
use crate::api::product::codes;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}}\n";
/// A busy machine is not a failure.
const PATIENT: [&str; 4] = ["--store-timeout", "20s", "--deadline-max", "30s"];
/// All that a caller may say of a customer in words, the id first.
const CANARIES: [&str; 12] = [
    "canary-id",
    "canary-attribute",
    "canary-topic",
    "canary-campaign",
    "canary-brand",
    "canary-source",
    "canary-evidence",
    "canary-form",
    "canary-text",
    "canary-reason",
    "canary-request",
    "canary-erasing",
];

fn said(canary: &str) -> Option<String> {
    Some(canary.to_owned())
}

fn contact(customer: &str) -> v1::Contact {
    v1::Contact {
        customer_id: customer.to_owned(),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        topic: said("canary-topic"),
        campaign: said("canary-campaign"),
        brand: said("canary-brand"),
        ..Default::default()
    }
}

fn scope(channel: &str) -> Option<v1::Scope> {
    Some(v1::Scope { channel: said(channel), ..Default::default() })
}

/// Tells everything that there is to tell of a customer.
async fn tell(channel: &Channel, customer_id: &str) {
    let customer_id = customer_id.to_owned();
    let mut contacts = ContactServiceClient::new(channel.clone());
    let mut customers = CustomerServiceClient::new(channel.clone());
    let customer = v1::Customer {
        customer_id: customer_id.clone(),
        attributes: [("mail".to_owned(), "canary-attribute".to_owned())].into(),
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    customers.update_customer(request).await.unwrap();
    let request = v1::ReserveContactRequest {
        contact: Some(contact(&customer_id)),
        request_id: "canary-request".to_owned(),
        ..Default::default()
    };
    contacts.reserve_contact(request).await.unwrap();
    let request = v1::OptInRequest {
        customer_id: customer_id.clone(),
        scope: scope("sms"),
        evidence: "canary-form".to_owned(),
        ..Default::default()
    };
    customers.opt_in(request).await.unwrap();
    let request = v1::OptOutRequest {
        customer_id: customer_id.clone(),
        scope: scope("email"),
        source: said("canary-source"),
        evidence: said("canary-evidence"),
        ..Default::default()
    };
    customers.opt_out(request).await.unwrap();
    let request = v1::HandleInboundMessageRequest {
        customer_id: customer_id.clone(),
        channel: "sms".to_owned(),
        text: "Please stop texting me, canary-text".to_owned(),
        request_id: "canary-request-2".to_owned(),
        ..Default::default()
    };
    customers.handle_inbound_message(request).await.unwrap();
    let request = v1::SuppressCustomerRequest {
        customer_id,
        scope: scope("sms"),
        reason_code: said("canary-reason"),
        ..Default::default()
    };
    customers.suppress_customer(request).await.unwrap();
}

async fn erase(channel: &Channel, customer_id: &str) {
    let request = v1::EraseCustomerRequest {
        customer_id: customer_id.to_owned(),
        request_id: said("canary-erasing"),
        ..Default::default()
    };
    let mut customers = CustomerServiceClient::new(channel.clone());
    assert!(customers.erase_customer(request).await.unwrap().into_inner().changed());
}

/// The canaries that are in a file below a directory. A server may write what is in one file into
/// another, so the files must be the same before and after they are read.
fn found(directory: &Path) -> Vec<&'static str> {
    let canaries = RegexSet::new(CANARIES).unwrap();
    let all = until(PATIENCE, "the files stay the same while they are read", || {
        let before = files(directory);
        let mut all = BTreeSet::new();
        for file in &before {
            all.extend(canaries.matches(&fs::read(directory.join(file)).ok()?));
        }
        (files(directory) == before).then_some(all)
    });
    all.into_iter().map(|number| CANARIES[number]).collect()
}

fn compact(store: &Path) {
    let said = courtesy(&["compact", "--store", store.to_str().unwrap()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("is rewritten"), "{}", said.out);
}

async fn refused(channel: &Channel, customer_id: &str) -> Vec<String> {
    let contact = Some(contact(customer_id));
    let request = v1::CheckContactRequest { contact, ..Default::default() };
    let answer = ContactServiceClient::new(channel.clone()).check_contact(request).await.unwrap();
    codes(&answer.into_inner().decision.unwrap())
}

#[test]
fn nothing_of_an_erased_customer_is_left_in_any_file() {
    let directory = tempfile::tempdir().unwrap();
    let (store, log) = (directory.path().join("store"), directory.path().join("decisions"));
    let start = || {
        let flags = [&PATIENT[..], &["--decision-log", log.to_str().unwrap()]].concat();
        Process::start(&store, &flags).unwrap_or_else(|refused| panic!("{refused:?}"))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut process = start();
        let channel = process.connect();
        let documents = vec![v1::PolicyDocument { text: POLICY.to_owned(), ..Default::default() }];
        let request =
            v1::ApplyPolicyRequest { documents, expected_revision: Some(0), ..Default::default() };
        PolicyServiceClient::new(channel.clone()).apply_policy(request).await.unwrap();
        tell(&channel, "canary-id").await;
        assert_eq!(found(&store), CANARIES[..11], "all of it is on disk");
        erase(&channel, "canary-id").await;
        // Another customer stays.
        let mut customers = CustomerServiceClient::new(channel.clone());
        let request = v1::OptOutRequest { customer_id: "bob".to_owned(), ..Default::default() };
        customers.opt_out(request).await.unwrap();
        compact(&store);
        // The audit log keeps why a customer was suppressed, and not which.
        assert_eq!(found(&store), ["canary-reason"]);
        assert_eq!(refused(&channel, "canary-id").await, ["OPTED_OUT"]);
        // A server that is not asked to write anything more has written this as well.
        process.terminate();
        assert!(process.ended().success());
        let decisions = fs::read_to_string(&log).unwrap();
        assert!(!decisions.is_empty() && !decisions.contains("canary-id"), "{decisions}");

        let process = start();
        let channel = process.connect();
        assert_eq!(refused(&channel, "bob").await, ["OPTED_OUT"]);
        assert_eq!(refused(&channel, "canary-id").await, ["OPTED_OUT"]);
    });
}

#[test]
fn a_store_that_is_not_served_is_rewritten_as_well() {
    let store = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut process = Process::start(store.path(), &PATIENT).unwrap();
        let channel = process.connect();
        let mut customers = CustomerServiceClient::new(channel.clone());
        let request = v1::OptOutRequest {
            customer_id: "canary-id".to_owned(),
            source: said("canary-source"),
            ..Default::default()
        };
        customers.opt_out(request).await.unwrap();
        erase(&channel, "canary-id").await;
        process.terminate();
        assert!(process.ended().success());
        assert_eq!(found(store.path()), ["canary-id", "canary-source"]);
        compact(store.path());
        assert_eq!(found(store.path()), [""; 0]);
        let process = Process::start(store.path(), &PATIENT).unwrap();
        assert_eq!(refused(&process.connect(), "canary-id").await, ["OPTED_OUT"]);
    });
}

#[test]
fn where_there_is_no_store_there_is_nothing_to_compact() {
    let said = courtesy(&["compact", "--store", "./there-is-no-such-store"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("there is no store in"), "{}", said.err);
    let said = courtesy(&["compact", "--store", "redis://127.0.0.1:1", "--journal", "off"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("BGREWRITEAOF"), "{}", said.err);
}
