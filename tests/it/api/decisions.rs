//! WatchDecisions and DescribeDecisions over the wire.

use courtesy::decision_log::Pseudonyms;
use courtesy::model::Name;
use courtesy::proto::v1;
use courtesy::secret::Secret;
use tonic::Code;
use tonic::Streaming;

use super::product::Product;
use super::product::at;
use super::product::email;
use super::product::fields;
use super::product::reason;
use super::product::timestamp;
use super::revisions::THREE;

type Stream = Streaming<v1::WatchDecisionsResponse>;

fn watch(product: &Product, request: v1::WatchDecisionsRequest) -> Stream {
    product.wait(product.policies().watch_decisions(request)).unwrap().into_inner()
}

fn next(product: &Product, stream: &mut Stream) -> v1::WatchDecisionsResponse {
    product.wait(stream.message()).unwrap().unwrap()
}

/// What a customer is called.
fn hash(product: &Product, customer_id: &str) -> String {
    let secret = Secret::read(&product.directory().join("secret")).unwrap();
    Pseudonyms::new(&secret).of(&Name::new("default").unwrap(), customer_id).to_string()
}

/// A server on which two decisions were made: yes for Ada, and no for Eve, who opted out.
fn product() -> Product {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let request = v1::OptOutRequest {
        customer_id: "eve".to_owned(),
        scope: Some(v1::Scope { channel: Some("email".to_owned()), ..Default::default() }),
        evidence: Some("a letter".to_owned()),
        ..Default::default()
    };
    product.opt_out(request).unwrap();
    product.check(email("ada")).unwrap();
    product.check(email("eve")).unwrap();
    product
}

#[test]
fn who_watches_is_told_of_what_was_and_of_what_comes() {
    let product = product();
    let mut stream = watch(&product, v1::WatchDecisionsRequest::default());
    let first = next(&product, &mut stream);
    assert_eq!((first.decisions.len(), first.missed), (2, 0));
    let [yes, no] = first.decisions.as_slice() else { panic!("{first:?}") };
    assert_eq!(yes.effect(), v1::Effect::Allow);
    assert_eq!(yes.customer_hash, hash(&product, "ada"));
    assert_eq!((yes.method.as_str(), yes.policy_revision), ("CheckContact", 1));
    assert_eq!((yes.channel.as_str(), yes.purpose.as_str()), ("email", "marketing"));
    assert_eq!(yes.decide_time, Some(timestamp("2026-11-22T12:00:00Z")));
    assert_eq!((no.effect(), no.customer_hash.clone()), (v1::Effect::Deny, hash(&product, "eve")));
    assert_eq!(no.reasons[0].code(), v1::ReasonCode::OptedOut);
    assert!(yes.reasons.is_empty() && no.reasons.len() == 1);

    product.record("1", email("bob"));
    let later = next(&product, &mut stream);
    let [recorded] = later.decisions.as_slice() else { panic!("{later:?}") };
    assert_eq!((recorded.method.as_str(), later.missed), ("RecordContact", 0));
    assert_eq!(recorded.customer_hash, hash(&product, "bob"));
    let shown = format!("{first:?}{later:?}");
    for id in ["ada", "eve", "bob"] {
        assert!(!shown.contains(&format!("\"{id}\"")), "{shown}");
    }
}

#[test]
fn only_what_is_wanted_is_told() {
    let product = product();
    for number in 0..4 {
        product.record(&format!("{number}"), email("cat"));
    }
    let told = |request: v1::WatchDecisionsRequest| {
        let mut stream = watch(&product, request);
        next(&product, &mut stream).decisions
    };
    let none = v1::WatchDecisionsRequest::default;
    let some = |text: &str| Some(text.to_owned());
    let deny = i32::from(v1::Effect::Deny);
    let spent = i32::from(v1::ReasonCode::BudgetSpent);
    assert_eq!(told(none()).len(), 6);
    assert_eq!(told(v1::WatchDecisionsRequest { effect: deny, ..none() }).len(), 2);
    assert_eq!(told(v1::WatchDecisionsRequest { reason: spent, ..none() }).len(), 1);
    let rule = some("marketing-weekly");
    let by_rule = told(v1::WatchDecisionsRequest { rule, ..none() });
    let rules: Vec<_> = by_rule.iter().flat_map(|it| &it.reasons).map(|it| it.rule()).collect();
    assert_eq!(rules, ["marketing-weekly"]);
    assert_eq!(told(v1::WatchDecisionsRequest { channel: some("email"), ..none() }).len(), 6);
    assert_eq!(told(v1::WatchDecisionsRequest { channel: some("sms"), ..none() }).len(), 0);
    assert_eq!(told(v1::WatchDecisionsRequest { purpose: some("service"), ..none() }).len(), 0);
    assert_eq!(told(v1::WatchDecisionsRequest { tenant: some("other"), ..none() }).len(), 0);
    let newest = told(v1::WatchDecisionsRequest { backlog: Some(1), ..none() });
    assert_eq!((newest.len(), newest[0].effect()), (1, v1::Effect::Deny));
    assert_eq!(told(v1::WatchDecisionsRequest { backlog: Some(0), ..none() }).len(), 0);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let product = Product::start();
    let request = v1::WatchDecisionsRequest {
        effect: 99,
        channel: Some(String::new()),
        reason: 99,
        backlog: Some(2_001),
        ..Default::default()
    };
    let refused = product.wait(product.policies().watch_decisions(request)).unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(fields(&refused), ["effect", "reason", "channel", "backlog"]);
}

#[test]
fn thirty_two_watch_at_once() {
    let product = Product::start();
    let mut all: Vec<Stream> =
        (0..32).map(|_| watch(&product, v1::WatchDecisionsRequest::default())).collect();
    let one_more =
        || product.wait(product.policies().watch_decisions(v1::WatchDecisionsRequest::default()));
    let refused = one_more().unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::ResourceExhausted, "OVERLOADED")
    );
    drop(all.pop());
    // The server learns a little later that a watcher has gone.
    while let Err(status) = one_more() {
        assert_eq!(status.code(), Code::ResourceExhausted);
    }
}

#[test]
fn a_stream_ends_with_the_server() {
    let mut product = product();
    let mut stream = watch(&product, v1::WatchDecisionsRequest::default());
    assert_eq!(next(&product, &mut stream).decisions.len(), 2);
    product.ask_to_stop();
    assert_eq!(product.wait(stream.message()).unwrap_err().code(), Code::Unavailable);
}

#[test]
fn hours_are_counted_since_the_start() {
    let product = product();
    product.hand.set(at("2026-11-22T13:20:00Z"));
    product.check(email("ada")).unwrap();
    let describe = |product: &Product, tenant: Option<&str>| {
        let tenant = tenant.map(str::to_owned);
        let request = v1::DescribeDecisionsRequest { tenant };
        product.wait(product.policies().describe_decisions(request)).unwrap().into_inner()
    };
    let described = describe(&product, None);
    assert_eq!(described.start_time, Some(timestamp("2026-11-22T12:00:00Z")));
    let [first, second] = described.hours.as_slice() else { panic!("{described:?}") };
    assert_eq!(first.start_time, Some(timestamp("2026-11-22T12:00:00Z")));
    assert_eq!((first.allowed, first.refused, first.reasons.len()), (1, 1, 1));
    let reason = first.reasons[0];
    assert_eq!((reason.code(), reason.count), (v1::ReasonCode::OptedOut, 1));
    assert_eq!((second.allowed, second.refused, second.reasons.len()), (1, 0, 0));
    let other = describe(&product, Some("other"));
    assert!(other.hours.len() == 2 && other.hours.iter().all(|it| it.allowed == 0));
    // Another run of the instance begins at nothing.
    let product = product.restart();
    let described = describe(&product, None);
    assert!(described.hours.len() == 1 && described.hours[0].allowed == 0, "{described:?}");
}
