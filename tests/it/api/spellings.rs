//! One customer under several spellings of an id.

use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Scope;
use courtesy::model::Span;
use courtesy::model::customer_id::Spelling;
use courtesy::model::history::State;
use courtesy::model::request::Request;
use courtesy::model::wish::OptOut;
use courtesy::model::wish::Suppression;
use courtesy::proto::v1;
use courtesy::proto::v1::batch_check_result::Result as Checked;
use courtesy::proto::v1::batch_reserve_result::Result as Reserved;
use courtesy::rpc::convert::request::contact_digest;
use courtesy::rpc::convert::violations::Path;
use courtesy::rpc::convert::violations::Violations;
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
purposes: {marketing: {marketing: true}}
budgets: [{name: weekly, limit: 2, per: 7d}]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn no(id: &str) -> v1::OptOutRequest {
    v1::OptOutRequest { customer_id: id.to_owned(), ..Default::default() }
}

/// What an earlier version would have on record.
fn refused() -> Record {
    let at = Some(at("2026-11-01T00:00:00Z"));
    let refusal = OptOut { scope: Scope::default(), at, until: None, source: None, stop: None };
    Record { opt_outs: vec![refusal], ..Record::default() }
}

fn yes(product: &Product, id: &str) {
    let request = v1::OptInRequest {
        customer_id: id.to_owned(),
        evidence: "form".to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap();
}

fn erase(product: &Product, id: &str) -> bool {
    let request = v1::EraseCustomerRequest { customer_id: id.to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(request)).unwrap().into_inner().erased
}

fn may(product: &Product, id: &str) -> bool {
    is_allowed(&product.check(email(id)).unwrap())
}

fn may_reserve(product: &Product, id: &str, request_id: &str) -> bool {
    is_allowed(&product.reserve(reservation(id, request_id)).unwrap().decision.unwrap())
}

fn get(product: &Product, id: &str) -> v1::Customer {
    let get = v1::GetCustomerRequest { customer_id: id.to_owned(), ..Default::default() };
    product.wait(product.customers().get_customer(get)).unwrap().into_inner().customer.unwrap()
}

#[test]
fn white_space_around_an_id_makes_no_other_customer() {
    let product = product();
    product.opt_out(no("\u{feff} ann@example.com\u{a0}\t")).unwrap();
    for id in ["ann@example.com", "ann@example.com ", "\u{200b}ann@example.com\u{200f}"] {
        assert!(!may(&product, id), "{id:?}");
    }
    let known = get(&product, " ann@example.com");
    assert_eq!((known.customer_id.as_str(), known.opt_outs.len()), ("ann@example.com", 1));
    for nothing in [" ", "\u{200b}\u{feff}"] {
        assert_eq!(fields(&product.opt_out(no(nothing)).unwrap_err()), ["customer_id"]);
        assert_eq!(fields(&product.check(email(nothing)).unwrap_err()), ["contact.customer_id"]);
    }
    // What spreadsheets make of ids is for lists to refuse: here a caller has chosen it.
    product.opt_out(no("NULL")).unwrap();
}

#[test]
fn a_batch_and_a_repetition_know_a_customer_whatever_the_spelling() {
    let product = product();
    let reservations = ["bob", " bob", "bob\u{200b}"].iter().enumerate();
    let reservations = reservations.map(|(number, id)| v1::BatchReservation {
        contact: Some(email(id)),
        request_id: format!("r-{number}"),
        ..Default::default()
    });
    let request = v1::BatchReserveContactsRequest {
        reservations: reservations.collect(),
        ..Default::default()
    };
    let answers = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    let granted = answers.into_inner().results.into_iter().filter(|it| match &it.result {
        Some(Reserved::Reservation(it)) => is_allowed(it.decision.as_ref().unwrap()),
        other => panic!("{other:?}"),
    });
    assert_eq!(granted.count(), 2, "the budget is two a week");
    let again = product.reserve(reservation("bob ", "r-0")).unwrap();
    assert!(again.replayed && is_allowed(&again.decision.unwrap()));
}

#[test]
fn what_an_earlier_version_kept_under_a_spelling_is_found_by_it() {
    let product = product();
    product.seed("ann ", &refused());
    assert!(may(&product, "ann"), "the service cannot know that it is the same");
    assert!(!may(&product, "ann ") && !may(&product, "ann "));
    let batch = v1::BatchCheckContactsRequest {
        contacts: vec![email("ann"), email("ann ")],
        ..Default::default()
    };
    let checked = product.wait(product.contacts().batch_check_contacts(batch)).unwrap();
    for result in checked.into_inner().results {
        let Some(Checked::Decision(decision)) = result.result else { panic!("no decision") };
        assert!(!is_allowed(&decision), "in one batch they are one customer");
    }
    assert!(!may_reserve(&product, "ann ", "1"));
    // A later yes counts, by whichever spelling it is said.
    yes(&product, "ann");
    assert!(may(&product, "ann ") && may(&product, "ann"));
    product.seed("bob ", &refused());
    yes(&product, "bob ");
    assert!(may(&product, "bob ") && may(&product, "bob"));
    assert!(may_reserve(&product, "bob ", "1"));
}

#[test]
fn the_history_under_another_spelling_counts_once() {
    let product = product();
    let mut record = Record::default();
    let contact = Contact::new(Name::new("email").unwrap(), Name::new("marketing").unwrap());
    record.history.add_contact(&contact, at("2026-11-21T00:00:00Z"), State::Sent).unwrap();
    product.seed("cy ", &record);
    assert!(may_reserve(&product, "cy ", "1"));
    let third = product.reserve(reservation("cy ", "2")).unwrap().decision.unwrap();
    assert_eq!(codes(&third), ["BUDGET_SPENT"]);
    assert_eq!(product.list("cy ").len(), 2);
    assert_eq!(product.list("cy").len(), 2, "what was written has all of it");
}

#[test]
fn what_is_lifted_does_not_come_back_with_the_other_spelling() {
    let product = product();
    let suppression = Suppression {
        scope: Scope::default(),
        reason: Some(Name::new("open_case").unwrap()),
        at: None,
        until: None,
        source: None,
    };
    product.seed("ann ", &Record { suppressions: vec![suppression], ..Record::default() });
    assert!(!may(&product, "ann "));
    let lift = v1::UnsuppressCustomerRequest {
        customer_id: "ann ".to_owned(),
        reason_code: Some("open_case".to_owned()),
        ..Default::default()
    };
    let lifted = product.wait(product.customers().unsuppress_customer(lift)).unwrap();
    assert_eq!(lifted.into_inner().lifted.len(), 1);
    assert!(may(&product, "ann ") && may(&product, "ann"));
    assert_eq!(get(&product, "ann ").suppressions.len(), 0);
}

#[test]
fn an_erased_customer_is_found_by_the_spelling_too() {
    let product = product();
    product.seed("ann ", &refused());
    assert!(erase(&product, "ann ") && !erase(&product, "ann "));
    assert!(!may(&product, "ann "), "the opt-out outlives the erasure");
    let known = get(&product, "ann ");
    assert_eq!((known.opt_outs.len(), known.opt_outs[0].source.as_deref()), (1, None));
}

/// What an older release has reserved, which kept the id as it was sent.
fn reserved_before(request: &v1::ReserveContactRequest, now: Instant) -> Record {
    let mut violations = Violations::with(Spelling::AsSent);
    let id = request.contact.as_ref().unwrap().customer_id.clone();
    let key = violations.request_key(Path::ROOT, &request.request_id, request).unwrap();
    let mut record = Record::default();
    let contact = Contact::new(Name::new("email").unwrap(), Name::new("marketing").unwrap());
    let number = record.history.add_contact(&contact, now, State::Reserved).unwrap();
    record.requests.push(Request {
        id: key.id,
        body: key.body,
        answered: now,
        contact: Some(number),
        chosen: None,
        answer: None,
        hold_until: Some(now.plus(Span::from_hours(1))),
        contact_body: Some(contact_digest(request.contact.as_ref(), &id)),
        last_use: None,
        reply_until: None,
        late: false,
    });
    record
}

#[test]
fn what_an_earlier_version_reserved_is_known_by_the_spelling() {
    let product = product();
    let now = at(NOW);
    product.hand.set(now);
    let request = reservation("ann ", "r-1");
    product.seed("ann ", &reserved_before(&request, now));
    let recheck = v1::RecheckContactRequest {
        contact: request.contact.clone(),
        request_id: "r-1".to_owned(),
        ..Default::default()
    };
    let rechecked = product.wait(product.contacts().recheck_contact(recheck)).unwrap();
    assert!(is_allowed(&rechecked.into_inner().decision.unwrap()));
    let again = product.reserve(request.clone()).unwrap();
    assert!(again.replayed && is_allowed(&again.decision.unwrap()));
    assert_eq!(product.list("ann ").len(), 1);
    let mut other = request;
    other.contact.as_mut().unwrap().priority = Some(90);
    assert_eq!(product.reserve(other).unwrap_err().code(), Code::AlreadyExists);
}
