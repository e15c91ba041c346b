//! What a human has to look at: it leaves a trace, and holds marketing, until it is resolved.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::ConsentKind;
use courtesy::proto::v1::InboundMeaning;
use tonic::Code;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::fields;
use super::product::is_allowed;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {}}
";
/// Of no language that the tables read.
const RUSSIAN: &str = "извините я бы хотел";

fn product(inbound_messages: &str) -> Product {
    let product = Product::start();
    product.apply(&format!("{POLICY}{inbound_messages}"), 0).unwrap();
    product
}

fn message(who: &str, text: &str, id: &str) -> v1::HandleInboundMessageRequest {
    v1::HandleInboundMessageRequest {
        customer_id: who.to_owned(),
        channel: "sms".to_owned(),
        text: text.to_owned(),
        request_id: id.to_owned(),
        ..Default::default()
    }
}

fn write(product: &Product, who: &str, text: &str, id: &str) -> v1::HandleInboundMessageResponse {
    let request = message(who, text, id);
    product.wait(product.customers().handle_inbound_message(request)).unwrap().into_inner()
}

fn contact(who: &str, channel: &str, purpose: &str) -> v1::Contact {
    v1::Contact {
        customer_id: who.to_owned(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    }
}

fn may(product: &Product, channel: &str, purpose: &str) -> bool {
    is_allowed(&product.check(contact("ada", channel, purpose)).unwrap())
}

/// All messages on the list, page by page.
fn listed(product: &Product, page_size: u32) -> Vec<v1::UnclearMessage> {
    let mut messages = Vec::new();
    let mut page_token = None;
    loop {
        let page_size = Some(page_size);
        let request = v1::ListUnclearMessagesRequest { page_size, page_token, tenant: None };
        let page = product.wait(product.customers().list_unclear_messages(request));
        let page = page.unwrap().into_inner();
        messages.extend(page.messages);
        if page.next_page_token.is_empty() {
            return messages;
        }
        page_token = Some(page.next_page_token);
    }
}

fn resolve(product: &Product, message: Option<&str>) -> v1::ResolveUnclearMessageResponse {
    let request = v1::ResolveUnclearMessageRequest {
        customer_id: "ada".to_owned(),
        message_id: message.map(str::to_owned),
        ..Default::default()
    };
    product.wait(product.customers().resolve_unclear_message(request)).unwrap().into_inner()
}

#[test]
fn marketing_on_the_channel_is_held_for_three_days_until_it_is_resolved() {
    let product = product("");
    let handled = write(&product, "ada", "wrong number", "1");
    assert_eq!(handled.meaning(), InboundMeaning::Unclear);
    assert_eq!(handled.doubt, "wrong_person");
    assert_eq!(handled.suppressed_until_time, Some(timestamp("2026-11-25T12:00:00Z")));
    let refused = product.check(contact("ada", "sms", "marketing")).unwrap();
    assert_eq!(codes(&refused), ["SUPPRESSED"]);
    assert_eq!(refused.next_allowed_time, Some(timestamp("2026-11-25T12:00:00Z")));
    assert!(may(&product, "sms", "receipt") && may(&product, "email", "marketing"));
    let resolved = resolve(&product, Some("1"));
    assert_eq!((resolved.resolved, resolved.lifted.len()), (1, 1));
    assert!(may(&product, "sms", "marketing"));
    let again = resolve(&product, Some("1"));
    assert_eq!((again.resolved, again.lifted.len()), (0, 0));
    // It ends by itself, too; the message stays on the list.
    write(&product, "ada", "wrong number", "2");
    product.hand.set(at(NOW).plus(Span::from_hours(72)));
    assert!(may(&product, "sms", "marketing"));
    assert_eq!(listed(&product, 100).len(), 1);
}

#[test]
fn the_policy_says_what_is_held_and_for_how_long() {
    for (settings, text, marketing, receipt, count) in [
        ("hold_unclear_for: 0s", "wrong number", true, true, 1),
        ("suppress_unclear_for: 0s", "wrong number", true, true, 1),
        ("hold_unclear_for: 1h", "wrong number", false, true, 1),
        ("suppress_unclear_for: 1h", "wrong number", false, false, 1),
        ("stop: channel", RUSSIAN, true, true, 1),
        ("unknown_language: list", RUSSIAN, true, true, 1),
        ("unknown_language: hold", RUSSIAN, false, true, 1),
        ("unknown_language: ignore", RUSSIAN, true, true, 0),
    ] {
        let product = product(&format!("inbound_messages: {{{settings}}}\n"));
        let handled = write(&product, "ada", text, "1");
        assert_eq!(handled.meaning(), InboundMeaning::Unclear, "{settings}");
        assert_eq!(handled.suppressed_until_time.is_none(), marketing, "{settings}");
        assert_eq!(may(&product, "sms", "marketing"), marketing, "{settings}");
        assert_eq!(may(&product, "sms", "receipt"), receipt, "{settings}");
        assert_eq!(listed(&product, 100).len(), count, "{settings}");
    }
}

#[test]
fn messages_are_listed_until_they_are_resolved() {
    let product = product("");
    write(&product, "ada", "wrong number", "a1");
    write(&product, "ada", "too many texts", "a2");
    for number in 0..5 {
        write(&product, &format!("customer-{number}"), "wrong number", "b");
    }
    write(&product, "eve", "where is my parcel?", "c");
    for page_size in [1, 2, 100] {
        let mut found: Vec<_> = listed(&product, page_size)
            .into_iter()
            .map(|it| (it.customer_id, it.message_id, it.doubt))
            .collect();
        found.sort();
        let own = |id: &str, message: &str, doubt: &str| {
            (id.to_owned(), message.to_owned(), doubt.to_owned())
        };
        let mut expected = vec![own("ada", "a1", "wrong_person"), own("ada", "a2", "complaint")];
        let others = (0..5).map(|number| own(&format!("customer-{number}"), "b", "wrong_person"));
        expected.extend(others);
        assert_eq!(found, expected, "pages of {page_size}");
    }
    let first = listed(&product, 100).into_iter().find(|it| it.message_id == "a1").unwrap();
    assert_eq!((first.text.as_str(), first.channel.as_str()), ("wrong number", "sms"));
    assert_eq!(first.event_time, Some(timestamp(NOW)));
    assert_eq!(first.suppressed_until_time, Some(timestamp("2026-11-25T12:00:00Z")));
    // Of two, one is resolved: what is held is held for the other.
    let resolved = resolve(&product, Some("a1"));
    assert_eq!((resolved.resolved, resolved.lifted.len()), (1, 0));
    assert!(!may(&product, "sms", "marketing"));
    let resolved = resolve(&product, None);
    assert_eq!((resolved.resolved, resolved.lifted.len()), (1, 1));
    assert_eq!(listed(&product, 100).len(), 5);
    let product = product.restart();
    product.apply(POLICY, 1).unwrap();
    assert_eq!(listed(&product, 100).len(), 5, "the index is stored");
    write(&product, "ada", "wrong number", "a3");
    assert_eq!(listed(&product, 100).len(), 6, "one who was resolved is listed again");
}

#[test]
fn what_was_unclear_stays_in_the_consent_history() {
    let product = product("");
    write(&product, "ada", "wrong number", "1");
    product.hand.set(at(NOW).plus(Span::from_secs(60)));
    write(&product, "ada", "STOP", "2");
    resolve(&product, Some("1"));
    let request =
        v1::ListConsentEventsRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let events = product.wait(product.customers().list_consent_events(request)).unwrap();
    let events = events.into_inner().consent_events;
    let kinds: Vec<ConsentKind> = events.iter().map(v1::ConsentEvent::kind).collect();
    assert_eq!(kinds, [ConsentKind::OptOut, ConsentKind::Unclear]);
    let unclear = &events[1];
    assert_eq!(unclear.evidence.as_deref(), Some("wrong number"));
    assert_eq!(unclear.doubt.as_deref(), Some("wrong_person"));
    assert_eq!(unclear.source.as_deref(), Some("inbound:sms"));
    assert_eq!(unclear.event_time, Some(timestamp(NOW)));
    assert!(unclear.resolve_time.is_some());
}

#[test]
fn an_erasure_takes_a_customer_from_the_list_and_no_tenant_sees_another_ones() {
    let product = product("");
    write(&product, "ada", "wrong number", "1");
    let erase = v1::EraseCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(erase)).unwrap();
    assert_eq!(listed(&product, 100), []);
    write(&product, "ada", "wrong number", "2");
    let tenant = Some("north".to_owned());
    let request = v1::ListUnclearMessagesRequest { tenant, ..Default::default() };
    let others = product.wait(product.customers().list_unclear_messages(request)).unwrap();
    assert_eq!(others.into_inner().messages, []);
}

#[test]
fn a_repeated_message_is_listed_and_counted_once() {
    let product = product("");
    for _ in 0..3 {
        write(&product, "ada", "wrong number", "1");
    }
    assert_eq!(listed(&product, 100).len(), 1);
    let metrics = product.metrics.encode().unwrap();
    let counted = "courtesy_unclear_messages_total{channel=\"sms\",doubt=\"wrong_person\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    assert!(!metrics.contains("wrong number"));
}

#[test]
fn what_a_provider_took_for_a_refusal_is_one() {
    for (text, provider, meaning) in [
        ("where is my parcel?", "stop", InboundMeaning::Stop),
        ("START", "INBOUND_MEANING_STOP", InboundMeaning::Stop),
        ("no more calls", "STOP", InboundMeaning::Stop),
        ("STOP", "START", InboundMeaning::Stop),
        ("STOP", "HELP", InboundMeaning::Stop),
        ("where is my parcel?", "START", InboundMeaning::Other),
        ("wrong number", "", InboundMeaning::Unclear),
    ] {
        let product = product("");
        let provider_meaning = Some(provider.to_owned());
        let request =
            v1::HandleInboundMessageRequest { provider_meaning, ..message("ada", text, "1") };
        let handled = product.wait(product.customers().handle_inbound_message(request)).unwrap();
        assert_eq!(handled.into_inner().meaning(), meaning, "{text} {provider}");
        let is_open = may(&product, "sms", "receipt");
        assert_eq!(is_open, meaning != InboundMeaning::Stop, "{text} {provider}");
    }
    let product = product("");
    let provider_meaning = Some("delivered".to_owned());
    let request =
        v1::HandleInboundMessageRequest { provider_meaning, ..message("ada", "hello", "1") };
    let status = product.wait(product.customers().handle_inbound_message(request)).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["provider_meaning"]);
}

#[test]
fn operators_add_words() {
    let product = product(
        "inbound_messages: {stop_words: [raus jetzt, pause9], start_words: [rein], \
         help_words: [wer da]}\n",
    );
    let read = |text: &str, id: &str| write(&product, "ada", text, id).meaning();
    assert_eq!(read("Raus jetzt!", "1"), InboundMeaning::Stop);
    assert!(!may(&product, "sms", "receipt"));
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    assert_eq!(read("rein", "2"), InboundMeaning::Start);
    assert!(may(&product, "sms", "receipt"));
    assert_eq!(read("WER DA?", "3"), InboundMeaning::Help);
    assert_eq!(read("PAUSE9", "4"), InboundMeaning::Stop);
    for (words, message) in [
        ("{start_words: [stop]}", "means a refusal already"),
        ("{stop_words: [START]}", "means an opt-in already"),
        ("{help_words: [abmelden]}", "means a refusal already"),
        ("{stop_words: [foo], help_words: [Foo!]}", "stands in `stop_words` as well"),
        ("{stop_words: [\"!!\"]}", "is not a key word"),
        ("{start_words: [ok]}", "courtesy"),
    ] {
        let product = Product::start();
        let policy = format!("{POLICY}inbound_messages: {words}\n");
        let status = product.apply(&policy, 0).unwrap_err();
        assert!(format!("{status:?}").contains(message), "{words}: {status:?}");
    }
}
