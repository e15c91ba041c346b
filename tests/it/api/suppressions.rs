//! The operator's refusals.

use courtesy::proto::v1;
use tonic::Code;

use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;

fn product() -> Product {
    let product = Product::start();
    let policy =
        "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}, service: {}}\n";
    product.apply(policy, 0).unwrap();
    product
}

fn open_case(request_id: &str) -> v1::SuppressCustomerRequest {
    v1::SuppressCustomerRequest {
        customer_id: "ada".to_owned(),
        scope: marketing(),
        reason_code: Some("open_case".to_owned()),
        source: Some("desk".to_owned()),
        request_id: Some(request_id.to_owned()),
        ..Default::default()
    }
}

fn marketing() -> Option<v1::Scope> {
    Some(v1::Scope { purpose: Some("marketing".to_owned()), ..Default::default() })
}

fn suppress(
    product: &Product,
    request: v1::SuppressCustomerRequest,
) -> Result<v1::SuppressCustomerResponse, tonic::Status> {
    Ok(product.wait(product.customers().suppress_customer(request))?.into_inner())
}

fn lift(
    product: &Product,
    request: v1::UnsuppressCustomerRequest,
) -> Result<v1::UnsuppressCustomerResponse, tonic::Status> {
    let request = v1::UnsuppressCustomerRequest { customer_id: "ada".to_owned(), ..request };
    Ok(product.wait(product.customers().unsuppress_customer(request))?.into_inner())
}

#[test]
fn an_open_case_stops_marketing_until_it_is_closed() {
    let product = product();
    suppress(&product, open_case("open-1")).unwrap();
    let refused = product.check(email("ada")).unwrap();
    assert_eq!(codes(&refused), ["SUPPRESSED"]);
    assert!(refused.reasons[0].cause.contains("open_case"), "{refused:?}");
    let service = v1::Contact { purpose: "service".to_owned(), ..email("ada") };
    assert!(is_allowed(&product.check(service).unwrap()));

    let product = product.restart();
    let request = v1::GetCustomerRequest { customer_id: "ada".to_owned(), tenant: None };
    let shown = product.wait(product.customers().get_customer(request)).unwrap().into_inner();
    let expected = v1::Suppression {
        scope: marketing(),
        reason_code: Some("open_case".to_owned()),
        until_time: None,
        set_time: Some(timestamp(super::product::NOW)),
        source: Some("desk".to_owned()),
    };
    assert_eq!(shown.customer.unwrap().suppressions, std::slice::from_ref(&expected));

    let close = v1::UnsuppressCustomerRequest {
        reason_code: Some("open_case".to_owned()),
        request_id: Some("close-1".to_owned()),
        ..Default::default()
    };
    let lifted = lift(&product, close.clone()).unwrap();
    assert_eq!((lifted.lifted, lifted.suppressions.len()), (vec![expected], 0));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));

    // The first call is delivered once more: the case stays closed.
    suppress(&product, open_case("open-1")).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    // A second case is opened, and the first closing is delivered once more.
    suppress(&product, open_case("open-2")).unwrap();
    assert_eq!(lift(&product, close).unwrap().lifted, []);
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
    let other = v1::SuppressCustomerRequest { source: None, ..open_case("open-2") };
    let reused = suppress(&product, other).unwrap_err();
    assert_eq!(reused.code(), Code::AlreadyExists);
}

#[test]
fn only_what_is_meant_is_lifted() {
    let product = product();
    suppress(&product, open_case("1")).unwrap();
    let hold = v1::SuppressCustomerRequest {
        reason_code: Some("legal_hold".to_owned()),
        ..open_case("2")
    };
    suppress(&product, hold).unwrap();
    let wide = v1::SuppressCustomerRequest { scope: None, ..open_case("3") };
    assert_eq!(suppress(&product, wide).unwrap().suppressions.len(), 3);

    let nothing = lift(&product, v1::UnsuppressCustomerRequest::default()).unwrap_err();
    assert_eq!(fields(&nothing), ["scope"]);
    let narrow = v1::UnsuppressCustomerRequest {
        scope: marketing(),
        reason_code: Some("open_case".to_owned()),
        ..Default::default()
    };
    let lifted = lift(&product, narrow).unwrap();
    assert_eq!((lifted.lifted.len(), lifted.suppressions.len()), (1, 2), "not the wider one");
    let all =
        v1::UnsuppressCustomerRequest { scope: Some(v1::Scope::default()), ..Default::default() };
    assert_eq!(lift(&product, all).unwrap().suppressions, []);
}

#[test]
fn a_suppression_ends_and_is_replaced() {
    let product = product();
    let until_time = Some(timestamp("2026-11-23T12:00:00Z"));
    suppress(&product, v1::SuppressCustomerRequest { until_time, ..open_case("1") }).unwrap();
    assert_eq!(product.check(email("ada")).unwrap().next_allowed_time, until_time);
    let later = Some(timestamp("2026-11-24T12:00:00Z"));
    let longer = v1::SuppressCustomerRequest { until_time: later, ..open_case("2") };
    let answer = suppress(&product, longer).unwrap();
    assert_eq!((answer.suppressions.len(), answer.suppressions[0].until_time), (1, later));
    product.hand.set(super::product::at("2026-11-24T12:00:00Z"));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));

    let past = v1::SuppressCustomerRequest { until_time, ..open_case("3") };
    assert_eq!(fields(&suppress(&product, past).unwrap_err()), ["until_time"]);
}

#[test]
fn the_suppression_that_finds_no_room_is_an_error() {
    let product = product();
    let numbered = |number: usize| v1::SuppressCustomerRequest {
        reason_code: Some(format!("case-{number}")),
        request_id: None,
        ..open_case("")
    };
    for number in 0..256 {
        suppress(&product, numbered(number)).unwrap();
    }
    let full = suppress(&product, numbered(256)).unwrap_err();
    assert_eq!((full.code(), reason(&full).as_str()), (Code::FailedPrecondition, "RECORD_FULL"));
    assert_eq!(suppress(&product, numbered(0)).unwrap().suppressions.len(), 256);
}
