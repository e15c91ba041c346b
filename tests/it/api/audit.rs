//! The audit log: what is in it, and that no change of it goes unnoticed.

use std::sync::Arc;

use courtesy::decision_log::Pseudonyms;
use courtesy::gate::Customer;
use courtesy::model::Name;
use courtesy::model::customer_id::CustomerId;
use courtesy::model::customer_id::Spelling;
use courtesy::proto::store;
use courtesy::proto::v1;
use courtesy::secret::Secret;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::Stored;
use prost::Message;

use super::pauses::everything;
use super::pauses::pause;
use super::product::Product;
use super::product::at;
use super::product::timestamp;
use super::revisions::THREE;
use super::revisions::two;
use crate::support::Said;
use crate::support::courtesy;

fn list(product: &Product, request: v1::ListAuditEventsRequest) -> Vec<v1::AuditEvent> {
    let listed = product.wait(product.policies().list_audit_events(request));
    listed.unwrap().into_inner().events
}

fn all(product: &Product) -> Vec<v1::AuditEvent> {
    list(product, v1::ListAuditEventsRequest::default())
}

fn command(product: &Product, args: &[&str]) -> Said {
    let server = format!("http://{}", product.address());
    courtesy(&[&["audit"][..], args, &["--server", &server]].concat())
}

fn suppress(customer: &str) -> v1::SuppressCustomerRequest {
    v1::SuppressCustomerRequest {
        customer_id: customer.to_owned(),
        reason_code: Some("open_case".to_owned()),
        source: Some("support-desk".to_owned()),
        ..Default::default()
    }
}

fn key(sequence: u64) -> Key {
    let tenant = Name::new("default").unwrap();
    Key { space: Space::Audit, tenant, id: format!("{sequence:020}").into() }
}

fn stored(product: &Product, sequence: u64) -> Stored {
    product.wait(product.store.load(&key(sequence))).unwrap().unwrap()
}

/// Puts something under an event's number, as any program that can write to the store could.
fn tamper(product: &Product, sequence: u64, value: &[u8]) {
    let version = stored(product, sequence).version;
    let value = bytes::Bytes::copy_from_slice(value);
    let (key, expected) = (key(sequence), Some(version));
    let replacement = Replacement { key, expected, value, expires: None };
    let write = product.store.replace(replacement, Durability::Synced);
    assert!(matches!(product.wait(write).unwrap(), Replaced::Done(_)));
}

fn remove(product: &Product, sequence: u64) {
    let version = stored(product, sequence).version;
    assert!(
        product.wait(product.store.remove(&key(sequence), version, Durability::Synced)).unwrap()
    );
}

/// A log of five events.
fn five() -> Product {
    let product = Product::start();
    for number in 0..5 {
        pause(&product, everything(&format!("p{number}"))).unwrap();
    }
    product
}

#[track_caller]
fn is_broken(product: &Product, sentence: &str) {
    let said = command(product, &["verify"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains(sentence), "`{sentence}` is not in: {}", said.out);
}

/// Everything that is audited of what is done to customers.
fn handle_customers(product: &Product) {
    let customers = || product.customers();
    product.wait(customers().suppress_customer(suppress("canary"))).unwrap();
    let request = v1::UnsuppressCustomerRequest {
        customer_id: "canary".to_owned(),
        reason_code: Some("open_case".to_owned()),
        ..Default::default()
    };
    product.wait(customers().unsuppress_customer(request)).unwrap();
    let (customer_id, tenant) = ("canary".to_owned(), None);
    let request = v1::ExportCustomerRequest { customer_id: customer_id.clone(), tenant };
    product.wait(customers().export_customer(request)).unwrap();
    product.wait(async {
        let request = v1::ExportCustomersRequest::default();
        let mut pages = customers().export_customers(request).await.unwrap().into_inner();
        while pages.message().await.unwrap().is_some() {}
        let options = v1::import_customers_request::Part::Options(v1::ImportOptions::default());
        let options = v1::ImportCustomersRequest { part: Some(options) };
        let answers = customers().import_customers(tokio_stream::once(options)).await;
        let mut answers = answers.unwrap().into_inner();
        while answers.message().await.unwrap().is_some() {}
        let options = v1::ImportContactsOptions::default();
        let options = v1::import_contacts_request::Part::Options(options);
        let options = v1::ImportContactsRequest { part: Some(options) };
        let answers = customers().import_contacts(tokio_stream::once(options)).await;
        let mut answers = answers.unwrap().into_inner();
        while answers.message().await.unwrap().is_some() {}
    });
    let request = v1::EraseCustomerRequest { customer_id, ..Default::default() };
    product.wait(customers().erase_customer(request)).unwrap();
}

#[test]
fn every_change_by_an_operator_is_an_event() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let request = v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: two(), name: String::new() }],
        expected_revision: Some(1),
        author: Some("grace".to_owned()),
        note: Some("fewer".to_owned()),
        ..Default::default()
    };
    product.wait(product.policies().apply_policy(request)).unwrap();
    let request = v1::RollbackPolicyRequest {
        revision: Some(1),
        expected_revision: Some(2),
        ..Default::default()
    };
    product.wait(product.policies().rollback_policy(request)).unwrap();
    pause(&product, everything("crisis")).unwrap();
    let names = vec!["crisis".to_owned()];
    let request = v1::ResumeContactsRequest { names, ..Default::default() };
    product.wait(product.policies().resume_contacts(request)).unwrap();
    handle_customers(&product);

    let product = product.restart();
    let mut events = all(&product);
    events.reverse();
    let actions: Vec<&str> = events.iter().map(|it| it.action.as_str()).collect();
    let expected = [
        "ApplyPolicy",
        "ApplyPolicy",
        "RollbackPolicy",
        "PauseContacts",
        "ResumeContacts",
        "SuppressCustomer",
        "UnsuppressCustomer",
        "ExportCustomer",
        "ExportCustomers",
        "ImportCustomers",
        "ImportCustomers",
        "ImportContacts",
        "ImportContacts",
        "EraseCustomer",
    ];
    assert_eq!(actions, expected);
    let sequences: Vec<u64> = events.iter().map(|it| it.sequence).collect();
    assert_eq!(sequences, (1..=14).collect::<Vec<u64>>());
    let applied = &events[1];
    assert_eq!((applied.from_revision, applied.to_revision), (Some(1), Some(2)));
    assert_eq!(applied.details, "“fewer”; marketing-weekly: limit 3 → 2");
    assert_eq!(
        (applied.actor.as_str(), applied.author.as_deref()),
        ("unauthenticated", Some("grace"))
    );
    assert_eq!(applied.event_time, Some(timestamp("2026-11-22T12:00:00Z")));
    assert!(events[3].details.contains("a death in the news"), "{:?}", events[3]);
    assert!(events[5].details.contains("open_case"), "{:?}", events[5]);
    assert!(!format!("{events:?}").contains("canary"), "no event names a customer");
    let said = command(&product, &["verify"]);
    assert!(said.code == 0 && said.out.starts_with("14 events, all as they were"), "{}", said.out);
    let said = command(&product, &["list"]);
    assert!(said.out.contains("unauthenticated for grace") && said.out.contains("1 → 2"));
}

#[test]
fn what_was_not_done_after_all_is_noted_and_what_was_refused_before_is_not() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    product.apply(THREE, 0).unwrap_err();
    product.apply("name: x\nchanels: {}\n", 1).unwrap_err();
    pause(&product, v1::PauseContactsRequest::default()).unwrap_err();
    assert_eq!(all(&product).len(), 1);
    // A record without room is found out when the suppression is made.
    for number in 0..256 {
        let request = v1::SuppressCustomerRequest {
            reason_code: Some(format!("r{number}")),
            ..suppress("full")
        };
        product.wait(product.customers().suppress_customer(request)).unwrap();
    }
    product.wait(product.customers().suppress_customer(suppress("full"))).unwrap_err();
    let events = all(&product);
    assert!(events[0].failure.is_some() && events[1].failure.is_none(), "{:?}", &events[..2]);
    assert_eq!(events[0].sequence, 259);
}

#[test]
fn who_sees_a_customer_is_noted_and_the_customer_is_not_named() {
    let product = Product::start();
    pause(&product, everything("outage")).unwrap();
    let gate = product.gate();
    let customer = |tenant: &str, id: &str| {
        Customer::new(&Name::new(tenant).unwrap(), &CustomerId::new(id, Spelling::Exact))
    };
    for (actor, id) in [("key:grace", "canary"), ("key:grace", "canary"), ("key:alan", "eve")] {
        product.wait(gate.view_customer(actor, &customer("default", id))).unwrap();
    }
    product.wait(gate.view_customer("key:grace", &customer("other", "canary"))).unwrap();

    let actions = vec!["ViewCustomer".to_owned()];
    let request = v1::ListAuditEventsRequest { actions: actions.clone(), ..Default::default() };
    let events = list(&product, request);
    let seen: Vec<(u64, &str)> = events.iter().map(|it| (it.sequence, it.actor.as_str())).collect();
    assert_eq!(seen, [(4, "key:alan"), (3, "key:grace"), (2, "key:grace")]);
    assert_eq!(events[0].event_time, Some(timestamp("2026-11-22T12:00:00Z")));
    let who: Vec<&str> =
        events.iter().map(|it| it.details.strip_prefix("customer ").unwrap()).collect();
    assert!(
        who.iter().all(|hash| hash.len() == 32 && hash.bytes().all(|it| it.is_ascii_hexdigit()))
    );
    assert!(who[1] == who[2] && who[0] != who[1], "{who:?}");
    assert!(!format!("{events:?}").contains("canary"), "{events:?}");
    // It is the name that the decision log gives the customer, and not that of another tenant's.
    let secret = Secret::read(&product.directory().join("secret")).unwrap();
    let pseudonyms = Pseudonyms::new(&secret);
    let own = pseudonyms.of(&Name::new("default").unwrap(), "canary").to_string();
    assert_eq!(who[1], own);
    let tenant = Some("other".to_owned());
    let request = v1::ListAuditEventsRequest { actions, tenant, ..Default::default() };
    let others = list(&product, request);
    assert!(others.len() == 1 && others[0].details != events[1].details, "{others:?}");

    let said = command(&product, &["list", "--action", "ViewCustomer", "--actor", "key:grace"]);
    assert!(said.code == 0 && said.out.contains(&own), "{}{}", said.out, said.err);
    let said = command(&product, &["verify"]);
    assert!(said.code == 0 && said.out.starts_with("4 events"), "{}", said.out);
}

#[test]
fn events_are_paged_and_filtered() {
    let product = five();
    product.hand.set(at("2026-11-22T13:00:00Z"));
    product.apply(THREE, 0).unwrap();
    let (mut sequences, mut token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListAuditEventsRequest {
            page_size: Some(4),
            page_token: Some(token),
            ..Default::default()
        };
        let page = product.wait(product.policies().list_audit_events(request));
        let page = page.unwrap().into_inner();
        assert_eq!(page.head_sequence, 6);
        sequences.extend(page.events.iter().map(|it| it.sequence));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(sequences, [6, 5, 4, 3, 2, 1]);
    let count = |request| list(&product, request).len();
    let none = v1::ListAuditEventsRequest::default;
    let actions = vec!["ApplyPolicy".to_owned()];
    assert_eq!(count(v1::ListAuditEventsRequest { actions, ..none() }), 1);
    let actor = Some("unauthenticated".to_owned());
    assert_eq!(count(v1::ListAuditEventsRequest { actor, ..none() }), 6);
    let actor = Some("grace".to_owned());
    assert_eq!(count(v1::ListAuditEventsRequest { actor, ..none() }), 0);
    let time = Some(timestamp("2026-11-22T13:00:00Z"));
    assert_eq!(count(v1::ListAuditEventsRequest { start_time: time, ..none() }), 1);
    assert_eq!(count(v1::ListAuditEventsRequest { end_time: time, ..none() }), 5);
    let tenant = Some("other".to_owned());
    assert_eq!(count(v1::ListAuditEventsRequest { tenant, ..none() }), 0);
    let said =
        command(&product, &["list", "--action", "ApplyPolicy", "--from", "2026-11-22T13:00:00Z"]);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);
    assert!(said.out.contains("0 → 1"), "{}", said.out);
}

#[test]
fn a_changed_event_is_found() {
    let product = five();
    let mut value = stored(&product, 3).value.to_vec();
    let place = value.windows(2).position(|it| it == b"p2").unwrap();
    value[place + 1] = b'7';
    tamper(&product, 3, &value);
    is_broken(&product, "event 3 was changed after it was written");
}

#[test]
fn a_missing_event_is_found_wherever_it_stood() {
    for sequence in [1, 3, 5] {
        let product = five();
        remove(&product, sequence);
        is_broken(&product, &format!("events {sequence} to {sequence} are missing"));
        // The log goes on, and goes on being broken.
        pause(&product, everything("later")).unwrap();
        is_broken(&product, &format!("events {sequence} to {sequence} are missing"));
        let product = product.restart();
        pause(&product, everything("much later")).unwrap();
        is_broken(&product, &format!("events {sequence} to {sequence} are missing"));
        assert_eq!(all(&product)[0].sequence, 7);
    }
}

#[test]
fn swapped_events_are_found() {
    let product = five();
    let (second, fourth) = (stored(&product, 2).value, stored(&product, 4).value);
    tamper(&product, 2, &fourth);
    tamper(&product, 4, &second);
    is_broken(&product, "event 2 was written as event 4 of the tenant `default`");
}

#[test]
fn an_event_that_is_no_event_any_more_is_found_and_shown() {
    let product = five();
    tamper(&product, 5, b"nothing that was ever written");
    is_broken(&product, "event 5 cannot be read");
    let events = all(&product);
    assert_eq!(events.len(), 5);
    assert!(events[0].damage.is_some() && events[1].damage.is_none());
    assert!(command(&product, &["list"]).out.contains("cannot be read"));
    pause(&product.restart(), everything("later")).unwrap();
}

#[test]
fn a_log_that_was_written_anew_is_told_by_what_was_kept_elsewhere() {
    let product = five();
    let said = command(&product, &["verify"]);
    let kept = said.out.split_whitespace().find(|it| it.starts_with("5:")).unwrap();
    let kept = kept.trim_end_matches(';');
    pause(&product, everything("later")).unwrap();
    let said = command(&product, &["verify", "--known", kept]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let forged = five();
    forged.hand.set(at("2026-11-22T14:00:00Z"));
    let said = command(&forged, &["verify", "--known", &kept.replace("5:", "4:")]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("event 4 does not have the hash that was kept"), "{}", said.out);
    assert_eq!(command(&product, &["verify", "--known", "5:zz"]).code, 2);
}

/// What is noted of the end of the log.
fn head_of(product: &Product) -> (Key, Stored) {
    let key = Key { id: Box::from("head"), ..key(0) };
    let stored = product.wait(product.store.load(&key)).unwrap().unwrap();
    (key, stored)
}

fn note_head(product: &Product, sequence: u64, seal: &[u8]) {
    let link = store::v1::AuditLink::decode(stored(product, sequence).value).unwrap();
    let head = store::v1::AuditHead { sequence, hash: link.hash, seal: seal.to_vec() };
    let (key, Stored { version, .. }) = head_of(product);
    let value = head.encode_to_vec().into();
    let replacement = Replacement { key, expected: Some(version), value, expires: None };
    let write = product.store.replace(replacement, Durability::Synced);
    assert!(matches!(product.wait(write).unwrap(), Replaced::Done(_)));
}

#[test]
fn newest_events_that_were_taken_away_are_found() {
    for (seal, sentence) in [
        (Some(&[][..]), "its end is not sealed"),
        (Some(&[7; 32][..]), "its end is not sealed with this installation's secret"),
        (None, "what is noted of its end is gone"),
    ] {
        let product = five();
        remove(&product, 5);
        match seal {
            Some(seal) => note_head(&product, 4, seal),
            None => {
                let (key, Stored { version, .. }) = head_of(&product);
                let removed = product.store.remove(&key, version, Durability::Synced);
                assert!(product.wait(removed).unwrap());
            }
        }
        is_broken(&product, sentence);
        assert!(command(&product, &["list"]).out.contains(sentence));
        // What is written after an operator has accepted the loss does not hide it.
        let product = product.restart();
        let request = v1::AcceptStoreRequest { reason: "a test".to_owned(), ..Default::default() };
        product.wait(product.policies().accept_store(request)).unwrap();
        pause(&product, everything("later")).unwrap();
        is_broken(&product, sentence);
        assert_eq!(all(&product).iter().filter(|it| it.action == "AuditLogDamaged").count(), 1);
    }
}

#[test]
fn the_number_of_the_newest_event_is_a_metric() {
    let product = five();
    let is_shown = |product: &Product| {
        let text = product.metrics.encode().unwrap();
        text.contains("\ncourtesy_audit_events{tenant=\"default\"} 5\n")
    };
    assert!(is_shown(&product));
    assert!(is_shown(&product.restart()), "before anything is written");
}

/// A directory whose store has the secret of all such.
fn directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("secret"), "x".repeat(40)).unwrap();
    directory
}

#[test]
fn instances_that_share_a_store_append_to_one_chain() {
    let first = Product::start_in(directory());
    let shared = Arc::clone(&first.store);
    let second = Product::start_on(directory(), |_own| shared);
    for round in 0..10 {
        for (name, product) in [("a", &first), ("b", &second)] {
            pause(product, everything(&format!("{name}{round}"))).unwrap();
        }
    }
    let at_once = |product: &Product| {
        let calls = (0..10).map(|_| {
            let mut customers = product.customers();
            async move { customers.suppress_customer(suppress("ada")).await }
        });
        futures_util::future::join_all(calls.collect::<Vec<_>>())
    };
    let (calls, others) = (at_once(&first), at_once(&second));
    std::thread::scope(|scope| {
        let one = scope.spawn(|| first.wait(calls));
        let other = scope.spawn(|| second.wait(others));
        let results = one.join().unwrap().into_iter().chain(other.join().unwrap());
        results.for_each(|result| drop(result.unwrap()));
    });
    let said = command(&second, &["verify"]);
    assert!(said.code == 0 && said.out.starts_with("40 events"), "{}{}", said.out, said.err);
}
