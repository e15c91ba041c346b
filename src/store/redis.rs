//! The store in Redis: one server, one that Sentinels watch, or a cluster. Many processes share it.
//!
//! A value is one key. Reading it is one `GET`, writing it one small script that compares versions, so
//! that whoever has not seen the newest changes nothing. Redis acknowledges before its replicas have a
//! write and forgets it if one of them takes over; so what must survive that is followed by `WAIT` on
//! the same connection, and not acknowledged before all replicas have it.
//!
//! **Invariant:** a version is never made twice, not even by two servers that both believe to be the
//! primary: half of its counter is drawn at random. So whoever read one of them cannot replace the
//! other.
//!
//! **Invariant:** no command is sent again by itself after it may have been done.

pub mod address;
mod hide;
pub mod inspect;
mod layout;
mod link;
mod losses;
mod news;
mod parts;
mod reply;
mod router;
mod scan;
pub mod setting;
pub mod stream;
mod tenants;
mod topology;
mod watch;
mod write;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::join_all;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Value;
use tokio::sync::Notify;
use tokio::sync::watch as channel;
use tokio::task::JoinSet;

use self::address::Host;
use self::hide::Hider;
use self::layout::Layout;
use self::layout::Place;
use self::router::Failed;
use self::router::Lane;
use self::router::Router;
use self::setting::Setting;
use self::write::Versions;
use crate::model::Name;
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

/// How many keys are asked for in one go.
const BATCH_MAX: usize = 1_000;

/// A store in Redis.
#[derive(Debug)]
pub struct Redis {
    shared: Arc<Shared>,
    /// Ends with the store.
    _watching: JoinSet<()>,
}

/// What all threads and the watch share.
#[derive(Debug)]
struct Shared {
    router: Router,
    layout: Layout,
    versions: Versions,
    /// How many replicas every primary has that could take its place.
    replicas: AtomicU32,
    /// Everybody who may know where the primaries are.
    hosts: Mutex<Vec<Host>>,
    health: channel::Sender<Health>,
    /// Told when somebody has changed a policy or a pause.
    news: Arc<Notify>,
    /// The tenants that are known to be listed.
    tenants: Mutex<BTreeSet<Name>>,
}

impl Redis {
    /// Finds the servers, and watches over them from now on, on the runtime of its caller.
    ///
    /// # Errors
    /// If none of them answers, or one refuses what courtesy needs.
    pub async fn open(setting: Setting) -> Result<Self, Error> {
        let (store, away) = Self::open_if_there(setting).await?;
        away.map_or(Ok(store), |why| Err(Error::Unavailable(why)))
    }

    /// The same for who can wait: where none of the servers answers it goes on looking, and says why.
    ///
    /// # Errors
    /// If one refuses what courtesy needs, which no waiting mends.
    pub async fn open_if_there(setting: Setting) -> Result<(Self, Option<String>), Error> {
        let layout = Layout::new(setting.prefix.clone(), setting.hide_ids.as_ref().map(Hider::new));
        let replicas = AtomicU32::new(setting.replicas.unwrap_or_default());
        let (health, _) = channel::channel(Health::Well);
        let router = Router::new(setting, write::SCRIPT);
        let (versions, hosts) = (Versions::new(), Mutex::default());
        let (news, tenants) = (Arc::default(), Mutex::default());
        let shared = Shared { router, layout, versions, replicas, hosts, health, news, tenants };
        let shared = Arc::new(shared);
        let seen = shared.look().await;
        let away = match &seen {
            Health::Well => None,
            Health::Impaired(why) => {
                tracing::warn!(why, "the store is in trouble");
                None
            }
            Health::Away(why) if is_refusal(why) => return Err(Error::Unavailable(why.clone())),
            Health::Away(why) => Some(why.clone()),
        };
        shared.health.send_replace(seen);
        let mut watching = JoinSet::new();
        watching.spawn(Arc::clone(&shared).watch());
        watching.spawn(Arc::clone(&shared).listen());
        Ok((Self { shared, _watching: watching }, away))
    }

    /// Whether it answers, as it was seen in the last second.
    #[must_use]
    pub fn health(&self) -> channel::Receiver<Health> {
        self.shared.health.subscribe()
    }

    /// Told when somebody has changed a policy or a pause. Not every change is told.
    #[must_use]
    pub fn news(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.news)
    }

    /// How many replicas must have a write before it counts as replicated.
    #[must_use]
    pub fn replicas(&self) -> u32 {
        self.shared.replicas.load(Ordering::Relaxed)
    }
}

impl Shared {
    /// Notes that a primary has been seen with so many replicas. It never goes down: a replica that is
    /// not there now may still take over.
    fn raise_replicas(&self, seen: u32) {
        if self.router.setting.replicas.is_none() {
            self.replicas.fetch_max(seen, Ordering::Relaxed);
        }
    }

    async fn read(&self, key: &[u8], commands: &Pipeline) -> Result<Value, Error> {
        let replies = self.router.read(key, commands).await;
        Ok(replies.map_err(unread)?.into_iter().next().unwrap_or_default())
    }

    /// Groups places by the server that has them. Those of which nobody knows are a group as well.
    fn groups(&self, places: &[Place]) -> BTreeMap<Option<usize>, Vec<usize>> {
        let topology = self.router.topology.load();
        let mut groups: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (position, place) in places.iter().enumerate() {
            groups.entry(topology.position(&place.key)).or_default().push(position);
        }
        groups
    }

    /// The raw values of some keys that one server has, in their order.
    async fn get_all(&self, places: &[&Place]) -> Vec<Result<Option<Bytes>, Error>> {
        let Some(first) = places.first() else { return Vec::new() };
        let is_one_server = self.router.topology.load().shards.len() == 1;
        let mut commands = Pipeline::new();
        if is_one_server {
            let keys: Vec<&[u8]> = places.iter().map(|place| place.key.as_slice()).collect();
            commands.cmd("MGET").arg(keys);
        } else {
            for place in places {
                commands.cmd("GET").arg(&place.key);
            }
        }
        let replies = match self.router.read(&first.key, &commands).await {
            Ok(replies) => replies,
            Err(failed) => {
                return places.iter().map(|_| Err(unread(failed.clone()))).collect();
            }
        };
        let replies = if is_one_server {
            // One reply holds all values, or refuses them all.
            match replies.into_iter().next() {
                Some(Value::Array(values)) => values,
                refusal => vec![refusal.unwrap_or_default(); places.len()],
            }
        } else {
            replies
        };
        let mut values = Vec::with_capacity(places.len());
        for (place, reply) in places.iter().zip(replies) {
            // A key that has moved meanwhile is asked for alone.
            let moved = matches!(reply, Value::ServerError(_));
            values.push(if moved { self.get(place).await } else { bytes(reply) });
        }
        values
    }

    async fn get(&self, place: &Place) -> Result<Option<Bytes>, Error> {
        let mut get = Pipeline::new();
        get.cmd("GET").arg(&place.key);
        bytes(self.read(&place.key, &get).await?)
    }
}

/// Whether a server answered and will not do what it was asked, however long one waits.
fn is_refusal(why: &str) -> bool {
    const SIGNS: [&str; 10] = [
        "NOAUTH",
        "WRONGPASS",
        "NOPERM",
        "uthentication",
        "ertificate",
        "DB index",
        "is a replica",
        " says: ",
        "is not understood",
        ": write redis",
    ];
    SIGNS.iter().any(|sign| why.contains(sign))
}

/// A reply that is a value or nothing.
fn bytes(reply: Value) -> Result<Option<Bytes>, Error> {
    let reply = reply.extract_error().map_err(|error| Error::Unavailable(error.to_string()))?;
    let value = Option::<Vec<u8>>::from_redis_value(reply);
    let value = value.map_err(|_not_shown| {
        Error::Damaged("a key holds something else than a value".to_owned())
    })?;
    Ok(value.map(Bytes::from))
}

/// What has only been read has changed nothing.
fn unread(failed: Failed) -> Error {
    Error::Unavailable(failed.why())
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
            let values = self.shared.get_all(&there).await;
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
        self.shared.load_all(space).await
    }

    async fn versions(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        self.shared.versions_of(space).await
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
        self.shared.list_tenants(&[&replacement.key]).await?;
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
        let keys: Vec<&Key> = replacements.iter().map(|it| &it.key).collect();
        if let Err(error) = self.shared.list_tenants(&keys).await {
            return vec![Err(error); replacements.len()];
        }
        self.shared.replace_many(&replacements, durability).await
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
}
