//! Tests whether the servers do what callers ask: each primary reads and writes a value as long as
//! a customer's, with as many replicas as a wish needs. A `PING` would show only that a server is
//! there.

use futures_util::future::join_all;
use redis::Pipeline;
use redis::Value;

use super::Shared;
use super::reply::is_forbidden;
use super::reply::say;
use super::router::Lane;
use super::topology::Shard;
use super::topology::Topology;
use super::watch::why;
use crate::store::Health;
use crate::store::Trouble;
use crate::store::Why;

/// The length of the value: more than that of a customer with 30 contacts.
const BYTES: usize = 512;
/// The number of milliseconds after which the value is forgotten.
const KEPT: u64 = 60_000;
/// The number of keys that are tried to find one that a server has.
const KEYS_MAX: usize = 200_000;

/// The result of a test of a primary.
#[derive(Debug)]
pub(super) struct Probed {
    reads: Result<(), Why>,
    writes: Result<(), Why>,
}

impl Shared {
    /// Asks all primaries at once.
    pub(super) async fn probe_all(&self, topology: &Topology) -> Vec<Probed> {
        let shards = topology.shards.iter().enumerate();
        let probed = shards.map(|(number, shard)| {
            let key = self.probe_key(topology, number);
            self.probe(shard, key)
        });
        join_all(probed).await
    }

    /// A key that a primary has. One that has too few slots is not written to.
    fn probe_key(&self, topology: &Topology, number: usize) -> Option<String> {
        let mut keys = (0..KEYS_MAX).map(|it| self.layout.probe(it));
        keys.find(|key| topology.position(key.as_bytes()) == Some(number))
    }

    async fn probe(&self, shard: &Shard, key: Option<String>) -> Probed {
        let reads = self.probe_reads(shard, key.as_deref()).await;
        let writes = match (&reads, key) {
            (Ok(()), Some(key)) => self.probe_writes(shard, &key).await,
            (reads, _) => reads.clone(),
        };
        Probed { reads, writes }
    }

    async fn probe_reads(&self, shard: &Shard, key: Option<&str>) -> Result<(), Why> {
        let mut commands = Pipeline::new();
        match key {
            Some(key) => commands.cmd("GETEX").arg(key),
            None => commands.cmd("PING"),
        };
        let reply = self.probe_with(shard, &commands).await?.into_iter().next();
        let Some(Value::ServerError(error)) = reply else { return Ok(()) };
        match error.code() {
            "READONLY" => Err(Why::new(Trouble::Demoted, "the server has become a replica")),
            // The server does not write, or does not know `GETEX`; or the key has just moved.
            "MISCONF" | "NOREPLICAS" | "OOM" | "NOPERM" | "ERR" | "MOVED" | "ASK" => Ok(()),
            "NOAUTH" | "WRONGPASS" => Err(Why::new(Trouble::Refused, say(&error))),
            _ => Err(Why::new(Trouble::Unreachable, say(&error))),
        }
    }

    async fn probe_writes(&self, shard: &Shard, key: &str) -> Result<(), Why> {
        let setting = &self.router.setting;
        let wanted = if setting.replicated { self.replica_count() } else { 0 };
        let mut commands = Pipeline::new();
        commands.cmd("SET").arg(key).arg("x".repeat(BYTES)).arg("PX").arg(KEPT);
        if wanted > 0 {
            let patience = setting.patience.as_millis() * 4 / 5;
            commands.cmd("WAIT").arg(wanted).arg(u64::try_from(patience).unwrap_or(u64::MAX));
        }
        let mut replies = self.probe_with(shard, &commands).await?.into_iter();
        if let Some(Value::ServerError(error)) = replies.next() {
            let trouble = match error.code() {
                "OOM" => Trouble::MemoryFull,
                "MISCONF" => Trouble::Disk,
                "READONLY" => Trouble::Demoted,
                "NOREPLICAS" => Trouble::ReplicaAway,
                "MOVED" | "ASK" => return Ok(()),
                code if is_forbidden(code) => Trouble::Refused,
                _ => Trouble::Unreachable,
            };
            return Err(Why::new(trouble, say(&error)));
        }
        match replies.next() {
            Some(Value::Int(have)) if have < i64::from(wanted) => {
                let text = format!("{have} of {wanted} replicas have what is written");
                Err(Why::new(Trouble::ReplicaAway, text))
            }
            Some(Value::ServerError(error)) => {
                Err(Why::new(Trouble::ReplicaAway, error.to_string()))
            }
            _ => Ok(()),
        }
    }

    async fn probe_with(&self, shard: &Shard, commands: &Pipeline) -> Result<Vec<Value>, Why> {
        let link = self.router.link(&shard.primary, Lane::Probe);
        link.send(commands).await.map_err(|broken| why(&shard.primary, &broken))
    }
}

/// The health of the primaries, as callers feel it. `unseen` is the reason if the primaries are
/// unknown.
pub(super) fn health(topology: &Topology, probed: &[Probed], unseen: Why) -> Health {
    let failing = |of: fn(&Probed) -> &Result<(), Why>| {
        let whys: Vec<&Why> = probed.iter().filter_map(|it| of(it).as_ref().err()).collect();
        (whys.len(), whys.last().map(|why| Why::clone(why)))
    };
    let all = probed.len();
    let part = |count: usize, why: Why| {
        let text = format!("{count} of {all} primaries: {}", why.text);
        if all == 1 { why } else { Why { text, ..why } }
    };
    let ((no_reads, unread), (no_writes, unwritten)) =
        (failing(|it| &it.reads), failing(|it| &it.writes));
    match (unread, unwritten) {
        _ if all == 0 => Health::Away(unseen),
        (Some(why), _) if no_reads == all => Health::Away(why),
        (Some(why), _) => Health::Impaired(part(no_reads, why)),
        (None, Some(why)) if no_writes == all => Health::ReadOnly(part(no_writes, why)),
        (None, Some(why)) => Health::Impaired(part(no_writes, why)),
        (None, None) if topology.is_complete() => Health::Well,
        (None, None) => {
            let text = "a part of the keys has no server";
            Health::Impaired(Why::new(Trouble::Unreachable, text))
        }
    }
}
