//! Reading everything.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use courtesy::model::Name;
use courtesy::store::Durability;
use courtesy::store::Error;
use courtesy::store::Key;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::Stored;

use super::Bench;
use super::replacement;
use super::stored;

const CUSTOMERS: usize = 300;

/// More pages than values would be no end.
const PAGES_MAX: usize = 10_000;

/// About so many are on a page.
const LIMIT: usize = 20;

/// All pages after each other, and what happens between them. What is on two pages counts once.
async fn scan(
    store: &Arc<dyn Store>,
    tenant: Option<&Name>,
    between: impl AsyncFn(),
) -> BTreeMap<Key, Stored> {
    let mut found = BTreeMap::new();
    let mut cursor = None;
    for _ in 0..PAGES_MAX {
        let page = store.scan(Space::Customers, tenant, cursor.as_deref(), LIMIT).await.unwrap();
        assert!(page.values.len() <= LIMIT * 10, "a page of {}", page.values.len());
        found.extend(page.values.into_iter().map(|(key, value)| (key, value.unwrap())));
        cursor = page.next;
        if cursor.is_none() {
            return found;
        }
        between().await;
    }
    panic!("there is no last page");
}

pub(super) async fn a_scan_finds_everything_while_others_write(bench: Bench) {
    assert!(scan(&bench.store, Some(&bench.tenant), async || {}).await.is_empty());
    let keys: Vec<Key> = (0..CUSTOMERS).map(|it| bench.key(&format!("customer-{it}"))).collect();
    let all = keys.iter().map(|key| replacement(key, None, b"1")).collect();
    let written = bench.store.replace_many(all, Durability::Buffered).await;
    let mut versions: Vec<_> = written.into_iter().map(super::done).collect();

    // There is no writer: all is as it was written.
    let found = scan(&bench.store, Some(&bench.tenant), async || {}).await;
    assert_eq!(found.len(), CUSTOMERS);
    for (key, version) in keys.iter().zip(&versions) {
        assert_eq!(found[key], stored(*version, b"1").unwrap());
    }

    // Others change what is there, and make and remove more.
    let stop = Arc::new(AtomicBool::new(false));
    let written = Arc::new(AtomicUsize::new(0));
    let writer = tokio::spawn({
        let (bench, keys, stop) = (bench.clone(), keys.clone(), Arc::clone(&stop));
        let written = Arc::clone(&written);
        async move {
            let mut round = 0;
            while !stop.load(Ordering::Relaxed) {
                let index = round * 7 % CUSTOMERS;
                versions[index] = bench.put(&keys[index], Some(versions[index]), b"2").await;
                let extra = bench.key(&format!("extra-{round}"));
                let version = bench.put(&extra, None, b"extra").await;
                if round % 2 == 0 {
                    bench.store.remove(&extra, version, Durability::Buffered).await.unwrap();
                }
                round += 1;
                written.store(round, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    let several = async || {
        let enough = written.load(Ordering::Relaxed) + 3;
        while written.load(Ordering::Relaxed) < enough && !writer.is_finished() {
            tokio::task::yield_now().await;
        }
    };
    for _ in 0..5 {
        let found = scan(&bench.store, Some(&bench.tenant), &several).await;
        let missing = keys.iter().find(|key| !found.contains_key(*key));
        assert_eq!(missing, None);
        let strange = found.keys().find(|key| key.tenant != bench.tenant);
        assert_eq!(strange, None);
    }
    stop.store(true, Ordering::Relaxed);
    writer.await.unwrap();
}

pub(super) async fn a_scan_finds_all_tenants(bench: Bench) {
    let mut mine = BTreeSet::new();
    for _ in 0..5 {
        let bench = Bench { tenant: super::tenant(), ..bench.clone() };
        for id in ["a", "b"] {
            bench.put(&bench.key(id), None, b"1").await;
            mine.insert(bench.key(id));
        }
    }
    let found = scan(&bench.store, None, async || {}).await;
    let missing = mine.iter().find(|key| !found.contains_key(*key));
    assert_eq!(missing, None);
}

pub(super) async fn a_strange_cursor_is_refused(bench: Bench) {
    bench.put(&bench.key("a"), None, b"1").await;
    for cursor in ["!", "no such page", "\u{0}", "-1", "99999999999999999999999999"] {
        let page = bench.store.scan(Space::Customers, Some(&bench.tenant), Some(cursor), 10).await;
        assert!(matches!(page, Err(Error::NoSuchCursor)), "{cursor:?}: {page:?}");
    }
}

pub(super) async fn small_sorts_are_loaded_whole(bench: Bench) {
    for space in [Space::Policies, Space::Notes] {
        let mut mine = BTreeMap::new();
        for id in ["", "a", "b"] {
            let key = Key { space, ..bench.key(id) };
            let version = bench.put(&key, None, id.as_bytes()).await;
            mine.insert(key, stored(version, id.as_bytes()).unwrap());
        }
        // Other tenants have theirs.
        let is_mine = |key: &Key| key.tenant == bench.tenant;
        let all = bench.store.load_all(space).await.unwrap();
        let all: Vec<(Key, Stored)> = all.into_iter().filter(|(key, _)| is_mine(key)).collect();
        assert_eq!(all.len(), mine.len());
        assert_eq!(all.into_iter().collect::<BTreeMap<_, _>>(), mine);
        let versions = bench.store.versions(space).await.unwrap();
        let versions = versions.into_iter().filter(|(key, _)| is_mine(key));
        let expected: BTreeMap<_, _> =
            mine.iter().map(|(key, it)| (key.clone(), it.version.to_string())).collect();
        assert_eq!(
            versions.map(|(key, it)| (key, it.to_string())).collect::<BTreeMap<_, _>>(),
            expected
        );
        for (key, it) in &mine {
            assert!(bench.store.remove(key, it.version, Durability::Buffered).await.unwrap());
        }
        let left = bench.store.load_all(space).await.unwrap();
        assert!(!left.iter().any(|(key, _)| is_mine(key)));
        let left = bench.store.versions(space).await.unwrap();
        assert!(!left.iter().any(|(key, _)| is_mine(key)));
    }
}
