//! Checks the servers' settings against the promises of courtesy, at the start.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Value;

use super::Redis;
use super::address::Host;
use super::topology::Shard;
use super::topology::Topology;
use super::topology::field;
use super::watch::line;
use super::watch::refused;
use crate::clock;
use crate::model::Instant;
use crate::store::Error;
use crate::store::Why;

/// The oldest Redis that this is tested with.
const VERSION_MIN: u32 = 7;
/// The largest error of a server's clock, in milliseconds.
const SKEW_MAX: u64 = 2_000;

/// A setting of a server by which it loses or delays writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the server.
    pub server: String,
    /// The fault, its consequence, and the remedy.
    pub what: String,
    /// Whether a promise is broken. Otherwise it is a matter of comfort.
    pub is_unsafe: bool,
}

/// Settings, the values that are safe, and why.
const SETTINGS: [(&str, &str, bool, &str); 6] = [
    (
        "maxmemory-policy",
        "noeviction",
        true,
        "when its memory is full it throws opt-outs and histories away",
    ),
    ("appendonly", "yes", true, "what it holds is lost when it is restarted"),
    (
        "appendfsync",
        "always",
        true,
        "a crash loses what it has acknowledged in the last second or more, also what its replicas \
         have",
    ),
    ("aof-load-truncated", "no", false, "it starts silently with a truncated append-only file"),
    (
        "repl-diskless-sync-delay",
        "0",
        false,
        "a replica that comes back waits for so many seconds, and nothing is replicated meanwhile",
    ),
    (
        "cluster-allow-reads-when-down",
        "no",
        true,
        "a server that is cut off goes on answering with old records",
    ),
];

impl Redis {
    /// Looks at every primary and every replica that can be reached, at an instant.
    pub async fn inspect(&self, now: Instant) -> Vec<Finding> {
        let topology = self.shared.router.topology.load_full();
        let looked = self.shared.inspect_all(&topology, &self.shared.members(), now).await;
        let found = looked.into_iter().flat_map(|(host, found)| {
            found.unwrap_or_else(|why| {
                let what = format!("cannot be looked at: {}", why.text);
                vec![Finding { server: host.to_string(), what, is_unsafe: false }]
            })
        });
        found.chain(self.shared.unreplicated()).collect()
    }
}

impl super::Shared {
    /// The reason why the servers may not be used with the strict setting; `None` if they may. Each
    /// primary is checked until it was once found safe.
    pub(super) async fn forbidden(&self, topology: &Topology, members: &[Host]) -> Option<Why> {
        if !self.router.setting.strict || self.is_safe.load(Ordering::Relaxed) {
            return None;
        }
        let looked = self.inspect_all(topology, members, clock::now()).await;
        let alone = self.unreplicated();
        let mut found = looked.values().flatten().flatten().chain(&alone);
        if let Some(Finding { server, what, .. }) = found.find(|finding| finding.is_unsafe) {
            return Some(refused(format!(
                "the store could lose what is acknowledged, and --strict forbids that: {server} \
                 {what}. docs/redis.md has the settings that are safe"
            )));
        }
        let is_seen = |shard: &Shard| looked.get(&shard.primary).is_some_and(Result::is_ok);
        let is_safe = topology.is_complete() && topology.shards.iter().all(is_seen);
        self.is_safe.store(is_safe, Ordering::Relaxed);
        None
    }

    /// The findings of all known servers.
    async fn inspect_all(
        &self,
        topology: &Topology,
        members: &[Host],
        now: Instant,
    ) -> BTreeMap<Host, Result<Vec<Finding>, Why>> {
        let primaries = topology.shards.iter().map(|shard| &shard.primary);
        let hosts: BTreeSet<&Host> = primaries.chain(members).collect();
        let looked = hosts.into_iter().map(async |host| {
            let found = self.inspect(host, now).await;
            (host.clone(), found)
        });
        join_all(looked).await.into_iter().collect()
    }

    fn unreplicated(&self) -> Option<Finding> {
        let what = "there are no replicas: what is acknowledged is lost with a server's disk";
        (self.replica_count() == 0).then(|| Finding {
            server: "all".to_owned(),
            what: what.to_owned(),
            is_unsafe: true,
        })
    }

    /// The time on the primaries: the one nearest to `now`.
    pub(super) async fn time(&self, now: Instant) -> Result<Instant, Error> {
        let topology = self.router.topology.load_full();
        let mut command = Pipeline::new();
        command.cmd("TIME");
        let asked = topology.shards.iter().map(|shard| self.ask(&shard.primary, &command));
        let shown = join_all(asked)
            .await
            .into_iter()
            .filter_map(|replies| read_time(replies.ok()?.into_iter().next().unwrap_or_default()));
        let nearest = shown.min_by_key(|shown| shown.millis().abs_diff(now.millis()));
        nearest.ok_or_else(|| Error::Unavailable("no server tells the time".to_owned()))
    }

    async fn inspect(&self, host: &Host, now: Instant) -> Result<Vec<Finding>, Why> {
        let mut commands = Pipeline::new();
        commands.cmd("INFO").arg("server");
        commands.cmd("TIME");
        let names: Vec<&str> = SETTINGS.iter().map(|(name, ..)| *name).collect();
        commands.cmd("CONFIG").arg("GET").arg(names);
        let mut replies = self.ask(host, &commands).await?.into_iter();
        let mut next = || replies.next().unwrap_or_default();
        let (info, time, settings) = (next(), next(), next());
        let found = |what: String, is_unsafe| Finding { server: host.to_string(), what, is_unsafe };
        let mut findings = Vec::new();

        let info = String::from_redis_value(info).unwrap_or_default();
        let version = line(&info, "redis_version").unwrap_or_default();
        let major = version.split('.').next().and_then(|digits| digits.parse::<u32>().ok());
        if major.is_none_or(|major| major < VERSION_MIN) {
            let what = format!("is Redis {version}; courtesy needs {VERSION_MIN}.0 or newer");
            findings.push(found(what, true));
        }
        if let Some(skew) = skew(time, now)
            && skew > SKEW_MAX
        {
            let what = format!("its clock differs from ours by {} s", skew / 1_000);
            findings.push(found(what, false));
        }
        if let Value::ServerError(error) = &settings {
            let what = format!("its settings cannot be read ({}); grant +config|get", error.code());
            findings.push(found(what, true));
            return Ok(findings);
        }
        for (name, safe, is_unsafe, why) in SETTINGS {
            let value = field(&settings, name).and_then(|it| String::from_redis_value(it).ok());
            match value {
                Some(value) if value != safe => {
                    let what = format!("`{name}` is `{value}`: {why}; set it to `{safe}`");
                    findings.push(found(what, is_unsafe));
                }
                // A server that does not have a setting does not do what it forbids.
                Some(_) | None => {}
            }
        }
        Ok(findings)
    }
}

/// The difference between a server's clock and ours, in milliseconds.
fn skew(time: Value, now: Instant) -> Option<u64> {
    Some(read_time(time)?.millis().abs_diff(now.millis()))
}

fn read_time(time: Value) -> Option<Instant> {
    let (seconds, micros) = <(i64, i64)>::from_redis_value(time).ok()?;
    Some(Instant::from_millis(seconds.checked_mul(1_000)?.checked_add(micros / 1_000)?))
}
