//! A Redis Cluster of real servers.

use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::network::Network;
use super::port;
use super::proxy::Proxy;
use super::proxy::SERVERS;
use super::server::Plan;
use super::server::Server;
use super::server::line_of;
use crate::wait::PATIENCE;
use crate::wait::until;

const SLOTS: usize = 16_384;

/// Primaries and their replicas. It writes every change to its log before it answers.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// The primaries, and after them the replicas of the first, of the second and so on, as long as
    /// nothing has failed over.
    pub(crate) nodes: Vec<Server>,
    node_timeout: Duration,
}

/// Where a node is to be.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) port: u16,
    pub(super) plan: Plan,
}

/// What a node says of itself.
#[derive(Debug)]
struct Itself {
    id: String,
    /// The primary that it copies; none if it is one.
    primary: Option<String>,
    epoch: u64,
    slots: Vec<(u16, u16)>,
}

impl Cluster {
    /// Starts one, and waits until it is whole.
    pub(crate) fn start(primaries: usize, replicas_each: usize, node_timeout: Duration) -> Self {
        let places = (0..primaries * (1 + replicas_each)).map(|_| Place::here()).collect();
        Self::start_at(places, primaries, node_timeout)
    }

    /// Three primaries with a replica each, shared by all tests that break nothing.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(3, 1, Duration::from_secs(2)))
    }

    /// As `start`, with a proxy before each node, in the order of the nodes. Clients meet the
    /// proxies only; the nodes call each other as if there were none.
    pub(crate) fn behind_proxies(
        primaries: usize,
        replicas_each: usize,
        node_timeout: Duration,
    ) -> (Self, Vec<Proxy>) {
        let places = (0..primaries * (1 + replicas_each)).map(|_| Place::behind_proxy());
        let (places, proxies) = places.unzip();
        (Self::start_at(places, primaries, node_timeout), proxies)
    }

    /// As `start`, with each node in a network of its own, in the order of the nodes.
    pub(crate) fn apart(
        primaries: usize,
        replicas_each: usize,
        node_timeout: Duration,
    ) -> (Self, Network) {
        let mut network = Network::start();
        let places = (0..primaries * (1 + replicas_each)).map(|_| Place::on(&mut network));
        let places = places.collect();
        (Self::start_at(places, primaries, node_timeout), network)
    }

    /// Starts one with nodes in some places.
    pub(super) fn start_at(places: Vec<Place>, primaries: usize, node_timeout: Duration) -> Self {
        let mut nodes: Vec<Server> =
            places.into_iter().map(|place| place.begin(node_timeout)).collect();
        nodes.iter_mut().for_each(Server::wait);
        let cluster = Self { nodes, node_timeout };
        cluster.form(primaries);
        cluster.wait_until_ok();
        cluster
    }

    fn form(&self, primaries: usize) {
        for (index, node) in self.nodes.iter().take(primaries).enumerate() {
            let epoch = (index + 1).to_string();
            let first = (index * SLOTS / primaries).to_string();
            let last = ((index + 1) * SLOTS / primaries - 1).to_string();
            node.get::<()>(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]);
            node.get::<()>(&["CLUSTER", "ADDSLOTSRANGE", &first, &last]);
        }
        for (index, node) in self.nodes.iter().enumerate() {
            for other in self.nodes.iter().take(index) {
                let bus = other.get::<Vec<String>>(&["CONFIG", "GET", "cluster-port"]);
                let port = other.announced().to_string();
                node.get::<()>(&["CLUSTER", "MEET", other.host(), &port, &bus[1]]);
            }
        }
        let count = self.nodes.len();
        until(PATIENCE, "the nodes know each other", || {
            let all = self.nodes.iter().all(|node| {
                let known: String = node.get(&["CLUSTER", "NODES"]);
                known.lines().filter(|line| !line.contains("handshake")).count() == count
            });
            all.then_some(())
        });
        for (index, node) in self.nodes.iter().skip(primaries).enumerate() {
            let each = (count - primaries) / primaries;
            let id: String = self.nodes[index / each].get(&["CLUSTER", "MYID"]);
            node.get::<()>(&["CLUSTER", "REPLICATE", &id]);
        }
    }

    /// What `--store` says to find it.
    pub(crate) fn address(&self) -> String {
        let hosts: Vec<String> = self.nodes.iter().map(Server::announced_address).collect();
        format!("redis+cluster://{}", hosts.join(","))
    }

    /// Where clients are to go to find each node.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Server::announced_url).collect()
    }

    /// How long a node may be silent before others take its place.
    pub(crate) fn node_timeout(&self) -> Duration {
        self.node_timeout
    }

    /// Waits until all is well in the eyes of every node that runs, and all replicas have what
    /// their primaries have. It is not while a node is killed, stopped or cut off.
    pub(crate) fn wait_until_ok(&self) {
        let patience = PATIENCE + 2 * self.node_timeout;
        until(patience, "the cluster is well", || self.is_ok().then_some(()));
    }

    fn is_ok(&self) -> bool {
        self.running().all(|(_, node)| {
            let info = node.ask::<String>(&["CLUSTER", "INFO"]).unwrap_or_default();
            let known = node.ask::<String>(&["CLUSTER", "NODES"]).unwrap_or_default();
            let replication = node.ask::<String>(&["INFO", "replication"]).unwrap_or_default();
            let replicas = known.lines().filter(|line| {
                let words: Vec<&str> = line.split(' ').collect();
                known.lines().any(|it| it.contains("myself") && it.starts_with(words[3]))
            });
            let in_step =
                replication.lines().filter(|line| line.contains(",state=online,")).count();
            let is_in_step = match line_of(&replication, "role").as_deref() {
                Some("master") => in_step == replicas.count(),
                _ => line_of(&replication, "master_link_status").as_deref() == Some("up"),
            };
            line_of(&info, "cluster_state").as_deref() == Some("ok")
                && line_of(&info, "cluster_slots_ok").as_deref() == Some("16384")
                && known.lines().count() == self.nodes.len()
                && !known.contains("fail")
                && !known.contains("disconnected")
                && is_in_step
        })
    }

    /// The nodes that have not been killed.
    fn running(&self) -> impl Iterator<Item = (usize, &Server)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.is_running())
    }

    /// The node, by its place in `nodes`, that has a key as far as the nodes that answer know.
    pub(crate) fn primary_of(&self, key: &str) -> usize {
        until(PATIENCE, "a node has the key", || self.find_primary(key))
    }

    /// The node that has a key, if one that answers says that it is the one.
    pub(crate) fn find_primary(&self, key: &str) -> Option<usize> {
        let nodes = self.themselves();
        let slot = self.running().find_map(|(_, node)| node.ask(&["CLUSTER", "KEYSLOT", key]).ok());
        let slot: u16 = slot?;
        let has =
            |it: &Itself| it.slots.iter().any(|(first, last)| (*first..=*last).contains(&slot));
        let own = nodes.iter().filter(|(_, it)| it.primary.is_none() && has(it));
        own.max_by_key(|(_, it)| it.epoch).map(|(index, _)| *index)
    }

    /// A node that copies the one that has the key.
    pub(crate) fn replica_of(&self, key: &str) -> usize {
        until(PATIENCE, "a node copies the key", || {
            let primary = self.find_primary(key)?;
            let nodes = self.themselves();
            let (_, primary) = nodes.iter().find(|(index, _)| *index == primary)?;
            let copy = nodes.iter().find(|(_, it)| it.primary.as_ref() == Some(&primary.id))?;
            Some(copy.0)
        })
    }

    fn themselves(&self) -> Vec<(usize, Itself)> {
        let itself =
            |node: &Server| Itself::parse(&node.ask::<String>(&["CLUSTER", "NODES"]).ok()?);
        self.running().filter_map(|(index, node)| Some((index, itself(node)?))).collect()
    }

    /// Sends a command about a key to the node that has it.
    #[track_caller]
    pub(crate) fn get<T: redis::FromRedisValue>(&self, key: &str, words: &[&str]) -> T {
        self.nodes[self.primary_of(key)].get(words)
    }

    /// Lets the replica of a key take over in peace, and waits until that is done.
    pub(crate) fn fail_over(&self, key: &str) {
        let replica = self.replica_of(key);
        self.nodes[replica].get::<()>(&["CLUSTER", "FAILOVER"]);
        until(PATIENCE, "the replica takes over", || {
            (self.find_primary(key) == Some(replica)).then_some(())
        });
        self.wait_until_ok();
    }
}

impl Place {
    /// On this machine.
    pub(super) fn here() -> Self {
        Self { port: port::free(), plan: Plan::new(&["cluster-announce-ip 127.0.0.1"]) }
    }

    fn behind_proxy() -> (Self, Proxy) {
        let Self { port, plan } = Self::here();
        let proxy = Proxy::on(port::free(), ([127, 0, 0, 1], port).into());
        let plan = plan
            .line(&format!("cluster-announce-port {}", proxy.port()))
            .line(&format!("bind-source-addr {SERVERS}"));
        (Self { port, plan }, proxy)
    }

    fn on(network: &mut Network) -> Self {
        let (address, inside) = network.add();
        let plan = Plan::new(&[]).elsewhere(&address, &inside);
        Self { port: port::free(), plan }
    }

    fn begin(self, node_timeout: Duration) -> Server {
        let plan = self
            .plan
            .line("cluster-enabled yes")
            .line("cluster-config-file nodes")
            .line("cluster-require-full-coverage no")
            .line(&format!("cluster-port {}", port::free()))
            .line(&format!("cluster-node-timeout {}", node_timeout.as_millis()))
            .line("appendonly yes")
            .line("appendfsync always");
        plan.begin_on(self.port)
    }
}

impl Itself {
    /// Reads the line about the node itself in what `CLUSTER NODES` says.
    fn parse(nodes: &str) -> Option<Self> {
        let line = nodes.lines().find(|line| line.contains("myself"))?;
        let words: Vec<&str> = line.split(' ').collect();
        let range = |text: &str| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            Some((first.parse().ok()?, last.parse().ok()?))
        };
        Some(Self {
            id: words[0].to_owned(),
            primary: Some(words[3]).filter(|id| *id != "-").map(str::to_owned),
            epoch: words[6].parse().ok()?,
            slots: words[8..].iter().filter_map(|text| range(text)).collect(),
        })
    }
}

#[test]
fn a_cluster_knows_where_a_key_is() {
    let cluster = Cluster::shared();
    for key in ["a", "b", "c", "{tag}:1"] {
        let (primary, replica) = (cluster.primary_of(key), cluster.replica_of(key));
        assert_ne!(primary, replica);
        assert_eq!(cluster.get::<String>(key, &["SET", key, "1"]), "OK");
        let error = cluster.nodes[replica].ask::<String>(&["GET", key]).unwrap_err();
        assert_eq!(error.code(), Some("MOVED"), "{error:?}");
    }
}

#[test]
fn a_replica_takes_over_in_peace_and_loses_nothing() {
    let cluster = Cluster::start(3, 1, Duration::from_secs(2));
    cluster.get::<()>("a", &["SET", "a", "1"]);
    let replica = cluster.replica_of("a");
    cluster.fail_over("a");
    assert_eq!(cluster.primary_of("a"), replica);
    assert_eq!(cluster.get::<String>("a", &["GET", "a"]), "1");
}

#[test]
fn a_replica_takes_over_when_its_primary_is_killed() {
    let mut cluster = Cluster::start(3, 1, Duration::from_secs(1));
    let (primary, replica) = (cluster.primary_of("a"), cluster.replica_of("a"));
    let mut connection = cluster.nodes[primary].connect().unwrap();
    let mut pair = redis::pipe();
    pair.cmd("SET").arg("a").arg("1").ignore().cmd("WAIT").arg(1).arg(1000);
    let (copies,): (u32,) = pair.query(&mut connection).unwrap();
    assert_eq!(copies, 1);
    cluster.nodes[primary].kill();
    let limit = cluster.node_timeout() + Duration::from_secs(6);
    let node = &cluster.nodes[replica];
    until(limit, "the replica writes", || node.ask::<u32>(&["APPEND", "a", "2"]).ok());
    assert_eq!(cluster.get::<String>("a", &["GET", "a"]), "12");
    // The dead one comes back as a replica of the other.
    cluster.nodes[primary].restart();
    cluster.wait_until_ok();
    assert_eq!((cluster.primary_of("a"), cluster.replica_of("a")), (replica, primary));
}

#[test]
fn clients_of_a_cluster_behind_proxies_meet_only_the_proxies() {
    let (cluster, proxies) = Cluster::behind_proxies(3, 1, Duration::from_secs(2));
    let ports: Vec<u16> = proxies.iter().map(Proxy::port).collect();
    let told = cluster.nodes[0].get::<String>(&["CLUSTER", "NODES"]);
    for node in &cluster.nodes {
        assert!(ports.contains(&node.announced()));
        assert!(told.contains(&format!(":{}@", node.announced())), "{told}");
        assert!(!told.contains(&format!(":{}@", node.port())), "{told}");
    }
    // Without any client's connections, the nodes keep each other's copies.
    proxies.iter().for_each(Proxy::refuse);
    let primary = &cluster.nodes[cluster.primary_of("a")];
    let mut connection = primary.connect().unwrap();
    let mut pair = redis::pipe();
    pair.cmd("SET").arg("a").arg("1").ignore().cmd("WAIT").arg(1).arg(5000);
    assert_eq!(pair.query::<(u32,)>(&mut connection).unwrap(), (1,));
    cluster.wait_until_ok();
    let url = cluster.urls().remove(cluster.primary_of("a"));
    let get = || {
        let mut connection = redis::Client::open(url.as_str())?.get_connection()?;
        redis::cmd("GET").arg("a").query::<String>(&mut connection)
    };
    assert!(get().is_err());
    proxies.iter().for_each(Proxy::pass);
    assert_eq!(get().unwrap(), "1");
}

#[test]
fn a_node_that_is_cut_off_loses_its_place_and_comes_back() {
    let (cluster, network) = Cluster::apart(3, 1, Duration::from_secs(1));
    cluster.get::<()>("a", &["SET", "a", "1"]);
    let (primary, replica) = (cluster.primary_of("a"), cluster.replica_of("a"));
    let address = (cluster.nodes[primary].host(), cluster.nodes[primary].port().to_string());
    let set_inside = || {
        let words = network.inside(primary);
        let words = words.iter().map(String::as_str);
        let words =
            words.chain(["redis-cli", "-h", address.0, "-p", &address.1, "SET", "b{a}", "1"]);
        let words: Vec<&str> = words.collect();
        let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    network.cut(primary);
    // It cannot know yet, and who is with it is deceived.
    assert_eq!(set_inside().trim(), "OK");
    assert!(cluster.nodes[primary].ask::<String>(&["PING"]).is_err());
    until(cluster.node_timeout() + Duration::from_secs(6), "the replica takes over", || {
        cluster.nodes[replica].ask::<u32>(&["INCR", "a"]).ok()
    });
    until(PATIENCE, "it gives up", || set_inside().contains("CLUSTERDOWN").then_some(()));
    network.heal(primary);
    cluster.wait_until_ok();
    assert_eq!((cluster.primary_of("a"), cluster.replica_of("a")), (replica, primary));
    assert_eq!(cluster.get::<u32>("a", &["GET", "a"]), 2);
    // What was acknowledged on the wrong side is lost.
    assert_eq!(cluster.get::<Option<u32>>("a", &["GET", "b{a}"]), None);
}
