//! A caller that did not hear the answer asks again: nothing happens twice, and what others did in
//! between is not undone.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::batch_opt_out_result::Result as Outcome;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::reason;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, service_reply: {replies: true}}
conversations: {window: 24h}
inbound_messages: {suppress_unclear_for: 3d}
";

/// An RPC with a request that is named `r-1`. What it says depends on the text.
type Ask = fn(&Product, &str) -> Result<String, Status>;
/// What another caller does after it.
type Undo = fn(&Product);

#[test]
fn a_change_that_is_repeated_changes_nothing_more() {
    let changes: [(&str, Ask, Undo); 8] = [
        ("UpdateCustomer", update, |product| drop(change_zone(product, None, "Asia/Tokyo"))),
        ("OptOut", opt_out, yes_to_all),
        ("BatchOptOut", batch_opt_out, yes_to_all),
        ("OptIn", opt_in, no_to_all),
        ("SuppressCustomer", suppress, |product| drop(lift(product, "r-2", "bereavement"))),
        ("UnsuppressCustomer", unsuppress, |product| drop(set(product, "r-2", "open_case"))),
        ("HandleInboundMessage", handle, yes_to_all),
        ("EraseCustomer", erase, |product| drop(change_zone(product, None, "Asia/Tokyo"))),
    ];
    for (name, ask, undo) in changes {
        let product = product();
        let said = |answer: String| {
            let unchanged = answer.replace("changed: Some(true)", "changed: Some(false)");
            let changes = answer != unchanged;
            (unchanged, changes)
        };
        let (first, changed) = said(ask(&product, "first").unwrap());
        assert!(changed, "{name}: it says that it changed something");
        let after = export(&product);
        let later = |hours| product.hand.set(at(NOW).plus(Span::from_hours(hours)));
        later(2);
        let again = ask(&product, "first").unwrap();
        assert_eq!(again, first, "{name}: the first answer, and that nothing changed by it");
        assert_eq!(export(&product), after, "{name}: nothing more");
        undo(&product);
        let undone = export(&product);
        assert_ne!(undone, after, "{name}: another caller did something else");
        later(3);
        let (_, changed) = said(ask(&product, "first").unwrap());
        assert!(!changed, "{name}: it says that it changed nothing");
        assert_eq!(export(&product), undone, "{name}: it is not undone");
        let reused = ask(&product, "other").unwrap_err();
        assert_eq!(
            (reused.code(), reason(&reused).as_str()),
            (Code::AlreadyExists, "REQUEST_ID_REUSED"),
            "{name}"
        );
        let product = product.restart();
        ask(&product, "first").unwrap();
        assert_eq!(export(&product), undone, "{name}: not after a restart either");
    }
}

#[test]
fn a_link_can_be_issued_again_and_changes_nothing() {
    let product = product();
    let before = export(&product);
    let request = v1::IssueUnsubscribeLinkRequest { customer_id: ada(), ..Default::default() };
    for _ in 0..2 {
        product.wait(product.customers().issue_unsubscribe_link(request.clone())).unwrap();
    }
    assert_eq!(export(&product), before);
}

#[test]
fn an_update_that_is_repeated_is_no_matter_of_versions() {
    let product = product();
    let version = Some(export(&product).customer.unwrap().version);
    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer {
            customer_id: ada(),
            locale: text("fr"),
            ..Default::default()
        }),
        expected_version: version,
        request_id: text("r-1"),
        ..Default::default()
    };
    let send = |request: &v1::UpdateCustomerRequest| {
        product.wait(product.customers().update_customer(request.clone()))
    };
    let first = send(&request).unwrap().into_inner();
    assert_eq!(first.changed, Some(true));
    let again = v1::UpdateCustomerResponse { changed: Some(false), ..first };
    assert_eq!(send(&request).unwrap().into_inner(), again);
    let unnamed = v1::UpdateCustomerRequest { request_id: None, ..request };
    assert_eq!(reason(&send(&unnamed).unwrap_err()), "VERSION_MOVED");
}

/// The customer of these tests, who has a record and an open case.
fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    change_zone(&product, None, "Europe/Paris").unwrap();
    set(&product, "open", "open_case").unwrap();
    let early = v1::OptInRequest { event_time: Some(timestamp("2026-11-01T00:00:00Z")), ..yes() };
    product.wait(product.customers().opt_in(early)).unwrap();
    product
}

fn ada() -> String {
    "ada".to_owned()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn export(product: &Product) -> v1::ExportCustomerResponse {
    let request = v1::ExportCustomerRequest { customer_id: ada(), tenant: None };
    product.wait(product.customers().export_customer(request)).unwrap().into_inner()
}

fn change_zone(product: &Product, id: Option<&str>, zone: &str) -> Result<String, Status> {
    let customer = v1::Customer { customer_id: ada(), time_zone: text(zone), ..Default::default() };
    let request = v1::UpdateCustomerRequest {
        customer: Some(customer),
        request_id: id.map(str::to_owned),
        ..Default::default()
    };
    let answer = product.wait(product.customers().update_customer(request))?;
    Ok(format!("{:?}", answer.into_inner()))
}

fn update(product: &Product, say: &str) -> Result<String, Status> {
    change_zone(product, Some("r-1"), if say == "first" { "Europe/Rome" } else { "Europe/Oslo" })
}

fn opt_out(product: &Product, say: &str) -> Result<String, Status> {
    let request = v1::OptOutRequest {
        customer_id: ada(),
        evidence: text(say),
        request_id: text("r-1"),
        ..Default::default()
    };
    Ok(format!("{:?}", product.opt_out(request)?))
}

fn batch_opt_out(product: &Product, say: &str) -> Result<String, Status> {
    let item = v1::BatchedOptOut {
        customer_id: ada(),
        evidence: text(say),
        request_id: text("r-1"),
        ..Default::default()
    };
    let request = v1::BatchOptOutRequest { opt_outs: vec![item], tenant: None };
    let answer = product.wait(product.customers().batch_opt_out(request))?.into_inner();
    let result = &answer.results[0];
    match &result.result {
        // An item's error has no status of its own; the same opt-out alone has.
        Some(Outcome::Error(_)) => opt_out(product, say),
        Some(Outcome::Version(version)) => {
            assert!(result.changed == Some(false) || result.opt_outs.is_empty());
            Ok(format!("{version} changed: {:?}", result.changed))
        }
        None => panic!("no result"),
    }
}

fn yes() -> v1::OptInRequest {
    v1::OptInRequest { customer_id: ada(), evidence: "a form".to_owned(), ..Default::default() }
}

fn opt_in(product: &Product, say: &str) -> Result<String, Status> {
    let scope = Some(v1::Scope { channel: text("sms"), ..Default::default() });
    let request =
        v1::OptInRequest { scope, evidence: say.to_owned(), request_id: text("r-1"), ..yes() };
    Ok(format!("{:?}", product.wait(product.customers().opt_in(request))?.into_inner()))
}

fn yes_to_all(product: &Product) {
    product.wait(product.customers().opt_in(yes())).unwrap();
}

fn no_to_all(product: &Product) {
    product.opt_out(v1::OptOutRequest { customer_id: ada(), ..Default::default() }).unwrap();
}

fn set(product: &Product, id: &str, code: &str) -> Result<String, Status> {
    let request = v1::SuppressCustomerRequest {
        customer_id: ada(),
        reason_code: text(code),
        request_id: text(id),
        ..Default::default()
    };
    Ok(format!("{:?}", product.wait(product.customers().suppress_customer(request))?.into_inner()))
}

fn suppress(product: &Product, say: &str) -> Result<String, Status> {
    set(product, "r-1", if say == "first" { "bereavement" } else { "legal_hold" })
}

/// What was lifted is said to the first caller only, as the proto says.
fn lift(product: &Product, id: &str, code: &str) -> Result<String, Status> {
    let request = v1::UnsuppressCustomerRequest {
        customer_id: ada(),
        reason_code: text(code),
        request_id: text(id),
        ..Default::default()
    };
    let answer = product.wait(product.customers().unsuppress_customer(request))?.into_inner();
    Ok(format!("{:?} {} changed: {:?}", answer.suppressions, answer.version, answer.changed))
}

fn unsuppress(product: &Product, say: &str) -> Result<String, Status> {
    lift(product, "r-1", if say == "first" { "open_case" } else { "legal_hold" })
}

fn handle(product: &Product, say: &str) -> Result<String, Status> {
    let request = v1::HandleInboundMessageRequest {
        customer_id: ada(),
        channel: "sms".to_owned(),
        text: (if say == "first" { "STOP please!" } else { "how do I unsubscribe?" }).to_owned(),
        request_id: "r-1".to_owned(),
        ..Default::default()
    };
    // One reply may be sent, and is offered to the first caller only.
    let answer = product.wait(product.customers().handle_inbound_message(request))?.into_inner();
    let due = answer.reply() != v1::InboundReply::Unspecified;
    assert_eq!((due, answer.reply_until_time.is_some()), (answer.changed(), answer.changed()));
    let answer = v1::HandleInboundMessageResponse { reply: 0, reply_until_time: None, ..answer };
    Ok(format!("{answer:?}"))
}

/// Its request says nothing that could be changed, so the other one is another RPC's.
fn erase(product: &Product, say: &str) -> Result<String, Status> {
    if say != "first" {
        return opt_out(product, say);
    }
    let request = v1::EraseCustomerRequest {
        customer_id: ada(),
        request_id: text("r-1"),
        ..Default::default()
    };
    let answer = product.wait(product.customers().erase_customer(request))?.into_inner();
    assert!(answer.erased);
    Ok(format!("{answer:?}"))
}
