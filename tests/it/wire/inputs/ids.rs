//! Ids and names: what callers choose freely, and within which bounds.

use courtesy::proto::v1;
use courtesy::store::Space;
use courtesy::store::Store;
use tonic::Code;

use super::super::ask::CANARY;
use super::super::ask::accepted;
use super::super::ask::batch_check;
use super::super::ask::batch_reserve;
use super::super::ask::check;
use super::super::ask::choose;
use super::super::ask::confirm;
use super::super::ask::consent_events;
use super::super::ask::contact;
use super::super::ask::customer;
use super::super::ask::engage;
use super::super::ask::inbound;
use super::super::ask::link;
use super::super::ask::list;
use super::super::ask::opt_in;
use super::super::ask::opt_out;
use super::super::ask::plan;
use super::super::ask::product;
use super::super::ask::record;
use super::super::ask::refused;
use super::super::ask::release;
use super::super::ask::reserve;
use super::super::ask::suppress;
use super::super::ask::unsuppress;
use super::super::ask::update;
use crate::api::product::reason;

/// Ids that are none: all of them hold the canary, where they hold anything.
fn bad_ids() -> Vec<String> {
    let bad = ["\0", "\r\n", "\n", "\t", "\u{1b}[31m", "\u{7f}", "\u{85}"];
    let mut ids: Vec<String> = bad.iter().map(|it| format!("{CANARY}{it}.")).collect();
    ids.push(" \u{200b}\n".to_owned());
    ids.push(String::new());
    ids.push(format!("{CANARY:x<257}"));
    ids.push(format!("{CANARY:\u{e9}<135}"));
    ids.push(CANARY.repeat(2_000));
    ids
}

#[test]
fn every_method_refuses_a_customer_id_that_is_none() {
    let product = product();
    for id in bad_ids() {
        let of = || v1::Contact { customer_id: id.clone(), ..contact() };
        let field = &["contact.customer_id"];
        refused(&product, &check(of()), field);
        refused(
            &product,
            &v1::ReserveContactRequest { contact: Some(of()), ..reserve("1") },
            field,
        );
        refused(&product, &v1::RecordContactRequest { contact: Some(of()), ..record("1") }, field);
        refused(&product, &v1::PlanContactRequest { contact: Some(of()), ..plan() }, field);
        let mut many = choose("1");
        many.candidates.push(v1::Candidate { contact: Some(of()), value: None });
        refused(&product, &many, &["candidates[1].contact.customer_id"]);
        refused(&product, &batch_check(vec![contact(), of()]), &["contacts[1].customer_id"]);
        let mut many = batch_reserve(2);
        many.reservations[1].contact = Some(of());
        refused(&product, &many, &["reservations[1].contact.customer_id"]);

        let field = &["customer_id"];
        let id = || id.clone();
        refused(&product, &v1::ConfirmContactRequest { customer_id: id(), ..confirm("1") }, field);
        refused(&product, &v1::ReleaseContactRequest { customer_id: id(), ..release("1") }, field);
        refused(&product, &v1::RecordEngagementRequest { customer_id: id(), ..engage("1") }, field);
        refused(&product, &v1::OptOutRequest { customer_id: id(), ..opt_out() }, field);
        refused(&product, &v1::OptInRequest { customer_id: id(), ..opt_in() }, field);
        refused(&product, &v1::ListContactsRequest { customer_id: id(), ..list() }, field);
        let suppress = v1::SuppressCustomerRequest { customer_id: id(), ..suppress() };
        refused(&product, &suppress, field);
        let lifted = v1::UnsuppressCustomerRequest { customer_id: id(), ..unsuppress() };
        refused(&product, &lifted, field);
        let heard = v1::HandleInboundMessageRequest { customer_id: id(), ..inbound("1") };
        refused(&product, &heard, field);
        let events = v1::ListConsentEventsRequest { customer_id: id(), ..consent_events() };
        refused(&product, &events, field);
        refused(&product, &v1::IssueUnsubscribeLinkRequest { customer_id: id(), ..link() }, field);
        let get = v1::GetCustomerRequest { customer_id: id(), ..Default::default() };
        refused(&product, &get, field);
        let update = update(v1::Customer { customer_id: id(), ..customer() });
        refused(&product, &update, &["customer.customer_id"]);
    }
}

#[test]
fn any_other_id_is_a_customer_of_its_own() {
    let product = product();
    let ids = [
        "Foo",
        "foo",
        "f oo",
        "=foo",
        "NULL",
        "caf\u{e9}",
        "cafe\u{301}",
        "{foo}",
        "*",
        "?",
        "default",
        "../../etc/passwd",
        "\u{1f600}",
        "fo\u{feff}o",
        "f\u{200b}oo",
        "\"]) redis.call('FLUSHALL') --",
        "'; DROP TABLE customers; --",
        "%s%n%x",
        "${jndi:ldap://x}",
        "<script>",
        "\\r\\n*1\\r\\n$8\\r\\nFLUSHALL",
        "{{7*7}}",
        &"x".repeat(256),
        &"\u{1f600}".repeat(64),
    ];
    for (i, id) in ids.iter().enumerate() {
        let mut request = reserve(&format!("r-{i}"));
        request.contact.as_mut().unwrap().customer_id = (*id).to_owned();
        accepted(&product, &request);
    }
    for (i, id) in ids.iter().enumerate() {
        let [contact] = product.list(id).try_into().unwrap();
        assert_eq!(contact.request_id(), format!("r-{i}"), "{id:?}");
        let get = v1::GetCustomerRequest { customer_id: (*id).to_owned(), ..Default::default() };
        assert_eq!(accepted(&product, &get).customer.unwrap().customer_id, *id, "byte by byte");
    }
    let stored = product.wait(product.store.load_all(Space::Customers)).unwrap();
    assert_eq!(stored.len(), ids.len(), "nothing else was made or lost");
}

#[test]
fn a_request_id_has_1_to_128_bytes() {
    let product = product();
    let at_most = "r".repeat(128);
    accepted(&product, &reserve(&at_most));
    accepted(&product, &confirm(&at_most));
    accepted(&product, &record(&format!("{}\u{e9}", "e".repeat(126))));
    for id in [String::new(), "r".repeat(129), "r".repeat(1_024), "a\0b".to_owned()] {
        let field = &["request_id"];
        refused(&product, &reserve(&id), field);
        refused(&product, &record(&id), field);
        refused(&product, &confirm(&id), field);
        refused(&product, &release(&id), field);
        refused(&product, &choose(&id), field);
        refused(&product, &engage(&id), field);
        let given = || Some(id.clone());
        refused(&product, &v1::OptOutRequest { request_id: given(), ..opt_out() }, field);
        refused(&product, &v1::OptInRequest { request_id: given(), ..opt_in() }, field);
        refused(&product, &inbound(&id), field);
        let given_to = v1::SuppressCustomerRequest { request_id: given(), ..suppress() };
        refused(&product, &given_to, field);
        let given_to = v1::UnsuppressCustomerRequest { request_id: given(), ..unsuppress() };
        refused(&product, &given_to, field);
        let about = v1::RecordEngagementRequest { contact_request_id: given(), ..engage("e") };
        refused(&product, &about, &["contact_request_id"]);
        let mut many = batch_reserve(1);
        many.reservations[0].request_id = id.clone();
        refused(&product, &many, &["reservations[0].request_id"]);
    }
}

#[test]
fn a_request_id_belongs_to_one_body() {
    let product = product();
    accepted(&product, &reserve("1"));
    let before = product.list(CANARY);
    let later = v1::Contact { priority: Some(51), ..contact() };
    let reused = [
        accepted_not(&product, &v1::ReserveContactRequest { contact: Some(later), ..reserve("1") }),
        accepted_not(&product, &record("1")),
        accepted_not(&product, &choose("1")),
        accepted_not(&product, &engage("1")),
        accepted_not(&product, &v1::OptOutRequest { request_id: Some("1".into()), ..opt_out() }),
        accepted_not(&product, &v1::OptInRequest { request_id: Some("1".into()), ..opt_in() }),
    ];
    for status in reused {
        let found = (status.code(), reason(&status));
        assert_eq!(found, (Code::AlreadyExists, "REQUEST_ID_REUSED".to_owned()), "{status}");
        assert!(!status.message().contains("canary"), "{status}");
    }
    assert_eq!(product.list(CANARY), before);
}

fn accepted_not(
    product: &crate::api::product::Product,
    request: &impl super::super::ask::Ask,
) -> tonic::Status {
    request.send(product).err().unwrap()
}

#[test]
fn names_have_1_to_128_bytes_without_edges_of_white_space() {
    let most = "n".repeat(128);
    let product = product();
    let create = v1::CreateTenantRequest { tenant: most.clone(), author: None };
    product.wait(product.policies().create_tenant(create)).unwrap();
    let given = |text: &str| Some(text.to_owned());
    accepted(
        &product,
        &check(v1::Contact { campaign: given(&most), brand: given(&most), ..contact() }),
    );
    let tenant = v1::CheckContactRequest { tenant: given(&most), ..check(contact()) };
    // A tenant without a policy of its own has the starter policy.
    accepted(&product, &tenant);
    let unknown = v1::CheckContactRequest { tenant: given("defalt"), ..check(contact()) };
    let status = accepted_not(&product, &unknown);
    assert_eq!(status.code(), Code::NotFound, "{status:?}");
    assert!(status.message().contains("did you mean `default`"), "{status:?}");
    for text in ["", " n", "n\u{a0}", "a\nb", "a\0b", &"n".repeat(129)] {
        let contact = v1::Contact {
            channel: text.to_owned(),
            purpose: text.to_owned(),
            topic: given(text),
            campaign: given(text),
            brand: given(text),
            occasions: vec!["christmas".to_owned(), text.to_owned()],
            ..contact()
        };
        let all = ["channel", "purpose", "topic", "campaign", "brand", "occasions[1]"];
        let mut all: Vec<String> = all.iter().map(|it| format!("contact.{it}")).collect();
        // The channel is judged before the rest of the contact.
        let all: Vec<&str> = all.iter_mut().map(|it| it.as_str()).collect();
        refused(&product, &check(contact), &all);
        refused(
            &product,
            &v1::CheckContactRequest { tenant: given(text), ..check(self::contact()) },
            &["tenant"],
        );
        let scope = v1::Scope {
            channel: given(text),
            purpose: given(text),
            topic: given(text),
            brand: given(text),
            occasion: given(text),
            marketing: None,
        };
        let wish = v1::OptOutRequest { scope: Some(scope), source: given(text), ..opt_out() };
        let wrong = [
            "scope.channel",
            "scope.purpose",
            "scope.topic",
            "scope.brand",
            "scope.occasion",
            "source",
        ];
        refused(&product, &wish, &wrong);
    }
}

#[test]
fn a_bound_that_is_broken_hides_no_undeclared_name() {
    let product = product();
    let wrong = v1::Contact {
        customer_id: String::new(),
        channel: "fax".to_owned(),
        purpose: String::new(),
        topic: Some("gossip".to_owned()),
        ..contact()
    };
    let fields = ["contact.customer_id", "contact.purpose", "contact.channel", "contact.topic"];
    refused(&product, &check(wrong.clone()), &fields);
    let contact = Some(wrong);
    refused(
        &product,
        &v1::ReserveContactRequest { contact: contact.clone(), ..reserve("1") },
        &fields,
    );
    refused(&product, &v1::RecordContactRequest { contact, ..record("1") }, &fields);
    let kind_and_channel =
        v1::RecordEngagementRequest { kind: 99, channel: Some("fax".to_owned()), ..engage("1") };
    refused(&product, &kind_and_channel, &["kind", "channel"]);
}

#[test]
fn what_the_policy_does_not_declare_is_named_with_what_it_does() {
    let product = product();
    let unknown = v1::Contact {
        channel: "fax".to_owned(),
        purpose: "spam".to_owned(),
        topic: Some("gossip".to_owned()),
        occasions: vec!["doomsday".to_owned()],
        ..contact()
    };
    let fields = ["contact.channel", "contact.purpose", "contact.topic", "contact.occasions"];
    refused(&product, &check(unknown.clone()), &fields);
    refused(
        &product,
        &v1::ReserveContactRequest { contact: Some(unknown.clone()), ..reserve("1") },
        &fields,
    );
    refused(
        &product,
        &v1::RecordContactRequest { contact: Some(unknown.clone()), ..record("1") },
        &fields,
    );
    refused(&product, &v1::PlanContactRequest { contact: Some(unknown), ..plan() }, &fields[1..]);
    let channels = vec!["email".to_owned(), "fax".to_owned()];
    refused(&product, &v1::PlanContactRequest { channels, ..plan() }, &["channels"]);
    let fax = Some("fax".to_owned());
    refused(&product, &v1::RecordEngagementRequest { channel: fax, ..engage("1") }, &["channel"]);
    let wrong_case = v1::Contact { channel: "Email".to_owned(), ..contact() };
    let status = accepted_not(&product, &check(wrong_case.clone()));
    assert_eq!(reason(&status), "UNDECLARED_NAME");
    assert!(status.message().contains("`email`, `sms`"), "{status}");

    let answer = accepted(&product, &batch_check(vec![contact(), wrong_case]));
    let error = match answer.results[1].result.as_ref().unwrap() {
        v1::batch_check_result::Result::Error(error) => error,
        v1::batch_check_result::Result::Decision(decision) => panic!("{decision:?}"),
    };
    assert_eq!((error.status_code, error.reason()), (3, v1::ErrorReason::UndeclaredName));
    assert!(!error.message.contains("canary"));
}

#[test]
fn numbers_of_enums_that_are_none_are_refused() {
    let product = product();
    for kind in [0, 11, 9_999, -1, i32::MIN] {
        refused(&product, &v1::RecordEngagementRequest { kind, ..engage("1") }, &["kind"]);
    }
    for detail in [3, 9_999, -1] {
        refused(&product, &v1::CheckContactRequest { detail, ..check(contact()) }, &["detail"]);
        refused(&product, &v1::ReserveContactRequest { detail, ..reserve("1") }, &["detail"]);
        let batch = batch_check(vec![contact()]);
        refused(&product, &v1::BatchCheckContactsRequest { detail, ..batch }, &["detail"]);
    }
    for detail in [0, 1, 2] {
        accepted(&product, &v1::CheckContactRequest { detail, ..check(contact()) });
    }
}
