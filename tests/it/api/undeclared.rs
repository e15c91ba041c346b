//! Names that the policy does not declare: a wish about them would refuse nothing, and say OK.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::batch_opt_out_result::Result as Outcome;
use courtesy::proto::v1::import_customers_request::Part;
use tonic::Code;
use tonic::Status;

use super::bulk::import;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::fields;
use super::product::reason;
use super::product::violations;
use crate::support::http;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}}
topics: [news]
";
/// The same without SMS, and with other topics.
const NARROWER: &str = "\
name: base
channels: {email: {}}
purposes: {marketing: {}}
topics: [sport]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn scope([channel, purpose, topic, occasion]: [&str; 4]) -> Option<v1::Scope> {
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    Some(v1::Scope {
        channel: named(channel),
        purpose: named(purpose),
        topic: named(topic),
        // Brands are free.
        brand: Some("acme".to_owned()),
        occasion: named(occasion),
        marketing: None,
    })
}

/// None of these is declared.
fn wrong() -> Option<v1::Scope> {
    scope(["Email", "marketng", "weather", "mothersday"])
}

fn sms() -> Option<v1::Scope> {
    Some(v1::Scope { channel: Some("sms".to_owned()), ..Default::default() })
}

fn ada() -> String {
    "ada".to_owned()
}

fn opt_out(scope: Option<v1::Scope>) -> v1::OptOutRequest {
    v1::OptOutRequest { customer_id: ada(), scope, ..Default::default() }
}

fn opt_in(scope: Option<v1::Scope>) -> v1::OptInRequest {
    let evidence = "a form".to_owned();
    v1::OptInRequest { customer_id: ada(), scope, evidence, ..Default::default() }
}

fn suppress(scope: Option<v1::Scope>) -> v1::SuppressCustomerRequest {
    v1::SuppressCustomerRequest { customer_id: ada(), scope, ..Default::default() }
}

fn unsuppress(scope: Option<v1::Scope>) -> v1::UnsuppressCustomerRequest {
    v1::UnsuppressCustomerRequest { customer_id: ada(), scope, ..Default::default() }
}

fn link(scope: Option<v1::Scope>) -> v1::IssueUnsubscribeLinkRequest {
    v1::IssueUnsubscribeLinkRequest { customer_id: ada(), scope, ..Default::default() }
}

fn cadence(channel: &str) -> v1::Cadence {
    v1::Cadence {
        channel: Some(channel.to_owned()),
        limit: Some(2),
        window: Some(v1::cadence::Window::Calendar(i32::from(v1::CalendarUnit::Week))),
        ..Default::default()
    }
}

fn update(cadence: Vec<v1::Cadence>) -> v1::UpdateCustomerRequest {
    let customer = v1::Customer { customer_id: ada(), cadence, ..Default::default() };
    v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() }
}

fn known(product: &Product) -> v1::Customer {
    let request = v1::GetCustomerRequest { customer_id: ada(), tenant: None };
    let known = product.wait(product.customers().get_customer(request)).unwrap();
    known.into_inner().customer.unwrap()
}

fn status<T>(answer: Result<T, Status>) -> Status {
    answer.err().unwrap()
}

/// Each call, with the wrong scope, and with the right one.
#[test]
fn every_call_names_all_that_is_not_declared() {
    type Call = fn(&Product, Option<v1::Scope>) -> Result<(), Status>;
    let calls: [(&str, Call); 5] = [
        ("OptOut", |it, scope| it.opt_out(opt_out(scope)).map(drop)),
        ("OptIn", |it, scope| it.wait(it.customers().opt_in(opt_in(scope))).map(drop)),
        ("SuppressCustomer", |it, scope| {
            it.wait(it.customers().suppress_customer(suppress(scope))).map(drop)
        }),
        ("UnsuppressCustomer", |it, scope| {
            it.wait(it.customers().unsuppress_customer(unsuppress(scope))).map(drop)
        }),
        ("IssueUnsubscribeLink", |it, scope| {
            it.wait(it.customers().issue_unsubscribe_link(link(scope))).map(drop)
        }),
    ];
    let product = product();
    for (name, call) in calls {
        let status = status(call(&product, wrong()));
        assert_eq!(status.code(), Code::InvalidArgument, "{name}");
        assert_eq!(reason(&status), "UNDECLARED_NAME", "{name}");
        let expected = ["scope.channel", "scope.purpose", "scope.topic", "scope.occasion"];
        assert_eq!(fields(&status), expected, "{name}");
        let said = violations(&status);
        let channel = "the policy declares no channel `Email`; did you mean `email`? It declares \
                       `email`, `sms`";
        assert_eq!(said[0], channel, "{name}");
        assert_eq!(said[2], "the policy declares no topic `weather`; it declares `news`", "{name}");
        assert!(said[3].contains("did you mean `mothers_day`?"), "{name}: {}", said[3]);
        assert_eq!(known(&product).version, "", "{name} records nothing");
    }
    for (name, call) in calls {
        let right = scope(["email", "marketing", "news", "mothers_day"]);
        call(&product, right).unwrap_or_else(|status| panic!("{name}: {status}"));
    }
}

#[test]
fn a_limit_on_a_channel_that_is_not_declared_is_refused_with_its_place() {
    let product = product();
    let set = |channels: &[&str]| {
        let request = update(channels.iter().map(|it| cadence(it)).collect());
        product.wait(product.customers().update_customer(request))
    };
    let status = status(set(&["sms", "Email", "fax"]));
    assert_eq!(reason(&status), "UNDECLARED_NAME");
    assert_eq!(fields(&status), ["customer.cadence[1].channel", "customer.cadence[2].channel"]);
    assert!(known(&product).cadence.is_empty());
    set(&["sms", "email"]).unwrap();
}

#[test]
fn in_a_batch_only_the_wrong_one_is_refused() {
    let product = product();
    let item = |scope| v1::BatchedOptOut { customer_id: ada(), scope, ..Default::default() };
    let request =
        v1::BatchOptOutRequest { opt_outs: vec![item(wrong()), item(sms())], ..Default::default() };
    let answer = product.wait(product.customers().batch_opt_out(request)).unwrap().into_inner();
    let Some(Outcome::Error(error)) = &answer.results[0].result else { panic!("{answer:?}") };
    assert_eq!((error.status_code, error.reason()), (3, v1::ErrorReason::UndeclaredName));
    let message = &error.message;
    assert!(message.starts_with("opt_outs[0].scope.channel: the policy declares no"), "{message}");
    assert!(message.ends_with("(and 3 more)"), "{message}");
    assert!(matches!(answer.results[1].result, Some(Outcome::Version(_))));
    assert_eq!(known(&product).opt_outs.len(), 1);
}

#[test]
fn in_an_import_only_the_wrong_row_is_refused() {
    let product = product();
    let wrong_row = v1::CustomerRow {
        customer_id: ada(),
        cadence: vec![cadence("fax")],
        opt_outs: vec![v1::RowOptOut { scope: wrong(), ..Default::default() }],
        consents: vec![v1::RowConsent {
            channel: "SMS".to_owned(),
            evidence: Some("a form".to_owned()),
            ..Default::default()
        }],
        suppressions: vec![v1::Suppression {
            scope: scope(["letter", "", "", ""]),
            ..Default::default()
        }],
        ..Default::default()
    };
    let right_row = v1::CustomerRow {
        customer_id: "bob".to_owned(),
        opt_outs: vec![v1::RowOptOut { scope: sms(), ..Default::default() }],
        ..Default::default()
    };
    let rows = [(2, wrong_row), (3, right_row)];
    let rows = rows.map(|(row_number, row)| v1::ImportRow { row_number, customer: Some(row) });
    let chunk = v1::ImportChunk { rows: rows.into() };
    let parts = vec![Part::Options(v1::ImportOptions::default()), Part::Chunk(chunk)];
    let (answers, ended) = import(&product, parts);
    ended.unwrap();
    let [refused] = &answers[1].refused_rows[..] else { panic!("{answers:?}") };
    assert_eq!(refused.row_number, 2);
    let fields: Vec<&str> = refused.violations.iter().map(|it| it.field.as_str()).collect();
    let expected = [
        "opt_outs[0].scope.channel",
        "opt_outs[0].scope.purpose",
        "opt_outs[0].scope.topic",
        "opt_outs[0].scope.occasion",
        "consents[0].channel",
        "suppressions[0].scope.channel",
        "cadence[0].channel",
    ];
    assert_eq!(fields, expected);
    let counts = answers[1].counts.unwrap();
    assert_eq!((counts.imported, counts.refused, counts.opt_outs), (1, 1, 1));
}

#[test]
fn what_is_on_record_outlives_the_name() {
    let product = product();
    let wish = v1::OptOutRequest { request_id: Some("1".to_owned()), ..opt_out(sms()) };
    product.opt_out(wish.clone()).unwrap();
    product.wait(product.customers().suppress_customer(suppress(sms()))).unwrap();
    let limit = v1::UpdateCustomerRequest {
        request_id: Some("2".to_owned()),
        ..update(vec![cadence("sms")])
    };
    product.wait(product.customers().update_customer(limit.clone())).unwrap();
    let news = scope(["", "", "news", ""]);
    let issued = product.wait(product.customers().issue_unsubscribe_link(link(news.clone())));
    let url = issued.unwrap().into_inner().url;
    product.apply(NARROWER, 1).unwrap();

    let before = known(&product);
    assert_eq!((before.opt_outs.len(), before.suppressions.len(), before.cadence.len()), (1, 1, 1));
    product.opt_out(wish).expect("a repetition is answered as before");
    product.wait(product.customers().update_customer(limit)).expect("and so is this one");
    assert_eq!(reason(&status(product.opt_out(opt_out(sms())))), "UNDECLARED_NAME");
    let body = "List-Unsubscribe=One-Click";
    let form = "content-type: application/x-www-form-urlencoded";
    assert_eq!(http::post(&url, &[form], body).status, 200, "an old link still works");
    let opted_out = known(&product).opt_outs;
    let marketing = news.map(|news| v1::Scope { marketing: Some(true), ..news });
    assert!(opted_out.iter().any(|it| it.scope == marketing), "{opted_out:?}");

    // It can be lifted by the name that it has, once.
    let lift = || product.wait(product.customers().unsuppress_customer(unsuppress(sms())));
    assert_eq!(lift().unwrap().into_inner().lifted.len(), 1);
    assert_eq!(reason(&status(lift())), "UNDECLARED_NAME");
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    let allow = || product.wait(product.customers().opt_in(opt_in(sms())));
    assert!(allow().unwrap().into_inner().opt_outs.iter().all(|it| it.scope != sms()));
    assert_eq!(reason(&status(allow())), "UNDECLARED_NAME");
}
