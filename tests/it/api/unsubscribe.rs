//! One click, and no more of our messages (RFC 8058).

use courtesy::model::Span;
use courtesy::proto::v1;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::seconds;
use crate::support::http;
use crate::support::http::Answer;

const FORM: &str = "content-type: application/x-www-form-urlencoded";
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
const MULTIPART: &str = "content-type: multipart/form-data; boundary=edge";
const ONE_CLICK_PARTS: &str = "--edge\r\ncontent-disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
                               One-Click\r\n--edge--\r\n";

fn issue(
    product: &Product,
    request: v1::IssueUnsubscribeLinkRequest,
) -> Result<v1::IssueUnsubscribeLinkResponse, Status> {
    let issued = product.wait(product.customers().issue_unsubscribe_link(request))?;
    Ok(issued.into_inner())
}

fn link(product: &Product, scope: v1::Scope) -> String {
    let request = v1::IssueUnsubscribeLinkRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        ..Default::default()
    };
    issue(product, request).unwrap().url
}

fn newsletter() -> v1::Scope {
    v1::Scope { topic: Some("newsletter".to_owned()), ..Default::default() }
}

fn may_get(product: &Product, topic: &str) -> bool {
    let contact = v1::Contact { topic: Some(topic.to_owned()), ..email("ada") };
    is_allowed(&product.check(contact).unwrap())
}

fn check_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'",
        "x-robots-tag: noindex",
    ] {
        assert!(answer.head.contains(header), "`{header}` is not in {}", answer.head);
    }
    for header in ["set-cookie", "location:"] {
        assert!(!answer.head.contains(header), "{}", answer.head);
    }
    assert!(answer.body.contains("<h1>") && answer.body.contains("<html lang="));
    // What is sealed may have any letters.
    let said: String = answer.body.split('"').step_by(2).collect();
    assert!(!said.contains("ada"), "a page says nothing about a customer");
}

#[test]
fn a_link_comes_with_both_headers() {
    let product = Product::start();
    let request =
        v1::IssueUnsubscribeLinkRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let issued = issue(&product, request).unwrap();
    assert_eq!(issued.list_unsubscribe, format!("<{}>", issued.url));
    assert_eq!(issued.list_unsubscribe_post, ONE_CLICK);
    let expires = courtesy::rpc::convert::time::timestamp(at(NOW).plus(Span::from_days(400)));
    assert_eq!(issued.expire_time, Some(expires));
    assert!(!issued.url.contains("ada"));
}

#[test]
fn a_mail_program_opts_out_with_one_post_in_either_encoding() {
    for (encoding, body) in [(FORM, ONE_CLICK), (MULTIPART, ONE_CLICK_PARTS)] {
        let product = Product::start();
        let url = link(&product, newsletter());
        for _ in 0..3 {
            check_page(&http::post(&url, &[encoding], body), 200);
        }
        assert!(!may_get(&product, "newsletter"));
        assert!(may_get(&product, "orders"), "it stays within its scope");
        let request =
            v1::GetCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
        let customer = product.wait(product.customers().get_customer(request)).unwrap();
        let customer = customer.into_inner().customer.unwrap();
        assert_eq!(customer.opt_outs.len(), 1, "idempotent");
        assert_eq!(customer.opt_outs[0].source.as_deref(), Some("one-click"));
        let product = product.restart();
        assert!(!may_get(&product, "newsletter"), "it is on disk");
    }
}

#[test]
fn looking_changes_nothing() {
    let product = Product::start();
    let url = link(&product, newsletter());
    for _ in 0..3 {
        let page = http::get(&url, &["accept-language: de-AT,de;q=0.9,en;q=0.8"]);
        check_page(&page, 200);
        assert!(page.body.contains("<html lang=\"de\">") && page.body.contains("Abmelden"));
    }
    assert!(http::get(&url, &["accept-language: tlh"]).body.contains(">Unsubscribe</button>"));
    check_page(&http::post(&url, &[FORM], "something=else"), 400);
    check_page(&http::post(&url, &["content-type: application/json"], "{}"), 400);
    check_page(&http::post(&url, &[FORM], &"x".repeat(100_000)), 400);
    assert!(may_get(&product, "newsletter"));
}

#[test]
fn a_link_that_is_none_gets_a_page_that_gives_nothing_away() {
    let product = Product::start();
    let url = link(&product, newsletter());
    let (base, token) = url.rsplit_once('/').unwrap();
    let mut pages = Vec::new();
    for forged in
        [&token[..token.len() - 1], &token[1..], "x", "%2e%2e%2fetc", &token.to_lowercase()]
    {
        let url = format!("{base}/{forged}");
        pages.push(http::get(&url, &[]));
        pages.push(http::post(&url, &[FORM], ONE_CLICK));
    }
    pages.push(http::get(&format!("{base}/"), &[]));
    // What the library refuses by itself is a page like any other.
    let not_text = http::get(&format!("{base}/%ff"), &[]);
    check_page(&not_text, 400);
    assert_eq!(not_text.body, pages[0].body);
    let put = http::send("PUT", &url, &[], "");
    check_page(&put, 405);
    assert!(put.head.contains("\r\nallow: get,head,post\r\n"), "{}", put.head);
    for page in &pages {
        check_page(page, 404);
        assert_eq!(page.body, pages[0].body, "all look the same");
    }
    let request = v1::IssueUnsubscribeLinkRequest {
        customer_id: "ada".to_owned(),
        valid_for: Some(seconds(60)),
        ..Default::default()
    };
    let url = issue(&product, request).unwrap().url;
    product.hand.set(at(NOW).plus(Span::from_secs(60)));
    check_page(&http::get(&url, &[]), 410);
    check_page(&http::post(&url, &[FORM], ONE_CLICK), 410);
    assert!(may_get(&product, "newsletter"));
}

#[test]
fn every_click_counts_and_the_last_word_is_the_customers() {
    let product = Product::start();
    let mails = v1::Scope { channel: Some("email".to_owned()), ..Default::default() };
    let url = link(&product, mails.clone());
    for round in 1..=3 {
        product.hand.set(at(NOW).plus(Span::from_secs(2 * round)));
        for _ in 0..2 {
            let page = http::post(&url, &[FORM], ONE_CLICK);
            check_page(&page, 200);
            assert!(page.body.contains("<h1>You are unsubscribed</h1>"));
            assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"], "{round}");
        }
        assert_eq!(consent_events(&product).len(), usize::try_from(2 * round - 1).unwrap());
        product.hand.set(at(NOW).plus(Span::from_secs(2 * round + 1)));
        opt_in(&product, mails.clone());
        assert!(is_allowed(&product.check(email("ada")).unwrap()), "{round}");
    }
    // A yes of the same instant, or of an instance whose clock is ahead, was heard before the
    // click.
    for back in [7, 6] {
        product.hand.set(at(NOW).plus(Span::from_secs(back)));
        check_page(&http::post(&url, &[FORM], ONE_CLICK), 200);
        assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"], "{back}");
    }
    let request = v1::ExportCustomerRequest { customer_id: "ada".to_owned(), tenant: None };
    let known = product.wait(product.customers().export_customer(request)).unwrap().into_inner();
    assert_eq!(known.requests, [], "no request id stands for a click");
}

fn opt_in(product: &Product, scope: v1::Scope) -> v1::OptInResponse {
    let request = v1::OptInRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        evidence: "a form".to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap().into_inner()
}

fn consent_events(product: &Product) -> Vec<v1::ConsentEvent> {
    let request =
        v1::ListConsentEventsRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let listed = product.wait(product.customers().list_consent_events(request)).unwrap();
    listed.into_inner().consent_events
}

const SHOP: &str = "\
name: base
channels: {email: {kind: email}, sms: {kind: text}}
purposes:
  news: {marketing: true}
  receipts: {marketing: false}
  codes: {marketing: false, exempt: [opt_outs]}
";

fn may(product: &Product, channel: &str, purpose: &str) -> bool {
    let contact =
        v1::Contact { channel: channel.to_owned(), purpose: purpose.to_owned(), ..email("ada") };
    is_allowed(&product.check(contact).unwrap())
}

#[test]
fn a_link_without_a_purpose_takes_what_is_marketing_now_and_later() {
    let product = Product::start();
    product.apply(SHOP, 0).unwrap();
    let mails = v1::Scope { channel: Some("email".to_owned()), ..Default::default() };
    let url = link(&product, mails.clone());
    let page = http::get(&url, &[]).body;
    for said in ["You will no longer get advertising by e-mail.", "such as receipts and passwords"]
    {
        assert!(page.contains(said), "`{said}` is not in {page}");
    }
    let done = http::post(&url, &[FORM], ONE_CLICK);
    check_page(&done, 200);
    for said in ["You will no longer get advertising by e-mail.", "such as receipts and passwords"]
    {
        assert!(done.body.contains(said), "`{said}` is not in {}", done.body);
    }
    let allowed = |product: &Product, channel: &str| -> Vec<&str> {
        ["news", "receipts", "codes"].into_iter().filter(|it| may(product, channel, it)).collect()
    };
    assert_eq!(allowed(&product, "email"), ["receipts", "codes"]);
    assert_eq!(allowed(&product, "sms"), ["news", "receipts", "codes"]);
    product.apply(&SHOP.replace("  codes", "  offers: {marketing: true}\n  codes"), 1).unwrap();
    let product = product.restart();
    assert!(!may(&product, "email", "offers"), "it is a standing wish");
    assert!(may(&product, "sms", "offers"));
    // A policy that knows no marketing any more makes no yes of the no.
    product.apply(&SHOP.replace("true", "false"), 2).unwrap();
    assert_eq!(allowed(&product, "email"), ["codes"]);
    // A yes to marketing is as wide as the link.
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    product.apply(SHOP, 3).unwrap();
    let narrow = v1::Scope { purpose: Some("news".to_owned()), ..mails.clone() };
    assert_eq!(opt_in(&product, narrow).opt_outs.len(), 1);
    let yes = opt_in(&product, v1::Scope { marketing: Some(true), ..mails });
    assert_eq!((yes.opt_outs.len(), yes.changed), (0, Some(true)));
    assert_eq!(allowed(&product, "email"), ["news", "receipts", "codes"]);
}

#[test]
fn where_nothing_is_marketing_a_link_takes_all_of_its_scope() {
    let product = Product::start();
    product.apply(&SHOP.replace("true", "false"), 0).unwrap();
    let mails = v1::Scope { channel: Some("email".to_owned()), ..Default::default() };
    let url = link(&product, mails);
    let page = http::get(&url, &["accept-language: de"]).body;
    assert!(page.contains("Sie erhalten dann keine Nachrichten per E-Mail mehr."), "{page}");
    check_page(&http::post(&url, &[FORM], ONE_CLICK), 200);
    assert!(!may(&product, "email", "news") && !may(&product, "email", "receipts"));
    assert!(may(&product, "email", "codes") && may(&product, "sms", "receipts"));
    // What the customer was told holds when the policy knows marketing again.
    product.apply(SHOP, 1).unwrap();
    assert!(!may(&product, "email", "receipts"));
}

#[test]
fn a_link_with_a_purpose_takes_that_purpose() {
    let product = Product::start();
    product.apply(SHOP, 0).unwrap();
    let receipts = v1::Scope { purpose: Some("receipts".to_owned()), ..Default::default() };
    let url = link(&product, receipts);
    assert!(http::get(&url, &[]).body.contains("no longer get messages of the kind “receipts”."));
    check_page(&http::post(&url, &[FORM], ONE_CLICK), 200);
    assert!(!may(&product, "email", "receipts"));
    assert!(may(&product, "email", "news"));
}

#[test]
fn the_starter_lets_the_customer_who_left_sign_in_again() {
    let product = Product::start();
    let url = link(&product, v1::Scope::default());
    check_page(&http::post(&url, &[FORM], ONE_CLICK), 200);
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["OPTED_OUT"]);
    for purpose in ["transactional", "security", "login_code", "legal_notice"] {
        assert!(may(&product, "email", purpose), "{purpose}");
    }
    assert!(is_allowed(&product.check(email("bob")).unwrap()));
    product
        .opt_out(v1::OptOutRequest { customer_id: "ada".to_owned(), ..Default::default() })
        .unwrap();
    let allowed = ["marketing", "transactional", "security", "login_code", "legal_notice"];
    let allowed = allowed.into_iter().filter(|purpose| may(&product, "email", purpose));
    assert_eq!(
        allowed.collect::<Vec<_>>(),
        ["login_code", "legal_notice"],
        "alarms are not exempt"
    );
}

#[test]
fn marketing_is_for_wishes_alone_and_not_beside_a_purpose() {
    let product = Product::start();
    let scope = v1::Scope {
        purpose: Some("marketing".to_owned()),
        marketing: Some(true),
        ..Default::default()
    };
    let ada = || "ada".to_owned();
    let no = v1::OptOutRequest { customer_id: ada(), scope: Some(scope), ..Default::default() };
    assert_eq!(fields(&product.opt_out(no).unwrap_err()), ["scope.marketing"]);
    let scope = Some(v1::Scope { marketing: Some(true), ..Default::default() });
    let request = v1::SuppressCustomerRequest { customer_id: ada(), scope, ..Default::default() };
    let refused = product.wait(product.customers().suppress_customer(request)).unwrap_err();
    assert_eq!(fields(&refused), ["scope.marketing"]);
}

#[test]
fn a_request_for_a_link_is_checked() {
    let product = Product::start();
    for (valid_for, is_good) in
        [(0, false), (1, true), (3_650 * 86_400, true), (3_650 * 86_400 + 1, false)]
    {
        let request = v1::IssueUnsubscribeLinkRequest {
            customer_id: "ada".to_owned(),
            valid_for: Some(seconds(valid_for)),
            ..Default::default()
        };
        assert_eq!(issue(&product, request).is_ok(), is_good, "{valid_for}");
    }
    let request = v1::IssueUnsubscribeLinkRequest {
        scope: Some(v1::Scope { channel: Some("x".repeat(129)), ..Default::default() }),
        valid_for: Some(seconds(-1)),
        ..Default::default()
    };
    let status = issue(&product, request).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["customer_id", "scope.channel", "valid_for"]);
}
