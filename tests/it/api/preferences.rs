//! Wishes that are neither a yes nor a no: listed for a human, or recorded where the policy says
//! so.

use courtesy::proto::v1;
use courtesy::proto::v1::CalendarUnit;
use courtesy::proto::v1::InboundMeaning;
use courtesy::proto::v1::cadence::Window;
use courtesy::proto::v1::inbound_preference::Wish;
use courtesy::proto::v1::quiet_time::Time;

use super::product::Product;
use super::product::codes;
use super::product::is_allowed;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}}
settings: {time_zone: {assume: UTC}}
";
const RECORD: &str = "inbound_messages: {preferences: record}\n";

fn product(inbound_messages: &str) -> Product {
    let product = Product::start();
    product.apply(&format!("{POLICY}{inbound_messages}"), 0).unwrap();
    product
}

fn write(product: &Product, text: &str) -> v1::HandleInboundMessageResponse {
    let request = v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: "sms".to_owned(),
        text: text.to_owned(),
        request_id: text.to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().handle_inbound_message(request)).unwrap().into_inner()
}

fn known(product: &Product) -> v1::Customer {
    let request = v1::GetCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let answer = product.wait(product.customers().get_customer(request)).unwrap();
    answer.into_inner().customer.unwrap()
}

fn listed(product: &Product) -> Vec<(String, String)> {
    let request = v1::ListUnclearMessagesRequest::default();
    let answer = product.wait(product.customers().list_unclear_messages(request)).unwrap();
    let messages = answer.into_inner().messages.into_iter();
    messages.map(|it| (it.doubt, it.text)).collect()
}

fn monthly() -> v1::Cadence {
    v1::Cadence {
        channel: Some("sms".to_owned()),
        limit: Some(1),
        window: Some(Window::Calendar(CalendarUnit::Month.into())),
        ..Default::default()
    }
}

fn hours(from: &str, to: &str, days: &[&str]) -> v1::QuietTime {
    let hours = v1::QuietHours {
        from: from.to_owned(),
        to: to.to_owned(),
        days: days.iter().map(|day| (*day).to_owned()).collect(),
        channels: vec!["sms".to_owned()],
    };
    v1::QuietTime { time: Some(Time::Hours(hours)) }
}

#[test]
fn by_default_a_wish_is_answered_in_structure_and_listed_for_a_human() {
    let product = product("");
    let handled = write(&product, "only once a month please");
    assert_eq!(handled.meaning(), InboundMeaning::Preference);
    let preference = handled.preference.unwrap();
    assert_eq!((preference.wish, preference.recorded), (Some(Wish::Cadence(monthly())), false));
    assert!(handled.suppressed_until_time.is_none() && handled.reply_until_time.is_none());
    let text = "only once a month please".to_owned();
    assert_eq!(listed(&product), [("preference".to_owned(), text)]);
    assert_eq!(known(&product).cadence, []);
}

#[test]
fn wishes_are_recorded_where_the_policy_says_so() {
    let product = product(RECORD);
    for (text, wish) in [
        ("only once a month", Wish::Cadence(monthly())),
        ("not before nine", Wish::QuietTime(hours("00:00", "09:00", &[]))),
        ("not at weekends", Wish::QuietTime(hours("00:00", "24:00", &["sat", "sun"]))),
        (
            "nothing around Mother's Day",
            Wish::OptOutScope(v1::Scope {
                occasion: Some("mothers_day".to_owned()),
                ..Default::default()
            }),
        ),
    ] {
        let handled = write(&product, text);
        assert_eq!(handled.meaning(), InboundMeaning::Preference, "{text}");
        let preference = handled.preference.unwrap();
        assert_eq!((preference.wish, preference.recorded), (Some(wish), true), "{text}");
    }
    let known = known(&product);
    assert_eq!(known.cadence, [monthly()]);
    assert_eq!(known.quiet_times.len(), 2, "{:?}", known.quiet_times);
    let refused: Vec<_> = known.opt_outs.into_iter().filter_map(|it| it.scope?.occasion).collect();
    assert_eq!(refused, ["mothers_day"]);
    assert_eq!(listed(&product), []);
    // The time is a Sunday.
    let contact = v1::Contact {
        customer_id: "ada".to_owned(),
        channel: "sms".to_owned(),
        purpose: "marketing".to_owned(),
        ..Default::default()
    };
    let refused = product.check(contact.clone()).unwrap();
    assert_eq!(codes(&refused), ["QUIET_HOURS"]);
    let email = v1::Contact { channel: "email".to_owned(), ..contact };
    assert!(is_allowed(&product.check(email).unwrap()), "it is about the channel it came by");
}

#[test]
fn what_cannot_be_recorded_is_listed_and_what_is_a_refusal_stays_one() {
    let product = product(RECORD);
    let fewer = write(&product, "fewer of these please").preference.unwrap();
    assert_eq!((fewer.wish, fewer.recorded), (Some(Wish::Fewer(true)), false));
    assert_eq!(listed(&product).len(), 1);
    assert_eq!(write(&product, "STOP. Fewer of these please").meaning(), InboundMeaning::Stop);
}
