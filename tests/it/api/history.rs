//! Contacts on record, page by page, and what happens when there is no more room.

use courtesy::model::Contact;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::history::State;
use courtesy::proto::v1;
use tonic::Code;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reservation;

const POLICY: &str = "\
name: base
channels: {email: {}}
purposes: {marketing: {}}
";

fn filled(state: State) -> Record {
    let mut record = Record::default();
    let name = |text| Name::new(text).unwrap();
    let contact = Contact::new(name("email"), name("marketing"));
    for number in 0..1_000 {
        let at = at(NOW).minus(Span::from_secs(1_000 - number));
        record.history.add_contact(&contact, at, state).unwrap();
    }
    record
}

fn page(product: &Product, customer: &str, token: &str) -> v1::ListContactsResponse {
    let request = v1::ListContactsRequest {
        customer_id: customer.to_owned(),
        page_size: Some(300),
        page_token: Some(token.to_owned()),
        tenant: None,
    };
    product.wait(product.customers().list_contacts(request)).unwrap().into_inner()
}

#[test]
fn every_contact_is_on_one_page_the_newest_first() {
    let product = Product::start();
    product.seed("ada", &filled(State::Sent));
    let (mut times, mut sizes, mut token) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = page(&product, "ada", &token);
        sizes.push(page.contacts.len());
        times.extend(page.contacts.iter().map(|it| it.contact_time.unwrap().seconds));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [300, 300, 300, 100]);
    assert!(times.is_sorted_by(|one, other| one > other), "{times:?}");
}

#[test]
fn a_token_of_another_customer_is_refused() {
    let product = Product::start();
    product.seed("ada", &filled(State::Sent));
    let token = page(&product, "ada", "").next_page_token;
    let mut forged = token.clone();
    let other = if token[15..].starts_with('0') { "1" } else { "0" };
    forged.replace_range(15..16, other);
    for (customer, token) in
        [("bob", token.as_str()), ("ada", "x"), ("ada", &forged), ("ada", &token[1..])]
    {
        let request = v1::ListContactsRequest {
            customer_id: customer.to_owned(),
            page_token: Some(token.to_owned()),
            ..Default::default()
        };
        let listed = product.wait(product.customers().list_contacts(request));
        let status = listed.map(|_| "a page").unwrap_err();
        assert_eq!(
            (status.code(), fields(&status)),
            (Code::InvalidArgument, vec!["page_token".to_owned()])
        );
    }
}

#[test]
fn a_full_record_refuses_reservations() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product.seed("ada", &filled(State::Sent));
    let refused = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
    assert_eq!(codes(&refused), ["HISTORY_FULL"]);
    assert_eq!(product.list("ada").len(), 1_000);
}

#[test]
fn what_was_given_back_makes_room() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product.seed("ada", &filled(State::Released));
    let reserved = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
    assert!(is_allowed(&reserved));
    assert_eq!(product.list("ada").len(), 1_000);
}

#[test]
fn what_has_happened_always_finds_room() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product.seed("ada", &filled(State::Sent));
    let oldest = product.list("ada").pop().unwrap();
    product.record("1", email("ada"));
    let contacts = product.list("ada");
    assert_eq!(contacts.len(), 1_000);
    assert_eq!(contacts[0].request_id.as_deref(), Some("1"));
    assert!(!contacts.contains(&oldest));
}

#[test]
fn what_no_rule_looks_back_to_is_forgotten() {
    let product = Product::start();
    let policy = format!("{POLICY}settings: {{history_retention: 30d}}\n");
    product.apply(&policy, 0).unwrap();
    product.record("1", email("ada"));
    product.hand.set(at("2026-12-22T12:00:00Z"));
    assert_eq!(product.list("ada").len(), 1);
    product.hand.set(at("2026-12-22T12:00:01Z"));
    assert_eq!(product.list("ada").len(), 0);
}
