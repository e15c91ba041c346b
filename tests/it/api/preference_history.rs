//! What the preference page shows of what was said and sent.

use courtesy::model::Span;
use courtesy::proto::v1;

use super::preference_form::ADA;
use super::preference_form::POLICY;
use super::preference_page::link;
use super::preference_page::unsubscribe_link;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::is_allowed;
use crate::support::form;
use crate::support::http;

fn send(product: &Product, request_id: &str, channel: &str) {
    let contact = v1::Contact {
        customer_id: ADA.to_owned(),
        channel: channel.to_owned(),
        purpose: "offers".to_owned(),
        topic: Some("events".to_owned()),
        ..Default::default()
    };
    assert!(is_allowed(&product.record(request_id, contact)));
}

fn set(product: &Product, request: v1::SetPreferencesRequest) {
    let request = v1::SetPreferencesRequest {
        customer_id: ADA.to_owned(),
        evidence: "form 1".to_owned(),
        expected_version: Some(super::preference_form::get(product).1),
        ..request
    };
    product.wait(product.customers().set_preferences(request)).unwrap();
}

#[test]
fn a_customer_sees_what_was_said_and_when_and_how_we_wrote() {
    let product = Product::start();
    product.apply(&POLICY.replace("pages: {", "pages: {history: channels, "), 0).unwrap();
    let page = form::text(&http::get(&link(&product, None), &[]).body);
    assert!(!page.contains("What you have told us"), "nothing was said: {page}");
    send(&product, "r1", "letters");
    product.hand.set(at(NOW).plus(Span::from_days(1)));
    send(&product, "r2", "email");
    let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
    set(
        &product,
        v1::SetPreferencesRequest {
            refused_topics: names(&["news"]),
            refused_occasions: names(&["mothers_day"]),
            wanted_channels: names(&["sms"]),
            ..Default::default()
        },
    );
    product.hand.set(at(NOW).plus(Span::from_days(2)));
    set(&product, v1::SetPreferencesRequest { stop_all: Some(true), ..Default::default() });
    let url = link(&product, None);
    let answer = http::get(&format!("{url}?lang=en"), &[]);
    let page = form::text(&answer.body);
    let page = page.split_once("What we have sent you").unwrap().1;
    let (sent, told) = page.split_once("What you have told us").unwrap();
    let days: Vec<&str> = sent.split("November 2026: ").collect();
    assert_eq!(days.len(), 3, "the newest first: {sent}");
    assert!(days[1].starts_with("E-mail") && days[2].starts_with("Letters"), "{sent}");
    assert!(!sent.contains("vents"), "never about what: {sent}");
    for line in ["no to Offers, Surveys", "no to News, Mother's Day"] {
        assert_eq!(told.matches(line).count(), 1, "{line}: {told}");
    }
    assert!(told.contains("yes to Sms, still to confirm"), "{told}");
    assert!(told.find("no to Offers") < told.find("no to News"), "the newest first: {told}");
    let german = form::text(&http::get(&format!("{url}?lang=de"), &[]).body);
    assert!(german.contains("Nein zu Offers") && german.contains("noch zu bestätigen"), "{german}");

    // A forwarded message has the unsubscribe link, too.
    let less = format!("{}/preferences", unsubscribe_link(&product));
    let less = form::text(&http::get(&less, &[]).body);
    assert!(!less.contains("told us") && !less.contains("sent you"), "{less}");
}

#[test]
fn what_was_sent_is_not_shown_by_default() {
    let product = super::preference_form::product();
    send(&product, "r1", "email");
    let page = form::text(&http::get(&link(&product, None), &[]).body);
    assert!(!page.contains("What we have sent you"), "{page}");
}

#[test]
fn a_page_is_small_however_much_was_said_and_sent() {
    let product = Product::start();
    product.apply(&POLICY.replace("pages: {", "pages: {history: channels, "), 0).unwrap();
    for day in 0..40 {
        product.hand.set(at(NOW).plus(Span::from_days(2 * day)));
        send(&product, &format!("r{day}"), "email");
        let name = vec!["news".to_owned()];
        let refuses = day % 2 == 0;
        let (refused_topics, wanted_topics) =
            if refuses { (name, Vec::new()) } else { (Vec::new(), name) };
        set(
            &product,
            v1::SetPreferencesRequest { refused_topics, wanted_topics, ..Default::default() },
        );
    }
    let page = http::get(&link(&product, None), &[]);
    assert!(page.body.len() <= 10_240, "{} bytes", page.body.len());
    let page = form::text(&page.body);
    assert_eq!(page.matches(": no to News").count() + page.matches(": yes to News").count(), 5);
    assert_eq!(page.matches(": E-mail").count(), 5, "{page}");
}

#[test]
fn the_feed_carries_what_is_pending() {
    let product = super::preference_form::product();
    let wanted_channels = vec!["sms".to_owned()];
    set(&product, v1::SetPreferencesRequest { wanted_channels, ..Default::default() });
    let request = v1::ListChangedCustomersRequest::default();
    let answer = product.wait(product.customers().list_changed_customers(request)).unwrap();
    let changed = answer.into_inner().customers;
    assert_eq!(changed.len(), 1);
    let last = changed[0].last_consent_event.as_ref().unwrap();
    assert_eq!(last.kind(), v1::ConsentKind::PendingOptIn);
    assert_eq!(last.scope.as_ref().unwrap().channel.as_deref(), Some("sms"));
    let consents = &changed[0].customer.as_ref().unwrap().consents;
    assert!(!consents.is_empty() && consents.iter().all(|it| !it.confirmed), "{consents:?}");
}
