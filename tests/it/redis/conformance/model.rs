//! Random histories of a store, compared with a map.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use courtesy::model::Name;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::Stored;
use courtesy::store::Version;
use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::test_runner::Config;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestRunner;

use super::LEVELS;
use super::SPACES;

/// A key, by its numbers: few, so that operations meet.
#[derive(Clone, Copy, Debug)]
struct Which {
    space: usize,
    tenant: usize,
    id: usize,
}

/// What a writer believes is there.
#[derive(Clone, Copy, Debug)]
enum Belief {
    Nothing,
    Newest,
    /// One of those that have ever been, of any key.
    Old(usize),
}

#[derive(Clone, Debug)]
enum Step {
    Load(Which),
    LoadMany(Vec<Which>),
    Replace(Which, Belief, Vec<u8>, Durability),
    ReplaceMany(Vec<(Which, Belief, Vec<u8>)>, Durability),
    Remove(Which, Belief, Durability),
    Settle(Which, Belief, Durability),
    Scan { space: usize, tenant: usize, limit: usize },
    All(usize),
}

const IDS: [&str; 4] = ["", "a", "{a}:1", "a*"];

fn which() -> impl Strategy<Value = Which> {
    let parts = (0..SPACES.len(), 0..2_usize, 0..IDS.len());
    parts.prop_map(|(space, tenant, id)| Which { space, tenant, id })
}

fn belief() -> impl Strategy<Value = Belief> {
    let old = any::<usize>().prop_map(Belief::Old);
    prop_oneof![1 => select(vec![Belief::Nothing]), 3 => select(vec![Belief::Newest]), 1 => old]
}

fn step() -> impl Strategy<Value = Step> {
    let value = || vec(any::<u8>(), 0..40);
    let level = || select(&LEVELS[..]);
    let replace = (which(), belief(), value(), level());
    let many = (vec((which(), belief(), value()), 0..8), level());
    let scan = (0..SPACES.len(), 0..2_usize, 1..5_usize);
    prop_oneof![
        1 => which().prop_map(Step::Load),
        1 => vec(which(), 0..8).prop_map(Step::LoadMany),
        6 => replace.prop_map(|(which, belief, value, level)| {
            Step::Replace(which, belief, value, level)
        }),
        2 => many.prop_map(|(items, level)| Step::ReplaceMany(items, level)),
        2 => (which(), belief(), level()).prop_map(|(it, belief, level)| {
            Step::Remove(it, belief, level)
        }),
        1 => (which(), belief(), level()).prop_map(|(it, belief, level)| {
            Step::Settle(it, belief, level)
        }),
        1 => scan.prop_map(|(space, tenant, limit)| Step::Scan { space, tenant, limit }),
        1 => (0..SPACES.len()).prop_map(Step::All),
    ]
}

/// What must be in the store, and how to ask it.
struct History {
    store: Arc<dyn Store>,
    tenants: [Name; 2],
    there: BTreeMap<Key, Stored>,
    /// All versions that have ever been.
    versions: Vec<Version>,
}

pub(super) fn compare(cases: u32, open: impl AsyncFnOnce() -> Arc<dyn Store>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(open());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&vec(step(), 1..60), |steps| {
        let tenants = [super::tenant(), super::tenant()];
        let store = Arc::clone(&store);
        let (there, versions) = (BTreeMap::new(), Vec::new());
        let mut history = History { store, tenants, there, versions };
        runtime.block_on(async {
            for step in steps {
                history.take(step).await?;
            }
            history.end().await
        })
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), TestCaseError> {
    proptest::prop_assert_eq!(found, expected);
    Ok(())
}

impl History {
    fn key(&self, which: Which) -> Key {
        let tenant = self.tenants[which.tenant].clone();
        Key { space: SPACES[which.space], tenant, id: Box::from(IDS[which.id]) }
    }

    fn version(&self, key: &Key, belief: Belief) -> Option<Version> {
        match belief {
            Belief::Nothing => None,
            Belief::Newest => self.there.get(key).map(|it| it.version),
            Belief::Old(index) => {
                let old = index.checked_rem(self.versions.len()).map(|it| self.versions[it]);
                old.or(Some(Version { incarnation: 1, counter: 1 }))
            }
        }
    }

    fn item(&self, which: Which, belief: Belief, value: Vec<u8>) -> Replacement {
        let key = self.key(which);
        let expected = self.version(&key, belief);
        Replacement { key, expected, value: Bytes::from(value), expires: None }
    }

    /// Compares what became of a write with what must.
    fn replaced(&mut self, item: Replacement, found: Replaced) -> Result<(), TestCaseError> {
        let there = self.there.get(&item.key).cloned();
        match found {
            Replaced::Changed(found) => {
                same(&found, &there)?;
                proptest::prop_assert_ne!(there.map(|it| it.version), item.expected);
            }
            Replaced::Done(version) => {
                same(&there.map(|it| it.version), &item.expected)?;
                proptest::prop_assert!(!self.versions.contains(&version));
                self.versions.push(version);
                self.there.insert(item.key, Stored { version, value: item.value });
            }
        }
        Ok(())
    }

    async fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Load(which) => {
                let key = self.key(which);
                same(&self.store.load(&key).await.unwrap().as_ref(), &self.there.get(&key))
            }
            Step::LoadMany(which) => {
                let keys: Vec<Key> = which.into_iter().map(|it| self.key(it)).collect();
                let there: Vec<_> = keys.iter().map(|key| self.there.get(key).cloned()).collect();
                let found = self.store.load_many(&keys).await.into_iter();
                same(&found.map(Result::unwrap).collect(), &there)
            }
            Step::Replace(which, belief, value, level) => {
                let item = self.item(which, belief, value);
                let found = self.store.replace(item.clone(), level).await.unwrap();
                self.replaced(item, found)
            }
            Step::ReplaceMany(items, level) => {
                let items: Vec<Replacement> =
                    items.into_iter().map(|(w, b, value)| self.item(w, b, value)).collect();
                let found = self.store.replace_many(items.clone(), level).await;
                same(&found.len(), &items.len())?;
                let mut pairs = items.into_iter().zip(found);
                pairs.try_for_each(|(item, found)| self.replaced(item, found.unwrap()))
            }
            Step::Remove(which, belief, level) => {
                let key = self.key(which);
                let Some(version) = self.version(&key, belief) else { return Ok(()) };
                let removed = self.store.remove(&key, version, level).await.unwrap();
                same(&removed, &(self.version(&key, Belief::Newest) == Some(version)))?;
                if removed {
                    self.there.remove(&key);
                }
                Ok(())
            }
            Step::Settle(which, belief, level) => {
                let key = self.key(which);
                let Some(version) = self.version(&key, belief) else { return Ok(()) };
                let is_newest = self.store.settle(&key, version, level).await.unwrap();
                same(&is_newest, &(self.version(&key, Belief::Newest) == Some(version)))
            }
            Step::Scan { space, tenant, limit } => self.scan(SPACES[space], tenant, limit).await,
            Step::All(space) => self.all(SPACES[space]).await,
        }
    }

    async fn scan(&self, space: Space, tenant: usize, limit: usize) -> Result<(), TestCaseError> {
        let tenant = &self.tenants[tenant];
        let mut found = BTreeMap::new();
        let mut cursor = None;
        loop {
            let page =
                self.store.scan(space, Some(tenant), cursor.as_deref(), limit).await.unwrap();
            found.extend(page.values.into_iter().map(|(key, value)| (key, value.unwrap())));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        same(&found, &self.of(space, Some(tenant)))
    }

    async fn all(&self, space: Space) -> Result<(), TestCaseError> {
        let is_mine = |key: &Key| self.tenants.contains(&key.tenant);
        let found = self.store.load_all(space).await.unwrap().into_iter();
        same(&found.filter(|(key, _)| is_mine(key)).collect(), &self.of(space, None))?;
        let found = self.store.versions(space).await.unwrap().into_iter();
        let versions: BTreeMap<Key, Version> = found.filter(|(key, _)| is_mine(key)).collect();
        let expected = self.of(space, None);
        same(&versions, &expected.into_iter().map(|(key, it)| (key, it.version)).collect())
    }

    /// What must be there of a sort, of one tenant or both.
    fn of(&self, space: Space, tenant: Option<&Name>) -> BTreeMap<Key, Stored> {
        let all = self.there.iter();
        let is_of = |key: &Key| key.space == space && tenant.is_none_or(|it| *it == key.tenant);
        all.filter(|(key, _)| is_of(key)).map(|(key, it)| (key.clone(), it.clone())).collect()
    }

    /// Everything must be there at the end; then it goes, so that the store does not fill.
    async fn end(&mut self) -> Result<(), TestCaseError> {
        for (key, there) in std::mem::take(&mut self.there) {
            same(&self.store.load(&key).await.unwrap().as_ref(), &Some(&there))?;
            let level = Durability::Buffered;
            proptest::prop_assert!(self.store.remove(&key, there.version, level).await.unwrap());
        }
        Ok(())
    }
}
