//! What was known of a customer who was erased: not in Redis, not in its dump and its log once
//! these are rewritten, and not in the journal beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use courtesy::proto::v1;
use regex::bytes::RegexSet;

use super::served::Desk;
use super::server::Server;
use super::service::Service;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "name: base\nchannels: {email: {}}\n\
                      purposes: {other: {}, marketing: {marketing: false, on_store_failure: allow}}\n";
const CANARY: &str = "canary-id";
const CANARIES: [&str; 4] = [CANARY, "canary-request", "canary-source", "canary-erasing"];

fn found(directory: &Path) -> Vec<&'static str> {
    let canaries = RegexSet::new(CANARIES).unwrap();
    // A file that is gone meanwhile holds nothing.
    let read = files(directory).into_iter().filter_map(|file| fs::read(file).ok());
    let all = read.flat_map(|bytes| canaries.matches(&bytes).into_iter().collect::<Vec<_>>());
    let all: BTreeSet<usize> = all.collect();
    all.into_iter().map(|number| CANARIES[number]).collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] }).collect()
}

#[test]
fn nothing_of_an_erased_customer_is_left_in_redis_and_in_the_journal() {
    let server = Server::start(&["appendonly yes", "aof-use-rdb-preamble no"]);
    let desk = Desk::new();
    let journal = desk.path("journal");
    // A busy machine may be slow.
    let flags = ["--journal", &journal, "--store-timeout", "1s"];
    let service = Service::start(&server.url(), &flags);
    service.apply(POLICY, 0).unwrap();
    let request = v1::OptOutRequest {
        customer_id: CANARY.to_owned(),
        scope: Some(v1::Scope { purpose: Some("other".to_owned()), ..Default::default() }),
        source: Some("canary-source".to_owned()),
        ..Default::default()
    };
    service.wait(service.customers().opt_out(request)).unwrap();
    server.stop();
    let allowed = service.reserve(CANARY, "canary-request").unwrap();
    assert!(allowed.degraded, "{allowed:?}");
    assert_eq!(found(Path::new(&journal)), CANARIES[..2], "it is owed");
    server.resume();
    service.wait_until_well();
    until(PATIENCE, "it is charged", || (service.contacts(CANARY) == 1).then_some(()));
    let request = v1::EraseCustomerRequest {
        customer_id: CANARY.to_owned(),
        request_id: Some("canary-erasing".to_owned()),
        ..Default::default()
    };
    service.wait(service.customers().erase_customer(request)).unwrap();

    let journal = Path::new(&journal);
    // It is rewritten slowly, so that callers are answered.
    let long = Duration::from_secs(120);
    until(long, "the journal has forgotten", || found(journal).is_empty().then_some(()));
    assert_eq!(found(server.directory()), CANARIES[..3], "what was appended is there");
    assert_eq!(server.get::<String>(&["SAVE"]), "OK");
    let _began: String = server.get(&["BGREWRITEAOF"]);
    until(PATIENCE, "what was appended is rewritten", || {
        found(server.directory()).is_empty().then_some(())
    });
}
