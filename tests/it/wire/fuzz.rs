//! Requests that were valid until a few of their bytes were changed. Whatever comes of them, it
//! is an answer, the server's own defects are not met, and the next caller is served.

use std::collections::BTreeSet;

use courtesy::proto::DESCRIPTORS;
use courtesy::proto::v1;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::MethodDescriptor;
use prost_reflect::ServiceDescriptor;
use tonic::Code;

use super::ask::CANARY;
use super::ask::POLICY;
use super::ask::batch_check;
use super::ask::batch_confirm;
use super::ask::batch_engage;
use super::ask::batch_record;
use super::ask::batch_release;
use super::ask::batch_reserve;
use super::ask::check;
use super::ask::choose;
use super::ask::confirm;
use super::ask::consent_events;
use super::ask::contact;
use super::ask::customer;
use super::ask::engage;
use super::ask::inbound;
use super::ask::link;
use super::ask::list;
use super::ask::opt_in;
use super::ask::opt_out;
use super::ask::plan;
use super::ask::product;
use super::ask::recheck;
use super::ask::record;
use super::ask::release;
use super::ask::reserve;
use super::ask::suppress;
use super::ask::unsuppress;
use super::ask::update;
use super::caller::Caller;
use super::caller::DIALECTS;
use super::caller::Dialect;
use crate::api::product::Product;
use crate::api::product::seconds;
use crate::api::product::timestamp;
use crate::dice::Dice;

const SEED: u64 = 20_261_122;
const ROUNDS: usize = 60;

/// A valid request of every unary method, with most of its fields set.
fn requests() -> Vec<(String, Vec<u8>)> {
    let services = [
        ("ContactService", of_contacts()),
        ("CustomerService", of_customers()),
        ("PolicyService", of_policies()),
    ];
    let of = |(service, all): (&str, Vec<(&str, Vec<u8>)>)| {
        let path = |method| format!("/courtesy.v1.{service}/{method}");
        all.into_iter().map(|(method, body)| (path(method), body)).collect::<Vec<_>>()
    };
    services.into_iter().flat_map(of).collect()
}

fn of_contacts() -> Vec<(&'static str, Vec<u8>)> {
    let full = v1::Contact {
        topic: Some("offers".to_owned()),
        campaign: Some("spring".to_owned()),
        brand: Some("north".to_owned()),
        occasions: vec!["christmas".to_owned()],
        priority: Some(70),
        attributes: [("a".to_owned(), "b".to_owned())].into(),
        contact_time: Some(timestamp("2026-11-22T13:00:00Z")),
        ..contact()
    };
    let held = v1::ReserveContactRequest { hold: Some(seconds(60)), ..reserve("1") };
    vec![
        ("CheckContact", check(full.clone()).encode_to_vec()),
        ("ReserveContact", held.encode_to_vec()),
        ("RecheckContact", recheck("1").encode_to_vec()),
        ("ConfirmContact", confirm("1").encode_to_vec()),
        ("RecordContact", record("2").encode_to_vec()),
        ("BatchCheckContacts", batch_check(vec![full; 3]).encode_to_vec()),
        ("BatchReserveContacts", batch_reserve(3).encode_to_vec()),
        ("ReleaseContact", release("batch-0").encode_to_vec()),
        ("BatchConfirmContacts", batch_confirm(&["1", "batch-1"]).encode_to_vec()),
        ("BatchReleaseContacts", batch_release(&["batch-2"]).encode_to_vec()),
        ("BatchRecordContacts", batch_record(&["6", "7"]).encode_to_vec()),
        ("BatchRecordEngagements", batch_engage(&["8", "9"]).encode_to_vec()),
        ("PlanContact", plan().encode_to_vec()),
        ("ChooseContact", choose("3").encode_to_vec()),
        ("RecordEngagement", engage("4").encode_to_vec()),
    ]
}

fn of_customers() -> Vec<(&'static str, Vec<u8>)> {
    let known = v1::Customer {
        time_zone: Some("Europe/Paris".to_owned()),
        jurisdictions: vec!["FR".to_owned()],
        locale: Some("fr".to_owned()),
        segments: vec!["vip".to_owned()],
        cadence: vec![v1::Cadence {
            limit: Some(3),
            window: Some(v1::cadence::Window::Sliding(seconds(86_400))),
            ..Default::default()
        }],
        ..customer()
    };
    let get = v1::GetCustomerRequest { customer_id: CANARY.to_owned(), ..Default::default() };
    let export = v1::ExportCustomerRequest { customer_id: CANARY.to_owned(), tenant: None };
    let erase = v1::EraseCustomerRequest { customer_id: "gone".to_owned(), ..Default::default() };
    let answered = v1::MarkAnsweredRequest { customer_id: CANARY.to_owned(), ..Default::default() };
    let resolve = v1::ResolveUnclearMessageRequest {
        customer_id: CANARY.to_owned(),
        message_id: Some("5".to_owned()),
        ..Default::default()
    };
    let opt_outs = v1::BatchOptOutRequest {
        opt_outs: vec![v1::BatchedOptOut {
            customer_id: CANARY.to_owned(),
            snooze: Some(seconds(60)),
            ..Default::default()
        }],
        tenant: None,
    };
    let preferences =
        v1::GetPreferencesRequest { customer_id: CANARY.to_owned(), ..Default::default() };
    let chosen = v1::SetPreferencesRequest {
        customer_id: CANARY.to_owned(),
        refused_channels: vec!["email".to_owned()],
        break_for: Some(seconds(60)),
        evidence: "a form".to_owned(),
        ..Default::default()
    };
    let page =
        v1::IssuePreferenceLinkRequest { customer_id: CANARY.to_owned(), ..Default::default() };
    vec![
        ("GetPreferences", preferences.encode_to_vec()),
        ("SetPreferences", chosen.encode_to_vec()),
        ("IssuePreferenceLink", page.encode_to_vec()),
        ("GetCustomer", get.encode_to_vec()),
        ("UpdateCustomer", update(known).encode_to_vec()),
        ("OptOut", opt_out().encode_to_vec()),
        ("OptIn", opt_in().encode_to_vec()),
        ("ListContacts", list().encode_to_vec()),
        ("BatchOptOut", opt_outs.encode_to_vec()),
        ("SuppressCustomer", suppress().encode_to_vec()),
        ("UnsuppressCustomer", unsuppress().encode_to_vec()),
        ("ListConsentEvents", consent_events().encode_to_vec()),
        ("HandleInboundMessage", inbound("5").encode_to_vec()),
        ("ListUnclearMessages", v1::ListUnclearMessagesRequest::default().encode_to_vec()),
        ("ListOverdueReplies", v1::ListOverdueRepliesRequest::default().encode_to_vec()),
        ("ListChangedCustomers", v1::ListChangedCustomersRequest::default().encode_to_vec()),
        ("MarkAnswered", answered.encode_to_vec()),
        ("ResolveUnclearMessage", resolve.encode_to_vec()),
        ("IssueUnsubscribeLink", link().encode_to_vec()),
        ("ExportCustomer", export.encode_to_vec()),
        ("EraseCustomer", erase.encode_to_vec()),
    ]
}

fn of_policies() -> Vec<(&'static str, Vec<u8>)> {
    let document = v1::PolicyDocument { text: POLICY.to_owned(), name: String::new() };
    let validate =
        v1::ValidatePolicyRequest { documents: vec![document.clone()], ..Default::default() };
    let rollback = v1::RollbackPolicyRequest {
        revision: Some(1),
        expected_revision: Some(1),
        validate_only: Some(true),
        author: Some("grace".to_owned()),
        ..Default::default()
    };
    // What no other request is about.
    let selector = v1::ContactSelector {
        campaigns: vec!["autumn".to_owned()],
        jurisdictions: vec!["US-FL".to_owned()],
        priority_below: Some(50),
        ..Default::default()
    };
    let pause = v1::PauseContactsRequest {
        name: "outage".to_owned(),
        selector: Some(selector),
        reason: "the carrier is down".to_owned(),
        end_time: Some(timestamp("2026-12-01T00:00:00Z")),
        ..Default::default()
    };
    let resume =
        v1::ResumeContactsRequest { names: vec!["outage".to_owned()], ..Default::default() };
    let audit = v1::ListAuditEventsRequest {
        actions: vec!["ApplyPolicy".to_owned()],
        start_time: Some(timestamp("2026-11-22T00:00:00Z")),
        page_size: Some(10),
        ..Default::default()
    };
    let apply = v1::ApplyPolicyRequest {
        documents: vec![document],
        expected_revision: Some(1),
        validate_only: Some(true),
        ..Default::default()
    };
    let occasions =
        v1::ListOccasionsRequest { customer_id: Some(CANARY.to_owned()), ..Default::default() };
    let tenant = v1::CreateTenantRequest { tenant: "default".to_owned(), ..Default::default() };
    let accept = v1::AcceptStoreRequest { reason: "a rehearsal".to_owned(), ..Default::default() };
    vec![
        ("ApplyPolicy", apply.encode_to_vec()),
        ("GetPolicy", v1::GetPolicyRequest::default().encode_to_vec()),
        ("ValidatePolicy", validate.encode_to_vec()),
        ("RollbackPolicy", rollback.encode_to_vec()),
        ("ListPolicyRevisions", v1::ListPolicyRevisionsRequest::default().encode_to_vec()),
        (
            "CancelPolicy",
            v1::CancelPolicyRequest { revision: Some(2), ..Default::default() }.encode_to_vec(),
        ),
        ("ListPresets", v1::ListPresetsRequest::default().encode_to_vec()),
        ("PauseContacts", pause.encode_to_vec()),
        ("ResumeContacts", resume.encode_to_vec()),
        ("ListWebhooks", v1::ListWebhooksRequest {}.encode_to_vec()),
        ("ListPauses", v1::ListPausesRequest::default().encode_to_vec()),
        ("DescribeDecisions", v1::DescribeDecisionsRequest::default().encode_to_vec()),
        ("DescribePolicy", v1::DescribePolicyRequest::default().encode_to_vec()),
        ("ListAuditEvents", audit.encode_to_vec()),
        ("ListOccasions", occasions.encode_to_vec()),
        ("CreateTenant", tenant.encode_to_vec()),
        ("AcceptStore", accept.encode_to_vec()),
        ("UpgradeStore", v1::UpgradeStoreRequest::default().encode_to_vec()),
    ]
}

/// The paths of all unary methods of the API.
fn methods() -> BTreeSet<String> {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let mut paths = BTreeSet::new();
    // The snapshot server has a socket of its own, and the clock is set beside `courtesy run`
    // alone.
    let served = |it: &ServiceDescriptor| {
        it.parent_file().package_name() == "courtesy.v1" && it.name() != "ClockService"
    };
    for service in pool.services().filter(served) {
        let path = |method: MethodDescriptor| format!("/{}/{}", service.full_name(), method.name());
        // Two need a webhook, and `api::webhooks` calls them.
        let is_of_one =
            |it: &MethodDescriptor| matches!(it.name(), "TestWebhook" | "ReplayWebhook");
        let unary = |it: &MethodDescriptor| {
            !it.is_client_streaming() && !it.is_server_streaming() && !is_of_one(it)
        };
        paths.extend(service.methods().filter(unary).map(path));
    }
    paths
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, u8::try_from(dice.below(256)).unwrap()),
            2 => {
                let copied = bytes[at..].to_vec();
                bytes.extend(copied);
            }
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            _ if at < bytes.len() => bytes[at] = dice.one(&[0, 1, 0x7f, 0x80, 0xff, b'"', b'{']),
            _ => {}
        }
    }
}

#[test]
fn changed_bytes_are_answered_and_meet_no_defect() {
    let product = product();
    cancelled(&product);
    let mut dice = Dice::new(SEED);
    let requests = requests();
    let known: BTreeSet<String> = requests.iter().map(|(path, _)| path.clone()).collect();
    assert_eq!(known, methods(), "a method has no request here");
    let (mut fine, mut refused) = (0, 0);
    product.wait(async {
        let mut caller = Caller::connect(product.address()).await;
        for round in 0..ROUNDS {
            for (path, message) in &requests {
                for dialect in DIALECTS {
                    // The first round shows that they are valid to begin with.
                    let whole = dice.percent(50);
                    let mut message = message.clone();
                    if round > 0 && !whole && dialect != Dialect::Json {
                        mutate(&mut message, &mut dice);
                    }
                    let mut body = dialect.body(path, &message);
                    if round > 0 && (whole || dialect == Dialect::Json) {
                        mutate(&mut body, &mut dice);
                    }
                    let answer = caller.send(dialect.head(path), &body).await;
                    let code = dialect.code(&answer);
                    let shown = String::from_utf8_lossy(&body);
                    assert!(
                        !matches!(code, Code::Internal | Code::Unknown | Code::DataLoss),
                        "{code:?} {dialect:?} {path} {shown:?} {answer:?}"
                    );
                    if code == Code::Ok {
                        fine += 1;
                    } else {
                        refused += 1;
                    }
                    assert!(round > 0 || code == Code::Ok, "{dialect:?} {path}: {answer:?}");
                }
            }
        }
    });
    assert!(fine > 300 && refused > 300, "{fine} fine, {refused} refused");
    let metrics = product.metrics.encode().unwrap();
    assert!(!metrics.contains("grpc_code=\"Internal\""), "{metrics}");
    let request = v1::GetPolicyRequest::default();
    product.wait(product.policies().get_policy(request)).unwrap();
}

/// Schedules revision 2 and cancels it, so that it can be cancelled again.
fn cancelled(product: &Product) {
    let later = v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: POLICY.to_owned(), name: String::new() }],
        expected_revision: Some(1),
        effective_time: Some(timestamp("2026-12-01T00:00:00Z")),
        ..Default::default()
    };
    product.wait(product.policies().apply_policy(later)).unwrap();
    let cancel = v1::CancelPolicyRequest { revision: Some(2), ..Default::default() };
    product.wait(product.policies().cancel_policy(cancel)).unwrap();
}
