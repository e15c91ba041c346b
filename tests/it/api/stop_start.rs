//! START takes back what the customer's own STOP on that channel refused, and nothing else.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::InboundMeaning;
use courtesy::proto::v1::InboundReply;
use courtesy::proto::v1::import_customers_request::Part;

use super::bulk;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::is_allowed;
use super::product::timestamp;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}, voice: {}}
purposes: {marketing: {}, receipt: {}}
";
const EVERYTHING: &str = "inbound_messages: {stop: everything}\n";

fn product(inbound_messages: &str) -> Product {
    let product = Product::start();
    product.apply(&format!("{POLICY}{inbound_messages}"), 0).unwrap();
    product
}

/// Hands over a message that was written a minute of the hour before [`NOW`].
fn write(
    product: &Product,
    channel: &str,
    text: &str,
    minute: u32,
) -> v1::HandleInboundMessageResponse {
    let request = v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        text: text.to_owned(),
        request_id: format!("{channel} {text} {minute}"),
        event_time: Some(timestamp(&format!("2026-11-22T11:{minute:02}:00Z"))),
        ..Default::default()
    };
    product.wait(product.customers().handle_inbound_message(request)).unwrap().into_inner()
}

fn refuse(product: &Product, scope: v1::Scope) {
    let request = v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        scope: Some(scope),
        event_time: Some(timestamp("2026-11-22T10:00:00Z")),
        ..Default::default()
    };
    product.opt_out(request).unwrap();
}

fn scope(channel: Option<&str>) -> v1::Scope {
    v1::Scope { channel: channel.map(str::to_owned), ..Default::default() }
}

/// The channels on which a purpose gets through.
fn open(product: &Product, purpose: &str) -> Vec<&'static str> {
    let may = |channel: &&str| {
        let contact = v1::Contact {
            customer_id: "ada".to_owned(),
            channel: (*channel).to_owned(),
            purpose: purpose.to_owned(),
            ..Default::default()
        };
        is_allowed(&product.check(contact).unwrap())
    };
    ["email", "sms", "voice"].into_iter().filter(may).collect()
}

fn refused(handled: &v1::HandleInboundMessageResponse) -> Vec<(v1::Scope, Vec<v1::Scope>)> {
    let opt_outs = handled.opt_outs.iter();
    opt_outs.map(|it| (it.scope.clone().unwrap(), it.except_scopes.clone())).collect()
}

#[test]
fn start_takes_back_all_that_the_policy_let_a_stop_refuse_and_nothing_beneath_it() {
    let product = product(EVERYTHING);
    refuse(&product, scope(Some("email")));
    let stop = write(&product, "sms", "STOP", 10);
    assert_eq!(stop.opted_out_scopes, [scope(None)]);
    assert_eq!(open(&product, "receipt"), Vec::<&str>::new());
    let start = write(&product, "sms", "START", 20);
    assert!(start.opted_in && start.changed() && !start.superseded);
    assert_eq!(start.reply(), InboundReply::OptInConfirmation);
    assert_eq!(refused(&start), [(scope(Some("email")), vec![])], "what still refuses");
    for purpose in ["marketing", "receipt"] {
        assert_eq!(open(&product, purpose), ["sms", "voice"], "{purpose}");
    }
    let product = product.restart();
    product.apply(&format!("{POLICY}{EVERYTHING}"), 1).unwrap();
    assert_eq!(open(&product, "receipt"), ["sms", "voice"]);
}

#[test]
fn start_takes_back_the_customers_own_words_for_its_channel_only() {
    for policy in ["", EVERYTHING] {
        let product = product(policy);
        write(&product, "sms", "stop everything", 10);
        assert_eq!(open(&product, "receipt"), Vec::<&str>::new());
        let start = write(&product, "sms", "START", 20);
        assert!(start.opted_in);
        assert_eq!(start.reply(), InboundReply::OptInConfirmation);
        assert_eq!(refused(&start), [(scope(None), vec![scope(Some("sms"))])]);
        assert_eq!(open(&product, "receipt"), ["sms"]);
        assert!(!write(&product, "email", "START", 30).opted_in, "{policy}");
        assert_eq!(open(&product, "marketing"), ["sms"], "what was written by text stands");
        write(&product, "sms", "STOP", 40);
        assert_eq!(open(&product, "receipt"), Vec::<&str>::new());
    }
}

#[test]
fn a_start_by_another_channel_opens_nothing_and_offers_no_confirmation() {
    let product = product(EVERYTHING);
    write(&product, "sms", "STOP", 10);
    let start = write(&product, "email", "START", 20);
    assert_eq!((start.opted_in, start.superseded), (false, false));
    assert_eq!((start.reply(), start.reply_until_time), (InboundReply::Unspecified, None));
    assert_eq!(refused(&start), [(scope(None), vec![])]);
    assert_eq!(open(&product, "marketing"), Vec::<&str>::new());
    // Nor does one that comes again.
    assert_eq!(write(&product, "sms", "START", 30).reply(), InboundReply::OptInConfirmation);
    assert_eq!(write(&product, "sms", "START", 40).reply(), InboundReply::Unspecified);
}

#[test]
fn no_confirmation_is_due_where_an_opt_out_of_the_same_scope_stands() {
    let product = product("");
    refuse(&product, scope(None));
    let start = write(&product, "sms", "START", 20);
    assert_eq!((start.opted_in, start.reply()), (false, InboundReply::Unspecified));
    assert_eq!(refused(&start), [(scope(None), vec![])], "it was not written by text");
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    for (policy, stop, all) in [
        (EVERYTHING, "STOP", true),
        ("", "stop everything", false),
        (EVERYTHING, "STOP ALL", false),
    ] {
        let product = product(policy);
        write(&product, "sms", "START", 20);
        // Heard late, and older than the opt-in.
        let late = write(&product, "sms", stop, 10);
        assert_eq!(late.meaning(), InboundMeaning::Stop);
        let expected: &[&str] = if all { &["email", "sms", "voice"] } else { &["sms"] };
        assert_eq!(open(&product, "marketing"), expected, "{stop}");
        assert_eq!((late.superseded, late.changed()), (all, !all), "{stop}");
        assert_eq!(late.opted_out_scopes.is_empty(), all, "{stop}");
        // The other way round: the START is the older one.
        write(&product, "sms", stop, 40);
        let late = write(&product, "sms", "UNSTOP", 30);
        assert_eq!((late.opted_in, late.superseded, late.changed()), (false, true, false));
        assert_eq!(late.reply(), InboundReply::Unspecified);
        assert_eq!(open(&product, "receipt"), Vec::<&str>::new(), "{stop}");
    }
}

#[test]
fn a_start_for_one_brand_takes_back_nothing_of_another() {
    let product = product(EVERYTHING);
    let said = |text: &str, brand: Option<&str>, id: &str| {
        product.hand.set(at(NOW).plus(Span::from_secs(id.parse().unwrap())));
        let request = v1::HandleInboundMessageRequest {
            customer_id: "ada".to_owned(),
            channel: "sms".to_owned(),
            text: text.to_owned(),
            request_id: id.to_owned(),
            brand: brand.map(str::to_owned),
            ..Default::default()
        };
        product.wait(product.customers().handle_inbound_message(request)).unwrap().into_inner()
    };
    let acme = v1::Scope { brand: Some("acme".to_owned()), ..Default::default() };
    assert_eq!(said("STOP", Some("acme"), "1").opted_out_scopes, std::slice::from_ref(&acme));
    assert_eq!(refused(&said("START", Some("other"), "2")), [(acme, vec![])]);
    assert_eq!(refused(&said("START", Some("acme"), "3")), []);
    assert_eq!(said("STOP", None, "4").opted_out_scopes, [scope(None)]);
    let start = said("START", Some("acme"), "5");
    assert!(start.opted_in, "the brand is open again");
    assert_eq!(open(&product, "marketing"), Vec::<&str>::new(), "and nothing else");
}

#[test]
fn stop_and_start_in_one_message_are_unclear() {
    for text in ["STOP START", "start stop", "STOP. START", "Stop, start"] {
        let product = product("");
        let handled = write(&product, "sms", text, 10);
        assert_eq!(handled.meaning(), InboundMeaning::Unclear, "{text}");
        assert!(handled.opted_out_scopes.is_empty() && !handled.opted_in, "{text}");
    }
}

#[test]
fn what_start_has_taken_back_goes_with_an_export() {
    let old = product("");
    assert_eq!(write(&old, "sms", "stop everything", 1).meaning(), InboundMeaning::Stop);
    write(&old, "sms", "START", 2);
    let before = open(&old, "marketing");
    assert_eq!(before, ["sms"]);
    let customer = |product: &Product| {
        let mut exported = bulk::export(product, v1::ExportCustomersRequest::default());
        exported.customers.pop().unwrap()
    };
    let row = customer(&old);
    let written = row.opt_outs[0].stop.as_ref().unwrap();
    assert_eq!((written.channel.as_str(), written.reach_in_words), ("sms", Some(true)));
    assert_eq!(written.except_scopes, [scope(Some("sms"))]);

    let new = product("");
    let rows = v1::ImportChunk {
        rows: vec![v1::ImportRow { row_number: 1, customer: Some(row.clone()) }],
    };
    let parts = vec![Part::Options(v1::ImportOptions::default()), Part::Chunk(rows)];
    bulk::import(&new, parts.clone()).1.unwrap();
    assert_eq!(open(&new, "marketing"), before);
    assert_eq!(customer(&new).opt_outs, row.opt_outs);
    assert_eq!(bulk::import(&new, parts).0[1].counts.unwrap().unchanged, 1);

    // Without it, the refusal is whole.
    let mut whole = row;
    whole.opt_outs[0].stop = None;
    whole.customer_id = "bob".to_owned();
    let other = product("");
    let rows =
        v1::ImportChunk { rows: vec![v1::ImportRow { row_number: 1, customer: Some(whole) }] };
    bulk::import(&other, vec![Part::Options(v1::ImportOptions::default()), Part::Chunk(rows)])
        .1
        .unwrap();
    assert_eq!(customer(&other).opt_outs[0].stop, None);
}
