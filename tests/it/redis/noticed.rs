//! Every way to lose what a Redis holds is noticed by every instance, and a start learns of it as
//! well.

#![expect(clippy::print_stderr, reason = "a run tells how soon each loss was noticed")]

use std::time::Duration;

use bytes::Bytes;
use courtesy::clock::Stopwatch;
use courtesy::codec::mark::Mark;
use courtesy::proto::v1;

use super::cluster::Cluster;
use super::proxy::Proxy;
use super::server::Server;
use super::service::Service;
use crate::support::courtesy;
use crate::support::http;
use crate::wait::until;

/// What is asserted is that it is noticed; how soon, is told.
const NOTICED: Duration = Duration::from_secs(60);
/// So long no server of a cluster takes another's place.
const CALM: Duration = Duration::from_secs(15);
/// For how many looks at the store instances write.
const LOOKS: u64 = 10;

/// What `/readyz` says.
fn says(service: &Service) -> String {
    http::get(&format!("http://{}/readyz", service.process.operations()), &[]).body
}

fn mark(server: &Server) -> Mark {
    let value = server.get::<Vec<u8>>(&["GET", "courtesy:n:courtesy:mark {0}"]);
    Mark::read(&Bytes::from(value).slice(26..)).unwrap()
}

/// How often a store was looked at so far.
pub(super) fn looks(service: &Service) -> u64 {
    let metrics = http::get(&format!("http://{}/metrics", service.process.operations()), &[]).body;
    let name = "courtesy_refreshes_total{result=\"ok\"} ";
    let count = metrics.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
    count.unwrap_or_default()
}

/// Has something to lose, which all instances know.
fn fill(server: &Server, instances: &[Service], customer: &str) {
    instances.iter().for_each(Service::wait_until_well);
    let before = mark(server).counter;
    for service in instances {
        service.opt_out(customer).unwrap();
    }
    until(NOTICED, "it is known", || {
        let mark = mark(server);
        (mark.counter > before && mark.settled == mark.counter).then_some(())
    });
}

/// Two instances on a server, and a third that starts when something is lost.
struct Bed {
    server: Server,
    proxy: Proxy,
    instances: Vec<Service>,
}

impl Bed {
    fn start() -> Self {
        let server = Server::start(&[]);
        let proxy = Proxy::before(server.port());
        let start = |_number| Service::start(&proxy.url(), &["--store-timeout", "1s"]);
        let instances: Vec<Service> = (0..2).map(start).collect();
        Self { server, proxy, instances }
    }

    fn fill(&self, customer: &str) {
        fill(&self.server, &self.instances, customer);
    }

    /// Waits until all say what is lost, also one that starts now, and accepts it.
    fn is_noticed(&mut self, loss: &str, since: Stopwatch) {
        for (number, service) in self.instances.iter().enumerate() {
            until(NOTICED, loss, || says(service).contains("emptied").then_some(()));
            eprintln!("{loss}: instance {number} says so after {:?}", since.elapsed());
            service.opt_out("another").unwrap_err();
        }
        // It finds what the others have noted.
        until(NOTICED, "it is noted", || (!mark(&self.server).lost.is_empty()).then_some(()));
        let third = Service::start(&self.proxy.url(), &["--store-timeout", "1s"]);
        until(NOTICED, loss, || says(&third).contains("emptied").then_some(()));
        let server = ["--server", self.instances[0].process.api()];
        let accept = [&["store", "accept", "--reason", "it is gone"][..], &server].concat();
        until(NOTICED, "it is accepted", || (courtesy(&accept).code == 0).then_some(()));
        for service in self.instances.iter().chain([&third]) {
            service.wait_until_well();
        }
    }
}

/// Lets a server lose something while no instance runs, and another start on it.
fn is_noticed_by_a_start(loss: &str, lose: impl Fn(&mut Server)) {
    let mut server = Server::start(&[]);
    let journal = tempfile::tempdir().unwrap();
    let journal = journal.path().to_str().unwrap();
    let start = |server: &Server| {
        Service::start(&server.url(), &["--journal", journal, "--store-timeout", "1s"])
    };
    let instances = [start(&server)];
    instances[0].wait_until_well();
    server.get::<String>(&["SAVE"]);
    fill(&server, &instances, "ada");
    drop(instances);
    lose(&mut server);
    let service = start(&server);
    until(NOTICED, loss, || says(&service).contains("emptied").then_some(()));
    service.opt_out("ada").unwrap_err();
    assert!(service.check("ada").degraded, "{loss}");
}

#[test]
fn a_start_learns_of_each_loss_by_what_it_has_kept() {
    is_noticed_by_a_start("FLUSHALL", |server| {
        server.get::<String>(&["FLUSHALL"]);
    });
    is_noticed_by_a_start("another server in its place", |server| *server = Server::start(&[]));
    is_noticed_by_a_start("started without what it held", Server::restart_from_scratch);
    is_noticed_by_a_start("an older copy", Server::restart);
    is_noticed_by_a_start("keys thrown away", |server| evict(server));
    is_noticed_by_a_start("a policy that throws keys away", |server| {
        server.get::<String>(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"]);
    });
}

/// An instance that has not seen what others wrote last finds nothing missing. It writes, and the
/// store counts as far as before.
#[test]
fn a_loss_is_noticed_also_where_another_instance_has_written_since() {
    let mut server = Server::start(&[]);
    let start = |server: &Server| Service::start(&server.url(), &["--store-timeout", "1s"]);
    let instances = [start(&server)];
    let [service] = &instances;
    fill(&server, &instances, "ada");
    server.get::<String>(&["SAVE"]);
    fill(&server, &instances, "bob");
    let lost = mark(&server);
    service.process.stop();
    server.restart();
    assert!(mark(&server).counter < lost.counter);
    let other = [start(&server)];
    while mark(&server).counter <= lost.counter {
        fill(&server, &other, "cyd");
    }
    service.process.resume();
    until(NOTICED, "it is noticed", || says(service).contains("emptied").then_some(()));
    service.opt_out("bob").unwrap_err();
    until(NOTICED, "the other learns of it", || says(&other[0]).contains("emptied").then_some(()));
}

#[test]
fn each_loss_is_noticed_by_every_instance_and_by_a_start() {
    let mut bed = Bed::start();
    bed.fill("ada");
    let since = Stopwatch::start();
    bed.server.get::<String>(&["FLUSHALL"]);
    bed.is_noticed("FLUSHALL", since);

    bed.fill("bob");
    let since = Stopwatch::start();
    let other = Server::start(&[]);
    bed.proxy.lead_to(other.port());
    bed.proxy.cut();
    bed.server = other;
    bed.is_noticed("another server in its place", since);

    bed.fill("cyd");
    let since = Stopwatch::start();
    bed.server.restart();
    bed.is_noticed("started without its log", since);

    bed.fill("dan");
    bed.server.get::<String>(&["SAVE"]);
    bed.fill("eve");
    let since = Stopwatch::start();
    bed.server.kill();
    bed.server.begin();
    bed.server.wait();
    bed.is_noticed("an older copy", since);

    bed.fill("gus");
    let since = Stopwatch::start();
    evict(&bed.server);
    bed.is_noticed("keys thrown away", since);
}

/// What instances tell of their audit logs is told once, however often they meet at the marks: one
/// that starts finds as many events as are told.
#[test]
fn instances_that_write_at_once_lose_nothing_that_a_start_would_miss() {
    let cluster = Cluster::start(3, 0, Duration::from_secs(2));
    let start = || Service::start(&cluster.address(), &["--store-timeout", "5s"]);
    let instances: Vec<Service> = (0..3).map(|_| start()).collect();
    instances.iter().for_each(Service::wait_until_well);
    std::thread::scope(|scope| {
        for service in instances {
            scope.spawn(move || {
                let before = looks(&service);
                // An erasure is audited.
                while looks(&service) < before + LOOKS {
                    let request = v1::EraseCustomerRequest {
                        customer_id: "witness".to_owned(),
                        ..Default::default()
                    };
                    drop(service.wait(service.customers().erase_customer(request)));
                }
            });
        }
    });
    let last = start();
    last.wait_until_well();
    assert_eq!(says(&last), "ready\n");
}

/// A server that cannot say how many keys it has thrown away is not accepted unseen: its loss would
/// be found again with the next look.
#[test]
fn only_what_every_server_has_said_is_accepted() {
    let cluster = Cluster::start(3, 0, CALM);
    let service = Service::start(&cluster.address(), &["--store-timeout", "5s"]);
    service.wait_until_well();
    let node = &cluster.nodes[1];
    evict(node);
    until(NOTICED, "it is noticed", || says(&service).contains("emptied").then_some(()));
    let server = ["--server", service.process.api()];
    let accept = [&["store", "accept", "--reason", "it is gone"][..], &server].concat();
    node.get::<String>(&["ACL", "SETUSER", "default", "-info"]);
    assert_ne!(courtesy(&accept).code, 0);
    node.get::<String>(&["ACL", "SETUSER", "default", "+info"]);
    until(NOTICED, "it is accepted", || (courtesy(&accept).code == 0).then_some(()));
    let before = looks(&service);
    until(NOTICED, "it is looked at again", || (looks(&service) >= before + 2).then_some(()));
    assert_eq!(says(&service), "ready\n");
}

/// Lets a server evict a key that belongs to no customer, until it has.
fn evict(server: &Server) {
    let set = |name, value| server.get::<String>(&["CONFIG", "SET", name, value]);
    let much = "x".repeat(100_000);
    let set_key = |key: &String| server.ask::<String>(&["SET", key, &much, "EX", "1000"]).is_ok();
    // Another server of a cluster has the others.
    let key = (0..).map(|number| format!("some {number}")).find(set_key).unwrap();
    set("maxmemory-policy", "volatile-lru");
    set("maxmemory", "1");
    until(NOTICED, "a key is thrown away", || {
        server.get::<i64>(&["EXISTS", &key]).eq(&0).then_some(())
    });
    set("maxmemory", "0");
    set("maxmemory-policy", "noeviction");
}
