//! The preference page beside everything else that says what a customer wants: what it shows is
//! what holds, and what it says that it did is done.

use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::wish::Cadence;
use courtesy::model::wish::Cycle;
use courtesy::model::wish::MonthDay;
use courtesy::model::wish::OptOut;
use courtesy::model::wish::Quiet;
use courtesy::proto::v1;
use courtesy::proto::v1::ChoiceState::Refused;
use courtesy::proto::v1::ChoiceState::Wanted;
use tonic::Code;

use super::preference_form::ADA;
use super::preference_form::POLICY;
use super::preference_form::get;
use super::preference_form::may;
use super::preference_form::names;
use super::preference_form::product;
use super::preference_form::set;
use super::preference_form::states;
use super::preference_page::ONE_CLICK;
use super::preference_page::choose;
use super::preference_page::link;
use super::preference_page::save;
use super::preference_page::unsubscribe_link;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::fields as fields_of;
use super::product::seconds;
use crate::support::form;
use crate::support::form::encode;
use crate::support::form::fields;
use crate::support::form::text;
use crate::support::form::with;
use crate::support::form::without;
use crate::support::http;
use crate::support::http::Answer;

fn press(url: &str, page: &Answer, button: &str) -> Answer {
    let mut fields = fields(&page.body);
    with(&mut fields, "do", button);
    http::post(url, &[form::TYPE], &encode(&fields))
}

fn later(product: &Product, seconds: u32) {
    product.hand.set(at(NOW).plus(Span::from_secs(seconds)));
}

/// One of POLICY's purposes alone, under its own name or another's.
fn unsubscribed(product: &Product, scope: v1::Scope) {
    let request = v1::IssueUnsubscribeLinkRequest {
        customer_id: ADA.to_owned(),
        scope: Some(scope),
        ..Default::default()
    };
    let link = product.wait(product.customers().issue_unsubscribe_link(request)).unwrap();
    let url = link.into_inner().url;
    assert_eq!(http::post(&url, &[form::TYPE], ONE_CLICK).status, 200);
}

#[test]
fn what_an_unsubscribe_link_has_stopped_is_shown_and_can_be_started_again() {
    // A link without a purpose stops all marketing, whatever it is called.
    let policy = POLICY.replace("offers: {}", "offers: {marketing: true}");
    let product = Product::start();
    product.apply(&policy, 0).unwrap();
    unsubscribed(&product, v1::Scope::default());
    assert!(!may(&product, "email", "offers", None));
    assert_eq!(states(&get(&product).0.purposes), [("offers", Refused), ("surveys", Refused)]);
    later(&product, 5);
    let url = link(&product, None);
    let page = http::get(&url, &[]);
    assert!(text(&page.body).contains("You have stopped all of it."));
    let started = press(&url, &page, "start");
    assert!(text(&started.body).contains("Again: Offers, Surveys."), "{}", text(&started.body));
    assert!(may(&product, "email", "offers", None) && may(&product, "email", "surveys", None));

    later(&product, 10);
    unsubscribed(&product, v1::Scope { channel: Some("email".to_owned()), ..Default::default() });
    assert_eq!(states(&get(&product).0.channels)[0], ("email", Refused));
    later(&product, 15);
    let mut chosen = fields(&http::get(&url, &[]).body);
    with(&mut chosen, "channel", "email");
    assert!(text(&save(&url, &chosen).body).contains("Again: E-mail."));
    assert!(may(&product, "email", "offers", None));
}

#[test]
fn what_is_refused_again_on_an_older_page_is_refused() {
    let product = product();
    let url = link(&product, None);
    let first = http::get(&url, &[]);
    let stop = press(&url, &first, "stop");
    later(&product, 5);
    press(&url, &stop, "start");
    assert!(may(&product, "email", "offers", None));
    later(&product, 10);
    let again = press(&url, &first, "stop");
    assert!(text(&again.body).contains("You have stopped all of it."));
    assert!(!may(&product, "email", "offers", None));
    later(&product, 15);
    press(&url, &again, "start");

    let page = http::get(&url, &[]);
    let mut refused = fields(&page.body);
    without(&mut refused, "topic", "news");
    let saved = save(&url, &refused);
    let mut wanted = fields(&saved.body);
    with(&mut wanted, "topic", "news");
    later(&product, 20);
    assert!(text(&save(&url, &wanted).body).contains("Again: News."));
    later(&product, 25);
    assert!(text(&save(&url, &refused).body).contains("No more: News."));
    assert!(!may(&product, "email", "offers", Some("news")));
    // The yes that is sent again does not hold any more, and the page does not say that it does.
    let repeated = text(&save(&url, &wanted).body);
    assert!(repeated.contains("Something has changed meanwhile."), "{repeated}");
    assert!(!may(&product, "email", "offers", Some("news")));
}

#[test]
fn starting_again_leaves_what_was_refused_before() {
    let product = product();
    let refuse =
        v1::SetPreferencesRequest { refused_purposes: names(&["surveys"]), ..Default::default() };
    set(&product, refuse).unwrap();
    later(&product, 60);
    let url = link(&product, None);
    let stopped = press(&url, &http::get(&url, &[]), "stop");
    later(&product, 120);
    let started = text(&press(&url, &stopped, "start").body);
    assert!(started.contains("Again: Offers.") && !started.contains("Surveys."), "{started}");
    assert!(may(&product, "email", "offers", None) && !may(&product, "email", "surveys", None));
}

/// A limit about the purposes of the form.
fn limit(limit: u32, days: u32) -> Cadence {
    Cadence {
        channel: None,
        purposes: names(&["offers", "surveys"]).iter().map(|it| name(it)).collect(),
        topics: Vec::new(),
        limit,
        per: Cycle::Sliding(Span::from_days(days)),
    }
}

fn name(text: &str) -> courtesy::model::Name {
    courtesy::model::Name::new(text).unwrap()
}

#[test]
fn a_limit_that_is_chosen_for_less_takes_no_stricter_one_away() {
    let product = product();
    let record = Record { cadence: vec![limit(10, 30), limit(1, 1)], ..Record::default() };
    product.seed(ADA, &record);
    let contact = v1::Contact {
        customer_id: ADA.to_owned(),
        channel: "email".to_owned(),
        purpose: "offers".to_owned(),
        ..Default::default()
    };
    product.record("r1", contact);
    assert!(!may(&product, "email", "offers", None), "one a day");
    let url = format!("{}/preferences", unsubscribe_link(&product));
    let mut chosen = fields(&http::get(&url, &[]).body);
    choose(&mut chosen, "limit", "1/30d");
    save(&url, &chosen);
    assert!(!may(&product, "email", "offers", None));
    later(&product, 2 * 86_400);
    assert!(!may(&product, "email", "offers", None), "one a month");
    later(&product, 31 * 86_400);
    assert!(may(&product, "email", "offers", None));
}

#[test]
fn names_that_are_not_declared_and_contradictions_are_refused() {
    let product = product();
    let request = v1::SetPreferencesRequest::default;
    let nosuch = || names(&["nosuch"]);
    let cases = [
        ("refused_topics", v1::SetPreferencesRequest { refused_topics: nosuch(), ..request() }),
        ("wanted_topics", v1::SetPreferencesRequest { wanted_topics: nosuch(), ..request() }),
        ("refused_channels", v1::SetPreferencesRequest { refused_channels: nosuch(), ..request() }),
        ("wanted_channels", v1::SetPreferencesRequest { wanted_channels: nosuch(), ..request() }),
        ("refused_purposes", v1::SetPreferencesRequest { refused_purposes: nosuch(), ..request() }),
        (
            "refused_occasions",
            v1::SetPreferencesRequest { refused_occasions: nosuch(), ..request() },
        ),
        (
            "proven_channel",
            v1::SetPreferencesRequest { proven_channel: Some("nosuch".to_owned()), ..request() },
        ),
        (
            "wanted_topics",
            v1::SetPreferencesRequest {
                stop_all: Some(true),
                wanted_topics: names(&["news"]),
                ..request()
            },
        ),
        (
            "end_break",
            v1::SetPreferencesRequest { stop_all: Some(true), end_break: Some(true), ..request() },
        ),
        (
            "end_break",
            v1::SetPreferencesRequest {
                break_for: Some(seconds(86_400)),
                end_break: Some(true),
                ..request()
            },
        ),
        (
            "removed_dates",
            v1::SetPreferencesRequest {
                added_dates: vec![v1::QuietDate { date: "03-03".to_owned(), days_around: None }],
                removed_dates: vec![v1::QuietDate { date: "03-03".to_owned(), days_around: None }],
                ..request()
            },
        ),
    ];
    for (field, request) in cases {
        let status = set(&product, request).unwrap_err();
        assert_eq!((status.code(), fields_of(&status)), (Code::InvalidArgument, names(&[field])));
    }
    assert_eq!(get(&product).1, "", "nothing was recorded");
}

#[test]
fn a_channel_on_which_something_comes_can_be_refused() {
    let product = Product::start();
    let policy = POLICY
        .replace("offers: {}", "offers: {consent: required}")
        .replace("pages: {name: Example Shop, confirm: [sms]}", "pages: {name: Example Shop}");
    product.apply(&policy, 0).unwrap();
    assert!(may(&product, "email", "surveys", None) && !may(&product, "email", "offers", None));
    assert_eq!(states(&get(&product).0.channels), [("email", Wanted), ("letters", Wanted)]);
    let refuse =
        v1::SetPreferencesRequest { refused_channels: names(&["email"]), ..Default::default() };
    set(&product, refuse).unwrap();
    assert!(!may(&product, "email", "surveys", None));
    assert!(may(&product, "letters", "surveys", None));
}

#[test]
fn what_is_refused_lands_in_a_full_record() {
    let yearly = |day: i8| Quiet::Yearly {
        date: MonthDay { month: 1 + day / 28, day: 1 + day % 28 },
        around: 0,
    };
    let no = |number: u32| OptOut {
        scope: courtesy::model::Scope {
            purpose: Some(name("offers")),
            topic: Some(name(&format!("t{number}"))),
            ..Default::default()
        },
        at: Some(at(NOW)),
        until: None,
        source: None,
        stop: None,
    };
    let dates = Record { quiet: (0..64).map(yearly).collect(), ..Record::default() };
    let limits =
        Record { cadence: (1..=16).map(|it| limit(it + 50, it)).collect(), ..Record::default() };
    for (record, field, value) in [(dates, "day", "3"), (limits, "limit", "1/7d")] {
        let product = product();
        product.seed(ADA, &record);
        let url = link(&product, None);
        let mut chosen = fields(&http::get(&url, &[]).body);
        without(&mut chosen, "channel", "letters");
        choose(&mut chosen, field, value);
        if field == "day" {
            choose(&mut chosen, "month", "12");
        }
        let saved = save(&url, &chosen);
        assert_eq!(saved.status, 200);
        assert!(text(&saved.body).contains("No more: Letters."), "{}", text(&saved.body));
        assert!(
            !may(&product, "letters", "offers", None) && may(&product, "email", "offers", None)
        );
        let is_full = text(&saved.body).contains("There is no room");
        assert_eq!(is_full, field == "day", "the limits that the new one makes idle go");
    }
    let product = product();
    product.seed(ADA, &Record { opt_outs: (0..256).map(no).collect(), ..Record::default() });
    let url = link(&product, None);
    let mut chosen = fields(&http::get(&url, &[]).body);
    without(&mut chosen, "channel", "letters");
    let saved = save(&url, &chosen);
    assert!(text(&saved.body).contains("You have stopped all of it."), "{}", text(&saved.body));
    assert!(!may(&product, "letters", "offers", None) && !may(&product, "email", "surveys", None));
}

#[test]
fn an_unsubscribe_link_claims_nothing_that_it_does_not_do() {
    let product = product();
    let url = format!("{}/preferences", unsubscribe_link(&product));
    let refuse = v1::SetPreferencesRequest {
        refused_topics: names(&["news"]),
        break_for: Some(seconds(14 * 86_400)),
        ..Default::default()
    };
    set(&product, refuse).unwrap();
    let mut forged = fields(&http::get(&url, &[]).body);
    for (field, value) in [("topic", "news"), ("end_break", "yes"), ("limit", "")] {
        with(&mut forged, field, value);
    }
    let said = text(&save(&url, &forged).body);
    for claim in ["Again:", "The break is over.", "How often:", "Something has changed"] {
        assert!(!said.contains(claim), "{claim}: {said}");
    }
    assert!(said.contains("Nothing was changed."), "{said}");
}

#[test]
fn who_saves_too_often_is_heard_with_what_refuses() {
    let product = product();
    let url = link(&product, None);
    let mut page = http::get(&url, &[]);
    let toggled = |page: &Answer| {
        let mut chosen = fields(&page.body);
        let before = chosen.len();
        chosen.retain(|it| *it != ("topic".to_owned(), "news".to_owned()));
        if chosen.len() == before {
            with(&mut chosen, "topic", "news");
        }
        chosen
    };
    let mut seconds = 0;
    while page.status == 200 {
        seconds += 1;
        assert!(seconds < 200, "it is never too often");
        later(&product, seconds);
        page = save(&url, &toggled(&page));
    }
    assert_eq!(page.status, 429);
    assert!(text(&page.body).contains("Please wait a while"), "{}", text(&page.body));
    assert!(!may(&product, "email", "offers", Some("news")), "the last yes was not heard");
    let mut refused = fields(&page.body);
    without(&mut refused, "channel", "letters");
    assert_eq!(save(&url, &refused).status, 200);
    assert!(!may(&product, "letters", "offers", None));
}

#[test]
fn a_date_of_ones_own_is_offered_where_the_rest_still_comes() {
    let page = |policy: &str| {
        let product = Product::start();
        product.apply(policy, 0).unwrap();
        text(&http::get(&link(&product, None), &[]).body)
    };
    assert!(page(POLICY).contains("A date of your own"));
    let bound = POLICY.replace("exempt: [opt_outs, budgets, quiet_periods]", "exempt: [opt_outs]");
    assert!(!page(&bound).contains("A date of your own"), "receipts would not come then");
}

#[test]
fn days_are_promised_to_be_quiet_only_where_they_are() {
    let page = |policy: &str| {
        let product = Product::start();
        product.apply(policy, 0).unwrap();
        text(&http::get(&link(&product, None), &[]).body)
    };
    assert!(page(POLICY).contains("keep quiet around it: on every channel"));
    let by_email = POLICY.replace("before: 3d, who", "before: 3d, for: {channels: [email]}, who");
    assert!(!page(&by_email).contains("keep quiet around it"));
}

#[test]
fn the_words_are_those_that_the_address_asks_for() {
    let product = product();
    let url = unsubscribe_link(&product);
    let page = http::get(&format!("{url}?lang=de"), &["accept-language: fr"]);
    assert!(page.body.contains("<html lang=\"de\""), "{}", page.body);
    let kind = "content-type: Multipart/Form-Data; boundary=x";
    let body = "--x\r\ncontent-disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    assert_eq!(http::post(&url, &[kind], body).status, 200);
    assert!(!may(&product, "email", "offers", None));
}

#[test]
fn fewer_is_not_offered_where_nothing_is_left() {
    let product = product();
    let url = unsubscribe_link(&product);
    assert!(http::post(&url, &[form::TYPE], ONE_CLICK).body.contains("/preferences"));
    let stop = v1::SetPreferencesRequest { stop_all: Some(true), ..Default::default() };
    set(&product, stop).unwrap();
    assert!(!http::post(&url, &[form::TYPE], ONE_CLICK).body.contains("/preferences"));
}
