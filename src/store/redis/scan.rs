//! Finds keys: those of kinds of which there are few by a list that is kept of them, others by a
//! search of all servers.

use redis::FromRedisValue;
use redis::Pipeline;

use super::Shared;
use super::address::Host;
use super::layout;
use super::layout::Place;
use super::layout::VERSION_BYTES;
use super::read::whole;
use crate::model::Name;
use crate::store::Error;
use crate::store::Key;
use crate::store::Page;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The number of keys that are looked at in one go.
pub(super) const PAGE: usize = 1_000;

/// The place of a scan: the primary, by its position among them, and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    shard: usize,
    primary: Host,
    within: u64,
}

impl Shared {
    /// Notes a key in the list of its kind. It is noted before it is written, so that the list has
    /// too much rather than too little.
    pub(super) async fn list(&self, space: Space, place: &Place) -> Result<(), Error> {
        let list = self.layout.list(space);
        let mut add = Pipeline::new();
        add.cmd("SADD").arg(&list).arg(&place.key);
        whole(self.read(list.as_bytes(), &add).await?).map(drop)
    }

    /// Notes all keys of a kind in its list, which may have been lost.
    pub(super) async fn list_anew(&self, space: Space) -> Result<(), Error> {
        let mut cursor = None;
        loop {
            let (keys, next) = self.scan_keys((space, None), cursor, PAGE).await?;
            for key in keys {
                self.list(space, &Place::found(key)).await?;
            }
            cursor = next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn listed(&self, space: Space) -> Result<Vec<(Key, Place)>, Error> {
        let list = self.layout.list(space);
        let mut members = Pipeline::new();
        members.cmd("SMEMBERS").arg(&list);
        let reply = whole(self.read(list.as_bytes(), &members).await?)?;
        let keys = Vec::<Vec<u8>>::from_redis_value(reply);
        let keys = keys.map_err(|error| Error::Unavailable(error.to_string()))?;
        let read = |key: Vec<u8>| {
            let key = self.layout.parse_key(space, &key, &[])?;
            let place = self.layout.place(&key);
            Some((key, place))
        };
        Ok(keys.into_iter().filter_map(read).collect())
    }

    pub(super) async fn load_listed(&self, space: Space) -> Result<Vec<(Key, Stored)>, Error> {
        let mut all = Vec::new();
        for (key, place) in self.listed(space).await? {
            if let Some(value) = self.get(&place).await? {
                all.push((key, layout::decode(&place.key, &value)?));
            }
        }
        Ok(all)
    }

    pub(super) async fn versions_listed(&self, space: Space) -> Result<Vec<(Key, Version)>, Error> {
        let mut versions = Vec::new();
        for (key, place) in self.listed(space).await? {
            let mut begin = Pipeline::new();
            begin.cmd("GETRANGE").arg(&place.key).arg(0).arg(VERSION_BYTES - 1);
            let begin =
                super::read::value(self.read(&place.key, &begin).await?)?.unwrap_or_default();
            // A key that is listed and not there has not been written yet.
            versions.extend(layout::parse_version(&begin).map(|version| (key, version)));
        }
        Ok(versions)
    }

    pub(super) async fn scan(
        &self,
        space: Space,
        tenant: Option<&Name>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page, Error> {
        let cursor = match cursor {
            Some(cursor) => Some(Cursor::parse(cursor).ok_or(Error::NoSuchCursor)?),
            None => None,
        };
        let (keys, next) = self.scan_keys((space, tenant), cursor, limit).await?;
        let values = self.load_keys(space, keys).await?;
        Ok(Page { values, next: next.map(|next| next.to_string().into()) })
    }

    /// Some of the keys of a kind, and the place to continue from.
    pub(super) async fn scan_keys(
        &self,
        (space, tenant): (Space, Option<&Name>),
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Vec<u8>>, Option<Cursor>), Error> {
        let topology = self.router.topology.load_full();
        let mut cursor = match cursor {
            Some(cursor) => cursor,
            None => {
                let first = topology.shards.first();
                let first =
                    first.ok_or_else(|| Error::Unavailable("no server is known".to_owned()))?;
                Cursor { shard: 0, primary: first.primary.clone(), within: 0 }
            }
        };
        let shard = topology.shards.get(cursor.shard).ok_or(Error::NoSuchCursor)?;
        if shard.primary != cursor.primary {
            // Another server has taken over, which knows nothing of the cursor.
            cursor = Cursor { within: 0, primary: shard.primary.clone(), ..cursor };
        }
        let mut commands = Pipeline::new();
        let pattern = self.layout.pattern(space, tenant);
        let scan = commands.cmd("SCAN").arg(cursor.within);
        scan.arg("MATCH").arg(pattern).arg("COUNT").arg(limit.max(1));
        let link = self.router.link(&cursor.primary, super::Lane::Quick);
        let replies = link.send(&commands).await;
        let reply = replies.map_err(|broken| Error::Unavailable(broken.why().to_owned()))?;
        let reply = reply.into_iter().next().unwrap_or_default().extract_error();
        let reply = reply.and_then(|it| Ok(<(u64, Vec<Vec<u8>>)>::from_redis_value(it)?));
        let (within, keys) = reply.map_err(|error| Error::Unavailable(error.to_string()))?;
        let next = match topology.shards.get(cursor.shard + 1) {
            _ if within != 0 => Some(Cursor { within, ..cursor }),
            Some(next) => {
                Some(Cursor { shard: cursor.shard + 1, primary: next.primary.clone(), within: 0 })
            }
            None => None,
        };
        Ok((keys, next))
    }

    /// The values of keys that were found. One that has gone meanwhile is left out.
    async fn load_keys(
        &self,
        space: Space,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Key, Result<Stored, Error>)>, Error> {
        let places: Vec<Place> = keys.into_iter().map(Place::found).collect();
        let loaded = self.get_all(&places.iter().collect::<Vec<_>>()).await;
        let mut values = Vec::with_capacity(places.len());
        for (place, value) in places.iter().zip(loaded) {
            let Some(value) = value? else { continue };
            match self.layout.parse_key(space, &place.key, &value) {
                Some(key) => values.push((key, layout::decode(&place.key, &value))),
                // A key of another program, or one whose id can no longer be read.
                None => tracing::error!("a key of the store cannot be read, and is passed over"),
            }
        }
        Ok(values)
    }
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let (shard, within, host) = (parts.next()?, parts.next()?, parts.next()?);
        let (name, port) = host.rsplit_once(':')?;
        Some(Self {
            shard: shard.parse().ok()?,
            primary: Host { name: name.to_owned(), port: port.parse().ok()? },
            within: within.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { shard, primary: Host { name, port }, within } = self;
        write!(f, "{shard} {within} {name}:{port}")
    }
}
