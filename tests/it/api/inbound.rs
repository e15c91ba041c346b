//! What customers write to us, and what follows.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::InboundMeaning;
use courtesy::proto::v1::InboundReply;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}, voice: {}, chat: {}}
purposes: {marketing: {}, service_reply: {replies: true}}
conversations: {window: 24h}
budgets: [{name: none, limit: 0, per: 1d, for: {purposes: [service_reply]}}]
";

fn product(inbound_messages: &str) -> Product {
    let product = Product::start();
    product.apply(&format!("{POLICY}{inbound_messages}"), 0).unwrap();
    product
}

fn wrote(channel: &str, text: &str, request_id: &str) -> v1::HandleInboundMessageRequest {
    v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        text: text.to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

fn handle(
    product: &Product,
    request: v1::HandleInboundMessageRequest,
) -> Result<v1::HandleInboundMessageResponse, Status> {
    let handled = product.wait(product.customers().handle_inbound_message(request))?;
    Ok(handled.into_inner())
}

fn may(product: &Product, channel: &str, purpose: &str) -> bool {
    is_allowed(&product.check(contact(channel, purpose)).unwrap())
}

fn contact(channel: &str, purpose: &str) -> v1::Contact {
    v1::Contact {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    }
}

#[test]
fn stop_is_recorded_with_the_words_and_may_be_confirmed_once() {
    let product = product("");
    let handled = handle(&product, wrote("sms", "STOP please!", "1")).unwrap();
    assert_eq!(handled.meaning(), InboundMeaning::Stop);
    assert_eq!(handled.opted_out_scopes, [scope(Some("sms"))]);
    assert_eq!(handled.reply(), InboundReply::OptOutConfirmation);
    assert_eq!(handled.reply_until_time, Some(timestamp("2026-11-22T12:05:00Z")));
    assert_eq!(handled.conversation_until_time, Some(timestamp("2026-11-23T12:00:00Z")));
    assert!(!may(&product, "sms", "marketing"));
    assert!(may(&product, "email", "marketing"), "a bare STOP is about its channel");
    let retried = v1::HandleInboundMessageResponse {
        reply: InboundReply::Unspecified.into(),
        reply_until_time: None,
        changed: Some(false),
        ..handled
    };
    assert_eq!(handle(&product, wrote("sms", "STOP please!", "1")).unwrap(), retried);

    let again = handle(&product, wrote("sms", "stop", "2")).unwrap();
    assert_eq!((again.reply(), again.reply_until_time), (InboundReply::Unspecified, None));

    let request =
        v1::ListConsentEventsRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let events =
        product.wait(product.customers().list_consent_events(request)).unwrap().into_inner();
    let evidence: Vec<_> =
        events.consent_events.iter().map(|event| event.evidence.as_deref()).collect();
    assert_eq!(evidence, [Some("stop"), Some("STOP please!")]);
    assert_eq!(events.consent_events[0].source.as_deref(), Some("inbound:sms"));
}

fn scope(channel: Option<&str>) -> v1::Scope {
    v1::Scope { channel: channel.map(str::to_owned), ..Default::default() }
}

#[test]
fn what_is_refused_is_what_the_customer_says() {
    for (policy, channel, text, refused) in [
        ("", "email", "unsubscribe me from everything", vec![scope(None)]),
        ("inbound_messages: {stop: everything}\n", "sms", "arrêt", vec![scope(None)]),
        ("", "sms", "no more calls", vec![scope(Some("sms")), scope(Some("voice"))]),
        ("", "sms", "stop calling and texting", vec![scope(Some("sms")), scope(Some("voice"))]),
        ("", "sms", "lose my number", vec![scope(Some("sms")), scope(Some("voice"))]),
        ("", "sms", "remove 555-123-4567", vec![scope(Some("sms")), scope(Some("voice"))]),
        ("", "email", "no more calls", vec![scope(Some("voice"))]),
        ("", "chat", "please stop texting me", vec![scope(Some("chat")), scope(Some("sms"))]),
        ("", "voice", "keine Briefe mehr", vec![scope(Some("voice"))]),
    ] {
        let product = product(policy);
        let handled = handle(&product, wrote(channel, text, "1")).unwrap();
        assert_eq!(handled.meaning(), InboundMeaning::Stop, "{text}");
        assert_eq!(handled.opted_out_scopes, refused, "{text}");
    }
}

#[test]
fn start_ends_the_refusal_and_a_bare_yes_only_if_it_was_asked_for() {
    let product = product("");
    handle(&product, wrote("sms", "stop", "1")).unwrap();
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    let yes = handle(&product, wrote("sms", "Yes", "2")).unwrap();
    assert_eq!((yes.meaning(), yes.opted_in), (InboundMeaning::Yes, false));
    assert!(!may(&product, "sms", "marketing"));
    let asked = v1::HandleInboundMessageRequest {
        asked_for_opt_in: Some(true),
        ..wrote("sms", "Yes", "3")
    };
    let yes = handle(&product, asked).unwrap();
    assert!(yes.opted_in && may(&product, "sms", "marketing"));
    assert_eq!(yes.reply(), InboundReply::OptInConfirmation);

    handle(&product, wrote("sms", "stop", "4")).unwrap();
    product.hand.set(at(NOW).plus(Span::from_secs(2)));
    let start = handle(&product, wrote("sms", "START", "5")).unwrap();
    assert_eq!((start.meaning(), start.opted_in), (InboundMeaning::Start, true));
    assert!(may(&product, "sms", "marketing"));
}

#[test]
fn what_comes_late_does_not_undo_what_was_said_later() {
    let product = product("");
    let said = |text: &str, id: &str, time: &str| v1::HandleInboundMessageRequest {
        event_time: Some(timestamp(time)),
        ..wrote("sms", text, id)
    };
    handle(&product, said("STOP", "1", "2026-11-22T11:00:00Z")).unwrap();
    let late = handle(&product, said("START", "2", "2026-11-22T10:00:00Z")).unwrap();
    assert_eq!((late.opted_in, late.reply()), (false, InboundReply::Unspecified));
    assert!(!may(&product, "sms", "marketing"));
    // The other way round: a stop that is older than a yes refuses nothing, and says so.
    handle(&product, said("START", "3", "2026-11-22T11:30:00Z")).unwrap();
    let late = handle(&product, said("STOP", "4", "2026-11-22T11:15:00Z")).unwrap();
    assert_eq!((late.opted_out_scopes.len(), late.reply()), (0, InboundReply::Unspecified));
    assert!(may(&product, "sms", "marketing"));
}

#[test]
fn a_message_that_is_repeated_says_what_stands_by_now() {
    let product = product("");
    let stop = handle(&product, wrote("sms", "STOP", "1")).unwrap();
    assert_eq!((stop.changed, stop.opted_out_scopes), (Some(true), vec![scope(Some("sms"))]));
    product.hand.set(at(NOW).plus(Span::from_secs(1)));
    handle(&product, wrote("sms", "START", "2")).unwrap();
    let again = handle(&product, wrote("sms", "STOP", "1")).unwrap();
    assert_eq!((again.meaning(), again.changed), (InboundMeaning::Stop, Some(false)));
    assert_eq!((again.opted_out_scopes, again.reply_until_time), (vec![], None));
    assert!(may(&product, "sms", "marketing"), "an old id changes nothing");
    let start = handle(&product, wrote("sms", "START", "2")).unwrap();
    assert_eq!((start.opted_in, start.changed), (true, Some(false)));
}

/// What customers call a channel goes by its kind, whatever its name.
#[test]
fn words_for_channels_go_by_kinds() {
    let policy = "\
name: base
channels:
  dialer: {kind: call}
  fox: {kind: text}
  pigeon: {kind: messenger}
  letters: {kind: other}
  outbound_calls: {}
  whatsapp: {}
purposes: {marketing: {}}
";
    for (channel, text, refused) in [
        ("fox", "no more calls", vec!["dialer", "fox", "outbound_calls"]),
        ("dialer", "please stop texting me", vec!["fox"]),
        ("pigeon", "please stop texting me", vec!["fox", "pigeon"]),
        ("whatsapp", "no more calls", vec!["dialer", "outbound_calls"]),
        // None of the declared channels is post, so it is the one it came by.
        ("fox", "no more letters", vec!["fox"]),
    ] {
        let product = Product::start();
        product.apply(policy, 0).unwrap();
        let handled = handle(&product, wrote(channel, text, "1")).unwrap();
        let scopes: Vec<_> = refused.into_iter().map(|name| scope(Some(name))).collect();
        assert_eq!(handled.opted_out_scopes, scopes, "{channel}: {text}");
    }
}

#[test]
fn help_and_ordinary_messages_open_a_conversation_and_change_nothing_else() {
    let product = product("");
    assert!(!may(&product, "sms", "service_reply"), "no conversation is open");
    let help = handle(&product, wrote("sms", "HELP", "1")).unwrap();
    assert_eq!((help.meaning(), help.reply()), (InboundMeaning::Help, InboundReply::Help));
    assert!(may(&product, "sms", "service_reply"));
    assert!(!may(&product, "email", "service_reply"), "it is open on its channel");
    let other = handle(&product, wrote("email", "Where is my parcel?", "2")).unwrap();
    assert_eq!(
        (other.meaning(), other.reply()),
        (InboundMeaning::Other, InboundReply::Unspecified)
    );
    assert!(may(&product, "email", "service_reply"));
    for channel in ["sms", "email"] {
        assert!(may(&product, channel, "marketing"));
    }
}

#[test]
fn what_is_unclear_is_left_to_a_human_with_the_channel_suppressed_if_the_policy_says_so() {
    for text in ["don't stop", "stopwatch", "how do I unsubscribe?"] {
        let product = product("inbound_messages: {hold_unclear_for: 0s}\n");
        let handled = handle(&product, wrote("sms", text, "1")).unwrap();
        assert_eq!(handled.meaning(), InboundMeaning::Unclear, "{text}");
        assert!(handled.opted_out_scopes.is_empty() && handled.suppressed_until_time.is_none());
        assert!(may(&product, "sms", "marketing"));
    }
    let product = product("inbound_messages: {suppress_unclear_for: 3d}\n");
    let handled = handle(&product, wrote("sms", "how do I unsubscribe?", "1")).unwrap();
    assert_eq!(handled.suppressed_until_time, Some(timestamp("2026-11-25T12:00:00Z")));
    let refused = product.check(contact("sms", "marketing")).unwrap();
    assert_eq!(codes(&refused), ["SUPPRESSED"]);
    assert_eq!(refused.next_allowed_time, Some(timestamp("2026-11-25T12:00:00Z")));
    assert!(may(&product, "email", "marketing"));
    // A human has looked.
    let lift = v1::UnsuppressCustomerRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope(Some("sms"))),
        reason_code: Some("unclear_message".to_owned()),
        ..Default::default()
    };
    product.wait(product.customers().unsuppress_customer(lift)).unwrap();
    assert!(may(&product, "sms", "marketing"));
}

#[test]
fn a_message_is_checked_before_anything_is_recorded() {
    let product = product("");
    let status = handle(&product, v1::HandleInboundMessageRequest::default()).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["customer_id", "channel", "request_id", "text"]);
    let status = handle(&product, wrote("fax", "stop", "1")).unwrap_err();
    assert_eq!(
        (reason(&status).as_str(), fields(&status)),
        ("UNDECLARED_NAME", vec!["channel".to_owned()])
    );
    let both = v1::HandleInboundMessageRequest { text: String::new(), ..wrote("fax", "", "1") };
    assert_eq!(fields(&handle(&product, both).unwrap_err()), ["text", "channel"]);
    let long = |length: usize| wrote("email", &"a ".repeat(length / 2), "1");
    assert!(handle(&product, long(32_768)).is_ok());
    assert!(handle(&product, long(32_770)).is_err());
    let reused = handle(&product, wrote("email", "stop", "1")).unwrap_err();
    assert_eq!(reused.code(), Code::AlreadyExists);
}
