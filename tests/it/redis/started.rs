//! Instances that start while their store, or a part of it, is away: they serve, say so, and take
//! over when it is there.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use courtesy::codec::mark::Mark;

use super::cluster::Cluster;
use super::emptied::settled;
use super::served::Desk;
use super::served::POLICY;
use super::server::Plan;
use super::server::Server;
use super::service::Service;
use super::tls::Certificates;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::api::product::reason;
use crate::crash::process::Process;
use crate::support::File;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];

/// What `/readyz` says.
fn readiness(service: &Service) -> (u16, String) {
    let ready = http::get(&format!("http://{}/readyz", service.process.operations()), &[]);
    (ready.status, ready.body)
}

#[test]
fn an_instance_starts_without_its_store_by_what_it_has_kept() {
    let mut server = Server::start(&SAFE);
    let desk = Desk::new();
    let journal = desk.path("journal");
    let service = Service::start(&server.url(), &["--journal", &journal]);
    service.apply(POLICY, 0).unwrap();
    service.opt_out("eve").unwrap();
    until(PATIENCE, "the mark is settled", || settled(&server));
    drop(service);
    server.kill();
    let service = Service::start(&server.url(), &["--journal", &journal]);
    let decision = service.ask_codes("ada").unwrap();
    assert!(decision.degraded && is_allowed(&decision), "{decision:?}");
    assert_eq!(decision.policy_revision, 1);
    assert_eq!(reason(&service.opt_out("ada").unwrap_err()), "STORE_UNAVAILABLE");
    assert_eq!(readiness(&service).0, 503);
    server.restart();
    until(PATIENCE, "it takes over", || (!service.check_sms("ada").degraded).then_some(()));
    assert_eq!(codes(&service.check_sms("eve")), ["OPTED_OUT"]);
    service.opt_out("ada").unwrap();
}

/// One that has nothing beside it knows no policy, and never takes the starter policy for the one
/// that is missing.
#[test]
fn an_instance_starts_without_its_store_and_without_a_journal() {
    let mut server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    service.opt_out("eve").unwrap();
    drop(service);
    server.kill();
    let desk = Desk::new();
    let fresh = desk.path("journal");
    let both =
        [Service::start(&server.url(), &[]), Service::start(&server.url(), &["--journal", &fresh])];
    for service in &both {
        let (status, words) = readiness(service);
        assert!(status == 503 && words.contains("unreachable"), "{status} {words}");
        assert!(service.ask_codes("eve").is_none(), "no policy says what to do without the store");
        assert_eq!(reason(&service.opt_out("ada").unwrap_err()), "STORE_UNAVAILABLE");
    }
    server.restart();
    for service in &both {
        let decision = until(PATIENCE, "it takes over", || {
            service.ask_codes("eve").filter(|decision| !decision.degraded)
        });
        assert_eq!((codes(&decision), decision.policy_revision), (vec!["OPTED_OUT".to_owned()], 1));
        service.wait_until_well();
        until(PATIENCE, "it is ready", || {
            (readiness(service) == (200, "ready\n".to_owned())).then_some(())
        });
    }
}

/// For each shard of a cluster a customer who has opted out.
fn customers(cluster: &Cluster, service: &Service) -> Vec<String> {
    let on = |shard: usize| {
        let mut names = (0..).map(|number| format!("eve-{number}"));
        names.find(|it| cluster.primary_of(&format!("courtesy:c:default:{it}")) == shard).unwrap()
    };
    let customers: Vec<String> = (0..cluster.nodes.len()).map(on).collect();
    for customer in &customers {
        service.opt_out(customer).unwrap();
    }
    customers
}

#[test]
fn an_instance_starts_while_any_shard_is_away() {
    let mut cluster = Cluster::start(3, 0, Duration::from_secs(1));
    let desk = Desk::new();
    let journal = desk.path("journal");
    let flags = ["--journal", journal.as_str(), "--store-timeout", "1s"];
    let service = Service::start(&cluster.address(), &flags);
    service.apply(POLICY, 0).unwrap();
    let customers = customers(&cluster, &service);
    until(PATIENCE, "the mark is settled", || {
        let key = "courtesy:n:courtesy:mark {0}";
        let mark = Bytes::from(cluster.get::<Vec<u8>>(key, &["GET", key])).slice(26..);
        let mark = Mark::read(&mark).unwrap();
        (mark.revisions == 1 && mark.settled == mark.counter).then_some(())
    });
    drop(service);
    for shard in 0..customers.len() {
        cluster.nodes[shard].kill();
        let kept = Service::start(&cluster.address(), &flags);
        let bare = Service::start(&cluster.address(), &flags[2..]);
        for (other, customer) in customers.iter().enumerate() {
            let decision = until(PATIENCE, "what is there is used", || {
                Some(kept.check_sms(customer)).filter(|it| it.degraded == (other == shard))
            });
            assert!(!is_allowed(&decision), "{decision:?}");
            if other != shard {
                assert_eq!(codes(&decision), ["OPTED_OUT"]);
            }
            let decision = bare.ask_codes(customer);
            let is_refused = decision.is_none_or(|it| it.degraded || !is_allowed(&it));
            assert!(is_refused, "shard {shard}: {customer}");
        }
        // Also of customers without a record, where both of their places are there.
        let mut new = (0..).map(|number| format!("new-{shard}-{number}"));
        until(PATIENCE, "a new customer opts out", || kept.opt_out(&new.next()?).ok());
        let (status, words) = readiness(&kept);
        assert!(status == 200 && words.contains("ready, but the store"), "{status} {words}");
        cluster.nodes[shard].restart();
        cluster.wait_until_ok();
        for service in [&kept, &bare] {
            for customer in &customers {
                let decision = until(PATIENCE, "it takes over", || {
                    service.ask_codes(customer).filter(|decision| !decision.degraded)
                });
                let expected = (vec!["OPTED_OUT".to_owned()], 1);
                assert_eq!((codes(&decision), decision.policy_revision), expected);
            }
            service.wait_until_well();
        }
    }
}

/// Nothing that must be replicated is acknowledged, and everything else goes on: at the very first
/// start, and at a later one.
#[test]
fn an_instance_starts_while_a_replica_is_away() {
    let server = Server::start(&SAFE);
    let follow = format!("replicaof 127.0.0.1 {}", server.port());
    let replica = Plan::new(&SAFE).line(&follow).start();
    replica.wait_until_it_follows();
    for round in 0..2 {
        replica.stop();
        let service = Service::start(&server.url(), &["--replicas", "1"]);
        assert_eq!(reason(&service.opt_out("ada").unwrap_err()), "STORE_UNAVAILABLE");
        until(PATIENCE, "it is told", || {
            let (status, words) = readiness(&service);
            (status == 200 && words.contains("replica away")).then_some(())
        });
        let decision = service.check("eve");
        assert!(!decision.degraded, "{decision:?}");
        assert_eq!(codes(&decision).is_empty(), round == 0);
        replica.resume();
        service.wait_until_well();
        service.opt_out("eve").unwrap();
    }
}

/// Waiting does not mend a wrong password, a missing permission or an unknown certificate.
#[test]
fn what_a_server_refuses_ends_the_start() {
    let guarded = Server::start(&["requirepass sesame"]);
    let users = ["user courtesy on >sesame ~courtesy:* resetchannels -@all +ping"];
    let limited = Plan::new(&[]).with_users(&users).start();
    let sealed = Plan::new(&[]).with_tls(&Certificates::make()).start();
    let (right, wrong) = (File::new("right", "sesame\n"), File::new("wrong", "open\n"));
    let password = |file| vec!["--redis-password-file", file];
    let user = [password(right.path()), vec!["--redis-user", "courtesy"]].concat();
    let desk = Desk::new();
    let secret = desk.path("secret");
    for (store, flags, word) in [
        (guarded.url(), Vec::new(), "NOAUTH"),
        (guarded.url(), password(wrong.path()), "uthentication"),
        (format!("{}/99", guarded.url()), password(right.path()), "DB index"),
        (limited.url(), user, "NOPERM"),
        (sealed.url(), Vec::new(), "certificate"),
    ] {
        let args = [&["--secret-file", &secret, "--journal", "off"][..], &flags].concat();
        let refused = Process::start(Path::new(&store), &args).err().unwrap();
        assert_eq!(refused.code, Some(2), "{word}: {}", refused.err);
        assert!(refused.err.contains(word), "{word}: {}", refused.err);
    }
}

/// A start looks at the settings of a server that was away as soon as it is there, and uses it only
/// where they are safe.
#[test]
fn a_strict_instance_looks_at_settings_when_its_store_is_there() {
    let mut server = Server::start(&["appendonly yes"]);
    let follow = format!("replicaof 127.0.0.1 {}", server.port());
    let replica = Plan::new(&SAFE).line(&follow).start();
    replica.wait_until_it_follows();
    server.kill();
    let service = Service::start(&server.url(), &["--strict", "--store-timeout", "1s"]);
    let says = |words: &[&str]| {
        until(PATIENCE, words[0], || {
            let (status, said) = readiness(&service);
            (status == 503 && words.iter().all(|word| said.contains(word))).then_some(())
        });
    };
    says(&["unreachable"]);
    server.restart();
    replica.wait_until_it_follows();
    says(&["refused", "--strict forbids", "`appendfsync` is `everysec`"]);
    assert_eq!(reason(&service.opt_out("ada").unwrap_err()), "STORE_UNAVAILABLE");
    server.get::<String>(&["CONFIG", "SET", "appendfsync", "always"]);
    service.wait_until_well();
    until(PATIENCE, "it is ready", || (readiness(&service).0 == 200).then_some(()));
}
