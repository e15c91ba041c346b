//! The watch over an installation: where its primaries are, and whether they answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::future::join;
use futures_util::future::join_all;
use redis::FromRedisValue;
use redis::Pipeline;
use redis::Value;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;

use super::Shared;
use super::address::Host;
use super::address::Kind;
use super::link::Broken;
use super::probe::health;
use super::reply::is_forbidden;
use super::reply::say;
use super::router::Lane;
use super::steady::Steady;
use super::topology::Shard;
use super::topology::Topology;
use super::topology::field;
use crate::clock::Stopwatch;
use crate::store::Health;
use crate::store::Trouble;
use crate::store::Why;

/// The interval between looks while there is no doubt.
const INTERVAL: Duration = Duration::from_millis(500);
/// The shortest pause between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// The number of servers that are asked at once.
const ASKED_MAX: usize = 16;

/// The view of one server of its installation, and how far it can be trusted.
#[derive(Debug)]
struct View {
    is_well: bool,
    /// Grows whenever a primary is replaced.
    epoch: u64,
    topology: Topology,
    /// Every server that it names.
    hosts: Vec<Host>,
}

impl Shared {
    /// Watches for as long as it is asked for.
    pub(super) async fn watch(self: Arc<Self>) {
        let mut pace = interval(PAUSE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut steady = Steady::new(self.health.borrow().clone());
        loop {
            pace.tick().await;
            let seen = self.look().await;
            let is_late = seen.why().is_some_and(|why| why.trouble == Trouble::Slow);
            let health = steady.after(seen);
            self.health.send_if_modified(|before| {
                let changed = *before != health;
                if changed {
                    match &health {
                        Health::Well => tracing::info!("the store answers again"),
                        Health::Impaired(why) | Health::ReadOnly(why) | Health::Away(why) => {
                            tracing::warn!(%why, "the store is in trouble");
                        }
                    }
                    *before = health;
                }
                changed
            });
            // Whether an answer was late by chance is found out at once.
            let until = if is_late { PAUSE } else { INTERVAL };
            // Whichever comes first; a doubt that came meanwhile is remembered.
            let _either = timeout(until, self.router.doubt.notified()).await;
        }
    }

    /// Looks until a server answers, for a bounded time.
    pub(super) async fn look_within(&self, patience: Duration) -> Health {
        let (began, mut pace) = (Stopwatch::start(), interval(PAUSE));
        loop {
            pace.tick().await;
            let seen = self.look().await;
            let is_away = matches!(&seen, Health::Away(Why { trouble, .. })
                if matches!(trouble, Trouble::Slow | Trouble::Unreachable));
            if !is_away || began.elapsed() >= patience {
                return seen;
            }
        }
    }

    /// Finds the primaries, and tests each. Those that are known already are tested at the same
    /// time, so that a silence is noticed no later than by callers.
    pub(super) async fn look(&self) -> Health {
        let known = self.router.topology.load_full();
        let (unseen, mut probed) = join(self.look_around(), self.probe_all(&known)).await;
        let found = self.router.topology.load_full();
        if found != known {
            probed = self.probe_all(&found).await;
        }
        health(&found, &probed, unseen)
    }

    /// Finds the primaries. Returns why they are not known, where they are not.
    async fn look_around(&self) -> Why {
        let hosts = self.known();
        let views = join_all(hosts.iter().take(ASKED_MAX).map(|host| self.view(host))).await;
        let mut why = Why::new(Trouble::Unreachable, "no server answers");
        let mut best: Option<View> = None;
        for view in views {
            match view {
                Ok(view) => {
                    let rank = |view: &View| (view.is_well, view.epoch);
                    if best.as_ref().is_none_or(|best| rank(best) < rank(&view)) {
                        best = Some(view);
                    }
                }
                Err(said) => why = said,
            }
        }
        if let Some(View { topology, hosts, .. }) = best {
            let most = topology.shards.iter().map(|shard| shard.replicas).max();
            self.raise_replicas(most.unwrap_or_default());
            let forbidden = self.forbidden(&topology, &hosts).await;
            self.remember(hosts);
            let used = if forbidden.is_some() { Topology::default() } else { topology };
            self.router.topology.store(Arc::new(used));
            why = forbidden.unwrap_or(why);
        }
        // A task that waits for another primary knows enough.
        self.router.looked.notify_waiters();
        why
    }

    /// The addresses that may know, those first that knew it last.
    fn known(&self) -> Vec<Host> {
        let mut hosts = match self.router.setting.address.kind {
            Kind::Cluster => self.members(),
            Kind::Standalone | Kind::Sentinel(_) => Vec::new(),
        };
        hosts.extend(self.router.setting.address.hosts.iter().cloned());
        let mut seen = BTreeSet::new();
        hosts.retain(|host| seen.insert(host.clone()));
        hosts
    }

    /// Every server that a cluster names.
    pub(super) fn members(&self) -> Vec<Host> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, hosts: Vec<Host>) {
        *self.hosts.lock().unwrap_or_else(PoisonError::into_inner) = hosts;
    }

    async fn view(&self, host: &Host) -> Result<View, Why> {
        match &self.router.setting.address.kind {
            Kind::Standalone => self.view_of_one(host).await,
            Kind::Sentinel(name) => self.view_of_sentinel(host, name).await,
            Kind::Cluster => self.view_of_cluster(host).await,
        }
    }

    async fn view_of_one(&self, host: &Host) -> Result<View, Why> {
        let mut info = Pipeline::new();
        info.cmd("INFO").arg("server");
        info.cmd("INFO").arg("replication");
        let mut replies = self.ask(host, &info).await?;
        let (replication, server) = (text(replies.pop())?, text(replies.pop())?);
        let mode = line(&server, "redis_mode").or_else(|| line(&server, "server_mode"));
        let meant = match mode.as_deref() {
            Some("cluster") => Some((Kind::Cluster, "a node of a cluster")),
            Some("sentinel") => {
                Some((Kind::Sentinel(self.watched(host).await), "a Sentinel, and has no values"))
            }
            _ => None,
        };
        if let Some((kind, what)) = meant {
            let url = self.router.setting.address.of_kind(kind);
            return Err(refused(format!("{host} is {what}: write {url}")));
        }
        let number = |name: &str| line(&replication, name).and_then(|value| value.parse().ok());
        if line(&replication, "role").as_deref() != Some("master") {
            // Behind its name there may be another one by now; until then it is not read from.
            self.router.leave(host);
            self.router.topology.store(Arc::default());
            let text = format!("{host} is a replica, which must not be written to");
            return Err(Why::new(Trouble::Demoted, text));
        }
        let replicas = number("connected_slaves").unwrap_or_default();
        let topology = Topology::of_one(Shard { primary: host.clone(), replicas });
        Ok(View { is_well: true, epoch: 0, topology, hosts: Vec::new() })
    }

    async fn view_of_sentinel(&self, host: &Host, name: &str) -> Result<View, Why> {
        let mut commands = Pipeline::new();
        commands.cmd("SENTINEL").arg("MASTER").arg(name);
        let reply = self.ask_sentinel(host, &commands).await?;
        if let Value::ServerError(error) = &reply {
            let said = error.to_string();
            if said.contains("unknown command") {
                let url = self.router.setting.address.of_kind(Kind::Standalone);
                return Err(refused(format!(
                    "{host} is not a Sentinel; if it is the Redis server, write {url}"
                )));
            }
            return Err(refused(format!("the Sentinel {host} says: {said}")));
        }
        let text = |name| field(&reply, name).and_then(|it| String::from_redis_value(it).ok());
        let number = |name| text(name).and_then(|it| it.parse::<u64>().ok());
        let read = || {
            let name = text("ip")?;
            let port = u16::try_from(number("port")?).ok()?;
            let replicas = u32::try_from(number("num-slaves")?).ok()?;
            Some(Shard { primary: Host { name, port }, replicas })
        };
        let strange = || refused(format!("the Sentinel {host} is not understood"));
        let shard = read().ok_or_else(strange)?;
        Ok(View {
            is_well: true,
            epoch: number("config-epoch").unwrap_or_default(),
            topology: Topology::of_one(shard),
            hosts: Vec::new(),
        })
    }

    async fn view_of_cluster(&self, host: &Host) -> Result<View, Why> {
        let mut commands = Pipeline::new();
        commands.cmd("CLUSTER").arg("INFO");
        commands.cmd("CLUSTER").arg("SHARDS");
        let mut replies = self.ask(host, &commands).await?;
        let shards = replies.pop().unwrap_or_default();
        if let Value::ServerError(error) = &shards {
            let said = error.to_string();
            if said.contains("cluster support disabled") {
                let url = self.router.setting.address.of_kind(Kind::Standalone);
                return Err(refused(format!("{host} is not a cluster node; write {url}")));
            }
            return Err(refused(format!("{host} says: {said}")));
        }
        let info = text(replies.pop())?;
        let tls = self.router.setting.address.tls;
        let hosts = Topology::hosts(&shards, host, tls);
        let topology = Topology::of_cluster(shards, host, tls);
        let topology = topology.ok_or_else(|| refused(format!("{host} is not understood")))?;
        let epoch = line(&info, "cluster_current_epoch").and_then(|it| it.parse().ok());
        Ok(View {
            is_well: line(&info, "cluster_state").as_deref() == Some("ok"),
            epoch: epoch.unwrap_or_default(),
            topology,
            hosts,
        })
    }

    /// Asks a Sentinel, with a password if it wants one.
    async fn ask_sentinel(&self, host: &Host, commands: &Pipeline) -> Result<Value, Why> {
        let reply = self.ask(host, commands).await?.pop().unwrap_or_default();
        let wants_password =
            matches!(&reply, Value::ServerError(error) if error.code() == "NOAUTH");
        if !wants_password {
            return Ok(reply);
        }
        let replies = self.router.link(host, Lane::Signed).send(commands).await;
        let mut replies = replies.map_err(|broken| {
            let text = format!("{}; see --redis-sentinel-password-file", why(host, &broken).text);
            Why { text, ..why(host, &broken) }
        })?;
        Ok(replies.pop().unwrap_or_default())
    }

    /// The name under which a Sentinel knows the server that it watches.
    async fn watched(&self, host: &Host) -> String {
        let mut commands = Pipeline::new();
        commands.cmd("SENTINEL").arg("MASTERS");
        let reply = self.ask(host, &commands).await.ok().and_then(|mut replies| replies.pop());
        let masters = reply.and_then(|it| Vec::<Value>::from_redis_value(it).ok());
        let name = masters.unwrap_or_default().first().and_then(|it| field(it, "name"));
        let name = name.and_then(|it| String::from_redis_value(it).ok());
        name.unwrap_or_else(|| "NAME".to_owned())
    }

    pub(super) async fn ask(&self, host: &Host, commands: &Pipeline) -> Result<Vec<Value>, Why> {
        let replies = self.router.link(host, Lane::Watch).send(commands).await;
        replies.map_err(|broken| why(host, &broken))
    }
}

pub(super) fn refused(text: String) -> Why {
    Why::new(Trouble::Refused, text)
}

/// The reason why a server has not answered.
pub(super) fn why(host: &Host, broken: &Broken) -> Why {
    let trouble = match broken {
        Broken::Silent(_) => Trouble::Slow,
        Broken::Refused(_) => Trouble::Refused,
        Broken::Unsent(_) | Broken::Closed(_) => Trouble::Unreachable,
    };
    Why::new(trouble, format!("{host}: {}", broken.why()))
}

/// A reply that is text.
pub(super) fn text(reply: Option<Value>) -> Result<String, Why> {
    let reply = reply.unwrap_or_default();
    if let Value::ServerError(error) = &reply {
        let text = say(error);
        return Err(if is_forbidden(error.code()) { refused(text) } else { text.into() });
    }
    String::from_redis_value(reply).map_err(|error| error.to_string().into())
}

/// The value of a line `name:value`.
pub(super) fn line(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
}
