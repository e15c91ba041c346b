use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::proptest;

use super::Embedded;
use super::OpenError;
use crate::model::Name;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::VALUE_BYTES_MAX;
use crate::store::Version;

fn customer(tenant: &str, id: &str) -> Key {
    Key { space: Space::Customers, tenant: Name::new(tenant).unwrap(), id: Box::from(id) }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn replace(store: &Embedded, key: &Key, expected: Option<Version>, value: &[u8]) -> Replaced {
    let value = Bytes::copy_from_slice(value);
    let replacement = Replacement { key: key.clone(), expected, value, expires: None };
    wait(store.replace(replacement, Durability::Synced)).unwrap()
}

fn put(store: &Embedded, key: &Key, value: &[u8]) -> Version {
    let expected = wait(store.load(key)).unwrap().map(|stored| stored.version);
    match replace(store, key, expected, value) {
        Replaced::Done(version) => version,
        Replaced::Changed(_) => panic!("there is no other writer"),
    }
}

fn value(store: &Embedded, key: &Key) -> Option<Vec<u8>> {
    wait(store.load(key)).unwrap().map(|stored| stored.value.to_vec())
}

#[test]
fn many_are_replaced_each_as_if_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let key = |id| customer("default", id);
    let ada = put(&store, &key("ada"), b"1");
    let bob = put(&store, &key("bob"), b"1");
    put(&store, &key("bob"), b"2");
    let replacement = |id, expected, value: Vec<u8>| Replacement {
        key: key(id),
        expected,
        value: Bytes::from(value),
        expires: None,
    };
    let replacements = vec![
        replacement("ada", Some(ada), b"2".to_vec()),
        replacement("bob", Some(bob), b"3".to_vec()),
        replacement("cleo", None, vec![0; VALUE_BYTES_MAX + 1]),
        replacement("dan", None, b"1".to_vec()),
        replacement("dan", None, b"2".to_vec()),
    ];
    let replaced = wait(store.replace_many(replacements, Durability::Synced));
    let [Ok(first), Ok(Replaced::Changed(_)), Err(Error::Unavailable(_)), Ok(dan), Ok(late)] =
        replaced.as_slice()
    else {
        panic!("{replaced:?}");
    };
    assert_eq!(*first, Replaced::Done(Version { counter: ada.counter + 1, ..ada }));
    assert!(matches!(dan, Replaced::Done(_)) && matches!(late, Replaced::Changed(Some(_))));
    let values = ["ada", "bob", "cleo", "dan"].map(|id| value(&store, &key(id)));
    assert_eq!(values, [Some(b"2".to_vec()), Some(b"2".to_vec()), None, Some(b"1".to_vec())]);
    assert!(wait(store.replace_many(Vec::new(), Durability::Synced)).is_empty());
}

#[test]
fn a_tenant_is_scanned_page_by_page() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    for (tenant, id) in [("b", "y"), ("b", "x"), ("b", "xx"), ("a", "z"), ("bb", "a"), ("c", "a")] {
        put(&store, &customer(tenant, id), b"1");
    }
    let scan = |tenant, cursor: Option<&str>, limit| {
        let tenant = Name::new(tenant).unwrap();
        let page = wait(store.scan(Space::Customers, Some(&tenant), cursor, limit)).unwrap();
        let ids = page.values.into_iter().map(|(key, stored)| {
            assert!(key.tenant == tenant && stored.unwrap().value.as_ref() == b"1");
            key.id.to_string()
        });
        (ids.collect::<Vec<_>>().join(" "), page.next)
    };
    assert_eq!(scan("b", None, 9), ("x xx y".to_owned(), None));
    let (first, next) = scan("b", None, 2);
    assert_eq!(first, "x xx");
    assert_eq!(scan("b", next.as_deref(), 9), ("y".to_owned(), None));
    let (all, next) = scan("b", None, 3);
    assert_eq!(all, "x xx y");
    assert_eq!(scan("b", next.as_deref(), 3), (String::new(), None));
    assert_eq!(scan("absent", None, 9), (String::new(), None));
    assert_eq!(scan("a", None, 9).0 + &scan("bb", None, 9).0, "za");
    let all = wait(store.scan(Space::Customers, None, None, 9)).unwrap();
    assert_eq!(all.values.len(), 6);
    let nowhere = wait(store.scan(Space::Customers, None, Some("?"), 9));
    assert!(matches!(nowhere, Err(Error::NoSuchCursor)));
}

#[test]
fn sorts_that_share_a_tree_do_not_see_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let spaces = [Space::Notes, Space::Revisions, Space::Pauses, Space::Audit];
    // The longest name has the highest length.
    let tenants = ["a".to_owned(), "z".repeat(128)];
    for (number, space) in spaces.into_iter().enumerate() {
        for tenant in &tenants {
            let key = Key { space, ..customer(tenant, "1") };
            put(&store, &key, &[u8::try_from(number).unwrap()]);
        }
    }
    for (number, space) in spaces.into_iter().enumerate() {
        let meant = [u8::try_from(number).unwrap()];
        let all = wait(store.load_all(space)).unwrap();
        let scanned = wait(store.scan(space, None, None, 9)).unwrap();
        assert_eq!((all.len(), scanned.values.len()), (2, 2), "{space:?}");
        for (key, stored) in &all {
            assert_eq!((key.space, stored.value.as_ref()), (space, &meant[..]));
            assert_eq!(value(&store, key).unwrap(), meant);
            let scanned = wait(store.scan(space, Some(&key.tenant), None, 9)).unwrap().values;
            assert_eq!(scanned.len(), 1, "{space:?}");
            assert_eq!(scanned[0].0, *key);
        }
    }
}

#[test]
fn only_who_has_seen_the_newest_version_replaces() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let key = customer("default", "ada");
    let first = put(&store, &key, b"1");
    assert!(matches!(replace(&store, &key, None, b"x"), Replaced::Changed(_)));
    let second = put(&store, &key, b"2");
    assert_eq!(second, Version { counter: first.counter + 1, ..first });
    assert!(matches!(replace(&store, &key, Some(first), b"x"), Replaced::Changed(_)));
    let stranger = Version { incarnation: first.incarnation ^ 1, ..second };
    assert!(matches!(replace(&store, &key, Some(stranger), b"x"), Replaced::Changed(_)));
    assert_eq!(value(&store, &key).unwrap(), b"2");
}

#[test]
fn what_was_removed_is_gone_and_its_versions_do_not_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let key = customer("default", "ada");
    let remove = |store: &Embedded, expected: Version| {
        wait(store.remove(&key, expected, Durability::Synced)).unwrap()
    };
    let first = put(&store, &key, b"1");
    let second = put(&store, &key, b"2");
    assert!(!remove(&store, first), "it was changed since");
    assert!(remove(&store, second));
    assert!(!remove(&store, second), "it is gone");
    assert_eq!(value(&store, &key), None);
    assert!(matches!(replace(&store, &key, Some(second), b"x"), Replaced::Changed(_)));
    let again = put(&store, &key, b"3");
    assert_ne!(again.incarnation, first.incarnation);
    assert!(remove(&store, again));
    drop(store);
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(value(&store, &key), None);
}

#[test]
fn a_tenant_cannot_reach_into_another() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    put(&store, &customer("ab", "c"), b"1");
    assert_eq!(value(&store, &customer("a", "bc")), None);
    assert_eq!(value(&store, &customer("ab", "C")), None);
    let policy = Key { space: Space::Policies, ..customer("ab", "c") };
    assert_eq!(value(&store, &policy), None);
}

#[test]
fn a_store_that_is_opened_again_has_everything() {
    let directory = tempfile::tempdir().unwrap();
    let policy = Key { space: Space::Policies, ..customer("default", "") };
    let store = Embedded::open(directory.path()).unwrap();
    let written = put(&store, &policy, b"name: base");
    let buffered = Bytes::from_static(b"sent");
    let key = customer("default", "ada");
    let replacement =
        Replacement { key: key.clone(), expected: None, value: buffered, expires: None };
    wait(store.replace(replacement, Durability::Buffered)).unwrap();
    drop(store);
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(value(&store, &key).unwrap(), b"sent");
    let all = wait(store.load_all(Space::Policies)).unwrap();
    let [(found, stored)] = all.as_slice() else { panic!("{} policies", all.len()) };
    assert_eq!((found, stored.version), (&policy, written));
    let many = wait(store.load_many(&[key, customer("default", "bob")]));
    let many: Vec<_> = many.into_iter().map(Result::unwrap).collect();
    assert_eq!(many.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_directory_belongs_to_one_store() {
    let directory = tempfile::tempdir().unwrap();
    let _store = Embedded::open(directory.path()).unwrap();
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(matches!(error, OpenError::Locked(_)), "{error}");
    assert!(error.to_string().contains("in use by another courtesy process"), "{error}");
}

#[test]
fn threads_lose_no_update_of_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(Embedded::open(directory.path()).unwrap());
    let key = customer("default", "ada");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (store, key) = (Arc::clone(&store), key.clone());
            std::thread::spawn(move || (0..50).for_each(|_| increment(&store, &key)))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(value(&store, &key).unwrap(), b"400");
}

fn increment(store: &Embedded, key: &Key) {
    loop {
        let stored = wait(store.load(key)).unwrap();
        let count: u32 = stored
            .as_ref()
            .map_or(0, |stored| std::str::from_utf8(&stored.value).unwrap().parse().unwrap());
        let value = Bytes::from((count + 1).to_string());
        let expected = stored.map(|stored| stored.version);
        let replacement = Replacement { key: key.clone(), expected, value, expires: None };
        let write = store.replace(replacement, Durability::Buffered);
        if matches!(wait(write).unwrap(), Replaced::Done(_)) {
            return;
        }
    }
}

#[test]
fn a_file_of_a_newer_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    store.spaces.own.insert(super::layout::FORMAT_KEY, 2_u64.to_be_bytes()).unwrap();
    drop(store);
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(matches!(error, OpenError::Newer(_, 2)), "{error}");
}

#[test]
fn a_directory_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Embedded::open(file.path()).unwrap_err();
    assert!(error.to_string().starts_with("cannot use /"), "{error}");
}

/// Every file, cut off or changed at several places: the store says so, or has all that was
/// acknowledged.
#[test]
fn a_damaged_file_never_means_silently_less() {
    for flush in [false, true] {
        let original = tempfile::tempdir().unwrap();
        let written = fill(original.path(), flush);
        let mut outcomes = BTreeMap::new();
        for file in files(original.path()) {
            let length = fs::metadata(original.path().join(&file)).unwrap().len();
            for place in places(length) {
                for harm in [Harm::Cut(place), Harm::Flip(place)] {
                    let copy = tempfile::tempdir().unwrap();
                    copy_all(original.path(), copy.path());
                    harm.apply(&copy.path().join(&file));
                    let outcome = reopen(copy.path(), &written);
                    assert_ne!(outcome, Outcome::SilentlyLess, "{} {harm:?}", file.display());
                    *outcomes.entry(format!("{outcome:?}")).or_insert(0) += 1;
                }
            }
        }
        // The harness would be worthless if nothing was ever noticed.
        assert!(outcomes.get("Refused").is_some_and(|count| *count > 0), "{outcomes:?}");
    }
}

/// Without the watermark, the same harm to the journal is not noticed.
#[test]
fn a_journal_that_lost_its_end_is_noticed_by_the_watermark_alone() {
    let check = |watermark: bool, expected: Outcome| {
        let directory = tempfile::tempdir().unwrap();
        let written = fill(directory.path(), false);
        if !watermark {
            fs::remove_file(directory.path().join("acknowledged")).unwrap();
        }
        cut_journal(directory.path());
        assert_eq!(reopen(directory.path(), &written), expected);
    };
    check(true, Outcome::Refused);
    check(false, Outcome::SilentlyLess);
}

/// Cuts the last batch off the journal.
fn cut_journal(directory: &Path) {
    let journal = files(directory).into_iter().find(|file| file.to_str().unwrap().ends_with("jnl"));
    let journal = directory.join(journal.unwrap());
    let bytes = fs::read(&journal).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    fs::OpenOptions::new().write(true).open(&journal).unwrap().set_len(end as u64 - 4).unwrap();
}

#[derive(Clone, Copy, Debug)]
enum Harm {
    Cut(u64),
    Flip(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It does not open, or says of a value that it is damaged.
    Refused,
    Everything,
    SilentlyLess,
}

impl Harm {
    fn apply(self, file: &Path) {
        match self {
            Self::Cut(place) => {
                fs::OpenOptions::new().write(true).open(file).unwrap().set_len(place).unwrap();
            }
            Self::Flip(place) => {
                let mut bytes = fs::read(file).unwrap();
                if let Some(byte) = bytes.get_mut(usize::try_from(place).unwrap()) {
                    *byte ^= 0x10;
                }
                fs::write(file, bytes).unwrap();
            }
        }
    }
}

fn places(length: u64) -> Vec<u64> {
    let mut places = vec![0, length / 2, length.saturating_sub(1)];
    // A journal is mostly zeros that follow what was written.
    places.extend([40, 400, 2_000].into_iter().filter(|place| *place < length));
    places.sort_unstable();
    places.dedup();
    places
}

fn fill(directory: &Path, flush: bool) -> BTreeMap<String, Vec<u8>> {
    let store = Embedded::open(directory).unwrap();
    let mut written = BTreeMap::new();
    for number in 0..20_u8 {
        let id = format!("customer-{number}");
        let value = vec![number; 100];
        put(&store, &customer("default", &id), &value);
        written.insert(id, value);
        if flush && number == 10 {
            store.spaces.customers.rotate_memtable_and_wait().unwrap();
            store.spaces.own.rotate_memtable_and_wait().unwrap();
        }
    }
    written
}

fn reopen(directory: &Path, written: &BTreeMap<String, Vec<u8>>) -> Outcome {
    let Ok(store) = Embedded::open(directory) else { return Outcome::Refused };
    for (id, value) in written {
        match wait(store.load(&customer("default", id))) {
            Ok(Some(stored)) if stored.value == value => {}
            Ok(_) => return Outcome::SilentlyLess,
            Err(Error::Damaged(_) | Error::Unavailable(_)) => return Outcome::Refused,
            Err(error) => panic!("{error}"),
        }
    }
    Outcome::Everything
}

fn files(directory: &Path) -> Vec<PathBuf> {
    fn collect(root: &Path, directory: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else {
                files.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    collect(directory, directory, &mut found);
    found.sort();
    found
}

fn copy_all(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&file), target).unwrap();
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn it_behaves_like_a_map_with_versions(
        steps in proptest::collection::vec((0..4_u8, any::<bool>(), any::<bool>()), 1..40),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Embedded::open(directory.path()).unwrap();
        let mut model: BTreeMap<u8, (Version, Vec<u8>)> = BTreeMap::new();
        for (number, (id, fresh, again)) in steps.into_iter().enumerate() {
            let key = customer("default", &id.to_string());
            let known = model.get(&id).map(|(version, _)| *version);
            let stale = known.map(|known| Version { counter: known.counter + 1, ..known });
            let value = number.to_be_bytes().to_vec();
            let expected = if fresh { known } else { stale };
            let done = replace(&store, &key, expected, &value);
            match done {
                Replaced::Done(version) => {
                    prop_assert_eq!(expected, known);
                    model.insert(id, (version, value));
                }
                Replaced::Changed(_) => assert_ne!(expected, known),
            }
            if again && number % 7 == 0 {
                drop(store);
                store = Embedded::open(directory.path()).unwrap();
            }
            let found = wait(store.load(&key)).unwrap();
            let found = found.map(|stored| (stored.version, stored.value.to_vec()));
            prop_assert_eq!(found.as_ref(), model.get(&id));
        }
    }
}
