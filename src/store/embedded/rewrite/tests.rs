//! What was removed is in no file some time later.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use regex::bytes::Regex;

use crate::clock::Stopwatch;
use crate::model::Name;
use crate::model::Span;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Version;
use crate::store::embedded::Embedded;
use crate::store::embedded::When;

const CANARY: &str = "canary-4711";
/// At once, again and again.
const NOW: When = When { after: Span::ZERO, between: Duration::ZERO };
/// A busy machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(120);

fn key(space: Space, id: &str) -> Key {
    Key { space, tenant: Name::new("default").unwrap(), id: Box::from(id) }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn put(store: &Embedded, key: &Key, value: &str) -> Version {
    let value = Bytes::copy_from_slice(value.as_bytes());
    let replacement = Replacement { key: key.clone(), expected: None, value, expires: None };
    match wait(store.replace(replacement, Durability::Synced)).unwrap() {
        Replaced::Done(version) => version,
        Replaced::Changed(_) => panic!("there is no other writer"),
    }
}

/// How many files below a directory hold the canary.
fn found(directory: &Path) -> usize {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.map(|path| {
        if path.is_dir() {
            return found(&path);
        }
        // A file that is gone meanwhile holds nothing.
        let bytes = fs::read(&path).unwrap_or_default();
        usize::from(Regex::new(CANARY).unwrap().is_match(&bytes))
    });
    found.sum()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Stopwatch::start();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

#[test]
fn what_was_removed_is_in_no_file_some_time_later() {
    for space in [Space::Customers, Space::OutageJournal] {
        let directory = tempfile::tempdir().unwrap();
        let store = Embedded::open_to_rewrite(directory.path(), NOW).unwrap();
        let (gone, stays) = (key(space, CANARY), key(space, "bob"));
        let version = put(&store, &gone, CANARY);
        put(&store, &stays, "bob");
        assert!(found(directory.path()) > 0, "a journal holds it");
        assert!(wait(store.remove(&gone, version, Durability::Synced)).unwrap());
        until("nothing is left", || found(directory.path()) == 0);
        drop(store);
        let store = Embedded::open(directory.path()).unwrap();
        assert_eq!(wait(store.load(&gone)).unwrap(), None);
        assert_eq!(wait(store.load(&stays)).unwrap().unwrap().value, "bob");
    }
}

#[test]
fn what_a_process_before_has_removed_is_rewritten_as_well() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let gone = key(Space::Customers, CANARY);
    let version = put(&store, &gone, CANARY);
    assert!(wait(store.remove(&gone, version, Durability::Synced)).unwrap());
    drop(store);
    assert!(found(directory.path()) > 0, "half a day has not passed");
    let store = Embedded::open_to_rewrite(directory.path(), NOW).unwrap();
    until("nothing is left", || found(directory.path()) == 0);
    assert_eq!(wait(store.load(&gone)).unwrap(), None);
}

#[test]
fn it_is_due_after_removals_of_customers_and_debts_only_until_it_is_done() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let due = || super::due(&store.spaces).unwrap();
    let note = key(Space::Pauses, "ada");
    let version = put(&store, &note, "1");
    assert!(wait(store.remove(&note, version, Durability::Synced)).unwrap());
    assert_eq!(due(), None, "no customer was erased");
    let ada = key(Space::Customers, "ada");
    let version = put(&store, &ada, "1");
    assert!(wait(store.remove(&ada, version, Durability::Synced)).unwrap());
    let first = due().unwrap();
    let version = put(&store, &ada, "2");
    assert!(wait(store.remove(&ada, version, Durability::Synced)).unwrap());
    let second = due().unwrap();
    assert!(second.since == first.since && second.batch > first.batch, "the first one counts");
    let later =
        |hours| super::Removed { since: first.since.minus(Span::from_hours(hours)), ..first };
    assert!(!super::is_due(first, When::RECORDS) && super::is_due(later(12), When::RECORDS));
    wait(store.rewrite()).unwrap();
    assert_eq!(due(), None);
}

#[test]
fn callers_write_while_it_rewrites() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let writes = || {
        for number in 0..200 {
            put(&store, &key(Space::Customers, &format!("c{number}")), "written meanwhile");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(writes);
        wait(store.rewrite()).unwrap();
    });
    drop(store);
    let store = Embedded::open(directory.path()).unwrap();
    let page = wait(store.scan(Space::Customers, None, None, 1_000)).unwrap();
    assert_eq!(page.values.len(), 200);
}
