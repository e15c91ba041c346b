//! The agenda as sorted sets: a list has several buckets, each a key of its own, so that a cluster
//! spreads them. The score of a member is its time.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use redis::Cmd;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Script;
use redis::Value;
use redis::cmd;
use siphasher::sip::SipHasher24;
use tokio::sync::Notify;

use super::Redis;
use super::Shared;
use super::layout;
use super::layout::Place;
use super::read::whole;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Entry;
use crate::model::agenda::List;
use crate::store::Agenda;
use crate::store::Ask;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Found;
use crate::store::agenda::first;

/// The number of buckets of a list. It never changes: it decides the bucket of a customer.
const BUCKETS: u64 = 16;
/// The script that puts entries behind others, and claims them.
pub(super) const SCRIPT: &str = include_str!("agenda.lua");
/// The message to other instances that an agenda has changed, on the channel of news.
pub(super) const CHANGED: &[u8] = b"changed";
/// The number of entries that one command writes.
const COMMAND_MAX: usize = 500;

/// The entries of one bucket.
type Bucket<'a> = (List, &'a Name, usize);

impl Shared {
    /// The bucket in which a customer's entries are.
    fn bucket_of(entry: &Entry) -> usize {
        let mut hasher = SipHasher24::new();
        hasher.write(entry.customer.as_bytes());
        usize::try_from(hasher.finish() % BUCKETS).unwrap_or_default()
    }

    fn by_bucket<'a>(&self, entries: &'a [Entry]) -> BTreeMap<Bucket<'a>, Vec<&'a Entry>> {
        let mut buckets: BTreeMap<Bucket<'a>, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let bucket = (entry.list, &entry.tenant, Self::bucket_of(entry));
            buckets.entry(bucket).or_default().push(entry);
        }
        buckets
    }

    /// Sends one command for each bucket that there is something for, and waits for all.
    async fn write_buckets(
        &self,
        commands: Vec<(Place, Cmd)>,
        durability: Durability,
    ) -> Result<(), Error> {
        let written = join_all(commands.into_iter().map(|(place, command)| async move {
            let mut commands = Pipeline::new();
            commands.add_command(command);
            let replies = self.write_all(&place, commands, durability).await?;
            whole(replies.into_iter().next().unwrap_or_default()).map(drop)
        }));
        written.await.into_iter().collect()
    }

    fn put(&self, (list, tenant, bucket): Bucket<'_>, entries: &[&Entry]) -> (Place, Cmd) {
        let place = self.layout.bucket(list, tenant, bucket);
        let mut command = Cmd::new();
        if list.grows_at_its_end() {
            let due = entries.iter().map(|entry| entry.due).max().unwrap_or(Instant::FIRST);
            self.script(&mut command, &place, "end");
            command.arg(due.millis()).arg(self.layout.news()).arg(CHANGED);
            for entry in entries {
                command.arg(layout::member(entry));
            }
        } else {
            command.arg("ZADD").arg(&place.key);
            for entry in entries {
                command.arg(entry.due.millis()).arg(layout::member(entry));
            }
        }
        (place, command)
    }

    fn script(&self, command: &mut Cmd, place: &Place, what: &str) {
        command.arg("EVALSHA").arg(&self.agenda_script).arg(1).arg(&place.key).arg(what);
    }

    /// Asks every bucket, those of one server together, and reads what each answers.
    async fn ask_buckets(
        &self,
        (list, tenant): (List, &Name),
        command: impl Fn(usize, &Place) -> Cmd,
    ) -> Result<Vec<(usize, Value)>, Error> {
        let places: Vec<Place> = buckets().map(|it| self.layout.bucket(list, tenant, it)).collect();
        let groups = self.groups(&places);
        let answered = join_all(groups.values().map(|group| async {
            let mut commands = Pipeline::new();
            let there = group.iter().filter_map(|it| Some((*it, places.get(*it)?)));
            let there: Vec<(usize, &Place)> = there.collect();
            for (bucket, place) in &there {
                commands.add_command(command(*bucket, place));
            }
            let Some((_, place)) = there.first() else { return Ok(Vec::new()) };
            let replies = self.router.read(&place.key, &commands).await;
            let replies = replies.map_err(super::read::unread)?.into_iter();
            let replies =
                there.iter().zip(replies).map(|((it, _), reply)| Ok((*it, whole(reply)?)));
            replies.collect::<Result<Vec<_>, Error>>()
        }));
        Ok(answered.await.into_iter().collect::<Result<Vec<_>, Error>>()?.concat())
    }

    /// The members of a bucket that a reply names with their times.
    fn found(&self, (list, tenant, bucket): Bucket<'_>, reply: Value) -> Result<Vec<Found>, Error> {
        let members = Vec::<(Vec<u8>, i64)>::from_redis_value(reply);
        let members = members.map_err(|error| Error::Unavailable(error.to_string()))?;
        let entry = |(member, millis): (Vec<u8>, i64)| {
            let due = Instant::from_millis(millis);
            Some(Found { bucket, entry: layout::parse_member((list, tenant), &member, due)? })
        };
        Ok(members.into_iter().filter_map(entry).collect())
    }

    /// Adds the entries that have the time of the last one that was found, where there may be more
    /// of them.
    async fn with_ties(
        &self,
        (list, tenant): (List, &Name),
        limit: usize,
        found: Vec<(usize, Value)>,
    ) -> Result<Vec<Found>, Error> {
        let mut all = Vec::new();
        for (bucket, reply) in found {
            let mut found = self.found((list, tenant, bucket), reply)?;
            let last = found.get(limit.saturating_sub(1)).map(|it| it.entry.due);
            if let Some(last) = last {
                let place = self.layout.bucket(list, tenant, bucket);
                let mut same = Pipeline::new();
                let range = same.cmd("ZRANGE").arg(&place.key).arg(last.millis());
                range.arg(last.millis()).arg("BYSCORE").arg("WITHSCORES");
                let same = whole(self.read(&place.key, &same).await?)?;
                found.retain(|it| it.entry.due < last);
                found.extend(self.found((list, tenant, bucket), same)?);
            }
            all.extend(found);
        }
        Ok(all)
    }
}

/// All buckets of a list.
fn buckets() -> std::ops::Range<usize> {
    0..usize::try_from(BUCKETS).unwrap_or_default()
}

/// The first time of a bucket that is wanted, as `ZRANGE` reads it.
fn after(ask: &Ask<'_>, bucket: usize) -> String {
    ask.after.get(bucket).map_or_else(|| "-inf".to_owned(), |after| format!("({}", after.millis()))
}

/// The number of entries that each bucket is asked for, so that all together are enough.
fn limit(ask: &Ask<'_>) -> usize {
    ask.limit.max(1)
}

#[async_trait]
impl Agenda for Redis {
    fn buckets(&self) -> usize {
        buckets().len()
    }

    fn changed_elsewhere(&self) -> Option<Arc<Notify>> {
        Some(Arc::clone(&self.shared.changed))
    }

    async fn put(&self, entries: &[Entry], durability: Durability) -> Result<(), Error> {
        let buckets = self.shared.by_bucket(entries);
        let commands = buckets.iter().flat_map(|(bucket, entries)| {
            entries.chunks(COMMAND_MAX).map(|entries| self.shared.put(*bucket, entries))
        });
        self.shared.write_buckets(commands.collect(), durability).await
    }

    async fn take_out(&self, entries: &[Entry]) -> Result<(), Error> {
        let buckets = self.shared.by_bucket(entries);
        let commands = buckets.iter().map(|((list, tenant, bucket), entries)| {
            let place = self.shared.layout.bucket(*list, tenant, *bucket);
            let mut command = cmd("ZREM");
            command.arg(&place.key);
            for entry in entries {
                command.arg(layout::member(entry));
            }
            (place, command)
        });
        self.shared.write_buckets(commands.collect(), Durability::Buffered).await
    }

    async fn read(&self, ask: Ask<'_>) -> Result<Vec<Found>, Error> {
        let list = (ask.list, ask.tenant);
        let found = self.shared.ask_buckets(list, |bucket, place| {
            let mut command = cmd("ZRANGE");
            command.arg(&place.key).arg(after(&ask, bucket)).arg(ask.until.millis());
            command.arg("BYSCORE").arg("LIMIT").arg(0).arg(limit(&ask)).arg("WITHSCORES");
            command
        });
        let found = self.shared.with_ties(list, limit(&ask), found.await?).await?;
        Ok(first(found, ask.limit))
    }

    async fn claim(&self, ask: Ask<'_>, lease: Instant) -> Result<Vec<Found>, Error> {
        let (list, tenant) = (ask.list, ask.tenant);
        let claimed = self.shared.ask_buckets((list, tenant), |bucket, place| {
            let mut command = Cmd::new();
            self.shared.script(&mut command, place, "claim");
            command.arg(ask.until.millis()).arg(limit(&ask)).arg(after(&ask, bucket));
            command.arg(lease.millis());
            command
        });
        let mut found = Vec::new();
        for (bucket, reply) in claimed.await? {
            found.extend(self.shared.found((list, tenant, bucket), reply)?);
        }
        found.sort_by_key(|it| (it.entry.due, it.bucket));
        Ok(found)
    }

    async fn count(&self, list: List, tenant: &Name, until: Instant) -> Result<u64, Error> {
        let counts = self.shared.ask_buckets((list, tenant), |_bucket, place| {
            let mut command = cmd("ZCOUNT");
            command.arg(&place.key).arg("-inf").arg(until.millis());
            command
        });
        let mut all = 0_u64;
        for (_, count) in counts.await? {
            let count = u64::from_redis_value(count);
            all += count.map_err(|error| Error::Unavailable(error.to_string()))?;
        }
        Ok(all)
    }

    async fn clear(&self, list: List, tenant: &Name, until: Instant) -> Result<(), Error> {
        let commands = buckets().map(|bucket| {
            let place = self.shared.layout.bucket(list, tenant, bucket);
            let mut command = cmd("ZREMRANGEBYSCORE");
            command.arg(&place.key).arg("-inf").arg(until.millis());
            (place, command)
        });
        self.shared.write_buckets(commands.collect(), Durability::Buffered).await
    }
}

/// The hash by which Redis knows the script.
pub(super) fn script() -> String {
    Script::new(SCRIPT).get_hash().to_owned()
}
