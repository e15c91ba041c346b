//! Numbers, lists, maps, batches and pages.

use std::collections::BTreeMap;

use courtesy::proto::v1;
use tonic::Code;

use super::super::ask::Ask;
use super::super::ask::CANARY;
use super::super::ask::accepted;
use super::super::ask::batch_check;
use super::super::ask::batch_reserve;
use super::super::ask::check;
use super::super::ask::choose;
use super::super::ask::contact;
use super::super::ask::list;
use super::super::ask::opt_in;
use super::super::ask::opt_out;
use super::super::ask::plan;
use super::super::ask::product;
use super::super::ask::record;
use super::super::ask::refused;
use super::super::ask::reserve;
use crate::api::product::fields;
use crate::api::product::is_allowed;

#[test]
fn a_priority_is_from_0_to_100() {
    let product = product();
    for priority in [0, 100] {
        accepted(&product, &check(v1::Contact { priority: Some(priority), ..contact() }));
    }
    for priority in [101, 255, 256, u32::MAX] {
        let contact = v1::Contact { priority: Some(priority), ..contact() };
        refused(&product, &check(contact), &["contact.priority"]);
    }
    let mut any = choose("1");
    any.candidates[0].value = Some(u64::MAX);
    accepted(&product, &any);
}

#[test]
fn what_a_contact_lists_is_bounded() {
    let product = product();
    let occasions = |count| vec!["christmas".to_owned(); count];
    accepted(&product, &check(v1::Contact { occasions: occasions(16), ..contact() }));
    for count in [17, 1_000] {
        let contact = v1::Contact { occasions: occasions(count), ..contact() };
        refused(&product, &check(contact), &["contact.occasions"]);
    }
    let pairs = |count: usize, value: &str| -> BTreeMap<String, String> {
        (0..count).map(|i| (format!("{i:0>128}"), value.to_owned())).collect()
    };
    let with = |attributes| check(v1::Contact { attributes, ..contact() });
    accepted(&product, &with(pairs(40, &"v".repeat(1_024))));
    accepted(&product, &with(pairs(64, "")));
    let field = &["contact.attributes"];
    refused(&product, &with(pairs(65, "")), field);
    refused(&product, &with(pairs(1, &"v".repeat(1_025))), field);
    refused(&product, &with([("n".repeat(129), String::new())].into()), field);
    refused(&product, &with([(String::new(), String::new())].into()), field);
    refused(&product, &with([("a\0".to_owned(), String::new())].into()), field);
    let channels = vec!["email".to_owned(); 64];
    refused(&product, &v1::PlanContactRequest { channels, ..plan() }, &["channels"]);
}

#[test]
fn evidence_has_1_to_1024_bytes() {
    let product = product();
    for evidence in [String::new(), "e".repeat(1_025)] {
        let field = &["evidence"];
        refused(&product, &v1::OptInRequest { evidence: evidence.clone(), ..opt_in() }, field);
        refused(&product, &v1::OptOutRequest { evidence: Some(evidence), ..opt_out() }, field);
    }
    accepted(&product, &v1::OptInRequest { evidence: "e".repeat(1_024), ..opt_in() });
}

#[test]
fn a_batch_has_1_to_1000_parts() {
    let product = product();
    refused(&product, &batch_check(Vec::new()), &["contacts"]);
    refused(&product, &batch_check(vec![contact(); 1_001]), &["contacts"]);
    refused(&product, &batch_reserve(0), &["reservations"]);
    refused(&product, &batch_reserve(1_001), &["reservations"]);
    let none = v1::ChooseContactRequest { candidates: Vec::new(), ..choose("1") };
    refused(&product, &none, &["candidates"]);
    let candidates = vec![choose("1").candidates[0].clone(); 51];
    refused(&product, &v1::ChooseContactRequest { candidates, ..choose("1") }, &["candidates"]);

    let answers = accepted(&product, &batch_check(vec![contact(); 1_000])).results;
    assert_eq!(answers.len(), 1_000);
    // All are for one customer, whose policy has room for fifty.
    let answers = accepted(&product, &batch_reserve(1_000)).results;
    let allowed: Vec<bool> = answers.iter().map(is_reserved).collect();
    assert_eq!(allowed, [vec![true; 50], vec![false; 950]].concat(), "in order");
    let again = accepted(&product, &batch_reserve(1_000)).results;
    assert_eq!(again.iter().map(is_reserved).collect::<Vec<_>>(), allowed);
    assert_eq!(product.list(CANARY).len(), 50);
    let candidates = vec![choose("1").candidates[0].clone(); 50];
    accepted(&product, &v1::ChooseContactRequest { candidates, ..choose("1") });
}

fn is_reserved(result: &v1::BatchReserveResult) -> bool {
    match result.result.as_ref().unwrap() {
        v1::batch_reserve_result::Result::Reservation(it) => {
            is_allowed(it.decision.as_ref().unwrap())
        }
        v1::batch_reserve_result::Result::Error(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_part_with_the_id_of_another_repeats_it_or_is_refused() {
    let product = product();
    let mut batch = batch_reserve(3);
    batch.reservations[1] = batch.reservations[0].clone();
    batch.reservations[2].request_id = batch.reservations[0].request_id.clone();
    batch.reservations[2].hold = None;
    let [first, second, third] = accepted(&product, &batch).results.try_into().unwrap();
    let [first, second] = [first, second].map(|it| match it.result {
        Some(v1::batch_reserve_result::Result::Reservation(it)) => it,
        other => panic!("{other:?}"),
    });
    assert!(!first.replayed && second.replayed, "{first:?} {second:?}");
    assert_eq!(second.reservation_state(), v1::ReservationState::Held);
    assert_eq!(second.expire_time, first.expire_time);
    let v1::batch_reserve_result::Result::Error(error) = third.result.unwrap() else {
        panic!("reserved twice");
    };
    assert_eq!(error.reason(), v1::ErrorReason::RequestIdReused);
    assert_eq!(product.list(CANARY).len(), 1);
}

#[test]
fn a_page_token_is_one_that_was_given() {
    let product = product();
    for i in 0..5 {
        accepted(&product, &record(&i.to_string()));
    }
    let page = |page_size, page_token: &str| v1::ListContactsRequest {
        page_size: Some(page_size),
        page_token: Some(page_token.to_owned()),
        ..list()
    };
    let first = accepted(&product, &page(2, ""));
    assert_eq!(first.contacts.len(), 2);
    let token = first.next_page_token;
    let rest = accepted(&product, &page(1_000_000, &token));
    assert_eq!((rest.contacts.len(), rest.next_page_token.as_str()), (3, ""), "clamped");
    accepted(&product, &page(u32::MAX, &token));
    refused(&product, &page(0, &token), &["page_size"]);

    let last = token.char_indices().next_back().unwrap().0;
    let other_end = if token.ends_with('0') { "1" } else { "0" };
    for forged in [
        "x".to_owned(),
        "0".repeat(token.len()),
        token[..last].to_owned(),
        format!("{}{other_end}", &token[..last]),
        format!("{token}0"),
        token.to_uppercase() + " ",
        "\u{1f600}".repeat(10),
        "\0".to_owned(),
        "f".repeat(40),
        "x".repeat(10_000),
    ] {
        refused(&product, &page(2, &forged), &["page_token"]);
    }
    let of_another = v1::ListContactsRequest { customer_id: "eve".to_owned(), ..page(2, &token) };
    let status = of_another.send(&product).unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["page_token".to_owned()])
    );
}

#[test]
fn a_version_is_one_that_was_given() {
    let product = product();
    let version = accepted(&product, &reserve("1")).decision.unwrap().record_version;
    for text in [
        "",
        "x",
        &"0".repeat(31),
        &"0".repeat(33),
        &"g".repeat(32),
        "\0",
        &format!("+{}", "0".repeat(31)),
    ] {
        let at_least_version = Some(text.to_owned());
        let demanding = v1::CheckContactRequest { at_least_version, ..check(contact()) };
        refused(&product, &demanding, &["at_least_version"]);
    }
    let at_least_version = Some(version);
    accepted(&product, &v1::CheckContactRequest { at_least_version, ..check(contact()) });
}
