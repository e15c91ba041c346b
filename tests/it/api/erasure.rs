//! A customer who asks what we know, and one who asks to be forgotten.

use std::collections::BTreeSet;
use std::sync::Arc;

use courtesy::clock::Clock;
use courtesy::gate;
use courtesy::gate::Gate;
use courtesy::model::Name;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::EngagementKind;
use courtesy::secret::Secret;
use courtesy::store::Key;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::zone::Zones;
use tonic::Code;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}, push: {}}
purposes: {marketing: {}}
";
/// What must not be found any more.
const CANARY: &str = "canary-7f3a";
const LATER: &str = "2026-11-23T12:00:00Z";

/// A customer with every field on record, who opted out of e-mail.
fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    let customer = v1::Customer {
        customer_id: "ada".to_owned(),
        time_zone: Some("Europe/Paris".to_owned()),
        attributes: [("mail".to_owned(), CANARY.to_owned())].into(),
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    let push = v1::Contact { channel: "push".to_owned(), ..email("ada") };
    let reserve = v1::ReserveContactRequest { contact: Some(push), ..reservation("ada", "send-1") };
    assert!(is_allowed(product.reserve(reserve).unwrap().decision.as_ref().unwrap()));
    opt_in(&product, "sms", NOW);
    product.opt_out(no("2026-11-01T00:00:00Z")).unwrap();
    clicked(&product, None);
    product
}

fn no(event_time: &str) -> v1::OptOutRequest {
    v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        scope: scope("email"),
        event_time: Some(timestamp(event_time)),
        source: Some(CANARY.to_owned()),
        evidence: Some(format!("{CANARY}, stop it")),
        ..Default::default()
    }
}

fn scope(channel: &str) -> Option<v1::Scope> {
    Some(v1::Scope { channel: Some(channel.to_owned()), ..Default::default() })
}

fn opt_in(product: &Product, channel: &str, event_time: &str) -> v1::OptInResponse {
    let request = v1::OptInRequest {
        customer_id: "ada".to_owned(),
        scope: scope(channel),
        event_time: Some(timestamp(event_time)),
        evidence: "a form".to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap().into_inner()
}

fn clicked(product: &Product, event_time: Option<&str>) {
    let request = v1::RecordEngagementRequest {
        customer_id: "ada".to_owned(),
        kind: i32::from(EngagementKind::Clicked),
        channel: Some("push".to_owned()),
        event_time: event_time.map(timestamp),
        request_id: "click-1".to_owned(),
        ..Default::default()
    };
    product.wait(product.contacts().record_engagement(request)).unwrap();
}

fn erase(product: &Product) -> bool {
    let request = v1::EraseCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(request)).unwrap().into_inner().erased
}

fn export(product: &Product) -> v1::ExportCustomerResponse {
    let request = v1::ExportCustomerRequest { customer_id: "ada".to_owned(), tenant: None };
    product.wait(product.customers().export_customer(request)).unwrap().into_inner()
}

fn stored(product: &Product) -> bool {
    let tenant = Name::new("default").unwrap();
    let key = Key { space: Space::Customers, tenant, id: Box::from("ada") };
    product.wait(product.store.load(&key)).unwrap().is_some()
}

fn refused(product: &Product, channel: &str) -> Vec<String> {
    let contact = v1::Contact { channel: channel.to_owned(), ..email("ada") };
    codes(&product.check(contact).unwrap())
}

#[test]
fn an_export_shows_the_whole_record() {
    let product = product();
    let shown = export(&product);
    let customer = shown.customer.unwrap();
    assert_eq!(customer.time_zone.as_deref(), Some("Europe/Paris"));
    assert_eq!(customer.attributes.get("mail").map(String::as_str), Some(CANARY));
    assert_eq!((customer.opt_outs.len(), customer.consents.len()), (1, 1));
    assert_eq!(shown.consent_events.len(), 2);
    assert_eq!(shown.consent_events[0].evidence.as_deref(), Some("canary-7f3a, stop it"));
    assert_eq!(shown.contacts[0].request_id.as_deref(), Some("send-1"));
    assert_eq!(shown.engagements[0].kind(), EngagementKind::Clicked);
    assert_eq!(shown.engagements[0].channel.as_deref(), Some("push"));
    let requests: Vec<&str> = shown.requests.iter().map(|it| it.request_id.as_str()).collect();
    assert_eq!(requests, ["send-1", "click-1"]);
    assert_eq!(shown.erase_time, None);
}

#[test]
fn an_erasure_leaves_nothing_but_the_opt_outs() {
    let product = product();
    assert!(erase(&product));
    assert!(!erase(&product), "it is done");
    let product = product.restart();
    product.apply(POLICY, 1).unwrap();

    let shown = export(&product);
    let kept = v1::OptedOut {
        scope: scope("email"),
        event_time: Some(timestamp("2026-11-01T00:00:00Z")),
        until_time: None,
        source: None,
        except_scopes: Vec::new(),
    };
    let expected = v1::ExportCustomerResponse {
        customer: Some(v1::Customer {
            customer_id: "ada".to_owned(),
            opt_outs: vec![kept],
            ..Default::default()
        }),
        erase_time: Some(timestamp(NOW)),
        ..Default::default()
    };
    assert_eq!(shown, expected);
    assert!(!stored(&product));
    let left = product.wait(product.store.load_all(Space::Erased)).unwrap();
    let [(key, value)] = left.try_into().unwrap();
    let is_hash = key.id.len() == 64 && key.id.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(is_hash, "{}", key.id);
    for word in ["ada", CANARY, "Paris", "stop"] {
        let found = value.value.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!found, "{word}");
    }
}

#[test]
fn an_opt_out_outlives_an_erasure() {
    let product = product();
    erase(&product);
    let refusal = product.check(email("ada")).unwrap();
    assert_eq!(codes(&refusal), ["OPTED_OUT"]);
    assert_eq!(refusal.reasons[0].cause, "an opt-out of channel email that outlived an erasure");
    let reserved = product.reserve(reservation("ada", "send-2")).unwrap();
    assert_eq!(codes(&reserved.decision.unwrap()), ["OPTED_OUT"]);
    let request = v1::BatchCheckContactsRequest {
        contacts: vec![email("bob"), email("ada"), email("eve")],
        ..Default::default()
    };
    let batch = product.wait(product.contacts().batch_check_contacts(request)).unwrap();
    let effects: Vec<bool> = batch
        .into_inner()
        .results
        .into_iter()
        .map(|it| match it.result.unwrap() {
            v1::batch_check_result::Result::Decision(decision) => is_allowed(&decision),
            v1::batch_check_result::Result::Error(error) => panic!("{error:?}"),
        })
        .collect();
    assert_eq!(effects, [true, false, true]);
    assert_eq!(refused(&product, "sms"), ["NO_CONSENT"], "a yes does not outlive it");
    assert!(!stored(&product), "asking brings nothing back");
}

#[test]
fn a_repeated_erasure_says_that_it_erased_nothing_and_what_came_since() {
    let product = product();
    let erase = || {
        let request = v1::EraseCustomerRequest {
            customer_id: "ada".to_owned(),
            request_id: Some("erase-1".to_owned()),
            ..Default::default()
        };
        let answer = product.wait(product.customers().erase_customer(request)).unwrap();
        let v1::EraseCustomerResponse { erased, changed, is_on_record } = answer.into_inner();
        (erased, changed, is_on_record)
    };
    assert_eq!(erase(), (true, Some(true), false));
    assert_eq!(erase(), (true, Some(false), false));
    product.record("send-9", email("ada"));
    assert_eq!(erase(), (true, Some(false), true), "what came since stays");
    assert!(stored(&product));
    let request = v1::EraseCustomerRequest { customer_id: "eve".to_owned(), ..Default::default() };
    let again = product.wait(product.customers().erase_customer(request)).unwrap().into_inner();
    assert_eq!((again.erased, again.changed), (false, Some(false)));
}

/// A CRM that still has the customer sends everything once more.
#[test]
fn an_import_does_not_undo_an_erasure() {
    let product = product();
    erase(&product);
    product.hand.set(at(LATER));
    assert_eq!(opt_in(&product, "sms", NOW).consents, [], "it was said before");
    assert_eq!(opt_in(&product, "email", NOW).opt_outs.len(), 1);
    clicked(&product, Some(NOW));
    let sent = v1::Contact {
        channel: "push".to_owned(),
        contact_time: Some(timestamp("2026-11-20T12:00:00Z")),
        ..email("ada")
    };
    product.record("send-0", sent);
    assert!(!stored(&product), "what is over stays forgotten");

    let customer = v1::Customer {
        customer_id: "ada".to_owned(),
        segments: vec!["vip".to_owned()],
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    assert!(stored(&product));
    assert_eq!(refused(&product, "email"), ["OPTED_OUT"], "the new record has it");
    assert_eq!(opt_in(&product, "sms", NOW).consents, [], "the record knows when it was erased");
    let product = product.restart();
    product.hand.set(at(LATER));
    assert_eq!(refused(&product, "email"), ["OPTED_OUT"]);

    assert_eq!(opt_in(&product, "email", LATER).opt_outs, [], "a new word counts");
    assert_eq!(refused(&product, "email"), Vec::<String>::new());
    assert!(erase(&product));
    assert_eq!(refused(&product, "email"), Vec::<String>::new(), "it had ended before");
}

/// Whether anything of the request that erases is anywhere in the store.
fn is_hidden(product: &Product) -> bool {
    let has = |bytes: &[u8]| bytes.windows(12).any(|it| it == b"erase-canary");
    Space::ALL.into_iter().all(|space| {
        let page = product.wait(product.store.scan(space, None, None, 1_000)).unwrap();
        let mut values = page.values.iter();
        !values.any(|(key, stored)| has(&stored.as_ref().unwrap().value) || has(key.id.as_bytes()))
    })
}

#[test]
fn the_request_that_erases_is_known_for_two_days_and_never_kept() {
    let product = product();
    let id = || Some("erase-canary-ada".to_owned());
    let request = v1::EraseCustomerRequest {
        customer_id: "ada".to_owned(),
        request_id: id(),
        ..Default::default()
    };
    let erase = |product: &Product| {
        let mut customers = product.customers();
        let erased = customers.erase_customer(request.clone());
        product.wait(erased).unwrap().into_inner()
    };
    assert!(erase(&product).changed());
    assert!(is_hidden(&product));
    let other = || product.opt_out(v1::OptOutRequest { request_id: id(), ..no(NOW) });
    assert_eq!(other().unwrap_err().code(), Code::AlreadyExists, "nothing is on record");
    // The customer comes back, and stays: the request has been answered.
    product.hand.set(at(LATER));
    opt_in(&product, "sms", LATER);
    assert!(!erase(&product).changed() && stored(&product));
    assert_eq!(other().unwrap_err().code(), Code::AlreadyExists, "a customer is on record");
    let product = product.restart();
    product.hand.set(at(LATER));
    assert!(!erase(&product).changed() && stored(&product));
    assert!(is_hidden(&product));
    product.hand.set(at(LATER).plus(Span::from_hours(48)));
    assert!(erase(&product).changed() && !stored(&product), "two days later it is another request");
    assert!(is_hidden(&product));
}

#[test]
fn what_was_reserved_before_an_erasure_cannot_be_settled() {
    let product = product();
    erase(&product);
    let confirm = v1::ConfirmContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "send-1".to_owned(),
        ..Default::default()
    };
    let status = product.wait(product.contacts().confirm_contact(confirm)).unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "CUSTOMER_ERASED")
    );
    let release = v1::ReleaseContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "send-1".to_owned(),
        ..Default::default()
    };
    let status = product.wait(product.contacts().release_contact(release)).unwrap_err();
    assert_eq!(reason(&status), "CUSTOMER_ERASED");
    assert!(!stored(&product));
}

/// With another secret no erased customer would be found.
#[test]
fn another_secret_is_noticed() {
    let product = product();
    let gate = |text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let parts = gate::Parts {
            outage_journal: None,
            store: product.store.clone(),
            secret: Secret::read(file.path()).unwrap(),
            zones: Arc::new(Zones::bundled()),
            clock: Clock::system(),
            settings: gate::Settings::default(),
            tenants: BTreeSet::new(),
            metrics: product.metrics.clone(),
            decisions: None,
        };
        Gate::new(parts).unwrap()
    };
    let other = gate(&"x".repeat(32));
    product.wait(other.check_secret()).unwrap();
    erase(&product);
    let refused = product.wait(other.check_secret()).unwrap_err();
    assert!(matches!(refused, gate::Failure::OtherSecret), "{refused}");
    drop(other);
    drop(product.restart());
}

#[test]
fn an_erasure_concerns_one_customer_of_one_tenant() {
    let product = product();
    let north = Some("north".to_owned());
    product.opt_out(v1::OptOutRequest { tenant: north.clone(), ..no(NOW) }).unwrap();
    product.opt_out(v1::OptOutRequest { customer_id: "bob".to_owned(), ..no(NOW) }).unwrap();
    let request = v1::EraseCustomerRequest { customer_id: "eve".to_owned(), ..Default::default() };
    let erased = product.wait(product.customers().erase_customer(request)).unwrap();
    assert!(!erased.into_inner().erased);
    assert_eq!(product.wait(product.store.load_all(Space::Erased)).unwrap().len(), 0);
    erase(&product);
    let request = v1::ExportCustomerRequest { customer_id: "ada".to_owned(), tenant: north };
    let other = product.wait(product.customers().export_customer(request)).unwrap().into_inner();
    assert_eq!((other.consent_events.len(), other.erase_time), (1, None));
    let bob = product.check(email("bob")).unwrap();
    assert_eq!(bob.reasons[0].cause, "an opt-out of channel email");
}
