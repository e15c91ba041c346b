//! Requests that break bounds: refused with everything that is wrong with them, without the
//! customer's name, and without a trace.

use courtesy::proto::v1;
use prost::Message;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use crate::api::product::Product;
use crate::api::product::fields;
use crate::api::product::seconds;

/// A customer's id that nothing else contains.
pub(super) const CANARY: &str = "canary-7f3a91";

/// A policy under which every field of a request can be wrong.
pub(super) const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {}}
topics: [newsletter, offers]
budgets: [{name: weekly, limit: 50, per: 7d}]
";

/// A server with that policy.
pub(super) fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

/// A request of the API.
pub(super) trait Ask: std::fmt::Debug + Message + Clone {
    type Answer;

    fn send(&self, product: &Product) -> Result<Self::Answer, Status>;
}

macro_rules! asks {
    ($($request:ident => $response:ident by $client:ident.$method:ident;)+) => {
        $(impl Ask for v1::$request {
            type Answer = v1::$response;

            fn send(&self, product: &Product) -> Result<v1::$response, Status> {
                Ok(product.wait(product.$client().$method(self.clone()))?.into_inner())
            }
        })+
    };
}

asks! {
    CheckContactRequest => CheckContactResponse by contacts.check_contact;
    ReserveContactRequest => ReserveContactResponse by contacts.reserve_contact;
    RecheckContactRequest => RecheckContactResponse by contacts.recheck_contact;
    ConfirmContactRequest => ConfirmContactResponse by contacts.confirm_contact;
    ReleaseContactRequest => ReleaseContactResponse by contacts.release_contact;
    RecordContactRequest => RecordContactResponse by contacts.record_contact;
    BatchCheckContactsRequest => BatchCheckContactsResponse by contacts.batch_check_contacts;
    BatchReserveContactsRequest => BatchReserveContactsResponse by contacts.batch_reserve_contacts;
    BatchConfirmContactsRequest => BatchConfirmContactsResponse by contacts.batch_confirm_contacts;
    BatchReleaseContactsRequest => BatchReleaseContactsResponse by contacts.batch_release_contacts;
    BatchRecordContactsRequest => BatchRecordContactsResponse by contacts.batch_record_contacts;
    BatchRecordEngagementsRequest => BatchRecordEngagementsResponse by contacts.batch_record_engagements;
    PlanContactRequest => PlanContactResponse by contacts.plan_contact;
    ChooseContactRequest => ChooseContactResponse by contacts.choose_contact;
    RecordEngagementRequest => RecordEngagementResponse by contacts.record_engagement;
    GetCustomerRequest => GetCustomerResponse by customers.get_customer;
    UpdateCustomerRequest => UpdateCustomerResponse by customers.update_customer;
    OptOutRequest => OptOutResponse by customers.opt_out;
    OptInRequest => OptInResponse by customers.opt_in;
    ListContactsRequest => ListContactsResponse by customers.list_contacts;
    BatchOptOutRequest => BatchOptOutResponse by customers.batch_opt_out;
    SuppressCustomerRequest => SuppressCustomerResponse by customers.suppress_customer;
    UnsuppressCustomerRequest => UnsuppressCustomerResponse by customers.unsuppress_customer;
    ListConsentEventsRequest => ListConsentEventsResponse by customers.list_consent_events;
    HandleInboundMessageRequest => HandleInboundMessageResponse by customers.handle_inbound_message;
    ListUnclearMessagesRequest => ListUnclearMessagesResponse by customers.list_unclear_messages;
    ResolveUnclearMessageRequest => ResolveUnclearMessageResponse by customers.resolve_unclear_message;
    IssueUnsubscribeLinkRequest => IssueUnsubscribeLinkResponse by customers.issue_unsubscribe_link;
    IssuePreferenceLinkRequest => IssuePreferenceLinkResponse by customers.issue_preference_link;
    GetPreferencesRequest => GetPreferencesResponse by customers.get_preferences;
    SetPreferencesRequest => SetPreferencesResponse by customers.set_preferences;
    ApplyPolicyRequest => ApplyPolicyResponse by policies.apply_policy;
    GetPolicyRequest => GetPolicyResponse by policies.get_policy;
    ValidatePolicyRequest => ValidatePolicyResponse by policies.validate_policy;
    CancelPolicyRequest => CancelPolicyResponse by policies.cancel_policy;
    RollbackPolicyRequest => RollbackPolicyResponse by policies.rollback_policy;
    ListPolicyRevisionsRequest => ListPolicyRevisionsResponse by policies.list_policy_revisions;
    ListPresetsRequest => ListPresetsResponse by policies.list_presets;
    PauseContactsRequest => PauseContactsResponse by policies.pause_contacts;
    ResumeContactsRequest => ResumeContactsResponse by policies.resume_contacts;
    ListPausesRequest => ListPausesResponse by policies.list_pauses;
    ListAuditEventsRequest => ListAuditEventsResponse by policies.list_audit_events;
}

/// The request is refused, these fields are named, and nothing has changed.
#[track_caller]
pub(super) fn refused(product: &Product, request: &impl Ask, expected: &[&str]) {
    let before = all_of(product);
    let Err(status) = request.send(product) else { panic!("accepted: {request:?}") };
    let found = fields(&status);
    assert_eq!((status.code(), found), (Code::InvalidArgument, owned(expected)), "{request:?}");
    let info = status.get_details_error_info().unwrap();
    assert!(["INVALID_REQUEST", "UNDECLARED_NAME"].contains(&info.reason.as_str()), "{info:?}");
    assert_eq!(info.domain, "courtesy.v1");
    assert!(!status.message().contains("canary"), "{status}");
    assert!(!contains(status.details(), b"canary"), "{status:?}");
    assert_eq!(all_of(product), before, "{request:?}");
}

#[track_caller]
pub(super) fn accepted<A: Ask>(product: &Product, request: &A) -> A::Answer {
    request.send(product).unwrap_or_else(|status| panic!("{status}: {request:?}"))
}

/// All that is known of the customer, and the policy.
fn all_of(product: &Product) -> (Option<v1::Customer>, Vec<v1::RecordedContact>, u64) {
    let get = v1::GetCustomerRequest { customer_id: CANARY.to_owned(), ..Default::default() };
    let customer = accepted(product, &get).customer;
    let policy = accepted(product, &v1::GetPolicyRequest::default()).policy.unwrap();
    (customer, product.list(CANARY), policy.revision)
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A valid request of each method that names a customer in a contact.
pub(super) fn contact() -> v1::Contact {
    crate::api::product::email(CANARY)
}

pub(super) fn check(contact: v1::Contact) -> v1::CheckContactRequest {
    v1::CheckContactRequest { contact: Some(contact), ..Default::default() }
}

pub(super) fn reserve(request_id: &str) -> v1::ReserveContactRequest {
    crate::api::product::reservation(CANARY, request_id)
}

pub(super) fn record(request_id: &str) -> v1::RecordContactRequest {
    let request_id = request_id.to_owned();
    v1::RecordContactRequest { contact: Some(contact()), request_id, ..Default::default() }
}

pub(super) fn recheck(request_id: &str) -> v1::RecheckContactRequest {
    let (contact, request_id) = (Some(contact()), request_id.to_owned());
    v1::RecheckContactRequest { contact, request_id, ..Default::default() }
}

pub(super) fn confirm(request_id: &str) -> v1::ConfirmContactRequest {
    let (customer_id, request_id) = (CANARY.to_owned(), request_id.to_owned());
    v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() }
}

pub(super) fn release(request_id: &str) -> v1::ReleaseContactRequest {
    let (customer_id, request_id) = (CANARY.to_owned(), request_id.to_owned());
    v1::ReleaseContactRequest { customer_id, request_id, ..Default::default() }
}

pub(super) fn choose(request_id: &str) -> v1::ChooseContactRequest {
    let candidates = vec![v1::Candidate { contact: Some(contact()), value: None }];
    let request_id = request_id.to_owned();
    v1::ChooseContactRequest { candidates, request_id, ..Default::default() }
}

pub(super) fn plan() -> v1::PlanContactRequest {
    v1::PlanContactRequest { contact: Some(contact()), ..Default::default() }
}

pub(super) fn engage(request_id: &str) -> v1::RecordEngagementRequest {
    v1::RecordEngagementRequest {
        customer_id: CANARY.to_owned(),
        kind: i32::from(v1::EngagementKind::Opened),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

pub(super) fn opt_out() -> v1::OptOutRequest {
    v1::OptOutRequest { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn opt_in() -> v1::OptInRequest {
    let evidence = "form".to_owned();
    v1::OptInRequest { customer_id: CANARY.to_owned(), evidence, ..Default::default() }
}

pub(super) fn suppress() -> v1::SuppressCustomerRequest {
    v1::SuppressCustomerRequest { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn unsuppress() -> v1::UnsuppressCustomerRequest {
    let (customer_id, scope) = (CANARY.to_owned(), Some(v1::Scope::default()));
    v1::UnsuppressCustomerRequest { customer_id, scope, ..Default::default() }
}

pub(super) fn inbound(request_id: &str) -> v1::HandleInboundMessageRequest {
    v1::HandleInboundMessageRequest {
        customer_id: CANARY.to_owned(),
        channel: "sms".to_owned(),
        text: "where is my order".to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

pub(super) fn link() -> v1::IssueUnsubscribeLinkRequest {
    v1::IssueUnsubscribeLinkRequest { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn consent_events() -> v1::ListConsentEventsRequest {
    v1::ListConsentEventsRequest { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn list() -> v1::ListContactsRequest {
    v1::ListContactsRequest { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn customer() -> v1::Customer {
    v1::Customer { customer_id: CANARY.to_owned(), ..Default::default() }
}

pub(super) fn update(customer: v1::Customer) -> v1::UpdateCustomerRequest {
    v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() }
}

pub(super) fn batch_check(contacts: Vec<v1::Contact>) -> v1::BatchCheckContactsRequest {
    v1::BatchCheckContactsRequest { contacts, ..Default::default() }
}

pub(super) fn batch_reserve(count: usize) -> v1::BatchReserveContactsRequest {
    let reservation = |i| v1::BatchReservation {
        contact: Some(contact()),
        request_id: format!("batch-{i}"),
        hold: Some(seconds(60)),
    };
    let reservations = (0..count).map(reservation).collect();
    v1::BatchReserveContactsRequest { reservations, ..Default::default() }
}

/// Confirmations of the reservations that these requests made.
pub(super) fn batch_confirm(request_ids: &[&str]) -> v1::BatchConfirmContactsRequest {
    let confirmation = |request_id: &&str| v1::BatchConfirmation {
        customer_id: CANARY.to_owned(),
        request_id: (*request_id).to_owned(),
        ..Default::default()
    };
    let confirmations = request_ids.iter().map(confirmation).collect();
    v1::BatchConfirmContactsRequest { confirmations, tenant: None }
}

pub(super) fn batch_release(request_ids: &[&str]) -> v1::BatchReleaseContactsRequest {
    let release = |request_id: &&str| {
        let (customer_id, request_id) = (CANARY.to_owned(), (*request_id).to_owned());
        v1::BatchRelease { customer_id, request_id }
    };
    let releases = request_ids.iter().map(release).collect();
    v1::BatchReleaseContactsRequest { releases, tenant: None }
}

pub(super) fn batch_record(request_ids: &[&str]) -> v1::BatchRecordContactsRequest {
    let record = |request_id: &&str| {
        let request_id = (*request_id).to_owned();
        v1::BatchRecord { contact: Some(contact()), request_id, unanswered: None }
    };
    let records = request_ids.iter().map(record).collect();
    v1::BatchRecordContactsRequest { records, tenant: None }
}

pub(super) fn batch_engage(request_ids: &[&str]) -> v1::BatchRecordEngagementsRequest {
    let engagement = |request_id: &&str| v1::BatchEngagement {
        customer_id: CANARY.to_owned(),
        kind: i32::from(v1::EngagementKind::Opened),
        request_id: (*request_id).to_owned(),
        ..Default::default()
    };
    let engagements = request_ids.iter().map(engagement).collect();
    v1::BatchRecordEngagementsRequest { engagements, tenant: None }
}
