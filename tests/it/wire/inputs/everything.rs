//! Requests in which everything is wrong, and requests in which nothing is said.

use courtesy::proto::v1;
use prost::Message;
use prost_types::Duration;
use prost_types::Timestamp;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use super::super::ask::Ask;
use super::super::ask::CANARY;
use super::super::ask::product;
use super::super::ask::refused;
use super::super::caller::CHECK;
use super::super::caller::Dialect;
use super::super::caller::call;
use crate::api::product::Product;

#[test]
fn every_violation_is_told_at_once() {
    let product = product();
    let contact = v1::Contact {
        customer_id: format!("{CANARY}\n."),
        channel: String::new(),
        purpose: "\0".to_owned(),
        topic: Some(String::new()),
        campaign: Some("c".repeat(129)),
        brand: Some(" b".to_owned()),
        occasions: vec![String::new()],
        priority: Some(101),
        attributes: [("a".to_owned(), "v".repeat(1_025))].into(),
        contact_time: Some(Timestamp { seconds: 0, nanos: -1 }),
    };
    let request = v1::ReserveContactRequest {
        contact: Some(contact),
        request_id: String::new(),
        hold: Some(Duration { seconds: -1, nanos: 0 }),
        detail: 9_999,
        tenant: None,
    };
    let fields = [
        "contact.channel",
        "contact.customer_id",
        "contact.purpose",
        "contact.topic",
        "contact.campaign",
        "contact.brand",
        "contact.occasions[0]",
        "contact.priority",
        "contact.attributes",
        "contact.contact_time",
        "request_id",
        "hold",
        "detail",
    ];
    refused(&product, &request, &fields);
    let status = request.send(&product).unwrap_err();
    assert!(status.message().contains("and 12 more"), "{status}");
}

#[test]
fn an_error_that_lists_much_stays_short() {
    let product = product();
    let contact = v1::Contact { customer_id: CANARY.to_owned(), ..Default::default() };
    let request =
        v1::BatchCheckContactsRequest { contacts: vec![contact; 1_000], ..Default::default() };
    let path = "/courtesy.v1.ContactService/BatchCheckContacts";
    let few = fits_into_headers(&product, path, &request);
    assert!((20..1_000).contains(&few), "{few} violations");

    let occasions = (0..16).map(|i| format!("{i:\u{e9}>60}")).collect();
    let long = || "\u{e9}".repeat(60);
    let contact = v1::Contact {
        channel: long(),
        purpose: long(),
        topic: Some(long()),
        occasions,
        ..super::super::ask::contact()
    };
    fits_into_headers(&product, CHECK, &super::super::ask::check(contact));

    let absent = v1::ApplyPolicyRequest {
        remove_documents: vec!["\u{e9}".repeat(10_000)],
        expected_revision: Some(1),
        ..Default::default()
    };
    fits_into_headers(&product, "/courtesy.v1.PolicyService/ApplyPolicy", &absent);
}

/// How many violations the error of a request lists. Many clients take 8 KiB of headers and lose an
/// error that is longer.
#[track_caller]
fn fits_into_headers(product: &Product, path: &str, request: &impl Message) -> usize {
    let sent = request.encode_to_vec();
    let answer = product.wait(call(product.address(), Dialect::Grpc, path, &sent));
    let status = Status::from_header_map(&answer.headers).unwrap();
    assert_eq!(status.code(), Code::InvalidArgument);
    let lengths = answer.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32);
    let length: usize = lengths.sum();
    assert!(length < 8 << 10, "{path}: {length} bytes");
    status.get_details_bad_request().unwrap().field_violations.len()
}

#[test]
fn a_request_that_says_nothing_is_told_what_to_say() {
    let product = product();
    refused(&product, &v1::CheckContactRequest::default(), &["contact"]);
    refused(&product, &v1::ReserveContactRequest::default(), &["contact", "request_id"]);
    refused(&product, &v1::ConfirmContactRequest::default(), &["customer_id", "request_id"]);
    refused(&product, &v1::ReleaseContactRequest::default(), &["customer_id", "request_id"]);
    refused(&product, &v1::RecordContactRequest::default(), &["contact", "request_id"]);
    refused(&product, &v1::BatchCheckContactsRequest::default(), &["contacts"]);
    refused(&product, &v1::BatchReserveContactsRequest::default(), &["reservations"]);
    refused(&product, &v1::BatchConfirmContactsRequest::default(), &["confirmations"]);
    refused(&product, &v1::BatchReleaseContactsRequest::default(), &["releases"]);
    refused(&product, &v1::BatchRecordContactsRequest::default(), &["records"]);
    refused(&product, &v1::BatchRecordEngagementsRequest::default(), &["engagements"]);
    refused(&product, &v1::PlanContactRequest::default(), &["contact"]);
    refused(&product, &v1::ChooseContactRequest::default(), &["candidates", "request_id"]);
    refused(
        &product,
        &v1::RecordEngagementRequest::default(),
        &["customer_id", "kind", "request_id"],
    );
    refused(&product, &v1::GetCustomerRequest::default(), &["customer_id"]);
    refused(&product, &v1::UpdateCustomerRequest::default(), &["customer"]);
    refused(&product, &v1::OptOutRequest::default(), &["customer_id"]);
    refused(&product, &v1::OptInRequest::default(), &["customer_id", "evidence"]);
    refused(&product, &v1::ListContactsRequest::default(), &["customer_id"]);
    refused(&product, &v1::BatchOptOutRequest::default(), &["opt_outs"]);
    refused(&product, &v1::SuppressCustomerRequest::default(), &["customer_id"]);
    refused(&product, &v1::UnsuppressCustomerRequest::default(), &["customer_id", "scope"]);
    refused(&product, &v1::ListConsentEventsRequest::default(), &["customer_id"]);
    let fields = &["customer_id", "channel", "request_id", "text"];
    refused(&product, &v1::HandleInboundMessageRequest::default(), fields);
    refused(&product, &v1::ResolveUnclearMessageRequest::default(), &["customer_id"]);
    refused(&product, &v1::IssueUnsubscribeLinkRequest::default(), &["customer_id"]);
    refused(&product, &v1::IssuePreferenceLinkRequest::default(), &["customer_id"]);
    refused(&product, &v1::GetPreferencesRequest::default(), &["customer_id"]);
    refused(&product, &v1::SetPreferencesRequest::default(), &["customer_id", "evidence"]);
    refused(&product, &v1::ApplyPolicyRequest::default(), &["expected_revision", "documents"]);
    refused(&product, &v1::ValidatePolicyRequest::default(), &["documents"]);
    let fields = &["revision", "expected_revision"];
    refused(&product, &v1::RollbackPolicyRequest::default(), fields);
    refused(&product, &v1::PauseContactsRequest::default(), &["name", "reason"]);
    refused(&product, &v1::ResumeContactsRequest::default(), &["names"]);
}
