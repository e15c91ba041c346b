//! Reading values, from primaries only.
//!
//! A server may be told at any time to follow another one, and still answers readers. So a value is
//! read with `GETEX`, which without options answers as `GET` does, and which a replica refuses as
//! it refuses a write. A primary that accepts no writes for now refuses it too; then `GET` is used,
//! since only a primary gives that error.
//!
//! Each value is asked for by a command of its own: one that asked for many would find nothing
//! where a key holds something else than a value.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Value;
use tokio::time::timeout;

use super::Shared;
use super::layout::Place;
use super::reply::is_forbidden;
use super::reply::say;
use super::router::Failed;
use crate::store::Error;

/// The errors of a primary, never of a replica, that does not write now.
const UNWRITABLE: [&str; 3] = ["MISCONF", "NOREPLICAS", "OOM"];
/// The errors of a server that does not obey `GETEX` at all: the user lacks the permission, or the
/// command is unknown.
const UNKNOWN: [&str; 2] = ["NOPERM", "ERR"];

impl Shared {
    pub(super) async fn read(&self, key: &[u8], commands: &Pipeline) -> Result<Value, Error> {
        let replies = self.router.read(key, commands).await;
        Ok(replies.map_err(unread)?.into_iter().next().unwrap_or_default())
    }

    /// The raw values of some keys that one server has, in their order. A server that is silent
    /// costs the keys of others nothing.
    pub(super) async fn get_all_in_time(
        &self,
        places: &[&Place],
    ) -> Vec<Result<Option<Bytes>, Error>> {
        let patience = self.router.setting.patience;
        let values = timeout(patience, self.get_all(places)).await;
        values.unwrap_or_else(|_elapsed| {
            let why = format!("no answer within {} ms", patience.as_millis());
            vec![Err(Error::Unavailable(why)); places.len()]
        })
    }

    /// The raw values of some keys that one server has, in their order.
    pub(super) async fn get_all(&self, places: &[&Place]) -> Vec<Result<Option<Bytes>, Error>> {
        let Some(first) = places.first() else { return Vec::new() };
        let replies = match self.ask_for(first, places).await {
            Ok(replies) => replies,
            Err(failed) => return vec![Err(unread(failed)); places.len()],
        };
        let mut values = Vec::with_capacity(places.len());
        for (place, reply) in places.iter().zip(replies) {
            // A key that has moved meanwhile is asked for alone.
            let moved = matches!(&reply, Value::ServerError(error) if !is_of_type(error.code()));
            values.push(if moved { self.get(place).await } else { value(reply) });
        }
        values
    }

    pub(super) async fn get(&self, place: &Place) -> Result<Option<Bytes>, Error> {
        let replies = self.ask_for(place, &[place]).await.map_err(unread)?;
        value(replies.into_iter().next().unwrap_or_default())
    }

    async fn ask_for(&self, first: &Place, places: &[&Place]) -> Result<Vec<Value>, Failed> {
        if !self.reads_plainly.load(Ordering::Relaxed) {
            match self.router.read(&first.key, &all("GETEX", places)).await {
                Err(Failed::Refused(code, why)) if UNKNOWN.contains(&&*code) => {
                    self.reads_plainly.store(true, Ordering::Relaxed);
                    tracing::warn!(
                        why,
                        "values are read with GET, which a server answers for half a second after \
                         it was demoted; grant +getex"
                    );
                }
                Err(Failed::Refused(code, _)) if UNWRITABLE.contains(&&*code) => {}
                replies => return replies,
            }
        }
        self.router.read(&first.key, &all("GET", places)).await
    }
}

/// Asks for all of some values.
fn all(command: &str, places: &[&Place]) -> Pipeline {
    let mut commands = Pipeline::new();
    for place in places {
        commands.cmd(command).arg(&place.key);
    }
    commands
}

/// Whether an error is about the type of a key's value, and not about the server.
pub(super) fn is_of_type(code: &str) -> bool {
    code == "WRONGTYPE"
}

/// A reply that is a value or nothing.
pub(super) fn value(reply: Value) -> Result<Option<Bytes>, Error> {
    let strange = || Error::Damaged("a key holds something else than a value".to_owned());
    if let Value::ServerError(error) = &reply
        && is_of_type(error.code())
    {
        return Err(strange());
    }
    let reply = whole(reply)?;
    let value = Option::<Vec<u8>>::from_redis_value(reply);
    Ok(value.map_err(|_not_shown| strange())?.map(Bytes::from))
}

/// A reply that is not an error.
pub(super) fn whole(reply: Value) -> Result<Value, Error> {
    let Value::ServerError(error) = &reply else { return Ok(reply) };
    let why = say(error);
    Err(if is_forbidden(error.code()) { Error::Refused(why) } else { Error::Unavailable(why) })
}

/// The error of a read, which has changed nothing.
pub(super) fn unread(failed: Failed) -> Error {
    let is_forbidden = failed.is_forbidden();
    let why = failed.why();
    if is_forbidden { Error::Refused(why) } else { Error::Unavailable(why) }
}
