//! Whose a value is.

use std::collections::BTreeMap;

use courtesy::model::Name;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Space;

use super::Bench;
use super::SPACES;

/// What a key might take for something else.
const ODD: [&str; 24] = [
    " ",
    "a b",
    " a",
    "{",
    "}",
    "{}",
    "{a}",
    "a}b{c",
    "*",
    "?",
    "[a]",
    "[",
    "\\",
    "\\x00",
    ":",
    "a:b",
    "/",
    "../a",
    "a\nb",
    "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
    "\u{0}",
    "𝄞😀",
    "e\u{301}",
    "\u{e9}",
];

pub(super) async fn tenants_and_sorts_are_apart(bench: Bench) {
    let base = bench.tenant.as_str();
    // However tenant and id are joined, these are different keys.
    let tenants = ["", ":a", "{a}", "}", "/a", "*", "?", "[a]", " a", "\\", "😀"];
    let tenants = tenants.map(|end| Name::new(&format!("{base}{end}")).unwrap());
    let ids = ["b", "a:b", ":a:b", ":b", "{a}b", "/a/b", "*", ""];
    let mut all = BTreeMap::new();
    for space in SPACES {
        for tenant in &tenants {
            for id in ids {
                let key = Key { space, tenant: tenant.clone(), id: Box::from(id) };
                let value = format!("{key:?}");
                let version = bench.put(&key, None, value.as_bytes()).await;
                all.insert(key, (version, value));
            }
        }
    }
    for (key, (version, value)) in &all {
        let there = bench.load(key).await.unwrap();
        assert_eq!((there.version, &there.value[..]), (*version, value.as_bytes()));
    }
    for tenant in &tenants {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = bench.store.scan(Space::Customers, Some(tenant), cursor.as_deref(), 3);
            let page = page.await.unwrap();
            found.extend(page.values.into_iter().map(|(key, _)| key));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        found.sort();
        let expected: Vec<Key> = all
            .keys()
            .filter(|key| key.space == Space::Customers && key.tenant == *tenant)
            .cloned()
            .collect();
        assert_eq!(found, expected);
    }
    // What goes takes nothing along.
    let (gone, left): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(it, _)| it % 2 == 0);
    for (_, (key, (version, _))) in gone {
        assert!(bench.store.remove(key, *version, Durability::Buffered).await.unwrap());
    }
    for (_, (key, (_, value))) in left {
        assert_eq!(bench.value(key).await.unwrap(), value.as_bytes());
    }
}

pub(super) async fn ids_are_bytes(bench: Bench) {
    let long = ["x".repeat(256), "é".repeat(128), "😀".repeat(64), "{".repeat(256)];
    let similar = ["Foo", "foo", "FOO", "foo ", "1", "01", "1.0"];
    let ids = ODD.iter().map(|it| (*it).to_owned()).chain(long);
    let ids: Vec<String> = ids.chain(similar.map(str::to_owned)).collect();
    let keys: Vec<Key> = ids.iter().map(|id| bench.key(id)).collect();
    for key in &keys {
        assert_eq!(bench.load(key).await, None, "{key:?}");
        bench.put(key, None, key.id.as_bytes()).await;
    }
    let loaded = bench.load_many(&keys).await;
    for (key, there) in keys.iter().zip(&loaded) {
        assert_eq!(&there.as_ref().unwrap().value[..], key.id.as_bytes(), "{key:?}");
    }
    let page = bench.store.scan(Space::Customers, Some(&bench.tenant), None, 10_000).await.unwrap();
    let mut found: Vec<Key> = page.values.into_iter().map(|(key, _)| key).collect();
    let mut cursor = page.next;
    while let Some(next) = cursor {
        let page = bench.store.scan(Space::Customers, Some(&bench.tenant), Some(&next), 10_000);
        let page = page.await.unwrap();
        found.extend(page.values.into_iter().map(|(key, _)| key));
        cursor = page.next;
    }
    found.sort();
    let mut keys = keys;
    keys.sort();
    assert_eq!(found, keys);
}
