//! A real store, and something that happens before each of its answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use courtesy::model::Name;
use courtesy::store::Agenda;
use courtesy::store::Durability;
use courtesy::store::Error;
use courtesy::store::Key;
use courtesy::store::Page;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::Stored;
use courtesy::store::Version;
use courtesy::store::embedded::Embedded;
use futures_util::future::BoxFuture;
use tokio::time::timeout;

/// What is about to be done with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Load,
    Scan,
    Replace,
}

type Before = Box<dyn Fn(Step, &Key) -> BoxFuture<'static, ()> + Send + Sync>;

pub(crate) struct Through {
    store: Arc<Embedded>,
    before: Before,
    /// What stands in for the store's own.
    agenda: Option<Box<dyn Agenda>>,
}

impl Through {
    pub(crate) fn before(
        store: Arc<Embedded>,
        before: impl Fn(Step, &Key) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Arc<dyn Store> {
        Arc::new(Self { store, before: Box::new(before), agenda: None })
    }

    /// A store whose agenda is somewhere else, as in Redis: a record is written, and then its
    /// entry, or not.
    pub(crate) fn with_agenda(
        store: Arc<Embedded>,
        agenda: impl Agenda + 'static,
    ) -> Arc<dyn Store> {
        let before: Before = Box::new(|_, _| Box::pin(std::future::ready(())));
        Arc::new(Self { store, before, agenda: Some(Box::new(agenda)) })
    }

    /// A store on a disk from which customers are read slowly.
    pub(super) fn slowly(store: Arc<Embedded>, delay: Duration) -> Arc<dyn Store> {
        Self::before(store, move |step, key| {
            let is_slow = step == Step::Load && key.space == Space::Customers;
            Box::pin(async move {
                if is_slow {
                    // Nothing comes; only the time passes.
                    assert!(timeout(delay, std::future::pending::<()>()).await.is_err());
                }
            })
        })
    }
}

impl fmt::Debug for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Through")
    }
}

#[async_trait]
impl Store for Through {
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error> {
        (self.before)(Step::Load, key).await;
        self.store.load(key).await
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>> {
        for key in keys {
            (self.before)(Step::Load, key).await;
        }
        self.store.load_many(keys).await
    }

    async fn versions(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        self.store.versions(space).await
    }

    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        if let Some(tenant) = tenant {
            let key = Key { space, tenant: tenant.clone(), id: Box::from("") };
            (self.before)(Step::Scan, &key).await;
        }
        self.store.scan(space, tenant, cursor, limit).await
    }

    fn agenda(&self) -> &dyn Agenda {
        self.agenda.as_deref().unwrap_or_else(|| self.store.agenda())
    }

    async fn settle(
        &self,
        key: &Key,
        version: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        self.store.settle(key, version, durability).await
    }

    async fn load_all(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        self.store.load_all(space).await
    }

    async fn replace(
        &self,
        replacement: Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error> {
        (self.before)(Step::Replace, &replacement.key).await;
        self.store.replace(replacement, durability).await
    }

    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        for Replacement { key, .. } in &replacements {
            (self.before)(Step::Replace, key).await;
        }
        self.store.replace_many(replacements, durability).await
    }

    async fn remove(
        &self,
        key: &Key,
        expected: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        self.store.remove(key, expected, durability).await
    }
}
