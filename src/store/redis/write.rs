//! Writing: compare the version and replace, in one script, and wait for the replicas.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use redis::Cmd;
use redis::Pipeline;
use redis::Script;
use redis::Value;
use redis::cmd;
use tokio::time::timeout;

use super::Shared;
use super::layout;
use super::layout::Place;
use super::read::is_of_type;
use super::read::unread;
use super::router::Failed;
use super::router::Lane;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::VALUE_BYTES_MAX;
use crate::store::Version;

/// The script: it knows versions, and no rules.
pub(super) const SCRIPT: &str = include_str!("cas.lua");
/// The number of writes that wait for the replicas together.
const BATCH_MAX: usize = 256;

/// Makes versions that never come again.
#[derive(Debug)]
pub(super) struct Versions {
    random: RandomState,
    drawn: AtomicU64,
    script: String,
}

/// The change of a key that has the expected version.
enum What<'a> {
    Value(&'a Replacement, Version),
    Removal,
    Nothing,
}

impl Versions {
    pub(super) fn new() -> Self {
        let script = Script::new(SCRIPT).get_hash().to_owned();
        Self { random: RandomState::new(), drawn: AtomicU64::new(0), script }
    }

    /// The version after another, or the first. The upper half of the counter counts, the lower is
    /// drawn.
    fn after(&self, before: Option<Version>) -> Version {
        let draw = || self.random.hash_one(self.drawn.fetch_add(1, Ordering::Relaxed));
        let (incarnation, count) = match before {
            Some(version) => (version.incarnation, version.counter >> 32),
            None => (draw(), 0),
        };
        Version { incarnation, counter: (count.saturating_add(1) << 32) | (draw() >> 32) }
    }

    fn command(&self, place: &Place, expected: Option<Version>, what: &What<'_>) -> Cmd {
        let expected = expected.map(layout::version_bytes);
        let expected = expected.as_ref().map_or(&[][..], |it| it.as_slice());
        let mut command = cmd("EVALSHA");
        command.arg(&self.script).arg(1).arg(&place.key).arg(expected);
        match what {
            What::Value(replacement, version) => {
                command.arg(place.encode(*version, &replacement.value));
                if let Some(expires) = replacement.expires {
                    command.arg(expires.millis());
                }
            }
            What::Removal => {
                command.arg("");
            }
            What::Nothing => {}
        }
        command
    }
}

impl Shared {
    pub(super) async fn replace(
        &self,
        replacement: &Replacement,
        durability: Durability,
    ) -> Result<Replaced, Error> {
        let Replacement { key, expected, value, .. } = replacement;
        check(value.len())?;
        let place = self.layout.place(key);
        if expected.is_none() && is_listed(key.space) {
            self.list(key.space, &place).await?;
        }
        let version = self.versions.after(*expected);
        let what = What::Value(replacement, version);
        let command = self.versions.command(&place, *expected, &what);
        let mut commands = Pipeline::new();
        commands.add_command(command);
        if is_listed(key.space) {
            // It announces more often than there is news, which costs a look.
            commands.cmd("PUBLISH").arg(self.layout.news()).arg("");
        }
        let reply = self.write(&place, commands, durability).await?;
        replaced(&place, reply, version)
    }

    pub(super) async fn remove(
        &self,
        key: &Key,
        expected: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        let place = self.layout.place(key);
        let mut commands = Pipeline::new();
        commands.add_command(self.versions.command(&place, Some(expected), &What::Removal));
        let reply = self.write(&place, commands, durability).await?;
        Ok(matches!(replaced(&place, reply, expected)?, Replaced::Done(_)))
    }

    pub(super) async fn settle(
        &self,
        key: &Key,
        version: Version,
        durability: Durability,
    ) -> Result<bool, Error> {
        let place = self.layout.place(key);
        let mut commands = Pipeline::new();
        commands.add_command(self.versions.command(&place, Some(version), &What::Nothing));
        let reply = self.write(&place, commands, durability).await?;
        Ok(matches!(replaced(&place, reply, version)?, Replaced::Done(_)))
    }

    pub(super) async fn settle_many(
        &self,
        seen: &[(Key, Version)],
        durability: Durability,
    ) -> Vec<Result<bool, Error>> {
        let places: Vec<Place> = seen.iter().map(|(key, _)| self.layout.place(key)).collect();
        let groups = self.groups(&places);
        let chunks = groups.values().flat_map(|group| group.chunks(BATCH_MAX));
        let done = join_all(chunks.map(|chunk| async {
            let items = chunk.iter().filter_map(|it| Some((places.get(*it)?, seen.get(*it)?.1)));
            let items: Vec<_> = items.collect();
            self.in_time(chunk, self.settle_chunk(&items, durability)).await
        }));
        in_order(done.await, seen.len())
    }

    pub(super) async fn replace_many(
        &self,
        replacements: &[Replacement],
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let places: Vec<Place> = replacements.iter().map(|it| self.layout.place(&it.key)).collect();
        let groups = self.groups(&places);
        let chunks = groups.values().flat_map(|group| group.chunks(BATCH_MAX));
        let done = join_all(chunks.map(|chunk| async {
            let items =
                chunk.iter().filter_map(|it| Some((replacements.get(*it)?, places.get(*it)?)));
            let items: Vec<_> = items.collect();
            self.in_time(chunk, self.replace_chunk(&items, durability)).await
        }));
        in_order(done.await, replacements.len())
    }

    /// The results for some keys of one server, each with its number. A silent server does not
    /// delay the keys of others.
    async fn in_time<T: Clone>(
        &self,
        chunk: &[usize],
        work: impl Future<Output = Vec<Result<T, Error>>>,
    ) -> Vec<(usize, Result<T, Error>)> {
        let patience = self.router.setting.patience.saturating_mul(2);
        let results = timeout(patience, work).await.unwrap_or_else(|_elapsed| {
            let why = format!("no answer within {} ms", patience.as_millis());
            vec![Err(Error::Unknown(why)); chunk.len()]
        });
        chunk.iter().copied().zip(results).collect()
    }

    /// Settles versions that one server has in one go.
    async fn settle_chunk(
        &self,
        items: &[(&Place, Version)],
        durability: Durability,
    ) -> Vec<Result<bool, Error>> {
        let Some((first, _)) = items.first() else { return Vec::new() };
        let mut commands = Pipeline::new();
        for (place, version) in items {
            let command = self.versions.command(place, Some(*version), &What::Nothing);
            commands.add_command(command);
        }
        let mut replies = match self.write_all(first, commands, durability).await {
            Ok(replies) => replies.into_iter(),
            Err(error) => return vec![Err(error); items.len()],
        };
        let settled = |(place, version): &(&Place, Version)| {
            let reply = replies.next().unwrap_or_default();
            Ok(matches!(replaced(place, reply, *version)?, Replaced::Done(_)))
        };
        items.iter().map(settled).collect()
    }

    /// Writes values that one server has in one go.
    async fn replace_chunk(
        &self,
        items: &[(&Replacement, &Place)],
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let mut commands = Pipeline::new();
        let mut versions = Vec::new();
        for (replacement, place) in items {
            let version = self.versions.after(replacement.expected);
            let what = What::Value(replacement, version);
            // One that is refused here is not sent, and neither is one that is to be listed first.
            let alone = check(replacement.value.len()).is_err() || is_listed(replacement.key.space);
            if !alone {
                commands.add_command(self.versions.command(place, replacement.expected, &what));
            }
            versions.push((!alone).then_some(version));
        }
        let first = items.iter().zip(&versions).find(|(_, version)| version.is_some());
        let mut replies = match first {
            Some(((_, place), _)) => self.write_all(place, commands, durability).await,
            None => Ok(Vec::new()),
        }
        .map(Vec::into_iter);
        let mut results = Vec::with_capacity(items.len());
        for ((replacement, place), version) in items.iter().zip(versions) {
            let Some(version) = version else {
                results.push(self.replace(replacement, durability).await);
                continue;
            };
            let reply = match &mut replies {
                Ok(replies) => replies.next().unwrap_or_default(),
                Err(error) => {
                    results.push(Err(error.clone()));
                    continue;
                }
            };
            // A refused command has changed nothing, and is tried alone.
            let refused = matches!(&reply, Value::ServerError(error) if !is_of_type(error.code()));
            results.push(if refused {
                self.replace(replacement, durability).await
            } else {
                replaced(place, reply, version)
            });
        }
        results
    }

    async fn write(
        &self,
        place: &Place,
        commands: Pipeline,
        durability: Durability,
    ) -> Result<Value, Error> {
        let replies = self.write_all(place, commands, durability).await?;
        Ok(replies.into_iter().next().unwrap_or_default())
    }

    /// Sends writes, and where they must be replicated, waits until they are.
    pub(super) async fn write_all(
        &self,
        place: &Place,
        mut commands: Pipeline,
        durability: Durability,
    ) -> Result<Vec<Value>, Error> {
        let replicas = self.replicas.load(Ordering::Relaxed);
        let waits = durability == Durability::Replicated && replicas > 0;
        let lane = if waits { self.router.waiting() } else { Lane::Quick };
        if waits {
            // The wait ends before the call does, so that the number of replicas can be returned.
            let patience = self.router.setting.patience.as_millis() * 4 / 5;
            commands.cmd("WAIT").arg(replicas).arg(u64::try_from(patience).unwrap_or(u64::MAX));
        }
        let replies = self.router.send(&place.key, lane, &commands).await;
        let mut replies = replies.map_err(|failed| match failed {
            Failed::Unknown(why) | Failed::Closed(why) => Error::Unknown(why),
            Failed::NotDone(_) | Failed::Refused(..) | Failed::Forbidden(_) => unread(failed),
        })?;
        if waits {
            match replies.pop() {
                Some(Value::Int(have)) if have >= i64::from(replicas) => {}
                Some(Value::Int(have)) => {
                    let why = format!("{have} of {replicas} replicas have it");
                    return Err(Error::Unknown(why));
                }
                // The server was about to lose its place.
                Some(Value::ServerError(error)) => return Err(Error::Unknown(error.to_string())),
                _ => return Err(Error::Unknown("a reply is missing".to_owned())),
            }
        }
        Ok(replies)
    }
}

/// The results of all keys, in their order.
fn in_order<T>(done: Vec<Vec<(usize, Result<T, Error>)>>, count: usize) -> Vec<Result<T, Error>> {
    let mut done: BTreeMap<usize, _> = done.into_iter().flatten().collect();
    let missing = || Err(Error::Unknown("a reply is missing".to_owned()));
    (0..count).map(|it| done.remove(&it).unwrap_or_else(missing)).collect()
}

/// The result of a write.
fn replaced(place: &Place, reply: Value, version: Version) -> Result<Replaced, Error> {
    if reply == Value::Int(1) {
        return Ok(Replaced::Done(version));
    }
    let current = super::read::value(reply)?;
    let current = current.map(|value| layout::decode(&place.key, &value)).transpose()?;
    Ok(Replaced::Changed(current))
}

fn check(length: usize) -> Result<(), Error> {
    if length <= VALUE_BYTES_MAX {
        return Ok(());
    }
    Err(Error::Unavailable(format!(
        "a value has at most {VALUE_BYTES_MAX} bytes, this has {length}"
    )))
}

/// Whether the keys of a kind are listed, since there are few and all of them are read at once.
pub(super) const fn is_listed(space: Space) -> bool {
    match space {
        Space::Policies | Space::Pauses => true,
        Space::Customers
        | Space::Erased
        | Space::Notes
        | Space::Revisions
        | Space::Audit
        | Space::OutageJournal => false,
    }
}
