//! A primary and its replicas, with sentinels that see to it that there is one.

use std::time::Duration;

use super::server::Plan;
use super::server::Server;
use super::server::line_of;
use crate::wait::PATIENCE;
use crate::wait::until;

/// How the sentinels call the primary.
pub(crate) const NAME: &str = "courtesy";

const SENTINELS: usize = 3;

/// Three sentinels, and what they watch.
#[derive(Debug)]
pub(crate) struct Sentinels {
    pub(crate) sentinels: Vec<Server>,
    /// First the primary, as long as nothing has failed over.
    pub(crate) nodes: Vec<Server>,
}

impl Sentinels {
    /// How long a node may be silent before they take it for dead.
    pub(crate) const DOWN_AFTER: Duration = Duration::from_secs(1);

    /// Starts them, and waits until all know each other and the replicas have everything.
    pub(crate) fn start(replicas: usize) -> Self {
        let config = ["appendonly yes", "appendfsync always"];
        let primary = Server::start(&config);
        let follow = format!("replicaof 127.0.0.1 {}", primary.port());
        let copies = (0..replicas).map(|_| Plan::new(&config).line(&follow).start());
        let nodes: Vec<Server> = [primary].into_iter().chain(copies).collect();
        let port = nodes[0].port();
        let quorum = SENTINELS / 2 + 1;
        let monitor = format!("sentinel monitor {NAME} 127.0.0.1 {port} {quorum}");
        let down_after = Self::DOWN_AFTER.as_millis();
        let config = [
            monitor,
            format!("sentinel down-after-milliseconds {NAME} {down_after}"),
            format!("sentinel failover-timeout {NAME} 3000"),
            format!("sentinel parallel-syncs {NAME} 2"),
        ];
        let config: Vec<&str> = config.iter().map(String::as_str).collect();
        // Later they keep what they have learnt in this configuration.
        let sentinels = (0..SENTINELS).map(|_| Plan::new(&config).sentinel().start()).collect();
        let bed = Self { sentinels, nodes };
        bed.wait_until_ok();
        bed
    }

    /// What `--store` says to find it.
    pub(crate) fn address(&self) -> String {
        let hosts: Vec<String> = self.sentinels.iter().map(Server::address).collect();
        format!("redis+sentinel://{}/{NAME}", hosts.join(","))
    }

    /// Waits until the sentinels that run know each other and all nodes, and agree about the
    /// primary, and the nodes that run follow it.
    pub(crate) fn wait_until_ok(&self) {
        until(3 * PATIENCE, "the sentinels agree", || self.is_ok().then_some(()));
    }

    fn is_ok(&self) -> bool {
        let Some(primary) = self.find_primary() else { return false };
        let knows = |sentinel: &Server, what: &str, count: usize| {
            let known = sentinel.ask::<Vec<Vec<String>>>(&["SENTINEL", what, NAME]);
            // The flags are the value behind `flags`, such as `s_down,slave`.
            let down = |it: &Vec<String>| {
                it.iter().any(|word| word.contains("_down") || word.contains("disconnected"))
            };
            known.is_ok_and(|known| known.len() == count && !known.iter().any(down))
        };
        let running = self.nodes.iter().enumerate().filter(|(_, node)| node.is_running());
        let follows = |(index, node): (usize, &Server)| {
            let replication = node.ask::<String>(&["INFO", "replication"]).unwrap_or_default();
            let is =
                |name: &str, value: &str| line_of(&replication, name).as_deref() == Some(value);
            let port = self.nodes[primary].port().to_string();
            (index == primary && is("role", "master"))
                || (is("master_port", &port) && is("master_link_status", "up"))
        };
        let mut sentinels = self.sentinels.iter().filter(|it| it.is_running());
        sentinels.all(|sentinel| {
            knows(sentinel, "SENTINELS", SENTINELS - 1)
                && knows(sentinel, "REPLICAS", self.nodes.len() - 1)
        }) && running.into_iter().all(follows)
    }

    /// The node, by its place in `nodes`, that the sentinels take for the primary.
    pub(crate) fn primary(&self) -> usize {
        until(PATIENCE, "the sentinels agree about the primary", || self.find_primary())
    }

    fn find_primary(&self) -> Option<usize> {
        let ask = |it: &Server| {
            it.ask::<(String, u16)>(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]).ok()
        };
        let running = self.sentinels.iter().filter(|it| it.is_running());
        let told: Vec<_> = running.map(ask).collect();
        let (_, port) = told.first()?.clone()?;
        let agree = told.iter().all(|it| it.as_ref().is_some_and(|(_, other)| *other == port));
        self.nodes.iter().position(|node| agree && node.port() == port)
    }

    /// Lets a replica take over in peace, and waits until it writes. The old primary is told to
    /// follow only when the sentinels look at it next, up to ten seconds later: see
    /// `wait_until_ok`.
    pub(crate) fn fail_over(&self) {
        let old = self.primary();
        // They refuse as long as they think another one is going on.
        until(PATIENCE, "the sentinels begin", || {
            self.sentinels[0].ask::<()>(&["SENTINEL", "FAILOVER", NAME]).ok()
        });
        self.wait_for_another(old);
    }

    /// Waits until another node than `old` is the primary for all sentinels, and for itself.
    pub(crate) fn wait_for_another(&self, old: usize) {
        until(PATIENCE, "another node takes over", || {
            let primary = self.find_primary().filter(|primary| *primary != old)?;
            let role = self.nodes[primary].info("role");
            role.filter(|role| role == "master")
        });
    }
}

#[test]
fn sentinels_let_a_replica_take_over_in_peace() {
    let bed = Sentinels::start(1);
    assert_eq!(bed.primary(), 0);
    bed.nodes[0].get::<()>(&["SET", "a", "1"]);
    bed.fail_over();
    assert_eq!(bed.primary(), 1);
    assert_eq!(bed.nodes[1].get::<u32>(&["INCR", "a"]), 2);
}

#[test]
fn sentinels_let_a_replica_take_over_from_a_killed_primary() {
    let mut bed = Sentinels::start(2);
    let mut connection = bed.nodes[0].connect().unwrap();
    let mut pair = redis::pipe();
    pair.cmd("SET").arg("a").arg("1").ignore().cmd("WAIT").arg(2).arg(5000);
    assert_eq!(pair.query::<(u32,)>(&mut connection).unwrap(), (2,));
    bed.nodes[0].kill();
    bed.wait_for_another(0);
    assert_eq!(bed.nodes[bed.primary()].get::<u32>(&["INCR", "a"]), 2);
}
