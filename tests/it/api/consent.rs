//! The customer's no and yes as CRM systems send them: late, twice, many at once, with proof.

use courtesy::proto::v1;
use courtesy::proto::v1::batch_opt_out_result::Result as Outcome;
use tonic::Code;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::seconds;
use super::product::timestamp;

fn product() -> Product {
    let product = Product::start();
    let policy =
        "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}, service: {}}\n";
    product.apply(policy, 0).unwrap();
    product
}

fn no(day: u32, scope: v1::Scope) -> v1::OptOutRequest {
    v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        event_time: Some(timestamp(&format!("2026-11-{day:02}T00:00:00Z"))),
        source: Some("crm".to_owned()),
        evidence: Some(format!("said on {day}")),
        ..Default::default()
    }
}

fn yes(product: &Product, day: u32, scope: v1::Scope) -> v1::OptInResponse {
    let request = v1::OptInRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        event_time: Some(timestamp(&format!("2026-11-{day:02}T00:00:00Z"))),
        evidence: format!("form of {day}"),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap().into_inner()
}

fn of_email() -> v1::Scope {
    v1::Scope { channel: Some("email".to_owned()), ..Default::default() }
}

fn events(product: &Product, size: u32, token: &str) -> v1::ListConsentEventsResponse {
    let request = v1::ListConsentEventsRequest {
        customer_id: "ada".to_owned(),
        page_size: Some(size),
        page_token: Some(token.to_owned()),
        tenant: None,
    };
    product.wait(product.customers().list_consent_events(request)).unwrap().into_inner()
}

/// The yes is remembered with the record, not only in a history that forgets.
#[test]
fn an_old_no_that_comes_late_does_not_undo_a_newer_yes() {
    let product = product();
    yes(&product, 10, v1::Scope::default());
    for number in 0..300 {
        let topic = Some(format!("topic-{}", number % 50));
        let scope = v1::Scope { topic, ..of_email() };
        product.opt_out(no(1 + number % 9, scope)).unwrap();
    }
    let product = product.restart();
    let answer = product.opt_out(no(9, of_email())).unwrap();
    assert_eq!(answer.opt_outs, [], "all of them are older than the yes to everything");
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    assert_eq!(product.opt_out(no(10, of_email())).unwrap().opt_outs.len(), 1, "a tie");
}

#[test]
fn a_yes_does_not_end_what_is_wider_in_any_order() {
    for backwards in [false, true] {
        let product = product();
        let wide = || drop(product.opt_out(no(1, v1::Scope::default())).unwrap());
        let narrow = || drop(product.opt_out(no(3, of_email())).unwrap());
        let said: [&dyn Fn(); 3] = [&wide, &narrow, &|| drop(yes(&product, 5, of_email()))];
        match backwards {
            true => said.iter().rev().for_each(|say| say()),
            false => said.iter().for_each(|say| say()),
        }
        let refused = product.check(email("ada")).unwrap();
        assert_eq!(refused.reasons[0].cause, "an opt-out of everything");
        assert_eq!(refused.reasons.len(), 1);
    }
}

#[test]
fn a_snooze_counts_from_when_it_was_said() {
    let product = product();
    let snooze = Some(seconds(30 * 86_400));
    let answer = product.opt_out(v1::OptOutRequest { snooze, ..no(20, of_email()) }).unwrap();
    let until = timestamp("2026-12-20T00:00:00Z");
    assert_eq!(answer.opt_outs[0].until_time, Some(until));
    assert_eq!(product.check(email("ada")).unwrap().next_allowed_time, Some(until));
    product.hand.set(at("2026-12-20T00:00:00Z"));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));

    let both = v1::OptOutRequest { snooze, until_time: Some(until), ..no(20, of_email()) };
    assert_eq!(fields(&product.opt_out(both).unwrap_err()), ["snooze"]);
    let backwards = v1::OptOutRequest {
        until_time: Some(timestamp("2026-11-19T00:00:00Z")),
        ..no(20, of_email())
    };
    assert_eq!(fields(&product.opt_out(backwards).unwrap_err()), ["until_time"]);
}

/// A CRM that catches up sends snoozes that are over. They change nothing, and are no mistake.
#[test]
fn a_snooze_that_is_over_is_only_noted() {
    let product = product();
    let until_time = Some(timestamp("2026-11-05T00:00:00Z"));
    let over = v1::OptOutRequest { until_time, ..no(1, of_email()) };
    assert_eq!(product.opt_out(over).unwrap().opt_outs, []);
    let [event] = events(&product, 10, "").consent_events.try_into().unwrap();
    assert_eq!((event.until_time, event.kind()), (until_time, v1::ConsentKind::OptOut));
}

#[test]
fn every_part_of_a_scope_narrows_an_opt_out() {
    let product = product();
    let text = |text: &str| Some(text.to_owned());
    let scope = v1::Scope {
        purpose: text("marketing"),
        topic: text("news"),
        brand: text("north"),
        occasion: text("mothers_day"),
        ..of_email()
    };
    product.opt_out(no(1, scope)).unwrap();
    let meant = v1::Contact {
        topic: text("news"),
        brand: text("north"),
        occasions: vec!["easter".to_owned(), "mothers_day".to_owned()],
        ..email("ada")
    };
    let check = |contact: v1::Contact, refused: bool| {
        let decision = product.check(contact.clone()).unwrap();
        assert_eq!(codes(&decision) == ["OPTED_OUT"], refused, "{contact:?}");
    };
    check(meant.clone(), true);
    check(v1::Contact { channel: "sms".to_owned(), ..meant.clone() }, false);
    check(v1::Contact { purpose: "service".to_owned(), ..meant.clone() }, false);
    check(v1::Contact { topic: text("sports"), ..meant.clone() }, false);
    check(v1::Contact { topic: None, ..meant.clone() }, false);
    check(v1::Contact { brand: None, ..meant.clone() }, false);
    check(v1::Contact { occasions: vec!["easter".to_owned()], ..meant.clone() }, false);
    check(v1::Contact { occasions: Vec::new(), ..meant }, false);
}

#[test]
fn consent_history_says_who_when_and_what_and_is_paged() {
    let product = product();
    for day in 1..=7 {
        product.opt_out(no(day, of_email())).unwrap();
        // Once more, word for word: it is the same event.
        product.opt_out(no(day, of_email())).unwrap();
    }
    product.hand.set(at("2026-11-23T12:00:00Z"));
    yes(&product, 22, of_email());
    let product = product.restart();
    product.hand.set(at("2026-11-24T12:00:00Z"));

    let mut listed = Vec::new();
    let mut token = String::new();
    loop {
        let page = events(&product, 3, &token);
        listed.extend(page.consent_events);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(listed.len(), 8);
    let newest = v1::ConsentEvent {
        kind: i32::from(v1::ConsentKind::OptIn),
        scope: Some(of_email()),
        event_time: Some(timestamp("2026-11-22T00:00:00Z")),
        hear_time: Some(timestamp("2026-11-23T12:00:00Z")),
        until_time: None,
        source: None,
        evidence: Some("form of 22".to_owned()),
        ground: Some("express".to_owned()),
        ..Default::default()
    };
    assert_eq!(listed[0], newest);
    assert_eq!(
        (listed[7].source.as_deref(), listed[7].hear_time),
        (Some("crm"), Some(timestamp(NOW)))
    );
    let words: Vec<_> = listed[1..].iter().map(|it| it.evidence.clone().unwrap()).collect();
    let expected: Vec<_> = (1..=7).rev().map(|day| format!("said on {day}")).collect();
    assert_eq!(words, expected);

    let request = v1::ListContactsRequest {
        customer_id: "ada".to_owned(),
        page_token: Some(events(&product, 3, "").next_page_token),
        ..Default::default()
    };
    let status = product.wait(product.customers().list_contacts(request)).unwrap_err();
    assert_eq!(fields(&status), ["page_token"], "it is another list's");
}

#[test]
fn a_full_history_forgets_what_was_heard_first() {
    let product = product();
    let words = |number: usize| v1::OptOutRequest {
        evidence: Some(format!("{number} {}", "x".repeat(1_000))),
        ..no(1, of_email())
    };
    for number in 0..100 {
        product.opt_out(words(number)).unwrap();
    }
    let kept = events(&product, 1_000, "").consent_events;
    assert!((40..100).contains(&kept.len()), "{} fit into 64 KiB", kept.len());
    let first = |event: &v1::ConsentEvent| event.evidence.clone().unwrap().starts_with("99 ");
    assert!(kept.first().is_some_and(first), "the newest stays");
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"]);
}

#[test]
fn a_batch_of_opt_outs_is_like_each_alone() {
    let product = product();
    let item = |customer: &str, request_id: &str, channel: &str| v1::BatchedOptOut {
        customer_id: customer.to_owned(),
        scope: Some(v1::Scope { channel: Some(channel.to_owned()), ..Default::default() }),
        request_id: Some(request_id.to_owned()),
        ..Default::default()
    };
    let alone = v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        scope: Some(of_email()),
        request_id: Some("1".to_owned()),
        ..Default::default()
    };
    product.opt_out(alone).unwrap();
    let opt_outs = vec![
        item("ada", "1", "email"),
        item("", "2", "email"),
        item("bob", "3", "email"),
        item("ada", "1", "sms"),
        item("bob", "4", "sms"),
        v1::BatchedOptOut { evidence: Some(String::new()), ..item("eve", "5", "sms") },
    ];
    let request = v1::BatchOptOutRequest { opt_outs, tenant: None };
    let results = product.wait(product.customers().batch_opt_out(request)).unwrap().into_inner();
    let results: Vec<_> = results.results.into_iter().map(|it| it.result.unwrap()).collect();
    let error = |position: usize| match &results[position] {
        Outcome::Error(error) => (Code::from(error.status_code), error.message.clone()),
        Outcome::Version(_) => (Code::Ok, String::new()),
    };
    assert!(matches!(results[0], Outcome::Version(_)), "it repeats the one alone");
    let wrong = (Code::InvalidArgument, "opt_outs[1].customer_id: must not be empty".to_owned());
    assert_eq!(error(1), wrong);
    assert_eq!(error(3).0, Code::AlreadyExists);
    assert!(error(5).1.starts_with("opt_outs[5].evidence"), "{}", error(5).1);
    for (position, customer, channel) in [(2, "bob", "email"), (4, "bob", "sms")] {
        let Outcome::Version(version) = &results[position] else { panic!("{results:?}") };
        let contact = v1::Contact { channel: channel.to_owned(), ..email(customer) };
        let request = v1::CheckContactRequest {
            contact: Some(contact),
            at_least_version: Some(version.clone()),
            ..Default::default()
        };
        let decision = product.wait(product.contacts().check_contact(request)).unwrap();
        assert_eq!(codes(&decision.into_inner().decision.unwrap()), ["OPTED_OUT"]);
    }
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    assert!(is_allowed(&product.check(sms).unwrap()), "its request id belonged to another");
}

#[test]
fn a_batch_has_bounds() {
    let product = product();
    let batch = |count: usize| {
        let item = |number| v1::BatchedOptOut {
            customer_id: format!("customer-{number}"),
            ..Default::default()
        };
        let request =
            v1::BatchOptOutRequest { opt_outs: (0..count).map(item).collect(), tenant: None };
        product.wait(product.customers().batch_opt_out(request))
    };
    for count in [0, 1_001] {
        let status = batch(count).unwrap_err();
        assert_eq!(
            (fields(&status), reason(&status).as_str()),
            (vec!["opt_outs".to_owned()], "INVALID_REQUEST")
        );
    }
    assert_eq!(batch(1_000).unwrap().into_inner().results.len(), 1_000);
    assert_eq!(codes(&product.check(email("customer-999")).unwrap()), ["OPTED_OUT"]);
}
