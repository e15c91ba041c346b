//! The decision log, in a file and in a stream of a real Redis.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use redis::Value as Reply;
use serde_json::Value;

use crate::crash::process::Process;
use crate::redis::server::Server;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const JSON: &[&str] = &["content-type: application/json"];

/// Asks for contacts with a customer, and is answered.
#[track_caller]
fn ask(process: &Process, method: &str, body: &str) {
    let url = format!("{}/courtesy.v1.ContactService/{method}", process.api());
    let answer = http::post(&url, JSON, body);
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn contact(customer: &str) -> String {
    format!(
        r#"{{"customer_id":"{customer}","channel":"email","purpose":"marketing","topic":"news","priority":7}}"#
    )
}

fn check(process: &Process, customer: &str) {
    ask(process, "CheckContact", &format!("{{\"contact\":{}}}", contact(customer)));
}

fn check_many(process: &Process, count: usize) {
    let contacts: Vec<String> = (0..count).map(|n| contact(&format!("c{n}"))).collect();
    let body = format!("{{\"contacts\":[{}]}}", contacts.join(","));
    ask(process, "BatchCheckContacts", &body);
}

fn start(store: &Path, log: &str, more: &[&str]) -> Process {
    super::start(store, &[&["--decision-log", log], more].concat())
}

fn stop(mut process: Process) {
    process.terminate();
    assert!(process.ended().success(), "{}", process.errors());
}

fn metric(process: &Process, series: &str) -> u64 {
    super::metric(process, series).unwrap()
}

fn events(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn is_cloud_event(event: &Value) {
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["source"], "/courtesy");
    assert_eq!(event["type"], "courtesy.decision.v1");
    assert_eq!(event["datacontenttype"], "application/json");
    assert!(event["time"].as_str().unwrap().ends_with('Z'), "{event}");
    assert_eq!(event["subject"].as_str().unwrap().len(), 32);
    let data = &event["data"];
    assert_eq!(
        (&data["channel"], &data["topic"], &data["priority"]),
        (&"email".into(), &"news".into(), &7.into())
    );
}

#[test]
fn every_decision_is_an_event_in_the_file_and_names_no_customer() {
    let directory = tempfile::tempdir().unwrap();
    let (store, file) = (directory.path().join("store"), directory.path().join("log"));
    let process = start(&store, file.to_str().unwrap(), &[]);
    check(&process, "ada@example.com");
    let reserve = format!(
        "{{\"request_id\":\"ada@example.com-1\",\"contact\":{}}}",
        contact("ada@example.com")
    );
    ask(&process, "ReserveContact", &reserve);
    ask(&process, "RecordContact", &reserve.replace("-1", "-2"));
    let opt_out = r#"{"customer_id":"bob@example.com"}"#;
    let url = format!("{}/courtesy.v1.CustomerService/OptOut", process.api());
    assert_eq!(http::post(&url, JSON, opt_out).status, 200);
    check(&process, "bob@example.com");
    let choose = format!(
        "{{\"request_id\":\"x\",\"candidates\":[{{\"contact\":{}}}]}}",
        contact("bob@example.com")
    );
    ask(&process, "ChooseContact", &choose);
    check_many(&process, 3);
    stop(process);

    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("example.com"), "{text}");
    let events = events(&file);
    let calls: Vec<&str> = events.iter().map(|it| it["data"]["call"].as_str().unwrap()).collect();
    let batch = "BatchCheckContacts";
    let expected = [
        "CheckContact",
        "ReserveContact",
        "RecordContact",
        "CheckContact",
        "ChooseContact",
        batch,
        batch,
        batch,
    ];
    assert_eq!(calls, expected);
    let ids: BTreeSet<&str> = events.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), events.len(), "every event has an id of its own");
    events.iter().for_each(is_cloud_event);
    assert_eq!(events[0]["subject"], events[1]["subject"], "a customer is always the same");
    assert_ne!(events[0]["subject"], events[3]["subject"]);
    assert_eq!(events[0]["data"]["effect"], "ALLOW");
    assert_eq!(events[3]["data"]["effect"], "DENY");
    assert_eq!(events[3]["data"]["reasons"][0]["code"], "OPTED_OUT");

    // What is there stays, and customers keep their hashes over a restart; another subject is asked
    // for.
    let process = start(&store, file.to_str().unwrap(), &[]);
    check(&process, "ada@example.com");
    stop(process);
    let process = start(&store, file.to_str().unwrap(), &["--decision-log-subject", "plain"]);
    check(&process, "ada@example.com");
    stop(process);
    let process = start(&store, file.to_str().unwrap(), &["--decision-log-subject", "off"]);
    check(&process, "ada@example.com");
    stop(process);
    let later = self::events(&file);
    assert_eq!(later[..events.len()], events);
    let [hashed, plain, absent] = &later[events.len()..] else { panic!("{later:?}") };
    assert_eq!(hashed["subject"], events[0]["subject"]);
    assert_eq!(plain["subject"], "ada@example.com");
    assert_eq!(absent.get("subject"), None);
}

#[test]
fn a_share_of_the_decisions_is_logged() {
    let directory = tempfile::tempdir().unwrap();
    let (store, file) = (directory.path().join("store"), directory.path().join("log"));
    let process = start(&store, file.to_str().unwrap(), &["--decision-log-sample", "1/10"]);
    for _ in 0..4 {
        check_many(&process, 1_000);
    }
    stop(process);
    let logged = events(&file).len();
    assert!((280..=520).contains(&logged), "{logged} of 4,000 were logged, and not a tenth");
}

/// A log without a reader loses decisions, and says how many; callers do not wait for it, nor
/// does the end of the process.
#[test]
fn a_slow_log_loses_decisions_and_counts_them() {
    let directory = tempfile::tempdir().unwrap();
    let (store, pipe) = (directory.path().join("store"), directory.path().join("pipe"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Open for reading and never read.
    let reader = fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    let process = start(&store, pipe.to_str().unwrap(), &[]);
    let sent = 14_000;
    for _ in 0..sent / 1_000 {
        check_many(&process, 1_000);
    }
    let dropped = until(PATIENCE, "decisions are dropped", || {
        Some(metric(&process, "courtesy_decision_log_dropped_total")).filter(|count| *count > 0)
    });
    let written = metric(&process, "courtesy_decision_log_written_total");
    assert!(dropped + written < sent, "{dropped} and {written}: some wait in the queue");
    check(&process, "ada");
    stop(process);
    drop(reader);
}

#[test]
fn a_file_that_cannot_be_written_stops_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    for (log, needle) in [
        (directory.path().join("no/log").to_str().unwrap(), "No such file"),
        ("redis+cluster://127.0.0.1:1", "one server"),
    ] {
        let refused = Process::start(&store, &["--decision-log", log]).err().unwrap();
        assert_eq!(refused.code, Some(2));
        assert!(refused.err.contains(needle), "{}", refused.err);
    }
}

/// The stream is bounded, and goes on after its Redis was away; what could not be written is
/// counted.
#[test]
fn decisions_are_a_bounded_stream_of_a_redis() {
    let server = Server::start(&[]);
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    let more = ["--decision-log-length", "500", "--key-prefix", "own:"];
    let process = start(&store, &server.url(), &more);
    check(&process, "ada@example.com");
    let length = || server.get::<usize>(&["XLEN", "own:decisions"]);
    until(PATIENCE, "the first event is there", || (length() == 1).then_some(()));
    let entry: Vec<(String, Vec<String>)> = server.get(&["XRANGE", "own:decisions", "-", "+"]);
    let [(_id, fields)] = &entry[..] else { panic!("{entry:?}") };
    assert_eq!(fields[0], "event");
    let event: Value = serde_json::from_str(&fields[1]).unwrap();
    assert_eq!(
        (&event["specversion"], &event["data"]["call"]),
        (&"1.0".into(), &"CheckContact".into())
    );

    let written = |process: &Process| metric(process, "courtesy_decision_log_written_total");
    for _ in 0..5 {
        check_many(&process, 1_000);
    }
    until(PATIENCE, "all are written", || (written(&process) == 5_001).then_some(()));
    assert!((500..1_000).contains(&length()), "{} events are kept", length());

    server.stop();
    check(&process, "ada");
    until(Duration::from_secs(60), "it is counted", || {
        (metric(&process, "courtesy_decision_log_dropped_total") > 0).then_some(())
    });
    server.resume();
    until(PATIENCE, "it is written again", || {
        check(&process, "ada");
        (written(&process) > 5_001).then_some(())
    });
    let log = process.errors();
    assert!(log.contains("the decision log cannot be written"), "{log}");
    assert!(log.contains("the decision log is written again"), "{log}");
    let info: Reply = server.get(&["PING"]);
    assert_eq!(info, Reply::SimpleString("PONG".to_owned()));
}

#[test]
fn what_a_human_has_to_look_at_is_an_event_without_its_words() {
    let directory = tempfile::tempdir().unwrap();
    let (store, file) = (directory.path().join("store"), directory.path().join("log"));
    let process = start(&store, file.to_str().unwrap(), &["--decision-log-sample", "0"]);
    let url = format!("{}/courtesy.v1.CustomerService/HandleInboundMessage", process.api());
    let body =
        r#"{"customer_id":"ada-lovelace","channel":"sms","text":"wrong number","request_id":"1"}"#;
    let answer = http::post(&url, JSON, body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    stop(process);
    let events = events(&file);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["type"], "courtesy.unclear_message.v1");
    assert_eq!(events[0]["subject"].as_str().unwrap().len(), 32);
    let data = &events[0]["data"];
    assert_eq!((&data["channel"], &data["doubt"]), (&"sms".into(), &"wrong_person".into()));
    let text = events[0].to_string();
    assert!(!text.contains("wrong number") && !text.contains("ada-lovelace"), "{text}");
}
