//! Customers who wrote to us, and whose answer is late.

use courtesy::model::Span;
use courtesy::proto::v1;
use tonic::Code;
use tonic_types::StatusExt;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::fields;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, answer: {replies: true}}
";

fn product(conversations: &str) -> Product {
    let product = Product::start();
    product.apply(&format!("{POLICY}conversations: {{{conversations}}}\n"), 0).unwrap();
    product
}

/// What a customer writes.
#[derive(Clone, Copy)]
struct Message<'a> {
    who: &'a str,
    channel: &'a str,
    text: &'a str,
    id: &'a str,
    /// When it was written, unless that is now.
    time: Option<&'a str>,
}

fn write(product: &Product, who: &str, text: &str, id: &str) {
    write_message(product, Message { who, channel: "sms", text, id, time: None });
}

fn write_message(product: &Product, message: Message<'_>) {
    let request = v1::HandleInboundMessageRequest {
        customer_id: message.who.to_owned(),
        channel: message.channel.to_owned(),
        text: message.text.to_owned(),
        request_id: message.id.to_owned(),
        event_time: message.time.map(timestamp),
        ..Default::default()
    };
    product.wait(product.customers().handle_inbound_message(request)).unwrap();
}

fn send(product: &Product, who: &str, channel: &str, purpose: &str, id: &str) {
    let contact = v1::Contact {
        customer_id: who.to_owned(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    };
    product.record(id, contact);
}

/// Who waits by which channel too long, since which message and until when there was time.
fn late(product: &Product) -> Vec<(String, String, String, Option<prost_types::Timestamp>)> {
    let mut all = Vec::new();
    let mut page_token = None;
    loop {
        let request =
            v1::ListOverdueRepliesRequest { page_size: Some(2), page_token, tenant: None };
        let page = product.wait(product.customers().list_overdue_replies(request)).unwrap();
        let page = page.into_inner();
        let replies = page.replies.into_iter();
        all.extend(replies.map(|it| (it.customer_id, it.channel, it.message_id, it.due_time)));
        if page.next_page_token.is_empty() {
            return all;
        }
        page_token = Some(page.next_page_token);
    }
}

fn who(product: &Product) -> Vec<String> {
    late(product)
        .into_iter()
        .map(|(customer, channel, ..)| format!("{customer} {channel}"))
        .collect()
}

fn after(product: &Product, minutes: u32) {
    product.hand.set(at(NOW).plus(Span::from_secs(minutes * 60)));
}

#[test]
fn an_answer_is_late_when_its_time_is_over() {
    let product = product("window: 24h, reply_within: 30m");
    write(&product, "ada", "where is my order?", "m-1");
    assert_eq!(late(&product), []);
    after(&product, 29);
    assert_eq!(late(&product), []);
    // Another message does not begin the time anew.
    write(&product, "ada", "hello?", "m-2");
    after(&product, 30);
    let due = Some(timestamp("2026-11-22T12:30:00Z"));
    assert_eq!(late(&product), [("ada".into(), "sms".into(), "m-1".into(), due)]);
    send(&product, "ada", "sms", "marketing", "c-1");
    send(&product, "ada", "email", "answer", "c-2");
    assert_eq!(who(&product), ["ada sms"], "neither another purpose nor another channel answers");
    send(&product, "ada", "sms", "answer", "c-3");
    assert_eq!(late(&product), []);
    after(&product, 31);
    write(&product, "ada", "and the other one?", "m-3");
    after(&product, 60);
    assert_eq!(late(&product), []);
    after(&product, 61);
    assert_eq!(late(&product)[0].2, "m-3");
}

#[test]
fn what_wants_no_answer_is_not_waited_for() {
    let product = product("window: 24h, reply_within: 30m");
    for (number, text) in ["STOP", "START", "HELP"].into_iter().enumerate() {
        write(&product, &format!("c-{number}"), text, "m-1");
    }
    after(&product, 60);
    assert_eq!(late(&product), []);
    // An unclear message needs a human all the more.
    write(&product, "ada", "wrong number", "m-1");
    after(&product, 90);
    assert_eq!(who(&product), ["ada sms"]);
}

#[test]
fn a_reservation_answers_when_it_is_confirmed() {
    let product = product("window: 24h, reply_within: 30m");
    write(&product, "ada", "where is my order?", "m-1");
    after(&product, 40);
    let contact = v1::Contact {
        customer_id: "ada".to_owned(),
        channel: "sms".to_owned(),
        purpose: "answer".to_owned(),
        ..Default::default()
    };
    let reserve = v1::ReserveContactRequest {
        contact: Some(contact),
        request_id: "r-1".to_owned(),
        ..Default::default()
    };
    product.reserve(reserve).unwrap();
    assert_eq!(who(&product), ["ada sms"]);
    let confirm = v1::ConfirmContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "r-1".to_owned(),
        ..Default::default()
    };
    product.wait(product.contacts().confirm_contact(confirm)).unwrap();
    assert_eq!(late(&product), []);
}

#[test]
fn a_message_whose_words_courtesy_has_not_seen_is_waited_for_as_well() {
    let product = product("window: 24h, reply_within: 30m");
    let engagement = |kind: v1::EngagementKind, id: &str| {
        let request = v1::RecordEngagementRequest {
            customer_id: "ada".to_owned(),
            request_id: id.to_owned(),
            kind: i32::from(kind),
            channel: Some("sms".to_owned()),
            ..Default::default()
        };
        product.wait(product.contacts().record_engagement(request)).unwrap();
    };
    engagement(v1::EngagementKind::Clicked, "e-1");
    after(&product, 30);
    assert_eq!(late(&product), []);
    engagement(v1::EngagementKind::Inbound, "e-2");
    after(&product, 60);
    assert_eq!(late(&product)[0].2, "e-2");
    send(&product, "ada", "sms", "answer", "c-1");
    assert_eq!(late(&product), []);
}

#[test]
fn an_answer_by_other_means_can_be_recorded() {
    let product = product("window: 24h, reply_within: 30m");
    write(&product, "ada", "where is my order?", "m-1");
    let text = "where is my order?";
    write_message(&product, Message { who: "ada", channel: "email", text, id: "m-2", time: None });
    after(&product, 31);
    assert_eq!(late(&product).len(), 2);
    let mark = |channel: Option<&str>, request_id: Option<&str>| {
        let request = v1::MarkAnsweredRequest {
            customer_id: "ada".to_owned(),
            channel: channel.map(str::to_owned),
            request_id: request_id.map(str::to_owned),
            tenant: None,
        };
        product.wait(product.customers().mark_answered(request))
    };
    assert_eq!(mark(Some("sms"), Some("a-1")).unwrap().into_inner().answered, 1);
    assert_eq!(who(&product), ["ada email"]);
    // A repetition answers nothing that came meanwhile.
    write(&product, "ada", "again", "m-3");
    assert_eq!(mark(Some("sms"), Some("a-1")).unwrap().into_inner().answered, 0);
    after(&product, 62);
    assert_eq!(late(&product).len(), 2);
    let reused = mark(None, Some("a-1")).unwrap_err();
    assert_eq!(reused.code(), Code::AlreadyExists);
    assert_eq!(mark(None, None).unwrap().into_inner().answered, 2);
    assert_eq!(late(&product), []);
    let strange = mark(Some("fax"), None).unwrap_err();
    assert_eq!(fields(&strange), ["channel"]);
}

#[test]
fn the_time_runs_within_the_hours_only() {
    // NOW is a Sunday.
    let hours = "window: 24h, reply_within: 2h, reply_hours: {time_zone: Europe/Paris, open: \
                 [{days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\"}]}";
    let product = product(hours);
    write(&product, "ada", "where is my order?", "m-1");
    // Friday, half an hour before the end: the rest is on Monday.
    let (text, friday) = ("where is mine?", Some("2026-11-20T15:30:00Z"));
    write_message(&product, Message { who: "bob", channel: "sms", text, id: "m-1", time: friday });
    product.hand.set(at("2026-11-23T09:29:59Z"));
    assert_eq!(late(&product), []);
    product.hand.set(at("2026-11-23T09:30:00Z"));
    let due = Some(timestamp("2026-11-23T09:30:00Z"));
    assert_eq!(late(&product), [("bob".into(), "sms".into(), "m-1".into(), due)]);
    product.hand.set(at("2026-11-23T10:00:00Z"));
    assert_eq!(who(&product), ["bob sms", "ada sms"], "who waits longest first");
}

#[test]
fn an_answer_that_was_given_before_a_message_is_heard_answers_it() {
    let product = product("window: 24h, reply_within: 30m");
    send(&product, "ada", "sms", "answer", "c-1");
    let (text, before) = ("thanks?", Some("2026-11-22T11:00:00Z"));
    write_message(&product, Message { who: "ada", channel: "sms", text, id: "m-1", time: before });
    after(&product, 120);
    assert_eq!(late(&product), []);
    let erase = v1::EraseCustomerRequest { customer_id: "bob".to_owned(), ..Default::default() };
    write(&product, "bob", "where is my order?", "m-1");
    after(&product, 200);
    assert_eq!(who(&product), ["bob sms"]);
    product.wait(product.customers().erase_customer(erase)).unwrap();
    assert_eq!(late(&product), []);
}

#[test]
fn another_policy_holds_for_those_who_wait_already() {
    let product = product("window: 24h, reply_within: 10h");
    write(&product, "ada", "where is my order?", "m-1");
    after(&product, 60);
    assert_eq!(late(&product), []);
    product
        .apply(&format!("{POLICY}conversations: {{window: 24h, reply_within: 30m}}\n"), 1)
        .unwrap();
    assert_eq!(who(&product), ["ada sms"]);
    product.apply(&format!("{POLICY}conversations: {{window: 24h}}\n"), 2).unwrap();
    assert_eq!(late(&product), []);
}

#[test]
fn hours_need_a_clock_and_some_time() {
    let product = Product::start();
    let apply = |conversations: &str| {
        let text = format!("{POLICY}conversations: {{window: 24h, {conversations}}}\n");
        product.apply(&text, 0).unwrap_err()
    };
    let open = "[{from: \"09:00\", to: \"17:00\"}]";
    let status = apply(&format!("reply_within: 1h, reply_hours: {{open: {open}}}"));
    assert!(told(&status).contains("these hours are on no clock"), "{status:?}");
    let status = apply("reply_within: 1h, reply_hours: {time_zone: UTC, open: []}");
    assert!(told(&status).contains("these hours never open"), "{status:?}");
    let status = apply(&format!("reply_hours: {{time_zone: UTC, open: {open}}}"));
    assert_eq!(status.code(), Code::InvalidArgument);
}

fn told(status: &tonic::Status) -> String {
    format!("{:?}", status.get_details_bad_request())
}
