//! What the servers' settings mean for what courtesy promises, looked at when it starts.

use futures_util::future::join_all;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Value;

use super::Redis;
use super::address::Host;
use super::topology::field;
use super::watch::line;
use crate::model::Instant;
use crate::store::Error;
use crate::store::Why;

/// The oldest Redis that this is tested with.
const VERSION_MIN: u32 = 7;
/// How far a server's clock may be off, in milliseconds.
const SKEW_MAX: u64 = 2_000;

/// Something about a server that loses or delays what it should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which server.
    pub server: String,
    /// What is wrong, what follows from it, and what to do.
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
        "a crash loses what it has acknowledged in the last second or more, also what its replicas have",
    ),
    (
        "aof-load-truncated",
        "no",
        false,
        "it starts without a word when the end of its log is missing",
    ),
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
        let mut findings = Vec::new();
        let primaries: Vec<Host> = {
            let topology = self.shared.router.topology.load();
            topology.shards.iter().map(|shard| shard.primary.clone()).collect()
        };
        let mut hosts = self.shared.members();
        hosts
            .extend(primaries.iter().filter(|it| !hosts.contains(it)).cloned().collect::<Vec<_>>());
        for host in &hosts {
            match self.shared.inspect(host, now).await {
                Ok(found) => findings.extend(found),
                Err(why) => findings.push(Finding {
                    server: host.to_string(),
                    what: format!("cannot be looked at: {}", why.text),
                    is_unsafe: false,
                }),
            }
        }
        if self.replicas() == 0 {
            findings.push(Finding {
                server: "all".to_owned(),
                what: "there are no replicas: what is acknowledged is lost with a server's disk"
                    .to_owned(),
                is_unsafe: true,
            });
        }
        findings
    }
}

impl super::Shared {
    /// What the primaries' clocks show: the one that is nearest to `now`.
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

/// How far a server's clock is from ours, in milliseconds.
fn skew(time: Value, now: Instant) -> Option<u64> {
    Some(read_time(time)?.millis().abs_diff(now.millis()))
}

fn read_time(time: Value) -> Option<Instant> {
    let (seconds, micros) = <(i64, i64)>::from_redis_value(time).ok()?;
    Some(Instant::from_millis(seconds.checked_mul(1_000)?.checked_add(micros / 1_000)?))
}
