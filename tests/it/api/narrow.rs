//! Wishes about a part only: one brand, one topic, some days, some channels; and zones that are
//! places.

use courtesy::proto::v1;
use courtesy::proto::v1::cadence::Window;
use courtesy::proto::v1::quiet_time::Time;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::codes;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;

const POLICY: &str = "\
name: base
settings: {time_zone: {unknown: deny}}
channels: {email: {}, sms: {consent: required}, voice: {}}
purposes: {marketing: {}, service: {}}
topics: [offers, tips]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn contact(channel: &str, brand: Option<&str>, topic: Option<&str>) -> v1::Contact {
    v1::Contact {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        purpose: "marketing".to_owned(),
        brand: brand.map(str::to_owned),
        topic: topic.map(str::to_owned),
        ..Default::default()
    }
}

fn may(product: &Product, channel: &str, brand: Option<&str>, topic: Option<&str>) -> bool {
    is_allowed(&product.check(contact(channel, brand, topic)).unwrap())
}

fn wrote(
    product: &Product,
    (text, id): (&str, &str),
    (brand, topic): (Option<&str>, Option<&str>),
) -> Result<v1::HandleInboundMessageResponse, Status> {
    let request = v1::HandleInboundMessageRequest {
        // One a minute: of the same time, the no stays.
        event_time: Some(timestamp(&format!("2026-11-20T12:0{id}:00Z"))),
        customer_id: "ada".to_owned(),
        channel: "email".to_owned(),
        text: text.to_owned(),
        request_id: id.to_owned(),
        brand: brand.map(str::to_owned),
        topic: topic.map(str::to_owned),
        ..Default::default()
    };
    product
        .wait(product.customers().handle_inbound_message(request))
        .map(tonic::Response::into_inner)
}

fn yes(product: &Product, scope: v1::Scope) -> v1::OptInResponse {
    let request = v1::OptInRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        evidence: "form".to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().opt_in(request)).unwrap().into_inner()
}

fn update(product: &Product, customer: v1::Customer) -> Result<v1::Customer, Status> {
    let request = v1::UpdateCustomerRequest {
        customer: Some(v1::Customer { customer_id: "ada".to_owned(), ..customer }),
        ..Default::default()
    };
    let answer = product.wait(product.customers().update_customer(request))?;
    Ok(answer.into_inner().customer.unwrap())
}

#[test]
fn stop_to_the_number_of_a_brand_refuses_that_brand() {
    let product = product();
    let stop = wrote(&product, ("STOP", "1"), (Some("acme"), None)).unwrap();
    let scope = v1::Scope { channel: some("email"), brand: some("acme"), ..Default::default() };
    assert_eq!(stop.opted_out_scopes, [scope]);
    assert!(!may(&product, "email", Some("acme"), None));
    assert!(may(&product, "email", Some("zenith"), None));
    assert!(may(&product, "email", None, None) && may(&product, "voice", Some("acme"), None));

    // To another brand's number, START is not a word about this one.
    assert!(wrote(&product, ("START", "2"), (Some("zenith"), None)).unwrap().opted_in);
    assert!(!may(&product, "email", Some("acme"), None));
    assert!(wrote(&product, ("START", "3"), (Some("acme"), None)).unwrap().opted_in);
    assert!(may(&product, "email", Some("acme"), None));

    // A list's number, and a customer who says that everything is meant.
    wrote(&product, ("stop", "4"), (None, Some("offers"))).unwrap();
    assert!(
        !may(&product, "email", None, Some("offers")) && may(&product, "email", None, Some("tips"))
    );
    let all = wrote(&product, ("STOP ALL", "5"), (Some("acme"), Some("tips"))).unwrap();
    assert_eq!(all.opted_out_scopes, [v1::Scope::default()]);
    assert!(!may(&product, "email", Some("zenith"), None));
    let unknown = wrote(&product, ("STOP", "6"), (None, Some("gossip"))).unwrap_err();
    assert_eq!(
        (reason(&unknown), fields(&unknown)),
        ("UNDECLARED_NAME".to_owned(), vec!["topic".to_owned()])
    );
}

#[test]
fn a_consent_to_a_brand_or_a_topic_is_for_no_other() {
    let product = product();
    let sms = || v1::Scope { channel: some("sms"), ..Default::default() };
    let of_acme = yes(&product, v1::Scope { brand: some("acme"), ..sms() });
    assert_eq!(of_acme.consents.len(), 1);
    assert_eq!((&of_acme.consents[0].brand, &of_acme.consents[0].topic), (&some("acme"), &None));
    assert!(may(&product, "sms", Some("acme"), Some("tips")));
    for other in [None, Some("zenith")] {
        let denied = product.check(contact("sms", other, None)).unwrap();
        assert_eq!(codes(&denied), ["NO_CONSENT"], "{other:?}");
    }
    yes(&product, v1::Scope { topic: some("offers"), ..sms() });
    assert!(
        may(&product, "sms", None, Some("offers")) && !may(&product, "sms", None, Some("tips"))
    );
    // An occasion is a wish of a few days, and no consent.
    let occasion = yes(&product, v1::Scope { occasion: some("easter"), ..sms() });
    assert_eq!(occasion.consents.len(), 2);
    let product = product.restart();
    assert!(may(&product, "sms", Some("acme"), None) && !may(&product, "sms", None, None));
    assert_eq!(yes(&product, sms()).consents.len(), 3);
    assert!(may(&product, "sms", Some("zenith"), Some("tips")));
}

#[test]
fn quiet_hours_have_days_and_channels_and_cadence_has_topics_and_purposes() {
    let product = product();
    let hours = v1::QuietHours {
        from: "00:00".to_owned(),
        to: "24:00".to_owned(),
        days: ["sun", "sat"].map(str::to_owned).into(),
        channels: vec!["email".to_owned()],
    };
    let window = Some(Window::Sliding(prost_types::Duration { seconds: 604_800, nanos: 0 }));
    let cadence = v1::Cadence {
        limit: Some(0),
        window,
        purposes: vec!["marketing".to_owned()],
        topics: vec!["offers".to_owned()],
        ..Default::default()
    };
    let quiet = |hours: &v1::QuietHours| v1::QuietTime { time: Some(Time::Hours(hours.clone())) };
    let customer = v1::Customer {
        time_zone: some("Europe/London"),
        quiet_times: vec![quiet(&hours)],
        cadence: vec![cadence.clone()],
        ..Default::default()
    };
    let known = update(&product, customer).unwrap();
    let days = ["sat", "sun"].map(str::to_owned).into();
    assert_eq!(known.quiet_times, [quiet(&v1::QuietHours { days, ..hours.clone() })]);
    assert_eq!(known.cadence, std::slice::from_ref(&cadence));
    // The test's clock begins on a Sunday.
    let product = product.restart();
    assert_eq!(codes(&product.check(contact("email", None, None)).unwrap()), ["QUIET_HOURS"]);
    assert!(may(&product, "voice", None, Some("tips")));
    let offer = product.check(contact("voice", None, Some("offers"))).unwrap();
    assert_eq!(codes(&offer), ["PERSONAL_CADENCE"]);

    let wrong = v1::QuietHours { days: vec!["Sunday".to_owned()], ..hours.clone() };
    let wrong = v1::Customer { quiet_times: vec![quiet(&wrong)], ..Default::default() };
    let wrong = update(&product, wrong).unwrap_err();
    assert_eq!(fields(&wrong), ["customer.quiet_times[0].hours.days"]);
    let undeclared = v1::Customer {
        quiet_times: vec![quiet(&v1::QuietHours { channels: vec!["fax".to_owned()], ..hours })],
        cadence: vec![v1::Cadence { topics: vec!["gossip".to_owned()], ..cadence }],
        ..Default::default()
    };
    let undeclared = update(&product, undeclared).unwrap_err();
    let named = ["customer.cadence[0].topics", "customer.quiet_times[0].hours.channels"];
    assert_eq!(fields(&undeclared), named);
    assert_eq!(
        (undeclared.code(), reason(&undeclared)),
        (Code::InvalidArgument, "UNDECLARED_NAME".to_owned())
    );
}

#[test]
fn a_zone_is_a_place_and_a_country_a_code() {
    let product = product();
    for (zone, city) in [
        ("EST", "America/New_York"),
        ("MST", "America/Denver"),
        ("HST", "Pacific/Honolulu"),
        ("GMT", "Europe/London"),
        ("Etc/GMT+5", "America/New_York"),
        ("Etc/GMT-1", "Europe/Paris"),
        ("-06:00", "America/Chicago"),
        ("+05:30", "Asia/Kolkata"),
        ("London", "did you mean `Europe/London`"),
        ("UK", "did you mean `Europe/London`"),
        ("France", "did you mean `Europe/Paris`"),
        ("US Eastern", "did you mean `America/New_York`"),
    ] {
        let customer = v1::Customer { time_zone: some(zone), ..Default::default() };
        let refused = update(&product, customer).unwrap_err();
        assert_eq!(fields(&refused), ["customer.time_zone"], "{zone}");
        assert!(refused.message().contains(city), "{zone}: {}", refused.message());
        let customer = v1::Customer { time_zones: vec![zone.to_owned()], ..Default::default() };
        assert_eq!(fields(&update(&product, customer).unwrap_err()), ["customer.time_zones"]);
    }
    for (code, meant) in [("UK", "GB"), ("England", "GB"), ("London", "GB"), ("France", "FR")] {
        let customer = v1::Customer { jurisdictions: vec![code.to_owned()], ..Default::default() };
        let refused = update(&product, customer).unwrap_err();
        assert_eq!(fields(&refused), ["customer.jurisdictions"]);
        let meant = format!("did you mean `{meant}`");
        assert!(refused.message().contains(&meant), "{code}: {}", refused.message());
    }
    for zone in ["UTC", "Etc/UTC", "EST5EDT", "GB"] {
        let customer = v1::Customer { time_zone: some(zone), ..Default::default() };
        update(&product, customer).unwrap();
    }
}
