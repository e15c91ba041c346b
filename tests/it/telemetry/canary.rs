//! Nothing of a customer is in a log, a metric or an error.

use super::requests;
use super::requests::CANARY;
use super::requests::Sort;
use crate::redis::server::Server;
use crate::redis::service::Service;
use crate::support::http;

const JSON: &[&str] = &["content-type: application/json"];

/// Sends requests of every sort, and returns how many were answered, and the ids of those that failed.
#[track_caller]
fn send(service: &Service, sorts: &[Sort]) -> (usize, Vec<String>) {
    let (mut good, mut failed) = (0, Vec::new());
    for request in sorts.iter().flat_map(|sort| requests::all(*sort)) {
        let url = format!("{}/{}", service.process.api(), request.path);
        let answer = http::post(&url, JSON, &request.body);
        if answer.status == 200 {
            good += 1;
            continue;
        }
        // A policy is the operator's own text, and is shown where it is wrong.
        let is_policy = request.path.contains("PolicyService");
        let told = format!("{}{}", answer.head, answer.body);
        assert!(is_policy || !requests::names_somebody(&told), "{request:?}: {told}");
        let id = answer.head.lines().find_map(|line| line.strip_prefix("x-request-id: "));
        failed.extend(id.map(str::to_owned));
    }
    (good, failed)
}

/// With everything logged that there is: healthy, with damaged records, and without a store.
#[test]
fn nobody_is_named_in_a_log_a_metric_or_an_error() {
    for format in ["json", "text", "pretty"] {
        let server = Server::start(&["appendonly yes", "appendfsync always"]);
        let more = ["--log", "trace", "--log-format", format, "--store-timeout", "100ms"];
        let service = Service::start(&server.url(), &more);
        let (good, failed) = send(&service, &[Sort::Good, Sort::Strange, Sort::Mistyped]);
        assert!(good > 20, "{good} requests were answered");
        assert!(failed.len() > 20, "{failed:?}");

        let keys: Vec<String> = server.get(&["KEYS", "courtesy:c:*"]);
        assert!(keys.iter().any(|key| key.contains(CANARY)), "{keys:?}");
        for key in keys {
            let _length: usize = server.get(&["SETRANGE", &key, "20", "damaged"]);
        }
        let (_, unreadable) = send(&service, &[Sort::Good]);
        server.stop();
        let (_, away) = send(&service, &[Sort::Good]);
        let url = format!("http://{}/metrics", service.process.operations());
        let metrics = http::get(&url, &[]).body;
        server.resume();

        assert!(!metrics.contains("courtesy_records_unreadable_total 0"), "{metrics}");
        assert!(!metrics.contains(CANARY), "{metrics}");
        let log = service.process.errors();
        let leak = log.lines().find(|line| line.contains(CANARY));
        assert_eq!(leak, None, "{format}");
        for id in [failed, unreadable, away].concat() {
            assert!(log.contains(&id), "{format}: the log does not know the call {id}");
        }
        for told in ["the store failed", "a customer's record cannot be read", "answered"] {
            assert!(log.contains(told), "{format}: not in the log: {told}");
        }
    }
}
