//! The store in Redis: one server, one that Sentinels watch, or a cluster. Many processes share it.
//!
//! A value is one key. Reading it is one `GET`, writing it one small script that compares versions,
//! so that an instance which has not seen the newest version changes nothing. Redis acknowledges a
//! write before its replicas have it, and forgets the write if one of them takes over. So a write
//! that must survive that is followed by `WAIT` on the same connection, and not acknowledged before
//! all replicas have it.
//!
//! **Invariant:** a version is never made twice, not even by two servers that both believe to be
//! the primary: half of its counter is drawn at random. So an instance that read one of them cannot
//! replace the other.
//!
//! **Invariant:** no command is sent again by itself after it may have been done.

pub mod address;
mod agenda;
mod hide;
pub mod inspect;
mod layout;
mod link;
mod losses;
mod news;
mod parts;
mod probe;
mod read;
mod reply;
mod router;
mod scan;
pub mod setting;
mod steady;
pub mod stream;
mod tenants;
mod topology;
mod watch;
mod write;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::sync::watch as channel;
use tokio::task::JoinSet;

use self::address::Host;
use self::hide::Hider;
use self::layout::Layout;
use self::layout::Place;
use self::router::Lane;
use self::router::Router;
use self::setting::Setting;
use self::write::Versions;
use self::write::is_listed;
use crate::model::Instant;
use crate::model::Name;
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
use crate::store::Trouble;
use crate::store::Version;
use crate::store::Why;
use crate::store::all;

/// The number of keys that are asked for at once.
const BATCH_MAX: usize = 1_000;
/// The time that servers have for their first answer before they count as away: they may be busy,
/// or start at the same time.
const PATIENCE: Duration = Duration::from_secs(2);

/// The scripts, which every connection for calls makes known.
const SCRIPTS: &[&str] = &[write::SCRIPT, agenda::SCRIPT];

/// A store in Redis.
#[derive(Debug)]
pub struct Redis {
    shared: Arc<Shared>,
    /// Ends with the store.
    _watching: JoinSet<()>,
}

/// The state that all threads and the watch share.
#[derive(Debug)]
struct Shared {
    router: Router,
    layout: Layout,
    versions: Versions,
    /// The hash by which Redis knows the script of the agenda.
    agenda_script: String,
    /// The number of replicas that every primary has, any of which could take its place.
    replicas: AtomicU32,
    /// Whether values are read with `GET`, since a server does not obey `GETEX` at all.
    reads_plainly: AtomicBool,
    /// Whether the settings of all primaries were found to be safe.
    is_safe: AtomicBool,
    /// The addresses that may know where the primaries are.
    hosts: Mutex<Vec<Host>>,
    health: channel::Sender<Health>,
    /// Told when an instance has changed a policy or a pause.
    news: Arc<Notify>,
    /// Told when an instance has put a change into an agenda.
    changed: Arc<Notify>,
    /// The tenants that are known to be listed.
    tenants: Mutex<BTreeSet<Name>>,
}

impl Redis {
    /// Finds the servers, and watches over them from now on, on the runtime of its caller.
    ///
    /// # Errors
    /// If none of them answers, or one refuses what courtesy needs.
    pub async fn open(setting: Setting) -> Result<Self, Error> {
        let (store, away) = Self::open_within(setting, Duration::ZERO).await?;
        away.map_or(Ok(store), |why| Err(Error::Unavailable(why)))
    }

    /// Opens the store for a caller that can do without it: if no server answers for a while, the
    /// search goes on in the background, and the reason is returned.
    ///
    /// # Errors
    /// If one refuses what courtesy needs, which no waiting mends.
    pub async fn open_if_there(setting: Setting) -> Result<(Self, Option<String>), Error> {
        Self::open_within(setting, PATIENCE).await
    }

    async fn open_within(
        setting: Setting,
        patience: Duration,
    ) -> Result<(Self, Option<String>), Error> {
        let layout = Layout::new(setting.prefix.clone(), setting.hide_ids.as_ref().map(Hider::new));
        let replicas = AtomicU32::new(setting.replicas.unwrap_or_default());
        let (health, _) = channel::channel(Health::Well);
        let router = Router::new(setting, SCRIPTS);
        let (versions, hosts) = (Versions::new(), Mutex::default());
        let (reads_plainly, news, tenants) =
            (AtomicBool::new(false), Arc::default(), Mutex::default());
        let is_safe = AtomicBool::new(false);
        let shared = Shared {
            router,
            layout,
            versions,
            agenda_script: agenda::script(),
            replicas,
            reads_plainly,
            is_safe,
            hosts,
            health,
            news,
            changed: Arc::default(),
            tenants,
        };
        let shared = Arc::new(shared);
        let seen = shared.look_within(patience).await;
        let away = match &seen {
            Health::Well => None,
            Health::Impaired(why) | Health::ReadOnly(why) => {
                tracing::warn!(%why, "the store is in trouble");
                None
            }
            Health::Away(Why { trouble: Trouble::Refused | Trouble::Demoted, text }) => {
                return Err(Error::Refused(text.clone()));
            }
            Health::Away(why) => Some(why.text.clone()),
        };
        shared.health.send_replace(seen);
        let mut watching = JoinSet::new();
        watching.spawn(Arc::clone(&shared).watch());
        watching.spawn(Arc::clone(&shared).listen());
        Ok((Self { shared, _watching: watching }, away))
    }

    /// The health of the store, as of the last second.
    #[must_use]
    pub fn health(&self) -> channel::Receiver<Health> {
        self.shared.health.subscribe()
    }

    /// A signal that an instance has changed a policy or a pause. Some changes come without a
    /// signal.
    #[must_use]
    pub fn news(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.news)
    }

    /// The number of replicas that must have a write before it counts as replicated.
    #[must_use]
    pub fn replicas(&self) -> u32 {
        self.shared.replica_count()
    }
}

impl Shared {
    fn replica_count(&self) -> u32 {
        self.replicas.load(Ordering::Relaxed)
    }

    /// Notes that a primary was seen with `seen` replicas. The number never decreases: a replica
    /// that is not there now may still take over.
    fn raise_replicas(&self, seen: u32) {
        if self.router.setting.replicas.is_none() {
            self.replicas.fetch_max(seen, Ordering::Relaxed);
        }
    }

    /// Groups places by the server that has them. Places of unknown servers are a group too.
    fn groups(&self, places: &[Place]) -> BTreeMap<Option<usize>, Vec<usize>> {
        let topology = self.router.topology.load();
        let mut groups: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (position, place) in places.iter().enumerate() {
            groups.entry(topology.position(&place.key)).or_default().push(position);
        }
        groups
    }
}

#[async_trait]
impl Store for Redis {
    async fn load(&self, key: &Key) -> Result<Option<Stored>, Error> {
        let place = self.shared.layout.place(key);
        let value = self.shared.get(&place).await?;
        value.map(|value| layout::decode(&place.key, &value)).transpose()
    }

    async fn load_many(&self, keys: &[Key]) -> Vec<Result<Option<Stored>, Error>> {
        let places: Vec<Place> = keys.iter().map(|key| self.shared.layout.place(key)).collect();
        let groups = self.shared.groups(&places);
        let chunks = groups.values().flat_map(|group| group.chunks(BATCH_MAX));
        let loaded = join_all(chunks.map(|chunk| async {
            let there: Vec<&Place> = chunk.iter().filter_map(|it| places.get(*it)).collect();
            let values = self.shared.get_all_in_time(&there).await;
            chunk.iter().copied().zip(values).collect::<Vec<_>>()
        }));
        let mut loaded: BTreeMap<usize, _> = loaded.await.into_iter().flatten().collect();
        let stored = places.iter().enumerate().map(|(position, place)| {
            let missing = || Err(Error::Unavailable("a reply is missing".to_owned()));
            let value = loaded.remove(&position).unwrap_or_else(missing)?;
            value.map(|value| layout::decode(&place.key, &value)).transpose()
        });
        stored.collect()
    }

    async fn load_all(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        if is_listed(space) {
            self.shared.load_listed(space).await
        } else {
            all::values(self, space).await
        }
    }

    async fn versions(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        if is_listed(space) {
            return self.shared.versions_listed(space).await;
        }
        let all = all::values(self, space).await?.into_iter();
        Ok(all.map(|(key, stored)| (key, stored.version)).collect())
    }

    async fn list_anew(&self) -> Result<(), Error> {
        for space in [Space::Policies, Space::Pauses] {
            self.shared.list_anew(space).await?;
        }
        Ok(())
    }

    async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        self.shared.scan(space, tenant, cursor, limit).await
    }

    async fn replace(
        &self,
        replacement: Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error> {
        self.shared.list_tenants(&[&replacement]).await?;
        self.shared.replace(&replacement, durability).await
    }

    async fn settle(
        &self,
        key: &Key,
        version: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        self.shared.settle(key, version, durability).await
    }

    async fn settle_many(
        &self,
        seen: &[(Key, Version)],
        durability: Durability,
    ) -> Vec<Result<bool, Error>> {
        self.shared.settle_many(seen, durability).await
    }

    async fn remove(
        &self,
        key: &Key,
        expected: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        self.shared.remove(key, expected, durability).await
    }

    async fn replace_many(
        &self,
        replacements: Vec<Replacement>,
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let written: Vec<&Replacement> = replacements.iter().collect();
        if let Err(error) = self.shared.list_tenants(&written).await {
            return vec![Err(error); replacements.len()];
        }
        self.shared.replace_many(&replacements, durability).await
    }

    fn agenda(&self) -> &dyn Agenda {
        self
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn parts(&self) -> Vec<u32> {
        self.shared.parts()
    }

    async fn losses(&self) -> Result<Losses, Error> {
        self.shared.losses().await
    }

    async fn tenants(&self) -> Result<BTreeSet<Name>, Error> {
        self.shared.tenants().await
    }

    fn note_tenants(&self, listed: &BTreeSet<Name>) {
        self.shared.note_tenants(listed);
    }

    async fn time(&self, now: Instant) -> Result<Option<Instant>, Error> {
        self.shared.time(now).await.map(Some)
    }
}
