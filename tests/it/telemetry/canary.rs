//! Nothing of a customer is in a log, a metric or an error.

use courtesy::proto::v1;
use courtesy::proto::v1::import_customers_request::Part;
use serde_json::Value;

use super::requests;
use super::requests::CANARY;
use super::requests::Sort;
use crate::redis::server::Server;
use crate::redis::service::Service;
use crate::support::http;

const JSON: &[&str] = &["content-type: application/json"];

/// Sends requests of every sort, and returns how many were answered, and the ids of those that
/// failed.
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
        assert!(is_policy || !requests::names_a_customer(&told), "{request:?}: {told}");
        let id = answer.head.lines().find_map(|line| line.strip_prefix("x-request-id: "));
        failed.extend(id.map(str::to_owned));
    }
    (good, failed)
}

/// Takes customers in and gives them out, in streams. A row is wrong, and its violation names
/// no customer.
#[track_caller]
fn stream(service: &Service) -> (usize, usize) {
    let row = |row_number, time_zone: &str| {
        let customer_id = format!("{CANARY}-{row_number}@example.com");
        let time_zone = Some(time_zone.to_owned());
        let customer = v1::CustomerRow { customer_id, time_zone, ..Default::default() };
        v1::ImportRow { row_number, customer: Some(customer) }
    };
    let chunk = v1::ImportChunk { rows: vec![row(1, "Europe/Paris"), row(2, "Mars")] };
    let parts = [Part::Options(v1::ImportOptions::default()), Part::Chunk(chunk)];
    let requests = parts.map(|part| v1::ImportCustomersRequest { part: Some(part) });
    service.wait(async {
        let answers = service.customers().import_customers(tokio_stream::iter(requests)).await;
        let (mut answers, mut refused) = (answers.unwrap().into_inner(), 0);
        while let Some(answer) = answers.message().await.unwrap() {
            let told = format!("{answer:?}");
            assert!(!told.contains(CANARY), "{told}");
            refused += answer.refused_rows.len();
        }
        let request = v1::ExportCustomersRequest::default();
        let mut pages = service.customers().export_customers(request).await.unwrap().into_inner();
        let mut exported = 0;
        while let Some(page) = pages.message().await.unwrap() {
            exported += page.customers.len();
        }
        (refused, exported)
    })
}

/// With everything logged that there is: healthy, with damaged records, and without a store.
#[test]
fn no_customer_is_named_in_a_log_a_metric_or_an_error() {
    for format in ["json", "text", "pretty"] {
        let server = Server::start(&["appendonly yes", "appendfsync always"]);
        let more = ["--log", "trace", "--log-format", format, "--store-timeout", "1s"];
        let service = Service::start(&server.url(), &more);
        let (good, failed) = send(&service, &[Sort::Good, Sort::Strange, Sort::Mistyped]);
        assert!(good > 20, "{good} requests were answered");
        assert!(failed.len() > 20, "{failed:?}");

        let (refused, exported) = stream(&service);
        assert!(refused == 1 && exported > 0, "{refused} refused, {exported} exported");

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
        if format == "json" {
            let wrong = log.lines().find(|line| serde_json::from_str::<Value>(line).is_err());
            assert_eq!(wrong, None, "a line that is not JSON");
        }
        for id in [failed, unreadable, away].concat() {
            assert!(log.contains(&id), "{format}: the log does not know the call {id}");
        }
        for told in ["the store failed", "a customer's record cannot be read", "answered"] {
            assert!(log.contains(told), "{format}: not in the log: {told}");
        }
    }
}
