//! Events that are not taken, by a clock that the test moves. `tests/clients/events.py` has the
//! signatures, the restarts and every kind of event.

use std::time::Duration;

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::WebhookState;
use tonic::Code;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::fields;
use super::product::reason;
use super::product::timestamp;
use crate::support::receiver::Event;
use crate::support::receiver::Receiver;
use crate::wait;

const PATIENCE: Duration = Duration::from_secs(120);

/// A server that tells a receiver what changes from now on.
fn product(receiver: &Receiver, more: &str) -> Product {
    let directory = tempfile::tempdir().unwrap();
    let file = receiver.file(directory.path(), more);
    let product = Product::start_as(directory, |it| it.webhooks = Some(file.into()), |it| it);
    until(|| replay(&product, NOW).is_ok());
    product
}

/// Waits for what must come, however busy the machine is.
#[track_caller]
fn until(is_so: impl Fn() -> bool) {
    wait::until(PATIENCE, "what the test waits for", || is_so().then_some(()));
}

fn replay(product: &Product, since: &str) -> Result<(), tonic::Status> {
    let request = v1::ReplayWebhookRequest {
        name: "crm".to_owned(),
        since_time: Some(timestamp(since)),
        author: None,
    };
    product.wait(product.policies().replay_webhook(request)).map(drop)
}

fn listed(product: &Product) -> v1::Webhook {
    let listed = product.wait(product.policies().list_webhooks(v1::ListWebhooksRequest {}));
    listed.unwrap().into_inner().webhooks.remove(0)
}

fn opt_out(product: &Product, id: &str, channel: &str) {
    let scope = Some(v1::Scope { channel: Some(channel.to_owned()), ..Default::default() });
    let customer_id = id.to_owned();
    product.opt_out(v1::OptOutRequest { customer_id, scope, ..Default::default() }).unwrap();
}

/// The events about customers' wishes.
fn wishes(receiver: &Receiver) -> Vec<Event> {
    receiver.events().into_iter().filter(|it| it.is("wishes")).collect()
}

fn refused(event: &Event) -> usize {
    event.body["data"]["customer"]["optOuts"].as_array().map_or(0, Vec::len)
}

#[test]
fn what_is_not_taken_is_sent_again_and_after_three_days_the_webhook_is_off() {
    let receiver = Receiver::start("503 unavailable");
    let product = product(&receiver, "");
    opt_out(&product, "ada", "email");
    until(|| listed(&product).state() == WebhookState::Failing);
    assert_eq!(listed(&product).problem, "it answers 503");
    let first = wishes(&receiver).remove(0);
    // It is sent again as the customer stands then.
    opt_out(&product, "ada", "sms");
    product.hand.set(at(NOW).plus(Span::from_secs(60)));
    until(|| wishes(&receiver).iter().any(|it| refused(it) == 2));
    assert_eq!((first.customer(), refused(&first)), ("ada", 1));
    product.hand.set(at(NOW).plus(Span::from_days(3)).plus(Span::from_secs(60)));
    until(|| listed(&product).state() == WebhookState::Off);
    until(|| {
        let metrics = product.metrics.encode().unwrap();
        metrics.contains("courtesy_webhook_off{webhook=\"crm\"} 1")
    });

    // Nothing is told before an operator turns it on.
    receiver.answers("204 no content");
    opt_out(&product, "bob", "email");
    let count = wishes(&receiver).len();
    assert_eq!(listed(&product).state(), WebhookState::Off);
    replay(&product, NOW).unwrap();
    until(|| {
        let told = wishes(&receiver).split_off(count);
        ["ada", "bob"].iter().all(|who| told.iter().any(|it| it.customer() == *who))
    });
    // It is noted behind the answer.
    until(|| listed(&product).delivery_time.is_some());
    assert_eq!(listed(&product).state(), WebhookState::Delivering);
}

#[test]
fn redirects_are_not_followed_and_one_customer_holds_up_no_other() {
    let receiver = Receiver::start("302 found\r\nlocation: /elsewhere");
    let product = product(&receiver, "");
    opt_out(&product, "ada", "email");
    until(|| listed(&product).problem == "it answers 302, and redirects are not followed");
    receiver.answers("204 no content");
    // The clock stands, so that ada's event waits.
    opt_out(&product, "bob", "email");
    until(|| wishes(&receiver).iter().any(|it| it.customer() == "bob"));
    assert_eq!(listed(&product).state(), WebhookState::Failing);
    product.hand.set(at(NOW).plus(Span::from_secs(60)));
    until(|| listed(&product).state() == WebhookState::Delivering);
}

#[test]
fn a_webhook_hears_of_its_kinds_and_tenants_only() {
    let receiver = Receiver::start("204 no content");
    let product = product(&receiver, "kinds = [\"pauses\"]\ntenants = [\"default\"]\n");
    opt_out(&product, "ada", "email");
    let pause = |tenant: &str, name: &str| {
        let request = v1::PauseContactsRequest {
            name: name.to_owned(),
            reason: "a test".to_owned(),
            tenant: Some(tenant.to_owned()),
            ..Default::default()
        };
        product.wait(product.policies().pause_contacts(request)).unwrap();
    };
    pause("north", "snow");
    pause("default", "storm");
    until(|| receiver.events().iter().any(|it| it.is("pauses")));
    let events = receiver.events();
    assert!(
        events.iter().all(|it| it.is("pauses") && it.body["tenant"] == "default"),
        "{events:?}"
    );
    assert_eq!(events[0].body["data"]["pauses"][0]["name"], "storm");
    assert!(events[0].header("webhook-signature").starts_with("v1,"));
    assert!(events[0].header("webhook-id").starts_with("evt_"));
}

#[test]
fn a_webhook_is_tried_out_and_what_makes_no_sense_is_refused() {
    let receiver = Receiver::start("500 broken");
    let product = product(&receiver, "");
    let test = |name: &str| {
        let request = v1::TestWebhookRequest { name: name.to_owned() };
        product.wait(product.policies().test_webhook(request))
    };
    let answer = test("crm").unwrap().into_inner();
    assert_eq!((answer.status, answer.problem.as_str()), (Some(500), "it answers 500"));
    assert!(receiver.events().iter().any(|it| it.is("test")));
    let unknown = test("erp").unwrap_err();
    assert_eq!(
        (unknown.code(), fields(&unknown)),
        (Code::InvalidArgument, vec!["name".to_owned()])
    );
    assert_eq!(reason(&unknown), "INVALID_REQUEST");
    let early = replay(&product, "2026-11-15T11:59:59Z").unwrap_err();
    assert_eq!(fields(&early), ["since_time"]);
    replay(&product, "2026-11-15T12:00:00Z").unwrap();
}
