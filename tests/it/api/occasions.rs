//! Occasions: a wish that is made once and kept every year, on every channel, in every country.

use std::collections::BTreeMap;

use courtesy::proto::v1;

use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::timestamp;

const POLICY: &str = "\
name: base
settings: {time_zone: {unknown: strictest}}
channels: {email: {}, sms: {}, voice: {}, push: {}, direct_mail: {transit: 4d}}
purposes: {marketing: {}, transactional: {}}
occasions:
  - {name: founders_day, dates: [2026-01-09, 2027-01-08]}
  - {name: over, dates: [2026-01-09]}
quiet_periods:
  - name: mothers-day
    for: {purposes: [marketing]}
    occasion: mothers_day
    who: opted_out
";
const CHANNELS: [&str; 5] = ["email", "sms", "voice", "push", "direct_mail"];

/// The days of facts that have been looked up by hand, of which 4 June 2034 would be Pentecost's.
const US: [&str; 2] = ["2027-05-09", "2028-05-14"];
const GB: [&str; 3] = ["2027-03-07", "2028-03-26", "2030-03-31"];
const FR: [&str; 3] = ["2027-05-30", "2028-05-28", "2034-06-04"];

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    for (id, country, zone) in [
        ("us", "US", "America/New_York"),
        ("gb", "GB", "Europe/London"),
        ("fr", "FR", "Europe/Paris"),
        ("glad", "US", "America/New_York"),
    ] {
        let customer = v1::Customer {
            customer_id: id.to_owned(),
            jurisdictions: vec![country.to_owned()],
            time_zone: Some(zone.to_owned()),
            ..Default::default()
        };
        let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
        product.wait(product.customers().update_customer(request)).unwrap();
        if id != "glad" {
            product.opt_out(no(id, None)).unwrap();
        }
    }
    product
}

fn no(id: &str, channel: Option<&str>) -> v1::OptOutRequest {
    v1::OptOutRequest {
        customer_id: id.to_owned(),
        scope: mothers_day(channel),
        ..Default::default()
    }
}

fn mothers_day(channel: Option<&str>) -> Option<v1::Scope> {
    let occasion = Some("mothers_day".to_owned());
    Some(v1::Scope { occasion, channel: channel.map(str::to_owned), ..Default::default() })
}

fn refused(product: &Product, id: &str, channel: &str, time: &str) -> Vec<String> {
    let contact = v1::Contact {
        channel: channel.to_owned(),
        contact_time: Some(timestamp(time)),
        ..email(id)
    };
    codes(&product.check(contact).unwrap())
}

/// The day that many days before or after, at noon in London, which is the same day in all of them.
fn noon(day: &str, days: i64) -> String {
    let day: jiff::civil::Date = day.parse().unwrap();
    format!("{}T12:00:00Z", day.checked_add(jiff::Span::new().days(days)).unwrap())
}

#[test]
fn the_day_is_quiet_every_year_where_the_customer_lives() {
    let product = product();
    let quiet = ["QUIET_PERIOD"];
    let none: [&str; 0] = [];
    for (id, days) in [("us", &US[..]), ("gb", &GB), ("fr", &FR)] {
        for day in days {
            product.hand.set(at(&noon(day, -10)));
            for channel in CHANNELS {
                assert_eq!(refused(&product, id, channel, &noon(day, 0)), quiet, "{id} {day}");
                assert_eq!(refused(&product, id, channel, &noon(day, 1)), none, "{id} {day}");
                assert_eq!(refused(&product, "glad", channel, &noon(day, 0)), none, "{day}");
                let other = if id == "gb" { "us" } else { "gb" };
                assert_eq!(refused(&product, other, channel, &noon(day, 0)), none, "{id} {day}");
            }
            for (before, expected) in [(-5, &none[..]), (-4, &quiet), (-1, &quiet)] {
                let time = noon(day, before);
                assert_eq!(refused(&product, id, "direct_mail", &time), expected, "{id} {time}");
                assert_eq!(refused(&product, id, "email", &time), none, "{id} {time}");
            }
            let transactional = v1::Contact {
                purpose: "transactional".to_owned(),
                contact_time: Some(timestamp(&noon(day, 0))),
                ..email(id)
            };
            assert_eq!(codes(&product.check(transactional).unwrap()), none, "a receipt is none");
        }
    }
}

#[test]
fn the_day_begins_and_ends_on_the_customers_clock() {
    let product = product();
    product.hand.set(at("2027-05-01T00:00:00Z"));
    for (time, quiet) in [
        ("2027-05-09T03:59:59Z", false),
        ("2027-05-09T04:00:00Z", true),
        ("2027-05-10T03:59:59Z", true),
        ("2027-05-10T04:00:00Z", false),
    ] {
        assert_eq!(!refused(&product, "us", "email", time).is_empty(), quiet, "{time}");
    }
}

#[test]
fn a_message_about_the_occasion_is_refused_all_year_on_every_channel() {
    let product = product();
    for now in ["2026-11-22T12:00:00Z", "2027-08-01T12:00:00Z", "2031-01-15T12:00:00Z"] {
        product.hand.set(at(now));
        for id in ["us", "gb", "fr"] {
            for channel in CHANNELS {
                let about = |occasions: &[&str]| v1::Contact {
                    channel: channel.to_owned(),
                    occasions: occasions.iter().map(ToString::to_string).collect(),
                    ..email(id)
                };
                let decision = product.check(about(&["easter", "mothers_day"])).unwrap();
                assert_eq!(codes(&decision), ["OPTED_OUT"], "{id} {channel} {now}");
                assert_eq!(decision.next_allowed_time, None, "it does not end");
                assert_eq!(codes(&product.check(about(&["easter"])).unwrap()).len(), 0);
                let glad =
                    v1::Contact { customer_id: "glad".to_owned(), ..about(&["mothers_day"]) };
                assert_eq!(codes(&product.check(glad).unwrap()).len(), 0);
            }
        }
    }
}

#[test]
fn a_later_yes_to_the_occasion_ends_the_wish() {
    let product = product();
    product.hand.set(at("2027-05-01T00:00:00Z"));
    let request = v1::OptInRequest {
        customer_id: "us".to_owned(),
        scope: mothers_day(None),
        evidence: "preference centre".to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap();
    assert_eq!(refused(&product, "us", "email", &noon("2027-05-09", 0)).len(), 0);
    // A narrower wish is about its own channel only, on the quiet day as well.
    product.opt_out(no("us", Some("sms"))).unwrap();
    assert_eq!(refused(&product, "us", "email", &noon("2027-05-09", 0)).len(), 0);
    assert_eq!(refused(&product, "us", "sms", &noon("2027-05-09", 0)), ["QUIET_PERIOD"]);
}

fn occasions(product: &Product, request: v1::ListOccasionsRequest) -> v1::ListOccasionsResponse {
    product.wait(product.policies().list_occasions(request)).unwrap().into_inner()
}

fn of(product: &Product, id: &str) -> Vec<v1::OfferedOccasion> {
    let request =
        v1::ListOccasionsRequest { customer_id: Some(id.to_owned()), ..Default::default() };
    occasions(product, request).occasions
}

fn find<'a>(listed: &'a [v1::OfferedOccasion], name: &str) -> Option<&'a v1::OfferedOccasion> {
    listed.iter().find(|it| it.name == name)
}

#[test]
fn a_preference_centre_learns_what_to_offer_and_when() {
    let product = product();
    for (now, id, expected) in [
        ("2026-11-22T12:00:00Z", "us", "2027-05-09"),
        ("2027-05-10T03:59:59Z", "us", "2027-05-09"),
        ("2027-05-10T04:00:00Z", "us", "2028-05-14"),
        ("2026-11-22T12:00:00Z", "gb", "2027-03-07"),
        ("2030-01-01T00:00:00Z", "gb", "2030-03-31"),
        ("2034-01-01T00:00:00Z", "fr", "2034-06-04"),
    ] {
        product.hand.set(at(now));
        let listed = of(&product, id);
        let found = find(&listed, "mothers_day").unwrap();
        assert_eq!(found.next_days[0].first_date, expected, "{id} {now}");
        assert_eq!(found.next_days[0].countries, [id.to_uppercase()]);
        assert_eq!(found.title.as_deref(), Some("Mother's Day"));
        assert!(found.opted_out);
        assert_eq!(found.opt_outs[0].scope, mothers_day(None));
    }
    product.hand.set(at("2026-11-22T12:00:00Z"));
    let listed = of(&product, "us");
    assert!(find(&listed, "thanksgiving").is_some());
    assert!(find(&of(&product, "fr"), "thanksgiving").is_none(), "it is not kept there");
    assert_eq!(find(&listed, "founders_day").unwrap().next_days[0].first_date, "2027-01-08");
    assert!(find(&listed, "over").is_none(), "it does not come again");
    let names: Vec<&str> = listed.iter().map(|it| it.name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn opt_outs_that_are_wider_or_narrower_are_told_apart() {
    let product = product();
    product.opt_out(no("glad", Some("sms"))).unwrap();
    let listed = of(&product, "glad");
    let found = find(&listed, "mothers_day").unwrap();
    assert_eq!((found.opted_out, found.opt_outs.len()), (false, 1), "only on one channel");
    let everything = v1::OptOutRequest { scope: None, ..no("glad", None) };
    product.opt_out(everything).unwrap();
    assert!(of(&product, "glad").iter().all(|it| it.opted_out));
}

#[test]
fn without_a_country_all_of_them_are_listed_page_by_page() {
    let product = product();
    let all = occasions(&product, v1::ListOccasionsRequest::default());
    assert_eq!(all.next_page_token, "");
    let found = find(&all.occasions, "mothers_day").unwrap();
    let on = |day: &str, country: Option<&str>| {
        let mut days = found.next_days.iter().filter(|it| it.first_date == day);
        days.any(|it| match country {
            Some(country) => it.countries.iter().any(|listed| listed == country),
            None => it.countries.is_empty(),
        })
    };
    assert!(on("2027-03-07", Some("GB")));
    assert!(on("2027-05-30", Some("FR")));
    assert!(on("2027-05-09", None), "everywhere else");
    assert!(!found.opted_out);

    let mut listed = Vec::new();
    let mut token = String::new();
    loop {
        let request = v1::ListOccasionsRequest {
            page_size: Some(4),
            page_token: Some(token),
            ..Default::default()
        };
        let page = occasions(&product, request);
        listed.extend(page.occasions);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, all.occasions);
    let wrong = v1::ListOccasionsRequest {
        customer_id: Some(String::new()),
        page_size: Some(0),
        ..Default::default()
    };
    let status = product.wait(product.policies().list_occasions(wrong)).unwrap_err();
    assert_eq!(fields(&status), ["customer_id", "page_size"]);
}

#[test]
fn an_answer_names_the_occasion_its_country_and_its_date() {
    let product = Product::start();
    product.apply(&format!("{POLICY}    before: 14d\n    after: 1d\n"), 0).unwrap();
    product.hand.set(at("2027-05-28T12:00:00Z"));
    for (id, zone) in [("paris", Some("Europe/Paris")), ("nowhere", None)] {
        let customer = v1::Customer {
            customer_id: id.to_owned(),
            time_zone: zone.map(str::to_owned),
            ..Default::default()
        };
        let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
        product.wait(product.customers().update_customer(request)).unwrap();
        product.opt_out(no(id, None)).unwrap();
    }
    let request = v1::CheckContactRequest {
        contact: Some(email("paris")),
        detail: i32::from(v1::DetailLevel::Full),
        ..Default::default()
    };
    let answer = product.wait(product.contacts().check_contact(request)).unwrap().into_inner();
    let decision = answer.decision.unwrap();
    let told = "mothers_day is on 2027-05-30 in FR, closed 2027-05-16 to 2027-05-31";
    assert_eq!(codes(&decision), ["QUIET_PERIOD"]);
    assert_eq!(decision.reasons[0].message.as_deref(), Some(told));
    let detail = decision.detail.unwrap();
    assert_eq!(detail.time_zones, ["Europe/Paris"]);
    assert_eq!(
        (detail.trace[0].result(), detail.trace[0].note.as_str()),
        (v1::FindingResult::Denies, told,)
    );
    let unknown = product.check(email("nowhere")).unwrap();
    let message = unknown.reasons[0].message.clone().unwrap();
    assert!(message.contains("every country's dates count"), "{message}");
    product.hand.set(at("2027-09-10T12:00:00Z"));
    assert_eq!(codes(&product.check(email("nowhere")).unwrap()), Vec::<String>::new());
}

fn listed(product: &Product, id: Option<&str>) -> BTreeMap<String, bool> {
    let request = v1::ListOccasionsRequest {
        customer_id: id.map(str::to_owned),
        page_size: Some(1_000),
        ..Default::default()
    };
    let answer = product.wait(product.policies().list_occasions(request)).unwrap().into_inner();
    let kept = |it: v1::OfferedOccasion| (it.name, it.keeps_days_quiet.unwrap());
    answer.occasions.into_iter().map(kept).collect()
}

/// Every occasion that is offered says what an opt-out of it does.
#[test]
fn an_occasion_says_whether_its_days_are_kept() {
    let product = Product::start();
    assert!(listed(&product, None).values().all(|kept| *kept), "the starter keeps all of them");
    let policy = "\
name: base
channels: {email: {kind: email}}
purposes: {news: {marketing: true}}
occasions: [{name: our_day, dates: [2027-05-05]}]
quiet_periods:
  - {name: mothers, occasion: mothers_day, who: opted_out}
  - {name: fathers, occasion: fathers_day, who: opted_out, mode: shadow}
  - {name: easter, occasion: easter, for: {segments: [choir]}}
  - {name: past, occasion: diwali, who: opted_out, effective: {until: 2020-01-01}}
";
    product.apply(policy, 0).unwrap();
    let kept = listed(&product, None);
    let quiet: Vec<&str> = kept.iter().filter(|it| *it.1).map(|it| it.0.as_str()).collect();
    assert_eq!(quiet, ["mothers_day"], "{kept:?}");
    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer {
            customer_id: "ada".to_owned(),
            segments: vec!["choir".to_owned()],
            ..Default::default()
        }),
        ..Default::default()
    };
    product.wait(product.customers().update_customer(request)).unwrap();
    assert!(listed(&product, Some("ada"))["easter"]);
    let any = policy.replace("name: past, occasion: diwali", "name: all, occasion: any");
    let any = any.replace(", effective: {until: 2020-01-01}", ", before: 3d");
    product.apply(&any, 1).unwrap();
    let kept = listed(&product, None);
    assert!(kept["our_day"] && kept.values().all(|kept| *kept), "{kept:?}");
}

/// A period for some contacts only keeps no days quiet: not on this service's page, and not on the
/// caller's own.
#[test]
fn narrow_periods_keep_no_days_quiet() {
    let product = Product::start();
    let policy = "\
name: base
channels: {email: {kind: email}, sms: {kind: text}}
purposes: {news: {marketing: true}, surveys: {marketing: false}, receipts: {marketing: false}}
occasions:
  - {name: over, dates: [2020-05-05]}
pages: {purposes: [news, surveys]}
quiet_periods:
  - {name: whole, occasion: mothers_day, for: {purposes: [news, surveys]}}
  - {name: other, occasion: fathers_day, for: {purposes: [receipts]}}
  - {name: one, occasion: easter, for: {purposes: [news]}}
  - {name: texts, occasion: halloween, for: {channel_kinds: [text]}}
  - {name: topic, occasion: diwali, for: {topics: [sweets]}}
  - {name: campaign, occasion: christmas, for: {campaigns: [spring]}}
  - {name: urgent, occasion: thanksgiving, for: {priority_below: 80}}
  - {name: said, occasion: black_friday, for: {occasions: [black_friday]}}
  - {name: law, occasion: valentines_day, for: {jurisdictions: [GB]}}
  - {name: half, occasion: new_year, for: {channels: [email]}}
  - {name: rest, occasion: new_year, for: {channels: [sms]}, who: opted_out}
  - {name: gone, occasion: over}
";
    product.apply(policy, 0).unwrap();
    let britta = v1::Customer {
        customer_id: "britta".to_owned(),
        jurisdictions: vec!["GB".to_owned()],
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(britta), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    let quiet = |id: Option<&str>| {
        let kept = listed(&product, id).into_iter().filter(|(_, kept)| *kept);
        kept.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(quiet(None), ["mothers_day", "new_year"]);
    assert_eq!(quiet(Some("britta")), ["mothers_day", "new_year", "valentines_day"]);
    let request =
        v1::GetPreferencesRequest { customer_id: "britta".to_owned(), ..Default::default() };
    let form = product.wait(product.customers().get_preferences(request)).unwrap().into_inner();
    let occasions = form.form.unwrap().occasions.into_iter();
    let kept: BTreeMap<String, bool> = occasions.map(|it| (it.name, it.keeps_days_quiet)).collect();
    assert_eq!(kept, listed(&product, Some("britta")), "the page says the same");
    // A purpose that passes quiet periods has no quiet days.
    let passes = policy.replace("surveys: {", "surveys: {exempt: [quiet_periods], ");
    product.apply(&passes, 1).unwrap();
    assert_eq!(quiet(None), Vec::<String>::new());
}

/// A period around any occasion is about those that the customer opted out of, each in its time.
#[test]
fn any_occasion_is_kept_for_those_who_opted_out_of_it() {
    let product = Product::start();
    let policy = "\
name: base
channels: {email: {kind: email}}
purposes: {news: {marketing: true}, receipts: {marketing: false}}
occasions: [{name: our_day, dates: [2027-05-05]}]
quiet_periods:
  - {name: asked, for: {purposes: [news]}, occasion: any, who: opted_out, before: 3d}
";
    product.apply(policy, 0).unwrap();
    for occasion in ["christmas", "our_day"] {
        let no = v1::OptOutRequest {
            customer_id: "ada".to_owned(),
            scope: Some(v1::Scope { occasion: Some(occasion.to_owned()), ..Default::default() }),
            ..Default::default()
        };
        product.opt_out(no).unwrap();
    }
    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer {
            customer_id: "ada".to_owned(),
            time_zone: Some("Europe/London".to_owned()),
            jurisdictions: vec!["GB".to_owned()],
            ..Default::default()
        }),
        ..Default::default()
    };
    product.wait(product.customers().update_customer(request)).unwrap();
    product.hand.set(at("2026-12-01T12:00:00Z"));
    let ask = |id: &str, purpose: &str, time: &str| {
        let contact = v1::Contact {
            purpose: purpose.to_owned(),
            contact_time: Some(timestamp(time)),
            ..email(id)
        };
        product.check(contact).unwrap()
    };
    for (time, quiet) in [
        ("2026-12-21T12:00:00Z", false),
        ("2026-12-22T12:00:00Z", true),
        ("2026-12-25T12:00:00Z", true),
        ("2026-12-26T12:00:00Z", false),
        ("2027-05-01T12:00:00Z", false),
        ("2027-05-02T12:00:00Z", true),
        ("2027-05-05T12:00:00Z", true),
        ("2027-05-06T12:00:00Z", false),
        // No customer opted out of Mother's Day.
        ("2027-03-07T12:00:00Z", false),
    ] {
        let news = ask("ada", "news", time);
        assert_eq!(codes(&news), if quiet { vec!["QUIET_PERIOD"] } else { vec![] }, "{time}");
        assert!(news.reasons.iter().all(|it| it.rule.as_deref() == Some("asked")), "{time}");
        for (id, purpose) in [("ada", "receipts"), ("bob", "news")] {
            let other = ask(id, purpose, time);
            assert_eq!(codes(&other), Vec::<String>::new(), "{id} {purpose} {time}");
        }
    }
    let next = ask("ada", "news", "2026-12-24T12:00:00Z").next_allowed_time;
    assert_eq!(next, Some(timestamp("2026-12-26T00:00:00Z")));
}
