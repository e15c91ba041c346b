//! Health is what callers feel: each state in which changes fail, or answers are not made of records, is
//! shown while it lasts, on the operations port, by gRPC's health service and as a metric, and is over
//! when it is over.

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::proxy::Proxy;
use super::server::Plan;
use super::server::Server;
use super::service::Service;
use super::wait::PATIENCE;
use super::wait::until;
use crate::support::http;

/// How often each state comes and goes.
const TIMES: usize = 20;
/// How often in a row a state must be shown while it lasts.
const STEADY: usize = 10;

const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];

/// A busy machine may be slow without being in trouble.
const PATIENT: [&str; 2] = ["--store-timeout", "1s"];

/// What is shown of a state.
struct Shown {
    trouble: &'static str,
    /// Whether checks are made of records meanwhile.
    checks: bool,
}

/// What it says of itself now: the status and the words of `/readyz`, and which services serve.
fn says(service: &Service) -> (u16, String, [ServingStatus; 2]) {
    let ready = http::get(&format!("http://{}/readyz", service.process.operations()), &[]);
    let serves = ["ContactService", "CustomerService"].map(|name| {
        let request = HealthCheckRequest { service: format!("courtesy.v1.{name}") };
        let mut health = HealthClient::new(service.channel());
        service.wait(health.check(request)).unwrap().into_inner().status()
    });
    (ready.status, ready.body, serves)
}

fn is_shown(service: &Service, shown: &Shown) -> Result<(), String> {
    let (status, words, [contacts, customers]) = says(service);
    let Shown { trouble, checks } = *shown;
    let expected = if checks { ServingStatus::Serving } else { ServingStatus::NotServing };
    let name = trouble.replace('_', " ");
    let metrics = http::get(&format!("http://{}/metrics", service.process.operations()), &[]).body;
    let gauge = format!("courtesy_store_trouble{{trouble=\"{trouble}\"}} 1\n");
    let is_it = status == if checks { 200 } else { 503 }
        && words.contains(&name)
        && contacts == expected
        && customers == ServingStatus::NotServing
        && metrics.contains(&gauge);
    is_it.then_some(()).ok_or_else(|| format!("{status} {words} {contacts:?} {customers:?}"))
}

/// Lets a state come and go, again and again.
fn come_and_go(service: &Service, shown: &Shown, begin: impl Fn(), end: impl Fn()) {
    let trouble = shown.trouble;
    let is_well = || {
        let serves = [ServingStatus::Serving; 2];
        (says(service) == (200, "ready\n".to_owned(), serves)).then_some(())
    };
    until(PATIENCE, "it is ready", is_well);
    // There is a record of whom it asks about here.
    service.wait_until_well();
    for time in 0..TIMES {
        begin();
        until(PATIENCE, trouble, || is_shown(service, shown).ok());
        assert!(service.opt_out("somebody").is_err(), "{trouble}: changes fail");
        assert_eq!(service.check("somebody").degraded, !shown.checks, "{trouble}");
        for _again in 0..STEADY {
            is_shown(service, shown).unwrap_or_else(|why| panic!("{trouble}, {time}: {why}"));
        }
        end();
        until(PATIENCE, "it is ready again", is_well);
        service.wait_until_well();
    }
}

fn set(server: &Server, name: &str, value: &str) {
    assert_eq!(server.get::<String>(&["CONFIG", "SET", name, value]), "OK");
}

fn memory_full() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &PATIENT);
    let shown = Shown { trouble: "memory_full", checks: true };
    let memory = |most| set(&server, "maxmemory", most);
    come_and_go(&service, &shown, || memory("1"), || memory("0"));
}

fn replica_away() {
    let server = Server::start(&SAFE);
    let follow = format!("replicaof 127.0.0.1 {}", server.port());
    let replica = Plan::new(&SAFE).line(&follow).start();
    replica.wait_until_it_follows();
    let service = Service::start(&server.url(), &["--replicas", "1", "--store-timeout", "1s"]);
    let shown = Shown { trouble: "replica_away", checks: true };
    come_and_go(&service, &shown, || replica.stop(), || replica.resume());
}

/// A server that could not save what it holds takes no writes where it is to save.
fn disk_full() {
    let server = Plan::new(&SAFE).line("enable-protected-configs yes").start();
    let service = Service::start(&server.url(), &PATIENT);
    set(&server, "dir", "/proc");
    server.get::<String>(&["BGSAVE"]);
    until(PATIENCE, "it cannot save", || {
        server.info("rdb_last_bgsave_status").filter(|status| status == "err")
    });
    let shown = Shown { trouble: "disk", checks: true };
    let save = |when| set(&server, "save", when);
    come_and_go(&service, &shown, || save("3600 1000000"), || save(""));
}

fn demoted() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &PATIENT);
    let shown = Shown { trouble: "demoted", checks: false };
    let follow = |host: &str, port: &str| {
        server.get::<String>(&["REPLICAOF", host, port]);
    };
    come_and_go(&service, &shown, || follow("127.0.0.1", "1"), || follow("NO", "ONE"));
}

fn away() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &PATIENT);
    let shown = Shown { trouble: "unreachable", checks: false };
    come_and_go(&service, &shown, || proxy.refuse(), || proxy.pass());
}

/// Short replies come in time, and a customer's record does not.
fn slow() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &PATIENT);
    let shown = Shown { trouble: "slow", checks: false };
    come_and_go(&service, &shown, || proxy.drip(), || proxy.pass());
}

#[test]
fn each_state_is_shown_twenty_times_and_does_not_flap() {
    std::thread::scope(|scope| {
        let states = [memory_full, replica_away, disk_full, demoted, away, slow];
        let states: Vec<_> = states.into_iter().map(|state| scope.spawn(state)).collect();
        for state in states {
            if let Err(panic) = state.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}
