//! What holds for every store: each promise of the trait `Store`, and random histories compared
//! with a model of it.
//!
//! Tenants are drawn anew for each promise, so that a store may be shared by many tests.

mod agenda;
mod bounds;
mod model;
mod pages;
mod races;
mod stores;
mod tenancy;
mod versions;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use courtesy::model::Name;
use courtesy::store::Durability;
use courtesy::store::Error;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::Stored;
use courtesy::store::Version;

/// All levels, so that nothing depends on one.
const LEVELS: [Durability; 3] = [Durability::Buffered, Durability::Synced, Durability::Replicated];

const SPACES: [Space; 8] = [
    Space::Customers,
    Space::Policies,
    Space::Erased,
    Space::Notes,
    Space::Revisions,
    Space::Pauses,
    Space::Audit,
    Space::OutageJournal,
];

/// Whether a store keeps every promise.
pub(crate) async fn conforms(store: Arc<dyn Store>) {
    let bench = || Bench { store: Arc::clone(&store), tenant: tenant() };
    versions::what_is_written_is_loaded(bench()).await;
    versions::a_stale_writer_is_refused_and_told_what_is_there(bench()).await;
    versions::a_version_never_comes_back(bench()).await;
    versions::only_the_newest_version_is_removed(bench()).await;
    versions::only_the_newest_version_settles(bench()).await;
    versions::many_are_written_each_as_if_alone(bench()).await;
    versions::many_are_loaded_in_their_order(bench()).await;
    versions::a_value_without_an_end_outlives_one_with(bench()).await;
    races::one_of_many_writers_wins(bench()).await;
    races::no_increment_is_lost(bench()).await;
    races::a_caller_who_goes_away_leaves_all_or_nothing(bench()).await;
    pages::a_scan_finds_everything_while_others_write(bench()).await;
    pages::a_scan_finds_all_tenants(bench()).await;
    pages::a_strange_cursor_is_refused(bench()).await;
    pages::small_sorts_are_loaded_whole(bench()).await;
    tenancy::tenants_and_sorts_are_apart(bench()).await;
    tenancy::ids_are_bytes(bench()).await;
    agenda::conforms(bench).await;
    bounds::values_are_bytes(bench()).await;
    bounds::the_longest_value_is_kept_and_a_longer_one_refused(bench()).await;
}

/// Whether random histories go as in the model of a store.
pub(crate) fn matches_the_model(cases: u32, open: impl AsyncFnOnce() -> Arc<dyn Store>) {
    model::compare(cases, open);
}

/// A tenant of its own.
fn tenant() -> Name {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    Name::new(&format!("tenant-{}", NEXT.fetch_add(1, Ordering::Relaxed))).unwrap()
}

/// A store, and a tenant of the test's own.
#[derive(Clone)]
struct Bench {
    store: Arc<dyn Store>,
    tenant: Name,
}

impl Bench {
    fn key(&self, id: &str) -> Key {
        Key { space: Space::Customers, tenant: self.tenant.clone(), id: Box::from(id) }
    }

    async fn try_put(
        &self,
        key: &Key,
        expected: Option<Version>,
        value: &[u8],
    ) -> Result<Replaced, Error> {
        self.store.replace(replacement(key, expected, value), Durability::Buffered).await
    }

    /// Writes what must be written.
    async fn put(&self, key: &Key, expected: Option<Version>, value: &[u8]) -> Version {
        done(self.try_put(key, expected, value).await)
    }

    async fn load(&self, key: &Key) -> Option<Stored> {
        self.store.load(key).await.unwrap()
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Option<Stored>> {
        self.store.load_many(keys).await.into_iter().map(Result::unwrap).collect()
    }

    async fn value(&self, key: &Key) -> Option<Vec<u8>> {
        self.load(key).await.map(|stored| stored.value.to_vec())
    }
}

fn replacement(key: &Key, expected: Option<Version>, value: &[u8]) -> Replacement {
    let value = Bytes::copy_from_slice(value);
    Replacement { key: key.clone(), expected, value, expires: None }
}

/// The version of a write that has been done.
#[track_caller]
fn done(replaced: Result<Replaced, Error>) -> Version {
    match replaced {
        Ok(Replaced::Done(version)) => version,
        other => panic!("not written: {other:?}"),
    }
}

/// What is there instead of what a writer expected.
#[track_caller]
fn changed(replaced: Result<Replaced, Error>) -> Option<Stored> {
    match replaced {
        Ok(Replaced::Changed(stored)) => stored,
        other => panic!("not refused: {other:?}"),
    }
}

fn stored(version: Version, value: &[u8]) -> Option<Stored> {
    Some(Stored { version, value: Bytes::copy_from_slice(value) })
}
