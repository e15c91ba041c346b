//! Consents by their ground, and attempts that were not answered, over the wire.

use courtesy::proto::v1;

use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}, voice: {}}
purposes: {marketing: {}}
consents:
  - name: ca-mail
    for: {channels: [email], purposes: [marketing]}
    grounds: [express, {ground: purchase, valid_for: 30d}, letter]
budgets:
  - name: two-attempts
    for: {channels: [voice]}
    limit: 2
    per: 7d
    answered: false
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn yes(channel: &str, ground: Option<&str>, time: &str) -> v1::OptInRequest {
    v1::OptInRequest {
        customer_id: "ada".to_owned(),
        scope: Some(v1::Scope { channel: Some(channel.to_owned()), ..Default::default() }),
        event_time: Some(timestamp(time)),
        evidence: "order 4711".to_owned(),
        ground: ground.map(str::to_owned),
        ..Default::default()
    }
}

fn opt_in(product: &Product, asked: v1::OptInRequest) -> Result<v1::OptInResponse, tonic::Status> {
    let answer = product.wait(product.customers().opt_in(asked));
    answer.map(tonic::Response::into_inner)
}

fn call(customer_id: &str) -> v1::Contact {
    v1::Contact { channel: "voice".to_owned(), ..email(customer_id) }
}

#[test]
fn an_answer_of_no_consent_names_the_rule_and_what_would_satisfy_it() {
    let product = product();
    let answer = product.check(email("ada")).unwrap();
    assert_eq!(
        (codes(&answer), &answer.determining_rules),
        (vec!["NO_CONSENT".to_owned()], &vec!["ca-mail".to_owned()])
    );
    let wanted =
        "needs a consent to email for marketing: express; or purchase, at most 30d old; or letter";
    assert_eq!(answer.reasons[0].message.as_deref(), Some(wanted));
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    let answer = product.check(sms).unwrap();
    assert_eq!(answer.reasons[0].rule, None);
    let wanted = "needs a consent to sms for marketing: express";
    assert_eq!(answer.reasons[0].message.as_deref(), Some(wanted));
}

#[test]
fn a_purchase_is_a_consent_for_its_time_and_takes_back_no_refusal() {
    let product = product();
    let answer = opt_in(&product, yes("email", Some("purchase"), "2026-11-20T00:00:00Z")).unwrap();
    assert_eq!(answer.consents[0].ground, "purchase");
    let answer = product.check(email("ada")).unwrap();
    assert!(is_allowed(&answer));
    assert_eq!(answer.valid_until_time, Some(timestamp("2026-12-20T00:00:00Z")));

    let no = v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        event_time: Some(timestamp("2026-11-20T12:00:00Z")),
        ..Default::default()
    };
    product.opt_out(no).unwrap();
    let answer = opt_in(&product, yes("email", Some("purchase"), "2026-11-21T00:00:00Z")).unwrap();
    assert_eq!(answer.opt_outs.len(), 1, "a later purchase ends no opt-out");
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"]);
    let answer = opt_in(&product, yes("email", None, "2026-11-21T12:00:00Z")).unwrap();
    let grounds: Vec<&str> = answer.consents.iter().map(|it| it.ground.as_str()).collect();
    assert_eq!(grounds, ["express", "purchase"]);
}

#[test]
fn what_is_inferred_is_no_word_of_the_customer() {
    let product = product();
    opt_in(&product, yes("sms", Some("purchase"), "2026-11-20T00:00:00Z")).unwrap();
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    assert_eq!(codes(&product.check(sms.clone()).unwrap()), ["NO_CONSENT"]);
    let product = product.restart();
    opt_in(&product, yes("sms", Some("express"), "2026-11-19T00:00:00Z")).unwrap();
    assert!(is_allowed(&product.check(sms).unwrap()));
}

#[test]
fn a_ground_that_no_rule_names_is_the_callers_mistake() {
    let product = product();
    let refused =
        opt_in(&product, yes("email", Some("letters"), "2026-11-20T00:00:00Z")).unwrap_err();
    assert_eq!(
        (reason(&refused).as_str(), fields(&refused)),
        ("UNDECLARED_NAME", vec!["ground".to_owned()])
    );
    assert!(refused.message().contains("did you mean `letter`"), "{}", refused.message());
    assert!(opt_in(&product, yes("email", Some("letter"), "2026-11-20T00:00:00Z")).is_ok());
    assert!(is_allowed(&product.check(email("ada")).unwrap()));

    let everything =
        v1::OptInRequest { scope: None, ..yes("", Some("purchase"), "2026-11-20T00:00:00Z") };
    assert_eq!(fields(&opt_in(&product, everything).unwrap_err()), ["ground"]);
}

#[test]
fn history_tells_on_what_a_yes_rests() {
    let product = product();
    opt_in(&product, yes("email", Some("purchase"), "2026-11-20T00:00:00Z")).unwrap();
    let request =
        v1::ListConsentEventsRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let events =
        product.wait(product.customers().list_consent_events(request)).unwrap().into_inner();
    assert_eq!(events.consent_events[0].ground.as_deref(), Some("purchase"));
    let request = v1::GetCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let known = product.wait(product.customers().get_customer(request)).unwrap().into_inner();
    assert_eq!(known.customer.unwrap().consents[0].ground, "purchase");
}

#[test]
fn unanswered_attempts_are_told_and_can_be_counted() {
    let product = product();
    for request_id in ["one", "two"] {
        let request = v1::RecordContactRequest {
            contact: Some(call("ada")),
            request_id: request_id.to_owned(),
            unanswered: Some(request_id == "one"),
            ..Default::default()
        };
        product.wait(product.contacts().record_contact(request)).unwrap();
    }
    assert!(is_allowed(&product.check(call("ada")).unwrap()), "one attempt, one answered call");
    let reserved = v1::ReserveContactRequest {
        contact: Some(call("ada")),
        request_id: "three".to_owned(),
        ..Default::default()
    };
    product.reserve(reserved).unwrap();
    let confirm = v1::ConfirmContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "three".to_owned(),
        unanswered: Some(true),
        ..Default::default()
    };
    product.wait(product.contacts().confirm_contact(confirm)).unwrap();
    assert_eq!(codes(&product.check(call("ada")).unwrap()), ["BUDGET_SPENT"]);
    let product = product.restart();
    let listed: Vec<bool> = product.list("ada").iter().map(|it| it.unanswered).collect();
    assert_eq!(listed.iter().filter(|it| **it).count(), 2);
    assert_eq!(codes(&product.check(call("ada")).unwrap()), ["BUDGET_SPENT"]);
}
