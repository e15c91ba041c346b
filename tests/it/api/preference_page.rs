//! The preference page, as a browser without scripts uses it.

use courtesy::model::Span;
use courtesy::proto::v1;

use super::preference_form::ADA;
use super::preference_form::POLICY;
use super::preference_form::get as form_of;
use super::preference_form::may;
use super::preference_form::product;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::is_allowed;
use crate::support::form;
use crate::support::form::encode;
use crate::support::form::fields;
use crate::support::form::text;
use crate::support::form::with;
use crate::support::form::without;
use crate::support::http;
use crate::support::http::Answer;

pub(super) const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

pub(super) fn link(product: &Product, channel: Option<&str>) -> String {
    let request = v1::IssuePreferenceLinkRequest {
        customer_id: ADA.to_owned(),
        channel: channel.map(str::to_owned),
        ..Default::default()
    };
    product.wait(product.customers().issue_preference_link(request)).unwrap().into_inner().url
}

pub(super) fn unsubscribe_link(product: &Product) -> String {
    let scope = v1::Scope { channel: Some("email".to_owned()), ..Default::default() };
    let request = v1::IssueUnsubscribeLinkRequest {
        customer_id: ADA.to_owned(),
        scope: Some(scope),
        ..Default::default()
    };
    product.wait(product.customers().issue_unsubscribe_link(request)).unwrap().into_inner().url
}

fn customer(product: &Product) -> v1::Customer {
    let request = v1::GetCustomerRequest { customer_id: ADA.to_owned(), tenant: None };
    let answer = product.wait(product.customers().get_customer(request)).unwrap();
    answer.into_inner().customer.unwrap()
}

pub(super) fn choose(fields: &mut [(String, String)], name: &str, value: &str) {
    value.clone_into(&mut fields.iter_mut().find(|it| it.0 == name).unwrap().1);
}

pub(super) fn save(url: &str, fields: &[(String, String)]) -> Answer {
    let mut fields = fields.to_vec();
    with(&mut fields, "do", "save");
    http::post(url, &[form::TYPE], &encode(&fields))
}

fn check_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "x-robots-tag: noindex",
        "content-security-policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'",
    ] {
        assert!(answer.head.contains(header), "`{header}` is not in {}", answer.head);
    }
    let body = &answer.body;
    assert!(!body.contains("<script") && !body.contains("style=") && !body.contains("<style"));
    assert!(
        !body.contains("ada@") && !body.contains("ada%40"),
        "a page says nothing about a customer"
    );
    assert!(body.len() <= 10_240, "{} bytes", body.len());
}

#[test]
fn looking_and_posting_unchanged_change_nothing() {
    let product = product();
    let request = v1::SetPreferencesRequest {
        customer_id: ADA.to_owned(),
        refused_topics: vec!["news".to_owned()],
        refused_occasions: vec!["mothers_day".to_owned()],
        added_dates: vec![v1::QuietDate { date: "03-03".to_owned(), days_around: Some(2) }],
        cadence: Some(v1::CadenceWish {
            limit: Some(1),
            per: Some(super::product::seconds(604_800)),
        }),
        evidence: "form".to_owned(),
        ..Default::default()
    };
    for is_new in [true, false] {
        if !is_new {
            product.wait(product.customers().set_preferences(request.clone())).unwrap();
        }
        let before = customer(&product);
        let less = format!("{}/preferences", unsubscribe_link(&product));
        for url in [link(&product, None), less] {
            let page = http::get(&url, &[]);
            check_page(&page, 200);
            let posted = save(&url, &fields(&page.body));
            check_page(&posted, 200);
            assert!(text(&posted.body).contains("Nothing was changed."), "{}", posted.body);
        }
        assert_eq!(customer(&product), before, "not even its version");
    }
}

#[test]
fn what_is_unticked_is_refused_and_said_in_words() {
    let product = product();
    let url = link(&product, None);
    let page = http::get(&url, &[]);
    let said = text(&page.body);
    for words in [
        "How we may contact you",
        "Example Shop",
        "In any case you still get: Receipts.",
        "Events near you",
        "never more than 4 a week",
        "Mother's Day",
        "next on ",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let mut chosen = fields(&page.body);
    without(&mut chosen, "topic", "news");
    without(&mut chosen, "channel", "letters");
    with(&mut chosen, "occasion", "mothers_day");
    choose(&mut chosen, "limit", "1/7d");
    choose(&mut chosen, "day", "3");
    choose(&mut chosen, "month", "3");
    let saved = save(&url, &chosen);
    check_page(&saved, 200);
    let said = text(&saved.body);
    for words in [
        "Saved.",
        "No more: News, Letters.",
        "How often: Once a week.",
        "You are spared: Mother's Day.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!may(&product, "email", "offers", Some("news")));
    assert!(may(&product, "email", "offers", Some("events")));
    assert!(
        !may(&product, "letters", "offers", None) && may(&product, "letters", "receipts", None)
    );
    assert_eq!(form_of(&product).0.own_dates.len(), 1);

    let kept = customer(&product);
    let again = save(&url, &chosen);
    assert_eq!(again.body, saved.body, "the same form again gives the same page");
    assert_eq!(customer(&product), kept);
    // A caller that heard no answer before the server died asks the next one again.
    let restarted = product.restart();
    assert_eq!(save(&link(&restarted, None), &chosen).body, saved.body);
    assert!(!may(&restarted, "letters", "offers", None));
}

#[test]
fn all_of_it_is_stopped_with_one_button_and_started_with_another() {
    let product = product();
    let url = link(&product, None);
    let mut stop = fields(&http::get(&url, &[]).body);
    with(&mut stop, "do", "stop");
    let stopped = http::post(&url, &[form::TYPE], &encode(&stop));
    check_page(&stopped, 200);
    assert!(text(&stopped.body).contains("You have stopped all of it."));
    assert!(!may(&product, "email", "offers", None) && may(&product, "email", "receipts", None));
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    let mut start = fields(&stopped.body);
    with(&mut start, "do", "start");
    check_page(&http::post(&url, &[form::TYPE], &encode(&start)), 200);
    assert!(may(&product, "email", "offers", None));
}

#[test]
fn what_allows_more_is_shown_again_where_something_has_changed() {
    let product = product();
    let url = link(&product, None);
    let mut chosen = fields(&http::get(&url, &[]).body);
    without(&mut chosen, "topic", "news");
    let page = save(&url, &chosen);
    let mut chosen = fields(&page.body);
    with(&mut chosen, "topic", "news");
    without(&mut chosen, "channel", "letters");
    let opt_out = v1::OptOutRequest {
        customer_id: ADA.to_owned(),
        scope: Some(v1::Scope { topic: Some("events".to_owned()), ..Default::default() }),
        ..Default::default()
    };
    product.opt_out(opt_out).unwrap();
    let outdated = save(&url, &chosen);
    check_page(&outdated, 200);
    assert!(text(&outdated.body).contains("Something has changed meanwhile."));
    assert!(!may(&product, "email", "offers", Some("news")));
    assert!(!may(&product, "letters", "offers", None), "what refuses more lands");
    let mut chosen = fields(&outdated.body);
    with(&mut chosen, "topic", "news");
    assert!(text(&save(&url, &chosen).body).contains("Again: News."));
    assert!(may(&product, "email", "offers", Some("news")));
}

#[test]
fn a_yes_is_complete_by_a_link_that_came_on_that_channel() {
    for (channel, complete) in [(None, false), (Some("email"), false), (Some("sms"), true)] {
        let product = product();
        let url = link(&product, channel);
        let page = http::get(&url, &[]);
        assert_eq!(text(&page.body).contains("We will text you first"), !complete);
        let mut chosen = fields(&page.body);
        with(&mut chosen, "channel", "sms");
        // It needs a consent and is not offered.
        with(&mut chosen, "channel", "voice");
        let saved = save(&url, &chosen);
        check_page(&saved, 200);
        let said = if complete { "Again: Sms." } else { "Still to confirm: Sms." };
        assert!(text(&saved.body).contains(said), "{}", text(&saved.body));
        assert_eq!(may(&product, "sms", "offers", None), complete);
        assert!(!may(&product, "voice", "offers", None));
        let events =
            v1::ListConsentEventsRequest { customer_id: ADA.to_owned(), ..Default::default() };
        let events = product.wait(product.customers().list_consent_events(events)).unwrap();
        let events = events.into_inner().consent_events;
        assert!(!events.is_empty());
        let proof = events[0].evidence.as_deref().unwrap();
        assert!(proof.starts_with("preference page, policy revision 1, en, sha256 "), "{proof}");
    }
}

#[test]
fn an_unsubscribe_link_can_only_make_it_less() {
    let product = product();
    let own = link(&product, None);
    let mut chosen = fields(&http::get(&own, &[]).body);
    without(&mut chosen, "topic", "news");
    let mut forged = fields(&save(&own, &chosen).body);
    let url = format!("{}/preferences", unsubscribe_link(&product));
    let page = http::get(&url, &[]);
    check_page(&page, 200);
    assert!(!page.body.contains("value=\"news\""), "nothing is rendered that allows more");
    assert!(text(&page.body).contains("not wanted"));
    // The form of another page is of no use either.
    for mut fields in [fields(&page.body), std::mem::take(&mut forged)] {
        with(&mut fields, "topic", "news");
        with(&mut fields, "channel", "sms");
        with(&mut fields, "end_break", "yes");
        with(&mut fields, "do", "start");
        check_page(&http::post(&url, &[form::TYPE], &encode(&fields)), 200);
        fields.retain(|it| it.0 != "do");
        check_page(&save(&url, &fields), 200);
    }
    assert!(
        !may(&product, "email", "offers", Some("news")) && !may(&product, "sms", "offers", None)
    );
    let mut less = fields(&http::get(&url, &[]).body);
    without(&mut less, "channel", "letters");
    check_page(&save(&url, &less), 200);
    assert!(!may(&product, "letters", "offers", None));
}

#[test]
fn a_click_is_taken_back_exactly_and_for_ten_minutes() {
    let product = product();
    let url = unsubscribe_link(&product);
    assert!(!http::get(&url, &[]).body.contains("\"undo\""));
    // What was refused before lies within the click.
    let earlier = v1::OptOutRequest {
        customer_id: ADA.to_owned(),
        scope: Some(v1::Scope {
            channel: Some("email".to_owned()),
            topic: Some("news".to_owned()),
            marketing: Some(true),
            ..Default::default()
        }),
        ..Default::default()
    };
    product.opt_out(earlier).unwrap();
    let before = customer(&product).opt_outs;
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    let page = http::post(&url, &[form::TYPE], ONE_CLICK);
    check_page(&page, 200);
    assert_eq!(
        http::post(&url, &[form::TYPE], ONE_CLICK).body,
        page.body,
        "asked again, it says the same"
    );
    assert!(!may(&product, "email", "offers", None));
    let undone = http::post(&url, &[form::TYPE], &encode(&fields(&page.body)));
    check_page(&undone, 200);
    assert!(text(&undone.body).contains("Everything is as it was before."));
    assert_eq!(customer(&product).opt_outs, before);
    assert!(
        may(&product, "email", "offers", None) && !may(&product, "email", "offers", Some("news"))
    );

    // Too late, or after something else.
    let late = http::post(&url, &[form::TYPE], ONE_CLICK);
    product.hand.set(at(NOW).plus(Span::from_secs(601)));
    check_page(&http::post(&url, &[form::TYPE], &encode(&fields(&late.body))), 409);
    assert!(!may(&product, "email", "offers", None));
    // It repeats a refusal of long ago, and cannot lift that.
    assert!(!http::post(&url, &[form::TYPE], ONE_CLICK).body.contains("\"undo\""));
    assert!(!http::get(&url, &[]).body.contains("\"undo\""));
}

#[test]
fn a_click_is_not_taken_back_once_something_has_changed() {
    let product = product();
    let url = unsubscribe_link(&product);
    let page = http::post(&url, &[form::TYPE], ONE_CLICK);
    let contact = v1::Contact {
        customer_id: ADA.to_owned(),
        channel: "email".to_owned(),
        purpose: "receipts".to_owned(),
        ..Default::default()
    };
    assert!(is_allowed(&product.record("r1", contact)));
    check_page(&http::post(&url, &[form::TYPE], &encode(&fields(&page.body))), 409);
    assert!(!may(&product, "email", "offers", None));
}

#[test]
fn pages_speak_the_customers_language_and_name_who_writes() {
    let product = Product::start();
    let pages = "pages: {name: Example Shop, confirm: [sms], address: 1 High Street, \
                 privacy_url: \"https://example.com/privacy\", colour: \"#7a1fa2\", \
                 brands: {north: {name: \"North & Co <3\", colour: \"#00695c\"}}}";
    let policy =
        POLICY.replace("pages: {name: Example Shop, confirm: [sms]}", &pages.replace(" <3", ""));
    product.apply(&policy, 0).unwrap();
    let url = link(&product, None);
    let asked = ["accept-language: en;q=0.1, fr;q=0.9"];
    assert!(text(&http::get(&url, &asked).body).contains("Près de chez vous"));
    let update = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer {
            customer_id: ADA.to_owned(),
            locale: Some("de-AT".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    product.wait(product.customers().update_customer(update)).unwrap();
    for url in [url.clone(), unsubscribe_link(&product)] {
        let page = http::get(&url, &asked);
        check_page(&page, 200);
        assert!(page.body.contains("<html lang=\"de\">"));
        assert!(
            text(&page.body).contains("Example Shop") && text(&page.body).contains("1 High Street")
        );
        assert!(page.body.contains("href=\"https://example.com/privacy\""));
        assert!(page.body.contains("href=\"../style/7a1fa2.css\""));
    }
    let german = text(&http::get(&url, &asked).body);
    assert!(german.contains("Muttertag") && german.contains("das nächste Mal am "), "{german}");
    assert!(http::get(&format!("{url}?lang=it"), &asked).body.contains("<html lang=\"it\">"));

    let request = v1::IssuePreferenceLinkRequest {
        customer_id: ADA.to_owned(),
        brand: Some("north".to_owned()),
        ..Default::default()
    };
    let issued = product.wait(product.customers().issue_preference_link(request)).unwrap();
    let url = issued.into_inner().url;
    let page = http::get(&url, &asked);
    assert!(page.body.contains("North &amp; Co") && page.body.contains("../style/00695c.css"));
    let mut less = fields(&page.body);
    without(&mut less, "channel", "letters");
    check_page(&save(&url, &less), 200);
    let scopes: Vec<_> =
        customer(&product).opt_outs.into_iter().filter_map(|it| it.scope).collect();
    assert!(!scopes.is_empty() && scopes.iter().all(|it| it.brand.as_deref() == Some("north")));
    let (base, _) = url.split_once("/preferences/").unwrap();
    let style = http::get(&format!("{base}/style/00695c.css"), &[]);
    assert_eq!(style.status, 200);
    assert!(style.head.contains("content-type: text/css") && style.body.contains("--go: #00695c"));
    check_page(&http::get(&format!("{base}/style/none.css"), &[]), 404);
    check_page(&http::get(&format!("{base}/logo/none.png"), &[]), 404);
}

#[test]
fn links_that_are_none_and_forms_that_are_none_get_a_page() {
    let product = product();
    let url = link(&product, None);
    let (base, token) = url.rsplit_once('/').unwrap();
    for forged in [&token[1..], "x", &token[..token.len() - 1]] {
        check_page(&http::get(&format!("{base}/{forged}"), &[]), 404);
        check_page(&http::post(&format!("{base}/{forged}"), &[form::TYPE], "do=stop"), 404);
    }
    // Each sort of link is good for its own page only.
    let other = unsubscribe_link(&product);
    let (_, unsubscribe) = other.rsplit_once('/').unwrap();
    check_page(&http::get(&format!("{base}/{unsubscribe}"), &[]), 404);
    let before = customer(&product);
    for body in ["", "do=save", "shown=x&do=save", &"x".repeat(100_000)] {
        check_page(&http::post(&url, &[form::TYPE], body), 400);
    }
    assert_eq!(customer(&product), before);
    // To stop all of it needs no knowledge of what was shown.
    check_page(&http::post(&url, &[form::TYPE], "shown=x&do=stop"), 200);
    assert!(!may(&product, "email", "offers", None));
    let request = v1::IssuePreferenceLinkRequest {
        customer_id: ADA.to_owned(),
        valid_for: Some(super::product::seconds(60)),
        ..Default::default()
    };
    let issued = product.wait(product.customers().issue_preference_link(request)).unwrap();
    product.hand.set(at(NOW).plus(Span::from_secs(60)));
    check_page(&http::get(&issued.into_inner().url, &[]), 410);
}
