//! A Redis Cluster of six servers: three primaries, each with a replica.

use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use courtesy::clock;
use courtesy::proto::v1;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use courtesy::store::redis::setting::Setting;
use tempfile::TempDir;

use crate::seed;
use crate::servers::Redis;
use crate::servers::Server;

/// How many primaries there are.
pub(crate) const PRIMARIES: u16 = 3;
/// How many customers are in it.
pub(crate) const CUSTOMERS: u64 = 60_000;
const CONTACTS: usize = 30;
const SLOTS: u16 = 16_384;

/// The servers: the primaries first, in the order of their slots.
pub(crate) struct Cluster {
    pub(crate) servers: Vec<Redis>,
    _places: Vec<TempDir>,
}

impl Cluster {
    /// Starts one with all customers.
    pub(crate) async fn start() -> Self {
        let (mut servers, mut places) = (Vec::new(), Vec::new());
        for _ in 0..PRIMARIES * 2 {
            let place = TempDir::new().unwrap();
            let bus = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let bus = bus.to_string();
            let more = ["--cluster-enabled", "yes", "--cluster-port", &bus];
            servers.push(Redis::start(place.path(), &more).await);
            places.push(place);
        }
        let cluster = Self { servers, _places: places };
        cluster.form();
        let setting = Setting {
            patience: Duration::from_secs(10),
            ..Setting::new(cluster.url().parse().unwrap())
        };
        let store = courtesy::store::redis::Redis::open(setting).await.unwrap();
        seed::fill(&store, "default", CUSTOMERS, CONTACTS, clock::now()).await;
        cluster
    }

    /// So many instances of courtesy before it, which have the policy, and the places of their
    /// journals.
    pub(crate) async fn instances(&self, count: usize) -> (Vec<TempDir>, Vec<Server>) {
        let places: Vec<TempDir> = (0..count).map(|_| TempDir::new().unwrap()).collect();
        let start = |place: &TempDir| Server::courtesy(place.path(), &self.url());
        let instances: Vec<Server> = places.iter().map(start).collect();
        instances[0].apply("default", seed::POLICY).await;
        for instance in &instances {
            wait_for_policy(instance).await;
        }
        (places, instances)
    }

    /// As courtesy reads it.
    fn url(&self) -> String {
        let hosts: Vec<&str> = self.servers.iter().map(Redis::host).collect();
        format!("redis+cluster://{}", hosts.join(","))
    }

    /// The primary that has the key of a customer.
    pub(crate) fn primary_of(customer: u64) -> u16 {
        let key = format!("courtesy:c:default:{}", seed::customer(customer));
        let slot = crc16::State::<crc16::XMODEM>::calculate(key.as_bytes()) % SLOTS;
        (0..PRIMARIES).rev().find(|primary| slot >= first_slot(*primary)).unwrap()
    }

    fn form(&self) {
        for (primary, server) in (0..PRIMARIES).zip(&self.servers) {
            let (first, last) = (first_slot(primary), first_slot(primary + 1) - 1);
            let (first, last) = (first.to_string(), last.to_string());
            server.tell(&["CLUSTER", "ADDSLOTSRANGE", &first, &last]);
            server.tell(&["CLUSTER", "SET-CONFIG-EPOCH", &(primary + 1).to_string()]);
        }
        let bus = |server: &Redis| {
            let port = server.tell(&["CONFIG", "GET", "cluster-port"]);
            port.split_whitespace().last().unwrap().to_owned()
        };
        let (host, port) = self.servers[0].host().split_once(':').unwrap();
        let bus = bus(&self.servers[0]);
        for server in &self.servers[1..] {
            server.tell(&["CLUSTER", "MEET", host, port, &bus]);
        }
        let count = self.servers.len();
        self.wait(|server| {
            let nodes = server.tell(&["CLUSTER", "NODES"]);
            nodes.lines().filter(|line| !line.contains("handshake")).count() == count
        });
        let (primaries, replicas) = self.servers.split_at(PRIMARIES.into());
        for (primary, replica) in primaries.iter().zip(replicas) {
            let id = primary.tell(&["CLUSTER", "MYID"]);
            replica.tell(&["CLUSTER", "REPLICATE", id.trim()]);
        }
        self.wait(|server| server.tell(&["CLUSTER", "INFO"]).contains("cluster_state:ok"));
        for primary in primaries {
            while !primary.tell(&["INFO", "replication"]).contains("state=online") {
                thread::sleep(Duration::from_millis(100));
            }
        }
    }

    fn wait(&self, is_so: impl Fn(&Redis) -> bool) {
        for _ in 0..600 {
            if self.servers.iter().all(&is_so) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("the cluster does not form");
    }
}

/// Asks an instance until it has heard of the policy that another has put in force.
async fn wait_for_policy(instance: &Server) {
    let mut client = PolicyServiceClient::new(instance.channel(0));
    for _ in 0..600 {
        let described = client.describe_policy(v1::DescribePolicyRequest::default()).await;
        // The starter policy is revision 0.
        if described.is_ok_and(|it| it.into_inner().revision > 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("an instance does not hear of the policy");
}

impl Redis {
    fn host(&self) -> &str {
        self.url.strip_prefix("redis://").unwrap()
    }

    /// Runs a command, and returns what Redis says to it.
    fn tell(&self, command: &[&str]) -> String {
        let port = self.host().split_once(':').unwrap().1;
        let output = Command::new("redis-cli").args(["-p", port]).args(command).output();
        let output = output.expect("redis-cli is installed").stdout;
        let text = String::from_utf8(output).unwrap();
        assert!(!text.starts_with("ERR"), "{command:?}: {text}");
        text
    }
}

fn first_slot(primary: u16) -> u16 {
    u16::try_from(u32::from(SLOTS) * u32::from(primary) / u32::from(PRIMARIES)).unwrap()
}
