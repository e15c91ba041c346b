//! What customers want: no, yes, and who they are.

use courtesy::proto::v1;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}}
purposes: {marketing: {}, service: {}}
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn no(event_time: Option<&str>) -> v1::OptOutRequest {
    v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        event_time: event_time.map(timestamp),
        ..Default::default()
    }
}

fn yes(event_time: Option<&str>) -> v1::OptInRequest {
    v1::OptInRequest {
        customer_id: "ada".to_owned(),
        event_time: event_time.map(timestamp),
        evidence: "the form of 2026".to_owned(),
        ..Default::default()
    }
}

fn opt_in(product: &Product, request: v1::OptInRequest) -> Result<v1::OptInResponse, Status> {
    Ok(product.wait(product.customers().opt_in(request))?.into_inner())
}

fn scope(channel: &str) -> Option<v1::Scope> {
    Some(v1::Scope { channel: Some(channel.to_owned()), ..Default::default() })
}

fn update(
    product: &Product,
    customer: v1::Customer,
    mask: Option<&[&str]>,
) -> Result<v1::Customer, Status> {
    let paths = mask.map(|paths| paths.iter().map(ToString::to_string).collect());
    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer { customer_id: "ada".to_owned(), ..customer }),
        update_mask: paths.map(|paths| prost_types::FieldMask { paths }),
        ..Default::default()
    };
    let updated = product.wait(product.customers().update_customer(request))?;
    Ok(updated.into_inner().customer.unwrap())
}

#[test]
fn an_opt_out_holds_from_its_answer_on_and_after_a_restart() {
    let product = product();
    let answer = product.opt_out(no(None)).unwrap();
    let refused = product.check(email("ada")).unwrap();
    assert_eq!(codes(&refused), ["OPTED_OUT"]);
    assert_eq!(refused.reasons[0].cause, "an opt-out of everything");
    assert_eq!(refused.next_allowed_time, None);
    let request = v1::CheckContactRequest {
        contact: Some(email("ada")),
        at_least_version: Some(answer.version),
        ..Default::default()
    };
    product.wait(product.contacts().check_contact(request)).unwrap();
    let product = product.restart();
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"]);
    assert_eq!(product.opt_out(no(None)).unwrap().opt_outs.len(), 1, "once more");
}

#[test]
fn a_version_that_is_not_reached_is_an_error() {
    let product = product();
    let version = product.opt_out(no(None)).unwrap().version;
    let ask = |customer: &str, version: &str| {
        let request = v1::CheckContactRequest {
            contact: Some(email(customer)),
            at_least_version: Some(version.to_owned()),
            ..Default::default()
        };
        product.wait(product.contacts().check_contact(request)).unwrap_err()
    };
    let newer = format!("{}{:016x}", &version[..16], 2);
    for (customer, version) in [("ada", newer.as_str()), ("bob", version.as_str())] {
        let status = ask(customer, version);
        assert_eq!(status.code(), Code::Unavailable);
        assert_eq!(reason(&status), "VERSION_NOT_REACHED");
    }
    assert_eq!(fields(&ask("ada", "newest")), ["at_least_version"]);
}

/// The result depends on when things were said, not on when we heard them.
#[test]
fn the_later_word_counts_and_a_tie_goes_to_the_no() {
    let check = |said: &[(&str, Option<&str>)], opted_out: bool| {
        for backwards in [false, true] {
            let product = product();
            let mut said = said.to_vec();
            if backwards {
                said.reverse();
            }
            for (word, time) in &said {
                match *word {
                    "no" => drop(product.opt_out(no(*time)).unwrap()),
                    _ => drop(opt_in(&product, yes(*time)).unwrap()),
                }
            }
            let refused = !is_allowed(&product.check(email("ada")).unwrap());
            assert_eq!(refused, opted_out, "{said:?}");
        }
    };
    let (first, second, third) =
        (Some("2026-11-01T00:00:00Z"), Some("2026-11-02T00:00:00Z"), Some("2026-11-03T00:00:00Z"));
    check(&[("no", first), ("yes", second)], false);
    check(&[("yes", first), ("no", second)], true);
    check(&[("no", second), ("yes", second)], true);
    check(&[("no", first), ("yes", second), ("no", third)], true);
    check(&[("yes", first), ("no", second), ("yes", third)], false);
}

#[test]
fn a_yes_ends_what_lies_within_its_scope() {
    let product = product();
    product.opt_out(no(Some("2026-11-01T00:00:00Z"))).unwrap();
    let email_only = v1::OptInRequest { scope: scope("email"), ..yes(None) };
    let answer = opt_in(&product, email_only).unwrap();
    assert_eq!(answer.opt_outs.len(), 1, "the opt-out of everything is wider");
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
    assert_eq!(opt_in(&product, yes(None)).unwrap().opt_outs, []);
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
}

#[test]
fn a_snooze_ends_by_itself_and_does_not_shorten_an_opt_out() {
    let product = product();
    let until_time = Some(timestamp("2026-12-01T00:00:00Z"));
    product.opt_out(v1::OptOutRequest { until_time, ..no(None) }).unwrap();
    let refused = product.check(email("ada")).unwrap();
    assert_eq!(refused.next_allowed_time, until_time);
    product.opt_out(v1::OptOutRequest { scope: scope("email"), ..no(None) }).unwrap();
    let snoozed = v1::OptOutRequest { scope: scope("email"), until_time, ..no(None) };
    let both = product.opt_out(snoozed).unwrap().opt_outs;
    let ends: Vec<_> = both.iter().map(|opt_out| opt_out.until_time).collect();
    assert_eq!(ends, [until_time, None]);
    product.hand.set(at("2026-12-03T00:00:00Z"));
    assert_eq!(
        product.check(email("ada")).unwrap().reasons[0].cause,
        "an opt-out of channel email"
    );
}

#[test]
fn a_consent_needs_a_complete_yes_to_the_channel() {
    let product = product();
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    let refused = |product: &Product| codes(&product.check(sms.clone()).unwrap());
    opt_in(&product, yes(None)).unwrap();
    assert_eq!(refused(&product), ["NO_CONSENT"], "a yes to everything names no channel");
    let topic = v1::Scope { topic: Some("news".to_owned()), ..scope("sms").unwrap() };
    opt_in(&product, v1::OptInRequest { scope: Some(topic), ..yes(None) }).unwrap();
    assert_eq!(refused(&product), ["NO_CONSENT"], "a yes to a topic is not one to the channel");
    let pending = v1::OptInRequest { scope: scope("sms"), pending: Some(true), ..yes(None) };
    let consents = opt_in(&product, pending.clone()).unwrap().consents;
    assert!(!consents[0].confirmed);
    assert_eq!(refused(&product), ["NO_CONSENT"], "it is not complete");
    opt_in(&product, v1::OptInRequest { scope: scope("sms"), ..yes(None) }).unwrap();
    assert_eq!(refused(&product), Vec::<String>::new());
    let consents = opt_in(&product, pending).unwrap().consents;
    assert!(consents[0].confirmed, "a complete yes stays one");
}

#[test]
fn the_opt_out_that_finds_no_room_is_an_error() {
    let product = product();
    let topic = |number: usize| v1::OptOutRequest {
        scope: Some(v1::Scope { topic: Some(format!("topic-{number}")), ..Default::default() }),
        ..no(None)
    };
    for number in 0..256 {
        product.opt_out(topic(number)).unwrap();
    }
    let status = product.opt_out(topic(256)).unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "RECORD_FULL")
    );
    let wider = product.opt_out(no(None)).unwrap();
    assert_eq!(wider.opt_outs.len(), 1, "a wider one takes their place");
}

#[test]
fn a_field_mask_says_what_is_replaced() {
    let product = product();
    let customer = v1::Customer {
        time_zone: Some("Europe/Paris".to_owned()),
        segments: vec!["vip".to_owned()],
        jurisdictions: vec!["FR".to_owned()],
        locale: Some("fr-FR".to_owned()),
        quiet_times: vec![v1::QuietTime {
            time: Some(v1::quiet_time::Time::Days(v1::QuietDays {
                first_date: "2026-11-20".to_owned(),
                last_date: "2026-11-25".to_owned(),
            })),
        }],
        ..Default::default()
    };
    let set = update(&product, customer, None).unwrap();
    assert_eq!(set.segments, ["vip"]);
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["QUIET_PERIOD"]);
    let other = v1::Customer { segments: vec!["new".to_owned()], ..Default::default() };
    let kept = update(&product, other.clone(), None).unwrap();
    assert_eq!((kept.time_zone.as_deref(), kept.segments), (Some("Europe/Paris"), other.segments));
    let cleared = update(&product, v1::Customer::default(), Some(&["quiet_times", "locale"]));
    let cleared = cleared.unwrap();
    assert_eq!((cleared.quiet_times.len(), cleared.locale), (0, None));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));

    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer { customer_id: "ada".to_owned(), ..Default::default() }),
        expected_version: Some(set.version),
        ..Default::default()
    };
    let moved = product.wait(product.customers().update_customer(request)).unwrap_err();
    assert_eq!((moved.code(), reason(&moved).as_str()), (Code::Aborted, "VERSION_MOVED"));
}

#[test]
fn a_customers_own_limits_count() {
    let product = product();
    // A day begins and ends on the customer's own clock.
    let customer = v1::Customer {
        time_zone: Some("Europe/Paris".to_owned()),
        cadence: vec![v1::Cadence {
            channel: None,
            limit: Some(1),
            window: Some(v1::cadence::Window::Calendar(3)),
            ..Default::default()
        }],
        ..Default::default()
    };
    let set = update(&product, customer.clone(), None).unwrap();
    assert_eq!(set.cadence, customer.cadence);
    product.record("1", email("ada"));
    let refused = product.check(email("ada")).unwrap();
    assert_eq!(codes(&refused), ["PERSONAL_CADENCE"]);
}

#[test]
fn no_customer_is_unknown() {
    let product = product();
    let request = v1::GetCustomerRequest { customer_id: "eve".to_owned(), tenant: None };
    let customer = product.wait(product.customers().get_customer(request)).unwrap().into_inner();
    let empty = v1::Customer { customer_id: "eve".to_owned(), ..Default::default() };
    assert_eq!(customer.customer, Some(empty));
}

#[test]
fn tenants_do_not_see_each_other() {
    let product = product();
    product.opt_out(v1::OptOutRequest { tenant: Some("north".to_owned()), ..no(None) }).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    let request = v1::CheckContactRequest {
        contact: Some(email("ada")),
        tenant: Some("north".to_owned()),
        ..Default::default()
    };
    let decision = product.wait(product.contacts().check_contact(request)).unwrap().into_inner();
    let decision = decision.decision.unwrap();
    assert!(codes(&decision).contains(&"OPTED_OUT".to_owned()));
    assert_eq!(decision.policy_revision, 0, "it has applied no policy");
}
