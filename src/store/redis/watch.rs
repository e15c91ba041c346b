//! The watch over an installation: where its primaries are, and whether they answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::PoisonError;
use std::time::Duration;

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
use super::router::Lane;
use super::topology::Shard;
use super::topology::Topology;
use super::topology::field;
use crate::store::Health;

/// How often it looks where nobody has doubts.
const INTERVAL: Duration = Duration::from_millis(500);
/// How long it waits between two looks at least.
const PAUSE: Duration = Duration::from_millis(50);
/// How many servers are asked at once.
const ASKED_MAX: usize = 16;

/// What one server says about its installation, and how much it can be trusted.
#[derive(Debug)]
struct View {
    is_well: bool,
    /// Grows whenever a primary is replaced.
    epoch: u64,
    topology: Topology,
    /// Everybody whom it names.
    hosts: Vec<Host>,
}

impl Shared {
    /// Watches for as long as it is asked for.
    pub(super) async fn watch(self: Arc<Self>) {
        let mut pace = interval(PAUSE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            let health = self.look().await;
            self.router.looked.notify_waiters();
            self.health.send_if_modified(|before| {
                let changed = *before != health;
                if changed {
                    match &health {
                        Health::Well => tracing::info!("the store answers again"),
                        Health::Impaired(why) | Health::Away(why) => {
                            tracing::warn!(why, "the store is in trouble");
                        }
                    }
                    *before = health;
                }
                changed
            });
            // Whichever comes first; a doubt that came meanwhile is remembered.
            let _either = timeout(INTERVAL, self.router.doubt.notified()).await;
        }
    }

    /// Finds the primaries, and asks each whether it is there.
    pub(super) async fn look(&self) -> Health {
        let hosts = self.known();
        let views = join_all(hosts.iter().take(ASKED_MAX).map(|host| self.view(host))).await;
        let mut why = "nobody answers".to_owned();
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
            self.remember(hosts);
            self.router.topology.store(Arc::new(topology));
        }
        self.health(&why).await
    }

    async fn health(&self, why: &str) -> Health {
        let topology = self.router.topology.load_full();
        let mut ping = Pipeline::new();
        ping.cmd("PING");
        let pings = topology.shards.iter().map(|shard| self.ask(&shard.primary, &ping));
        let mut said = None;
        let mut silent = 0;
        for answered in join_all(pings).await {
            let refused = match answered.as_deref() {
                Ok([Value::ServerError(error)]) => Some(error.to_string()),
                Ok(_) => None,
                Err(why) => Some(why.clone()),
            };
            if refused.is_some() {
                silent += 1;
                said = refused;
            }
        }
        let all = topology.shards.len();
        if silent == all {
            return Health::Away(said.unwrap_or_else(|| why.to_owned()));
        }
        match said {
            Some(said) => Health::Impaired(format!("{silent} of {all} primaries: {said}")),
            None if topology.is_complete() => Health::Well,
            None => Health::Impaired("a part of the keys has no server".to_owned()),
        }
    }

    /// Everybody who may know, those first who knew it last.
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

    /// Everybody whom a cluster names.
    pub(super) fn members(&self) -> Vec<Host> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, hosts: Vec<Host>) {
        *self.hosts.lock().unwrap_or_else(PoisonError::into_inner) = hosts;
    }

    async fn view(&self, host: &Host) -> Result<View, String> {
        match &self.router.setting.address.kind {
            Kind::Standalone => self.view_of_one(host).await,
            Kind::Sentinel(name) => self.view_of_sentinel(host, name).await,
            Kind::Cluster => self.view_of_cluster(host).await,
        }
    }

    async fn view_of_one(&self, host: &Host) -> Result<View, String> {
        let mut info = Pipeline::new();
        info.cmd("INFO").arg("replication");
        let text = text(self.ask(host, &info).await?.pop())?;
        let number = |name: &str| line(&text, name).and_then(|value| value.parse().ok());
        if line(&text, "role").as_deref() != Some("master") {
            return Err(format!("{host} is a replica, which must not be written to"));
        }
        let replicas = number("connected_slaves").unwrap_or_default();
        let topology = Topology::of_one(Shard { primary: host.clone(), replicas });
        Ok(View { is_well: true, epoch: 0, topology, hosts: Vec::new() })
    }

    async fn view_of_sentinel(&self, host: &Host, name: &str) -> Result<View, String> {
        let mut commands = Pipeline::new();
        commands.cmd("SENTINEL").arg("MASTER").arg(name);
        let reply = self.ask(host, &commands).await?.pop().unwrap_or_default();
        if let Value::ServerError(error) = &reply {
            return Err(format!("the Sentinel {host} says: {error}"));
        }
        let text = |name| field(&reply, name).and_then(|it| String::from_redis_value(it).ok());
        let number = |name| text(name).and_then(|it| it.parse::<u64>().ok());
        let read = || {
            let name = text("ip")?;
            let port = u16::try_from(number("port")?).ok()?;
            let replicas = u32::try_from(number("num-slaves")?).ok()?;
            Some(Shard { primary: Host { name, port }, replicas })
        };
        let shard = read().ok_or_else(|| format!("the Sentinel {host} is not understood"))?;
        Ok(View {
            is_well: true,
            epoch: number("config-epoch").unwrap_or_default(),
            topology: Topology::of_one(shard),
            hosts: Vec::new(),
        })
    }

    async fn view_of_cluster(&self, host: &Host) -> Result<View, String> {
        let mut commands = Pipeline::new();
        commands.cmd("CLUSTER").arg("INFO");
        commands.cmd("CLUSTER").arg("SHARDS");
        let mut replies = self.ask(host, &commands).await?;
        let shards = replies.pop().unwrap_or_default();
        let info = text(replies.pop())?;
        if let Value::ServerError(error) = &shards {
            return Err(format!("{host} says: {error}"));
        }
        let tls = self.router.setting.address.tls;
        let hosts = Topology::hosts(&shards, host, tls);
        let topology = Topology::of_cluster(shards, host, tls);
        let topology = topology.ok_or_else(|| format!("{host} is not understood"))?;
        let epoch = line(&info, "cluster_current_epoch").and_then(|it| it.parse().ok());
        Ok(View {
            is_well: line(&info, "cluster_state").as_deref() == Some("ok"),
            epoch: epoch.unwrap_or_default(),
            topology,
            hosts,
        })
    }

    pub(super) async fn ask(&self, host: &Host, commands: &Pipeline) -> Result<Vec<Value>, String> {
        let link = self.router.link(host, Lane::Watch).map_err(super::router::Failed::why)?;
        link.send(commands).await.map_err(|broken| format!("{host}: {}", broken.why()))
    }
}

/// A reply that is text.
pub(super) fn text(reply: Option<Value>) -> Result<String, String> {
    let reply = reply.unwrap_or_default().extract_error().map_err(|error| error.to_string())?;
    String::from_redis_value(reply).map_err(|error| error.to_string())
}

/// The value of a line `name:value`.
pub(super) fn line(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
}
