//! Addresses are what they say, and passwords are where they belong.

use super::cluster::Cluster;
use super::proxy::Proxy;
use super::sentinel::NAME;
use super::sentinel::Sentinels;
use super::served::Desk;
use super::server::Plan;
use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];

#[test]
fn a_valkey_and_a_socket_are_spoken_to() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("redis.sock");
    let socket = socket.to_str().unwrap();
    let server = Plan::new(&SAFE).line(&format!("unixsocket {socket}")).start();
    let first = Service::start(&server.url().replace("redis://", "VALKEY://"), &[]);
    first.opt_out("ada").unwrap();
    for url in [format!("unix://{socket}"), format!("redis+unix://{socket}?db=0")] {
        let service = Service::start(&url, &[]);
        assert_eq!(codes(&service.check("ada")), ["OPTED_OUT"], "{url}");
        service.opt_out("bob").unwrap();
    }
    assert_eq!(codes(&first.check("bob")), ["OPTED_OUT"]);
}

#[test]
fn what_is_no_address_makes_no_directory_and_its_password_is_not_repeated() {
    let desk = Desk::new();
    let (secret, journal) = (desk.path("secret"), desk.path("journal"));
    let before: Vec<_> = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().collect();
    for store in [
        "http://me:hunter2@a",
        "tcp://a:6379",
        "127.0.0.1:6379",
        "a:6379,b:6379",
        "redis:/a",
        "redis://me:hunter2@a:6379",
        " redis://me:hunter2@a:6379",
        "redis://me:hun'ter2 hunter2@a:6379",
        "unix:///run/redis.sock?password=hunter2",
        "a-directory-that-is-not-there",
    ] {
        let rest = ["--secret-file", &secret, "--journal", &journal, "--listen", "127.0.0.1:0"];
        for command in ["serve", "doctor", "config"] {
            for flags in [vec!["--store", store], vec!["--stor", store], vec![store]] {
                let said = courtesy(&[&[command][..], &flags, &rest].concat());
                assert_eq!(said.code, 2, "{command} {store}: {}", said.err);
                let all = said.out + &said.err;
                assert!(!all.contains("hunter2"), "{command} {flags:?}: {all}");
            }
        }
        let copy = courtesy(&["copy", "--from", store, "--to", "./courtesy-copy-of-nothing"]);
        assert!(copy.code == 2 && !(copy.out + &copy.err).contains("hunter2"), "{store}");
        let file = crate::support::File::new("config.toml", &format!("store = {store:?}\n"));
        let said = courtesy(&["config", "--config", file.path()]);
        assert_eq!(said.code, 2, "{store}");
        assert!(!(said.out + &said.err).contains("hunter2"), "{store}");
    }
    let after: Vec<_> = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().collect();
    assert_eq!(before.len(), after.len());
}

fn refused(store: &str) -> String {
    let desk = Desk::new();
    let (secret, journal) = (desk.path("secret"), desk.path("journal"));
    let said = courtesy(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--operations",
        "off",
        "--pages",
        "off",
        "--console",
        "off",
        "--store",
        store,
        "--secret-file",
        &secret,
        "--journal",
        &journal,
    ]);
    assert_eq!(said.code, 2, "{}", said.err);
    said.err
}

#[test]
fn a_plain_address_of_something_else_is_refused_with_the_one_that_is_meant() {
    let cluster = Cluster::shared();
    let node = cluster.nodes[0].announced_address();
    let said = refused(&format!("redis://{node}"));
    assert!(said.contains(&format!("write redis+cluster://{node}")), "{said}");
    let server = Server::start(&SAFE);
    let said = refused(&format!("redis+cluster://{}", server.address()));
    assert!(said.contains(&format!("write {}", server.url())), "{said}");
    let bed = Sentinels::start(0);
    let sentinel = bed.sentinels[0].address();
    let said = refused(&format!("redis://{sentinel}"));
    assert!(said.contains(&format!("write redis+sentinel://{sentinel}/{NAME}")), "{said}");
    let said = refused(&format!("redis+sentinel://{}/{NAME}", server.address()));
    assert!(said.contains("is not a Sentinel"), "{said}");
}

#[test]
fn sentinels_may_want_a_password() {
    let bed = Sentinels::start(0);
    let file = crate::support::File::new("sentinel-password", "sesame\n");
    for sentinel in &bed.sentinels {
        sentinel.get::<String>(&["ACL", "SETUSER", "default", "resetpass", ">sesame"]);
    }
    let own = ["--redis-sentinel-password-file", file.path()];
    let service = Service::start(&bed.address(), &own);
    service.opt_out("ada").unwrap();
    drop(service);
    // Where the servers have the same, one file is enough.
    bed.nodes[0].get::<String>(&["CONFIG", "SET", "requirepass", "sesame"]);
    let service = Service::start(&bed.address(), &["--redis-password-file", file.path()]);
    assert_eq!(codes(&service.check("ada")), ["OPTED_OUT"]);
}

#[test]
fn another_password_in_the_file_needs_no_restart() {
    let server = Server::start(&[&SAFE[..], &["requirepass first"]].concat());
    let proxy = Proxy::before(server.port());
    let file = crate::support::File::new("password", "first\n");
    let service = Service::start(&proxy.url(), &["--redis-password-file", file.path()]);
    service.opt_out("ada").unwrap();
    let mut connection = server.connect().unwrap();
    let set = ["CONFIG", "SET", "requirepass", "second"];
    super::server::command(&set).query::<()>(&mut connection).unwrap();
    std::fs::write(file.path(), "second\n").unwrap();
    proxy.cut();
    service.wait_until_well();
    assert_eq!(codes(&service.check("ada")), ["OPTED_OUT"]);
}

/// Makes a replica a primary, when it has all that was written. Nothing is written to the one
/// before until that is let go on: a server that lacks something is no successor, and is not taken
/// for one.
fn hand_over(from: &Server, to: &Server) {
    from.get::<String>(&["CLIENT", "PAUSE", "60000", "WRITE"]);
    until(PATIENCE, "it has everything", || {
        let (all, got) = (from.info("master_repl_offset")?, to.info("slave_repl_offset")?);
        (all == got).then_some(())
    });
    to.get::<String>(&["REPLICAOF", "NO", "ONE"]);
}

/// A name behind which another server is the primary by now: the one that was left is not asked
/// again.
#[test]
fn a_server_that_was_demoted_is_left_at_once() {
    let old = Server::start(&SAFE);
    let new = Plan::new(&SAFE).line(&format!("replicaof 127.0.0.1 {}", old.port())).start();
    new.wait_until_it_follows();
    let proxy = Proxy::before(old.port());
    let service = Service::start(&proxy.url(), &["--wish-durability", "synced"]);
    service.opt_out("ada").unwrap();
    for round in 0..5 {
        let customer = format!("customer-{round}");
        // The connections of the round before may still be found out to be cut.
        until(PATIENCE, "it answers from records", || {
            (!service.check(&customer).degraded).then_some(())
        });
        // The old one follows a server that it cannot reach: it does not hear of what is written
        // from now on.
        hand_over(&old, &new);
        old.get::<String>(&["REPLICAOF", "127.0.0.1", "1"]);
        old.get::<String>(&["CLIENT", "UNPAUSE"]);
        // It has nothing beside it to begin with, so that its first write must not be late.
        let flags = ["--wish-durability", "synced", "--store-timeout", "5s"];
        let other = Service::start(&new.url(), &flags);
        other.opt_out(&customer).unwrap();
        for _again in 0..50 {
            let decision = service.check(&customer);
            assert!(decision.degraded || codes(&decision) == ["OPTED_OUT"], "{decision:?}");
        }
        proxy.lead_to(new.port());
        until(PATIENCE, "the new one is found", || {
            (codes(&service.check(&customer)) == ["OPTED_OUT"]).then_some(())
        });
        service.wait_until_well();
        // And back again, for the next round.
        drop(other);
        old.get::<String>(&["REPLICAOF", "127.0.0.1", &new.port().to_string()]);
        old.wait_until_it_follows();
        proxy.lead_to(old.port());
        hand_over(&new, &old);
        new.get::<String>(&["REPLICAOF", "127.0.0.1", &old.port().to_string()]);
        new.get::<String>(&["CLIENT", "UNPAUSE"]);
        new.wait_until_it_follows();
        proxy.cut();
        service.wait_until_well();
    }
}
