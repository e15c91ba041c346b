//! A Redis whose disk is full.

use std::time::Duration;

use tonic::Code;

use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::crash::full::Disk;
use crate::crash::full::fill_up;
use crate::wait::until;

/// More opt-outs than fit into what a full disk has left.
const MANY: usize = 1_000;

#[test]
fn a_server_whose_disk_is_full_promises_nothing_and_has_kept_what_it_promised() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Disk::mount(directory.path());
    let _disk = disk.expect("this test mounts a file system of its own: run it as root");
    let place = format!("dir {}", directory.path().display());
    let mut server = Server::start(&["appendonly yes", "appendfsync always", &place]);
    let service = Service::start(&server.url(), &["--store-timeout", "1s"]);
    service.opt_out("ada").unwrap();

    let ballast = directory.path().join("ballast");
    drop(fill_up(&ballast));
    let told: Vec<_> =
        (0..MANY).map(|number| service.opt_out(&format!("customer-{number}"))).collect();
    let failure = told.iter().find_map(|it| it.as_ref().err()).expect("the disk is full");
    assert_eq!(failure.code(), Code::Unavailable, "{failure:?}");
    // What it can no longer promise it leaves to others: it ends, and its replica would take over.
    assert!(server.log().contains("AOF write error"), "{}", server.log());
    assert!(server.ask::<String>(&["PING"]).is_err());
    let decision = service.check("ada");
    assert_eq!(codes(&decision), ["OPTED_OUT", "STORE_UNAVAILABLE"], "{decision:?}");

    std::fs::remove_file(&ballast).unwrap();
    server.restart();
    service.wait_until_well();
    // One that has seen none of them asks the record.
    let other = Service::start(&server.url(), &[]);
    let acknowledged =
        told.iter().enumerate().filter(|(_, it)| it.is_ok()).map(|(number, _)| number);
    let acknowledged: Vec<usize> = acknowledged.collect();
    for number in &acknowledged {
        let decision = other.check(&format!("customer-{number}"));
        assert_eq!(codes(&decision), ["OPTED_OUT"], "{decision:?}");
    }
    assert!(acknowledged.len() < MANY, "{acknowledged:?}");
    until(Duration::from_secs(2), "it takes writes again", || service.opt_out("late").ok());
}
