//! What a customer can choose, how it stands, and what is chosen.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::ChoiceState;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::fields;
use super::product::is_allowed;
use super::product::seconds;

/// No sealed token can hold such an id by chance: there is no `@` in one.
pub(super) const ADA: &str = "ada@example.com";

pub(super) const POLICY: &str = "\
name: base
channels:
  email: {title: {en: E-mail, de: E-Mail}}
  sms: {consent: required}
  voice: {consent: required}
  letters: {}
purposes:
  offers: {}
  surveys: {marketing: true, title: {en: Surveys}}
  receipts: {marketing: false, exempt: [opt_outs, budgets, quiet_periods], title: {en: Receipts}}
  reply: {marketing: false, replies: true}
conversations: {window: 24h}
topics: [news, {name: events, title: {en: Events near you, fr: Près de chez vous}}]
budgets: [{name: weekly, for: {purposes: [offers, surveys]}, limit: 4, per: 7d}]
quiet_periods: [{name: days, occasion: any, before: 3d, who: opted_out}]
settings: {time_zone: {assume: UTC}}
pages: {name: Example Shop, confirm: [sms]}
";

pub(super) fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

pub(super) fn get(product: &Product) -> (v1::PreferenceForm, String) {
    let request = v1::GetPreferencesRequest { customer_id: ADA.to_owned(), ..Default::default() };
    let answer = product.wait(product.customers().get_preferences(request)).unwrap().into_inner();
    (answer.form.unwrap(), answer.version)
}

pub(super) fn set(
    product: &Product,
    request: v1::SetPreferencesRequest,
) -> Result<v1::SetPreferencesResponse, Status> {
    let request = v1::SetPreferencesRequest {
        customer_id: ADA.to_owned(),
        evidence: "form 1".to_owned(),
        ..request
    };
    product.wait(product.customers().set_preferences(request)).map(tonic::Response::into_inner)
}

/// Chooses on the form as it stands.
pub(super) fn choose(
    product: &Product,
    request: v1::SetPreferencesRequest,
) -> v1::SetPreferencesResponse {
    let expected_version = Some(get(product).1);
    set(product, v1::SetPreferencesRequest { expected_version, ..request }).unwrap()
}

pub(super) fn may(product: &Product, channel: &str, purpose: &str, topic: Option<&str>) -> bool {
    let contact = v1::Contact {
        customer_id: ADA.to_owned(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        topic: topic.map(str::to_owned),
        ..Default::default()
    };
    is_allowed(&product.check(contact).unwrap())
}

pub(super) fn states(choices: &[v1::Choice]) -> Vec<(&str, ChoiceState)> {
    choices.iter().map(|it| (it.name.as_str(), it.state())).collect()
}

pub(super) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

use ChoiceState::NeedsConsent;
use ChoiceState::Pending;
use ChoiceState::Refused;
use ChoiceState::RefusedByWider;
use ChoiceState::Wanted;

#[test]
fn the_form_offers_what_the_engine_keeps() {
    let product = product();
    let (form, version) = get(&product);
    assert_eq!(version, "", "nothing is on record");
    assert_eq!(states(&form.topics), [("news", Wanted), ("events", Wanted)]);
    assert_eq!(states(&form.purposes), [("offers", Wanted), ("surveys", Wanted)]);
    // Voice needs a consent that no one would confirm.
    let channels = [("email", Wanted), ("sms", NeedsConsent), ("letters", Wanted)];
    assert_eq!(states(&form.channels), channels);
    let titles: Vec<&str> = form.channels.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["E-mail", "Sms", "Letters"]);
    assert_eq!(form.always_sent_purposes, ["receipts"]);
    assert_eq!(form.always_sent_titles, ["Receipts"]);
    let limits: Vec<_> = form.cadences.iter().map(|it| (it.limit, it.per, it.chosen)).collect();
    let days = |days: i64| Some(seconds(days * 86_400));
    assert_eq!(limits, [(1, days(7), false), (1, days(30), false)]);
    assert_eq!(form.most.map(|it| (it.limit, it.per)), Some((4, days(7))));
    assert_eq!(form.sender.unwrap().name.as_deref(), Some("Example Shop"));
    let first = form.occasions.first().unwrap();
    assert_eq!((first.name.as_str(), first.title.as_str()), ("mothers_day", "Mother's Day"));
    assert!(first.keeps_days_quiet && first.first);
    assert_eq!(first.next_date, None, "countries keep different days, and Ada's is not known");
    let ada = v1::Customer {
        customer_id: ADA.to_owned(),
        jurisdictions: names(&["GB"]),
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(ada), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    let occasions = get(&product).0.occasions;
    assert!(occasions.first().unwrap().next_date.is_some());
}

#[test]
fn what_is_refused_is_denied_and_what_still_comes_comes() {
    let product = product();
    let refused = v1::SetPreferencesRequest {
        refused_topics: names(&["news"]),
        refused_channels: names(&["letters"]),
        refused_occasions: names(&["mothers_day"]),
        ..Default::default()
    };
    let answer = set(&product, refused.clone()).unwrap();
    assert_eq!((answer.changed, answer.outdated), (Some(true), false));
    for purpose in ["offers", "surveys"] {
        assert!(!may(&product, "email", purpose, Some("news")));
        assert!(may(&product, "email", purpose, Some("events")));
        assert!(!may(&product, "letters", purpose, None));
    }
    assert!(may(&product, "letters", "receipts", Some("news")));
    let form = answer.form.unwrap();
    assert_eq!(states(&form.topics), [("news", Refused), ("events", Wanted)]);
    assert_eq!(states(&form.channels)[2], ("letters", Refused));
    assert_eq!(form.occasions[0].state(), Refused);
    assert_eq!(set(&product, refused).unwrap().changed, Some(false), "it is refused already");
}

#[test]
fn what_is_stopped_and_wanted_again_is_as_it_was_before() {
    let product = product();
    let refused = v1::SetPreferencesRequest {
        refused_topics: names(&["news"]),
        refused_channels: names(&["letters"]),
        ..Default::default()
    };
    set(&product, refused).unwrap();
    for times in 1..=3 {
        product.hand.set(at(NOW).plus(Span::from_secs(times * 60)));
        let stop = v1::SetPreferencesRequest { stop_all: Some(true), ..Default::default() };
        let form = set(&product, stop).unwrap().form.unwrap();
        assert_eq!(states(&form.purposes), [("offers", Refused), ("surveys", Refused)]);
        assert_eq!(states(&form.topics), [("news", RefusedByWider), ("events", RefusedByWider)]);
        assert!(!may(&product, "email", "offers", None));
        assert!(may(&product, "email", "receipts", None));

        product.hand.set(at(NOW).plus(Span::from_secs(times * 60 + 5)));
        let again = v1::SetPreferencesRequest {
            wanted_purposes: names(&["offers", "surveys"]),
            ..Default::default()
        };
        let form = choose(&product, again).form.unwrap();
        assert_eq!(states(&form.purposes), [("offers", Wanted), ("surveys", Wanted)]);
        assert_eq!(states(&form.topics), [("news", Refused), ("events", Wanted)], "{times}");
        assert_eq!(states(&form.channels)[2], ("letters", Refused), "{times}");
        assert!(!may(&product, "email", "offers", Some("news")));
        assert!(!may(&product, "letters", "surveys", None));
        assert!(may(&product, "email", "offers", Some("events")));
    }
}

#[test]
fn what_allows_more_needs_the_record_that_was_shown() {
    let product = product();
    let refuse =
        v1::SetPreferencesRequest { refused_topics: names(&["news"]), ..Default::default() };
    set(&product, refuse).unwrap();
    let (_, seen) = get(&product);
    let other =
        v1::SetPreferencesRequest { refused_topics: names(&["events"]), ..Default::default() };
    set(&product, other).unwrap();
    let both = v1::SetPreferencesRequest {
        wanted_topics: names(&["news"]),
        refused_channels: names(&["letters"]),
        ..Default::default()
    };
    for expected_version in [Some(seen), Some(String::new()), None] {
        let request = v1::SetPreferencesRequest { expected_version, ..both.clone() };
        let answer = set(&product, request).unwrap();
        assert!(answer.outdated);
        let form = answer.form.unwrap();
        assert_eq!(states(&form.topics), [("news", Refused), ("events", Refused)]);
        assert_eq!(states(&form.channels)[2], ("letters", Refused), "it lands all the same");
    }
    let answer = choose(&product, both);
    assert!(!answer.outdated && answer.changed == Some(true));
    assert!(may(&product, "email", "offers", Some("news")));
}

#[test]
fn a_yes_is_complete_only_where_the_channel_is_proven() {
    let product = product();
    let want = |proven_channel: Option<&str>| v1::SetPreferencesRequest {
        wanted_channels: names(&["sms"]),
        proven_channel: proven_channel.map(str::to_owned),
        ..Default::default()
    };
    let answer = choose(&product, want(Some("email")));
    assert_eq!(answer.pending_channels, ["sms"]);
    assert_eq!(states(&answer.form.unwrap().channels)[1], ("sms", Pending));
    assert!(!may(&product, "sms", "offers", None));
    let answer = choose(&product, want(Some("sms")));
    assert!(answer.pending_channels.is_empty());
    assert_eq!(states(&answer.form.unwrap().channels)[1], ("sms", Wanted));
    assert!(may(&product, "sms", "offers", None) && may(&product, "sms", "surveys", None));
}

#[test]
fn a_cadence_counts_only_what_the_form_is_about() {
    let product = product();
    let wish = |limit: Option<u32>, days: i64| v1::SetPreferencesRequest {
        cadence: Some(v1::CadenceWish { limit, per: limit.map(|_| seconds(days * 86_400)) }),
        ..Default::default()
    };
    set(&product, wish(Some(1), 7)).unwrap();
    let contact = |purpose: &str| v1::Contact {
        customer_id: ADA.to_owned(),
        channel: "email".to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    };
    product.record("r1", contact("receipts"));
    assert!(may(&product, "email", "offers", None), "a receipt spends nothing of it");
    product.record("r2", contact("offers"));
    assert!(!may(&product, "letters", "surveys", None));
    assert!(may(&product, "letters", "receipts", None));
    let looser = set(&product, wish(None, 0)).unwrap();
    assert!(looser.outdated, "as it comes allows more");
    let answer = choose(&product, wish(None, 0));
    assert!(answer.form.unwrap().cadences.iter().all(|it| !it.chosen));
    assert!(may(&product, "letters", "surveys", None));
}

#[test]
fn breaks_and_own_dates_come_and_go() {
    let product = product();
    let date = v1::QuietDate { date: "11-22".to_owned(), days_around: Some(1) };
    let request = v1::SetPreferencesRequest {
        break_for: Some(seconds(14 * 86_400)),
        added_dates: vec![date.clone()],
        ..Default::default()
    };
    let form = set(&product, request).unwrap().form.unwrap();
    let until = courtesy::rpc::convert::time::timestamp(at(NOW).plus(Span::from_days(14)));
    assert_eq!((form.break_until_time, form.own_dates), (Some(until), vec![date.clone()]));
    assert_eq!(states(&form.purposes)[0], ("offers", Wanted), "a break is not a refusal for good");
    assert!(!may(&product, "email", "offers", None));
    product.hand.set(at(NOW).plus(Span::from_secs(5)));
    let request = v1::SetPreferencesRequest {
        end_break: Some(true),
        removed_dates: vec![date],
        ..Default::default()
    };
    let form = choose(&product, request).form.unwrap();
    assert_eq!((form.break_until_time, form.own_dates), (None, vec![]));
    assert!(may(&product, "email", "offers", None));
}

#[test]
fn what_reaches_beyond_the_form_is_not_taken_back_there() {
    let product = Product::start();
    let pages = "pages: {name: Example Shop, purposes: [offers], confirm: [sms]}";
    let policy = POLICY.replace("pages: {name: Example Shop, confirm: [sms]}", pages);
    product.apply(&policy, 0).unwrap();
    let scope = v1::Scope { channel: Some("email".to_owned()), ..Default::default() };
    let request =
        v1::OptOutRequest { customer_id: ADA.to_owned(), scope: Some(scope), ..Default::default() };
    product.opt_out(request).unwrap();
    assert_eq!(states(&get(&product).0.channels)[0], ("email", RefusedByWider));
    let want =
        v1::SetPreferencesRequest { wanted_channels: names(&["email"]), ..Default::default() };
    choose(&product, want);
    assert!(!may(&product, "email", "offers", None) && !may(&product, "email", "surveys", None));
}

#[test]
fn a_request_is_remembered_and_mistakes_are_named() {
    let product = product();
    let request = v1::SetPreferencesRequest {
        refused_topics: names(&["news"]),
        request_id: Some("r1".to_owned()),
        ..Default::default()
    };
    assert_eq!(set(&product, request.clone()).unwrap().changed, Some(true));
    assert_eq!(set(&product, request).unwrap().changed, Some(false));
    let wrong = v1::SetPreferencesRequest {
        refused_channels: names(&["fax"]),
        refused_purposes: names(&["receipts"]),
        wanted_topics: names(&["news"]),
        refused_topics: names(&["news"]),
        cadence: Some(v1::CadenceWish { limit: Some(1), per: None }),
        ..Default::default()
    };
    let status = set(&product, wrong).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        fields(&status),
        ["refused_purposes", "wanted_topics", "cadence.per", "refused_channels"]
    );
    let topic =
        v1::SetPreferencesRequest { refused_topics: names(&["gone"]), ..Default::default() };
    assert_eq!(set(&product, topic).unwrap_err().code(), Code::InvalidArgument);
}
