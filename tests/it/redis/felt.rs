//! Health is what callers feel: each state in which changes fail, or answers are not made of
//! records, is shown while it lasts, on the operations port, by gRPC's health service and as a
//! metric, and is over when it is over.

use std::time::Duration;

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::cluster::Cluster;
use super::proxy::Proxy;
use super::server::Plan;
use super::server::Server;
use super::service::Service;
use crate::support::courtesy;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

/// How often each state comes and goes.
const TIMES: usize = 20;
/// How often in a row a state must be shown while it lasts.
const STEADY: usize = 10;

const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];

/// A busy machine may be slow without being in trouble.
const PATIENT: [&str; 2] = ["--store-timeout", "1s"];

/// What fails in a state.
#[derive(Clone, Copy)]
enum Fails {
    /// What concerns a part of the customers.
    Part,
    /// Every change.
    Changes,
    /// Everything that needs a record.
    All,
}

/// What is shown of a state.
struct Shown {
    trouble: &'static str,
    fails: Fails,
    /// Whether checks are made without records meanwhile.
    degraded: bool,
}

impl Shown {
    /// The status of `/readyz`, and which services serve.
    fn expected(&self) -> (u16, [ServingStatus; 2]) {
        let (yes, no) = (ServingStatus::Serving, ServingStatus::NotServing);
        match self.fails {
            Fails::Part => (200, [yes, yes]),
            Fails::Changes => (200, [yes, no]),
            Fails::All => (503, [no, no]),
        }
    }
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
    let (status, words, serves) = says(service);
    let trouble = shown.trouble;
    let name = trouble.replace('_', " ");
    let metrics = http::get(&format!("http://{}/metrics", service.process.operations()), &[]).body;
    let gauge = format!("courtesy_store_trouble{{trouble=\"{trouble}\"}} 1\n");
    let is_it =
        (status, serves) == shown.expected() && words.contains(&name) && metrics.contains(&gauge);
    is_it.then_some(()).ok_or_else(|| format!("{status} {words} {serves:?}"))
}

/// Lets a state come and go, again and again.
fn come_and_go(service: &Service, shown: &Shown, begin: impl Fn(), end: impl Fn()) {
    let trouble = shown.trouble;
    let is_well = || {
        let serves = [ServingStatus::Serving; 2];
        (says(service) == (200, "ready\n".to_owned(), serves)).then_some(())
    };
    until(PATIENCE, "it is ready", is_well);
    // The customer that it asks about here has a record.
    service.wait_until_well();
    for time in 0..TIMES {
        begin();
        until(PATIENCE, trouble, || is_shown(service, shown).ok());
        assert!(service.opt_out("witness").is_err(), "{trouble}: changes fail");
        assert_eq!(service.check("witness").degraded, shown.degraded, "{trouble}");
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
    let shown = Shown { trouble: "memory_full", fails: Fails::Changes, degraded: false };
    let memory = |most| set(&server, "maxmemory", most);
    come_and_go(&service, &shown, || memory("1"), || memory("0"));
}

fn replica_away() {
    let server = Server::start(&SAFE);
    let follow = format!("replicaof 127.0.0.1 {}", server.port());
    let replica = Plan::new(&SAFE).line(&follow).start();
    replica.wait_until_it_follows();
    let service = Service::start(&server.url(), &["--replicas", "1", "--store-timeout", "1s"]);
    let shown = Shown { trouble: "replica_away", fails: Fails::Changes, degraded: false };
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
    let shown = Shown { trouble: "disk", fails: Fails::Changes, degraded: false };
    let save = |when| set(&server, "save", when);
    come_and_go(&service, &shown, || save("3600 1000000"), || save(""));
}

fn demoted() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &PATIENT);
    let shown = Shown { trouble: "demoted", fails: Fails::All, degraded: true };
    let follow = |host: &str, port: &str| {
        server.get::<String>(&["REPLICAOF", host, port]);
    };
    come_and_go(&service, &shown, || follow("127.0.0.1", "1"), || follow("NO", "ONE"));
}

fn away() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &PATIENT);
    let shown = Shown { trouble: "unreachable", fails: Fails::All, degraded: true };
    come_and_go(&service, &shown, || proxy.refuse(), || proxy.pass());
}

/// Short replies come in time, and a customer's record does not.
fn slow() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &PATIENT);
    let shown = Shown { trouble: "slow", fails: Fails::All, degraded: true };
    come_and_go(&service, &shown, || proxy.drip(), || proxy.pass());
}

/// It holds nothing any more, until an operator accepts that.
fn emptied() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &PATIENT);
    let shown = Shown { trouble: "emptied", fails: Fails::Changes, degraded: true };
    let empty = || assert_eq!(server.get::<String>(&["FLUSHALL"]), "OK");
    let server = ["--server", service.process.api()];
    let accept = [&["store", "accept", "--reason", "it was a drill"][..], &server].concat();
    let accepted = || (courtesy(&accept).code == 0).then_some(());
    come_and_go(&service, &shown, empty, || until(PATIENCE, "it is accepted", accepted));
}

/// One shard of three, on which the customer is.
fn shard_away() {
    let (cluster, proxies) = Cluster::behind_proxies(3, 0, Duration::from_secs(2));
    let service = Service::start(&cluster.address(), &PATIENT);
    let shown = Shown { trouble: "unreachable", fails: Fails::Part, degraded: true };
    let proxy = &proxies[cluster.primary_of("courtesy:c:default:witness")];
    come_and_go(&service, &shown, || proxy.refuse(), || proxy.pass());
}

/// So many at a time: what is slow because the machine is busy would be a state of its own.
const AT_ONCE: usize = 4;

#[test]
fn each_state_is_shown_twenty_times_and_does_not_flap() {
    let states: [fn(); 8] =
        [memory_full, replica_away, disk_full, demoted, away, slow, emptied, shard_away];
    for some in states.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            let states: Vec<_> = some.iter().map(|state| scope.spawn(state)).collect();
            for state in states {
                if let Err(panic) = state.join() {
                    std::panic::resume_unwind(panic);
                }
            }
        });
    }
}
