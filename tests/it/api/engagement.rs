//! What customers do with what they get.

use courtesy::model::Instant;
use courtesy::proto::v1;
use courtesy::proto::v1::ContactState;
use courtesy::proto::v1::EngagementKind;
use tonic::Code;

use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}}
reactions:
  - {name: gone, on: bounced_hard, suppress: {channel: same}}
";

fn engagement(kind: EngagementKind, request_id: &str) -> v1::RecordEngagementRequest {
    v1::RecordEngagementRequest {
        customer_id: "ada".to_owned(),
        kind: i32::from(kind),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

#[test]
fn a_bounce_marks_its_contact_and_sets_off_reactions() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product.record("mail-1", email("ada"));
    let bounce = v1::RecordEngagementRequest {
        contact_request_id: Some("mail-1".to_owned()),
        ..engagement(EngagementKind::BouncedHard, "bounce-1")
    };
    let recorded = [bounce.clone(), bounce].map(|bounce| {
        let answer = product.wait(product.contacts().record_engagement(bounce)).unwrap();
        answer.into_inner().changed
    });
    assert_eq!(recorded, [Some(true), Some(false)], "a repetition changes nothing, and says so");
    let [contact] = product.list("ada").try_into().unwrap();
    assert_eq!(contact.state(), ContactState::Bounced);
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["SUPPRESSED"]);
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    assert!(is_allowed(&product.check(sms).unwrap()), "the bounce was on the contact's channel");
}

#[test]
fn a_bounce_belongs_to_the_contact_that_it_names() {
    let product = Product::start();
    let row = "on: bounced_soft, times: 3, suppress: {channel: same}";
    product.apply(&POLICY.replace("on: bounced_hard, suppress: {channel: same}", row), 0).unwrap();
    let send = |day: u32, mail: &str| {
        product.hand.set(at(&format!("2026-11-0{day}T12:00:00Z")));
        product.record(mail, email("ada"));
    };
    let bounce = |hour: u32, mail: &str, named: bool| {
        let request = v1::RecordEngagementRequest {
            contact_request_id: named.then(|| mail.to_owned()),
            channel: Some("email".to_owned()),
            ..engagement(EngagementKind::BouncedSoft, &format!("bounce-{mail}"))
        };
        let times = product.list("ada").into_iter().map(|it| it.contact_time.unwrap().seconds);
        let now = times.max().unwrap();
        product.hand.set(Instant::from_millis((now + i64::from(hour) * 3_600) * 1_000));
        product.wait(product.contacts().record_engagement(request)).unwrap();
    };
    send(1, "a");
    bounce(1, "a", true);
    send(2, "b");
    send(3, "c");
    // It comes after `c`, which arrived.
    bounce(1, "b", true);
    send(4, "d");
    bounce(1, "d", false);
    let check = |time: &str| {
        product.hand.set(at(time));
        product.check(email("ada")).unwrap()
    };
    let undecided = check("2026-11-05T12:00:00Z");
    assert_eq!(codes(&undecided), ["SUPPRESSED"]);
    assert_eq!(undecided.next_allowed_time, Some(timestamp("2026-11-06T12:00:00Z")));
    assert!(is_allowed(&check("2026-11-06T12:00:00Z")), "`c` has had three days to bounce");
}

#[test]
fn an_event_about_a_forgotten_contact_is_kept() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    let bounce = v1::RecordEngagementRequest {
        contact_request_id: Some("never".to_owned()),
        channel: Some("email".to_owned()),
        ..engagement(EngagementKind::BouncedHard, "bounce-1")
    };
    product.wait(product.contacts().record_engagement(bounce)).unwrap();
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["SUPPRESSED"]);
}

#[test]
fn what_is_not_declared_is_refused() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    let request = v1::RecordEngagementRequest {
        channel: Some("fax".to_owned()),
        ..engagement(EngagementKind::Unspecified, "1")
    };
    let status = product.wait(product.contacts().record_engagement(request)).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["kind", "channel"]);
}
