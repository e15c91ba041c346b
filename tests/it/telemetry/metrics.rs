//! The metrics of a server that has done something of everything.

use std::collections::BTreeSet;
use std::path::Path;

use courtesy::proto::v1;
use serde_json::json;

use super::metric;
use crate::api::product::Product;
use crate::api::product::at;
use crate::crash::process::Starting;
use crate::redis::server::Server;
use crate::redis::service::Service;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "\
name: base
channels: {email: {}, chat: {}}
purposes: {marketing: {}, service_reply: {replies: true}}
conversations: {window: 24h}
";

fn wrote(product: &Product, channel: &str, request_id: &str) {
    let request = v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        text: "where is my parcel?".to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    product.wait(product.customers().handle_inbound_message(request)).unwrap();
}

fn contact(channel: &str, purpose: &str) -> v1::Contact {
    let (channel, purpose) = (channel.to_owned(), purpose.to_owned());
    v1::Contact { customer_id: "ada".to_owned(), channel, purpose, ..Default::default() }
}

fn reserve(product: &Product, channel: &str, purpose: &str, request_id: &str) {
    let request = v1::ReserveContactRequest {
        contact: Some(contact(channel, purpose)),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    product.reserve(request).unwrap();
}

/// How many replies there were on a channel, and how long customers waited for them.
fn waits(product: &Product, channel: &str) -> Option<(String, String)> {
    let text = product.metrics.encode().unwrap();
    let of = |what: &str| {
        let head = format!("courtesy_reply_wait_seconds_{what}{{channel=\"{channel}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&head)).map(str::to_owned)
    };
    of("count").zip(of("sum"))
}

#[test]
fn the_wait_for_a_reply_is_from_the_first_unanswered_message_to_the_first_reply() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    reserve(&product, "chat", "service_reply", "no customer waits");
    assert_eq!(waits(&product, "chat"), None);

    product.hand.set(at("2026-11-22T13:00:00Z"));
    wrote(&product, "chat", "1");
    product.hand.set(at("2026-11-22T13:01:00Z"));
    wrote(&product, "chat", "2");
    reserve(&product, "chat", "marketing", "advertising is not a reply");
    reserve(&product, "email", "service_reply", "nor is one on another channel");
    assert_eq!(waits(&product, "chat"), None);
    product.hand.set(at("2026-11-22T13:01:30Z"));
    for _ in 0..2 {
        reserve(&product, "chat", "service_reply", "the reply, and its repetition");
    }
    reserve(&product, "chat", "service_reply", "one more");
    let one = ("1".to_owned(), "90.0".to_owned());
    assert_eq!(waits(&product, "chat"), Some(one));

    product.hand.set(at("2026-11-22T14:00:00Z"));
    wrote(&product, "chat", "3");
    product.hand.set(at("2026-11-22T14:00:10Z"));
    product.record("an agent answered without asking", contact("chat", "service_reply"));
    assert_eq!(waits(&product, "chat"), Some(("2".to_owned(), "100.0".to_owned())));
    assert_eq!(waits(&product, "email"), None);
}

/// What is in force, how the store is, and what runs.
#[test]
fn an_instance_tells_what_is_in_force_on_it() {
    let server = Server::start(&[]);
    let service = Service::start(&server.url(), &[]);
    let of = |series: &str| metric(&service.process, series);
    let wait = |series: &str, value: u64| {
        until(PATIENCE, series, || (of(series) == Some(value)).then_some(()));
    };
    let (revision, pauses) =
        ("courtesy_policy_revision{tenant=\"default\"}", "courtesy_pauses{tenant=\"default\"}");
    let state = |state: &str| format!("courtesy_store_health{{state=\"{state}\"}}");
    let refreshes = |result: &str| of(&format!("courtesy_refreshes_total{{result=\"{result}\"}}"));
    let tzdb = courtesy::zone::Zones::bundled().version().to_owned();
    let version = env!("CARGO_PKG_VERSION");
    wait(&format!("courtesy_build_info{{version=\"{version}\",tzdb=\"{tzdb}\"}}"), 1);
    wait(revision, 0);
    wait(pauses, 0);
    wait(&state("well"), 1);
    assert_eq!(refreshes("error"), Some(0));
    assert!(refreshes("ok") > Some(0));
    service.apply(POLICY, 0).unwrap();
    let pause = v1::PauseContactsRequest {
        name: "outage".to_owned(),
        reason: "the carrier is down".to_owned(),
        ..Default::default()
    };
    service.wait(service.policies().pause_contacts(pause)).unwrap();
    wait(revision, 1);
    wait(pauses, 1);
    server.stop();
    wait(&state("away"), 1);
    wait(&state("well"), 0);
    until(PATIENCE, "it is counted", || (refreshes("error") > Some(0)).then_some(()));
    server.resume();
    wait(&state("well"), 1);
}

/// The metrics in a text: all words that look like one, without the endings of histograms.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
    let ours = |word: &&str| {
        ["courtesy_", "grpc_server_", "process_"].iter().any(|start| word.starts_with(start))
    };
    let family = |word: &str| {
        let endings = ["_bucket", "_count", "_sum", "_total", "_info"];
        let ending = endings.iter().find_map(|ending| word.strip_suffix(ending));
        ending.unwrap_or(word).to_owned()
    };
    words.filter(ours).map(family).collect()
}

/// The metrics of an instance with a store of its own, which has more of them.
fn of_an_embedded_store(directory: &Path) -> String {
    let args = ["--operations", "127.0.0.1:0"];
    let process = Starting::begin(directory, &args).finish().unwrap();
    http::get(&format!("http://{}/metrics", process.operations()), &[]).body
}

/// Dashboards, alerts and the page for operators speak of metrics that there are; and the page of
/// all.
#[test]
fn dashboards_alerts_and_the_page_name_what_there_is() {
    let server = Server::start(&[]);
    let directory = tempfile::tempdir().unwrap();
    let webhooks = directory.path().join("webhooks.toml");
    std::fs::write(directory.path().join("secret"), format!("whsec_{}\n", "YWJj".repeat(8)))
        .unwrap();
    // There need be no listener: a delivery that fails is counted, too.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let webhook = format!(
        "[[webhook]]\nname = \"crm\"\nurl = \"http://{closed}/\"\nsecret_file = \"secret\"\n"
    );
    std::fs::write(&webhooks, webhook).unwrap();
    let flags = ["--webhooks-file", webhooks.to_str().unwrap()];
    let service = Service::start(&server.url(), &flags);
    let policy = POLICY.replace("24h}", "24h, reply_within: 1s}");
    let trial = "budgets: [{name: one-a-week, limit: 1, per: 7d, mode: shadow}]\n";
    service.apply(&format!("{policy}{trial}"), 0).unwrap();
    let post = |method: &str, body: &str| {
        let url = format!("{}/courtesy.v1.{method}", service.process.api());
        let answer = http::post(&url, &["content-type: application/json"], body);
        assert_eq!(answer.status, 200, "{}", answer.body);
    };
    let wrote = r#"{"customer_id":"ada","channel":"chat","text":"hello?","request_id":"1"}"#;
    post("CustomerService/HandleInboundMessage", wrote);
    let unclear =
        r#"{"customer_id":"eve","channel":"chat","text":"wrong number","request_id":"1"}"#;
    post("CustomerService/HandleInboundMessage", unclear);
    let sent =
        [("2", "chat", "service_reply"), ("3", "email", "marketing"), ("4", "email", "marketing")];
    for (request_id, channel, purpose) in sent {
        let contact = json!({"customer_id": "ada", "channel": channel, "purpose": purpose});
        let reserve = json!({"contact": contact, "request_id": request_id});
        post("ContactService/ReserveContact", &reserve.to_string());
    }
    let url = format!("http://{}/metrics", service.process.operations());
    // Late answers of a shared store are looked for every ten seconds.
    let described = until(3 * PATIENCE, "what is in force, late and not taken is told", || {
        let text = http::get(&url, &[]).body;
        let tells = |series: &str| text.contains(series);
        let is_told = tells("courtesy_policy_revision{tenant=\"default\"} 1")
            && tells("courtesy_overdue_replies{tenant=\"default\"}")
            && tells("courtesy_webhook_deliveries_total{")
            && tells("courtesy_webhook_off{");
        is_told.then_some(text)
    });
    let described = described + &of_an_embedded_store(&directory.path().join("store"));
    let described = described.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let there: BTreeSet<String> =
        described.map(|it| it.split(' ').next().unwrap().to_owned()).collect();
    assert!(there.len() > 10, "{there:?}");
    let read = |file: &str| {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    for file in ["helm/courtesy/files/alerts.yaml", "helm/courtesy/files/dashboard.json"] {
        let named = names(&read(file));
        assert!(!named.is_empty(), "{file}");
        let strangers: Vec<_> = named.difference(&there).collect();
        assert!(strangers.is_empty(), "{file} names {strangers:?}");
    }
    let page = read("docs/operations.md");
    let rows: String = page.lines().filter(|line| line.starts_with("| `")).collect();
    let missing: Vec<_> = there.iter().filter(|name| !names(&rows).contains(*name)).collect();
    assert!(missing.is_empty(), "docs/operations.md does not explain {missing:?}");
    let strangers: Vec<_> = names(&page).into_iter().filter(|name| !there.contains(name)).collect();
    assert!(strangers.is_empty(), "docs/operations.md names {strangers:?}");
    // Each alert has its section, with what to do.
    let runbook = read("docs/runbook.md");
    let alerts = read("helm/courtesy/files/alerts.yaml");
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(runbook.contains(&format!("## {alert}\n")), "docs/runbook.md lacks {alert}");
    }
}
