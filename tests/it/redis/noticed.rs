//! Every way to lose what a Redis holds is noticed by every instance, and a start learns of it as well.

#![expect(clippy::print_stderr, reason = "a run tells how soon each loss was noticed")]

use std::time::Duration;

use bytes::Bytes;
use courtesy::clock::Stopwatch;
use courtesy::codec::mark::Mark;

use super::proxy::Proxy;
use super::server::Server;
use super::service::Service;
use super::wait::until;
use crate::support::courtesy;
use crate::support::http;

/// What is asserted is that it is noticed; how soon, is told.
const NOTICED: Duration = Duration::from_secs(60);

/// What `/readyz` says.
fn says(service: &Service) -> String {
    http::get(&format!("http://{}/readyz", service.process.operations()), &[]).body
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

    /// Has something to lose, which all instances know.
    fn fill(&self, customer: &str) {
        self.instances.iter().for_each(Service::wait_until_well);
        let before = self.mark().counter;
        for service in &self.instances {
            service.opt_out(customer).unwrap();
        }
        until(NOTICED, "all of it is known", || {
            let mark = self.mark();
            (mark.counter > before && mark.settled == mark.counter).then_some(())
        });
    }

    fn mark(&self) -> Mark {
        let value = self.server.get::<Vec<u8>>(&["GET", "courtesy:n:courtesy:mark {0}"]);
        Mark::read(&Bytes::from(value).slice(26..)).unwrap()
    }

    /// Waits until all say what is lost, also one that starts now, and accepts it.
    fn is_noticed(&mut self, loss: &str, since: Stopwatch) {
        for (number, service) in self.instances.iter().enumerate() {
            until(NOTICED, loss, || says(service).contains("emptied").then_some(()));
            eprintln!("{loss}: instance {number} says so after {:?}", since.elapsed());
            service.opt_out("nobody").unwrap_err();
        }
        // It finds what the others have noted.
        until(NOTICED, "it is noted", || (!self.mark().lost.is_empty()).then_some(()));
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

/// Lets a server throw keys away that are nobody's, until it has.
fn evict(server: &Server) {
    let set = |name, value| server.get::<String>(&["CONFIG", "SET", name, value]);
    server.get::<String>(&["SET", "somebody's", &"x".repeat(100_000), "EX", "1000"]);
    set("maxmemory-policy", "volatile-lru");
    set("maxmemory", "1");
    until(NOTICED, "a key is thrown away", || {
        server.get::<i64>(&["EXISTS", "somebody's"]).eq(&0).then_some(())
    });
    set("maxmemory", "0");
    set("maxmemory-policy", "noeviction");
}
