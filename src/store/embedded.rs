//! The store in a directory on local disk, for one process: an LSM tree with a journal.
//!
//! One thread writes. It takes all requests that wait, compares their versions, writes them as one
//! batch and fsyncs it once, so that many callers share an fsync. Reads use the tree directly.
//!
//! **Invariant:** what was acknowledged as synced is there when the directory is opened again, or
//! opening says that it is not; see `watermark`.

mod agenda;
mod committer;
mod fault;
mod layout;
mod open_error;
mod presence;
mod rewrite;
mod tenants;
mod trees;
mod watermark;

use std::collections::BTreeSet;
use std::fs;
use std::ops::Bound;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use async_trait::async_trait;
use fjall::Database;
use fjall::Keyspace;
use fjall::KeyspaceCreateOptions;
use fjall::compaction::filter::Factory;
use tokio::sync::watch;

use self::committer::Committer;
use self::committer::What as Write;
use self::committer::Written;
use self::committer::check;
use self::committer::silent;
pub use self::open_error::OpenError;
use self::open_error::damaged;
use self::open_error::open_error;
use self::presence::Presence;
use self::rewrite::Filters;
use self::rewrite::Pace;
use self::rewrite::Rewriter;
pub use self::rewrite::When;
use self::watermark::Watermark;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::store::Agenda;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Health;
use crate::store::Key;
use crate::store::Losses;
use crate::store::Page;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;
use crate::store::Version;

/// The memory for cached values, in bytes.
const CACHE_BYTES: u64 = 128 << 20;

/// A store in a directory.
#[derive(Debug)]
pub struct Embedded {
    /// Before the others, so that it is the first to be dropped.
    rewriter: Rewriter,
    spaces: Spaces,
    presence: Presence,
    tenants: Mutex<BTreeSet<Name>>,
    committer: Committer,
    /// Held while entries of the agenda are claimed.
    lending: tokio::sync::Mutex<()>,
    health: watch::Receiver<Health>,
}

/// The trees: one for each kind of value of which there may be many, one for the store itself, and
/// the notes' tree, which younger kinds share, so that a directory of any age has all trees.
#[derive(Clone)]
struct Spaces {
    database: Database,
    customers: Keyspace,
    policies: Keyspace,
    erased: Keyspace,
    notes: Keyspace,
    own: Keyspace,
}

impl Embedded {
    /// Opens the store in a directory, which is made if it is not there. It reads the journal, so
    /// it may take seconds.
    ///
    /// # Errors
    /// If the directory is in use, damaged, incomplete, or of a newer format.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        Self::open_to_rewrite(directory, When::RECORDS)
    }

    /// Opens a store whose files are rewritten at times that the caller sets, after values were
    /// removed.
    ///
    /// # Errors
    /// As for `open`.
    pub fn open_to_rewrite(directory: &Path, when: When) -> Result<Self, OpenError> {
        let io = |error| OpenError::Io(directory.to_owned(), error);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io)?;
        // The library panics where there is no working directory, which is not damage.
        std::env::current_dir().map_err(OpenError::Nowhere)?;
        let data = directory.join("data");
        let strange = |what| damaged(directory, what);
        let watermark = Watermark::open(&directory.join("acknowledged"));
        let watermark =
            watermark.map_err(io)?.ok_or_else(|| OpenError::Locked(directory.to_owned()))?;
        let acknowledged = watermark.acknowledged();
        let acknowledged =
            acknowledged.ok_or_else(|| strange("its file `acknowledged` cannot be read"))?;
        if acknowledged == 0 && !data.try_exists().map_err(io)? {
            Spaces::make(directory, &data)?;
        } else if !trees::are_complete(&data).unwrap_or(false) {
            return Err(strange("files are missing"));
        }
        let pace = Arc::new(Pace::default());
        // The library panics at files that it does not expect; to us that is damage like any.
        let opened = fault::caught(|| Spaces::open(&data, &pace));
        let opened = opened.ok_or_else(|| strange("its files are not as they were written"))?;
        let spaces = opened.map_err(|error| open_error(directory, error))?;
        let found = spaces.check(directory)?;
        if acknowledged > found {
            let directory = directory.to_owned();
            return Err(OpenError::Lost { directory, found, acknowledged });
        }
        let (stop, health) = watch::channel(Health::Well);
        let presence = Presence::of(directory, &watermark).map_err(io)?;
        let tenants = Mutex::new(tenants::all(&spaces).map_err(|it| open_error(directory, it))?);
        let committer = Committer::start(spaces.clone(), watermark, found, stop).map_err(io)?;
        let lending = tokio::sync::Mutex::default();
        let rewriter = Rewriter::start(spaces.clone(), data, when, pace).map_err(io)?;
        Ok(Self { lending, rewriter, spaces, presence, tenants, committer, health })
    }

    /// Whether anything can be written. If not, that lasts until the store is opened again; reads
    /// still work.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Notes whose records are written.
    fn note_tenants(&self, keys: &[&Key]) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if key.space == Space::Customers && !tenants.contains(&key.tenant) {
                tenants.insert(key.tenant.clone());
            }
        }
    }
}

impl Spaces {
    /// Makes new trees, all or none: a process that is killed meanwhile leaves a draft, which the
    /// next one makes anew.
    fn make(directory: &Path, data: &Path) -> Result<(), OpenError> {
        let io = |error| OpenError::Io(directory.to_owned(), error);
        let draft = directory.join("data.new");
        if draft.try_exists().map_err(io)? {
            fs::remove_dir_all(&draft).map_err(io)?;
        }
        drop(Self::open(&draft, &Arc::default()).map_err(|error| open_error(directory, error))?);
        fs::rename(&draft, data).map_err(io)?;
        fs::File::open(directory).and_then(|it| it.sync_all()).map_err(io)
    }

    fn open(path: &Path, pace: &Arc<Pace>) -> Result<Self, fjall::Error> {
        let filters = Arc::new(Filters(Arc::clone(pace)));
        let builder = Database::builder(path).cache_size(CACHE_BYTES);
        let builder = builder.with_compaction_filter_factories(Arc::new(move |_tree: &str| {
            let filters: Arc<dyn Factory> = Arc::<Filters>::clone(&filters);
            Some(filters)
        }));
        let database = builder.open()?;
        let open = |name| database.keyspace(name, KeyspaceCreateOptions::default);
        let (customers, policies, own) = (open("customers")?, open("policies")?, open("store")?);
        let (erased, notes) = (open("erased")?, open("notes")?);
        Ok(Self { database, customers, policies, erased, notes, own })
    }

    /// Checks the format, and returns the number of the last batch that is there.
    fn check(&self, directory: &Path) -> Result<u64, OpenError> {
        let read = |key| {
            let value = self.own.get(key).map_err(|error| open_error(directory, error))?;
            let number = value.map(|value| {
                layout::number(&value).ok_or_else(|| damaged(directory, "its own records are torn"))
            });
            number.transpose()
        };
        match read(layout::FORMAT_KEY)? {
            None => {
                let written = self.own.insert(layout::FORMAT_KEY, layout::FORMAT.to_be_bytes());
                written.map_err(|error| open_error(directory, error))?;
            }
            Some(layout::FORMAT) => {}
            Some(newer) => return Err(OpenError::Newer(directory.to_owned(), newer)),
        }
        Ok(read(layout::BATCH_KEY)?.unwrap_or_default())
    }

    const fn all(&self) -> [&Keyspace; 5] {
        let Self { database: _, customers, policies, erased, notes, own } = self;
        [customers, policies, erased, notes, own]
    }

    const fn of(&self, space: Space) -> &Keyspace {
        match space {
            Space::Customers => &self.customers,
            Space::Policies => &self.policies,
            Space::Erased => &self.erased,
            Space::Notes
            | Space::Revisions
            | Space::Pauses
            | Space::Audit
            | Space::OutageJournal => &self.notes,
        }
    }

    fn load(&self, space: Space, key: &[u8]) -> Result<Option<Stored>, Error> {
        let value = self.of(space).get(key).map_err(read_error)?;
        value.map(|value| layout::decode(key, &value).ok_or_else(torn)).transpose()
    }
}

fn read_error(error: fjall::Error) -> Error {
    match fault::refusal(error) {
        Ok(refusal) => Error::Unavailable(refusal.to_string()),
        Err(damage) => Error::Damaged(damage),
    }
}

fn torn() -> Error {
    Error::Damaged("a value does not have the checksum that it was written with".to_owned())
}

impl std::fmt::Debug for Spaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Spaces")
    }
}

#[async_trait]
impl Store for Embedded {
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error> {
        self.spaces.load(key.space, &layout::key(key))
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>> {
        keys.iter().map(|key| self.spaces.load(key.space, &layout::key(key))).collect()
    }

    async fn load_all(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        let mut all = Vec::new();
        let start: Vec<u8> = layout::mark(space).into_iter().collect();
        for guard in self.spaces.of(space).range(start..) {
            let (key, value) = guard.into_inner().map_err(read_error)?;
            if !layout::is_of(space, &key) {
                break;
            }
            let stored = layout::decode(&key, &value).ok_or_else(torn)?;
            all.push((layout::parse_key(space, &key).ok_or_else(torn)?, stored));
        }
        Ok(all)
    }

    /// In the order of the keys. A cursor is a key.
    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        let tenant = layout::prefix(space, tenant);
        let start = match cursor.map(layout::parse_cursor) {
            Some(None) => return Err(Error::NoSuchCursor),
            Some(Some(after)) => Bound::Excluded(after),
            None => Bound::Included(tenant.clone()),
        };
        let mut page = Page::default();
        for guard in self.spaces.of(space).range((start, Bound::Unbounded)).take(limit) {
            let (key, value) = guard.into_inner().map_err(read_error)?;
            if !key.starts_with(&tenant) || !layout::is_of(space, &key) {
                page.next = None;
                break;
            }
            let stored = layout::decode(&key, &value).ok_or_else(torn);
            page.values.push((layout::parse_key(space, &key).ok_or_else(torn)?, stored));
            page.next = (page.values.len() == limit).then(|| layout::cursor(&key));
        }
        Ok(page)
    }

    async fn replace(
        &self,
        replacement: Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error> {
        self.replace_and_put(replacement, &[], durability).await
    }

    fn agenda(&self) -> &dyn Agenda {
        self
    }

    /// Both are in one batch: both are there, or neither.
    async fn replace_and_put(
        &self,
        replacement: Replacement,
        entries: &[Entry],
        durability: Durability,
    ) -> Result<Replaced, Error> {
        check(&replacement)?;
        self.note_tenants(&[&replacement.key]);
        let written = Written { replacement, entries: entries.to_vec() };
        let mut replaced = self.committer.replace_many(vec![written], durability).await;
        replaced.pop().unwrap_or_else(|| Err(silent()))
    }

    async fn settle(
        &self,
        key: &Key,
        version: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        let settled = self.committer.write(key, Some(version), Write::Nothing, durability).await?;
        Ok(matches!(settled, Replaced::Done(_)))
    }

    async fn remove(
        &self,
        key: &Key,
        expected: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        let removed = self.committer.write(key, Some(expected), Write::Removal, durability).await?;
        Ok(matches!(removed, Replaced::Done(_)))
    }

    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        self.replace_many_and_put((replacements, Vec::new()), durability).await
    }

    async fn replace_many_and_put(
        &self,
        (replacements, entries): (Vec<Replacement>, Vec<Vec<Entry>>),
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let checked: Vec<Result<(), Error>> = replacements.iter().map(check).collect();
        let entries = entries.into_iter().chain(std::iter::repeat(Vec::new()));
        let written = replacements
            .into_iter()
            .zip(entries)
            .map(|(replacement, entries)| Written { replacement, entries });
        let allowed: Vec<Written> = written.filter(|it| check(&it.replacement).is_ok()).collect();
        self.note_tenants(&allowed.iter().map(|it| &it.replacement.key).collect::<Vec<_>>());
        let mut replaced = self.committer.replace_many(allowed, durability).await.into_iter();
        let next = |replaced: Option<_>| replaced.unwrap_or_else(|| Err(silent()));
        let checked = checked.into_iter();
        checked.map(|checked| checked.and_then(|()| next(replaced.next()))).collect()
    }

    async fn rewrite(&self) -> Result<(), Error> {
        self.rewriter.rewrite().await
    }

    async fn losses(&self) -> Result<Losses, Error> {
        Ok(Losses { gone: self.presence.missing(), ..Losses::default() })
    }

    async fn tenants(&self) -> Result<BTreeSet<Name>, Error> {
        Ok(self.tenants.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[cfg(test)]
mod tests;
