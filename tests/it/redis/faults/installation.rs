//! Servers, and instances of the service on them; those of a cluster can be cut off, with an
//! instance on the other side of the cut.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use tempfile::TempDir;

use super::super::cluster::Cluster;
use super::super::network::Network;
use super::servers::Servers;
use crate::api::races::model::LIMIT;
use crate::api::races::model::WINDOW;
use crate::crash::process::Process;
use crate::crash::process::Starting;
use crate::wait::until;

/// How long an instance waits for its store: this machine is busy.
pub(super) const STORE_TIMEOUT: &str = "500ms";

/// Servers and instances that use them.
pub(super) struct Installation {
    /// Two with the tests, and `apart`, which can be cut off where there is a network. They end
    /// before the servers.
    pub(super) instances: Vec<Process>,
    pub(super) servers: Servers,
    network: Option<Network>,
    /// The place in the network of the instance that can be cut off.
    pub(super) end: usize,
    /// For each shard, a customer who has opted out, and the key of the record.
    pub(super) probes: Vec<(String, String)>,
    way: Way,
    _directory: TempDir,
}

/// How instances are started.
#[derive(Debug)]
struct Way {
    address: String,
    durability: String,
    secret: PathBuf,
}

/// Which of the instances can be cut off.
pub(super) const APART: usize = 2;

impl Installation {
    /// Starts everything on a cluster, with a durability for wishes and reservations.
    pub(super) fn start(durability: &str, node_timeout: Duration) -> Self {
        let (cluster, mut network) = Cluster::apart(3, 1, node_timeout);
        network.add();
        Self::start_on(Servers::Cluster(cluster), Some(network), durability)
    }

    /// Starts instances on servers that run.
    pub(super) fn start_on(servers: Servers, network: Option<Network>, durability: &str) -> Self {
        let end = servers.nodes().len();
        let directory = tempfile::tempdir().unwrap();
        let secret = directory.path().join("secret");
        std::fs::write(&secret, "x".repeat(40)).unwrap();
        let way = Way { address: servers.address(), durability: durability.to_owned(), secret };
        let first = way.start(&[], "127.0.0.1");
        apply(&first);
        let second = way.start(&[], "127.0.0.1");
        let apart = match &network {
            Some(network) => way.start(&network.inside(end), &network.side_door(end)),
            None => way.start(&[], "127.0.0.1"),
        };
        let instances = vec![first, second, apart];
        let mut probes: Vec<Option<(String, String)>> = vec![None; servers.shards()];
        for number in 0.. {
            let customer = format!("probe-{number}");
            let key = format!("courtesy:c:default:{customer}");
            let shard = &mut probes[servers.primary_of(&key)];
            if shard.is_none() {
                until(Duration::from_secs(60), "the probe opts out", || {
                    opt_out(&instances[0], &customer).ok()
                });
                *shard = Some((customer, key));
            }
            if probes.iter().all(Option::is_some) {
                break;
            }
        }
        let probes = probes.into_iter().flatten().collect();
        Self { instances, servers, network, end, probes, way, _directory: directory }
    }

    /// The network of a cluster.
    pub(super) fn network(&self) -> &Network {
        self.network.as_ref().unwrap()
    }

    /// Another instance, which remembers nothing of what the others have acknowledged: it knows
    /// what is on record, and no more.
    pub(super) fn fresh(&self) -> Process {
        self.way.start(&[], "127.0.0.1")
    }
}

impl Way {
    /// Starts an instance as a program of `prefix`, which listens on `host`.
    fn start(&self, prefix: &[String], host: &str) -> Process {
        let program = env!("CARGO_BIN_EXE_courtesy").to_owned();
        let words: Vec<String> = prefix.iter().cloned().chain([program]).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        let (listen, secret) = (format!("{host}:0"), self.secret.to_str().unwrap());
        let args = [
            ["--listen", &listen],
            ["--operations", &listen],
            ["--secret-file", secret],
            ["--journal", "off"],
            ["--wish-durability", &self.durability],
            ["--reservation-durability", &self.durability],
            ["--store-timeout", STORE_TIMEOUT],
            ["--threads", "1"],
            ["--log", "warn"],
        ];
        let args = [&args.concat()[..], &["--allow-unauthenticated"]].concat();
        let process = Starting::begin_as(command, Path::new(&self.address), &args).finish();
        process.unwrap_or_else(|refused| panic!("{refused:?}"))
    }
}

pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The policy that the model of a customer knows.
fn apply(process: &Process) {
    let text = format!(
        "name: base\nchannels: {{email: {{}}}}\npurposes: {{marketing: {{}}}}\n\
         budgets: [{{name: b, limit: {LIMIT}, per: {WINDOW}h}}]\n"
    );
    let documents = vec![v1::PolicyDocument { text, ..Default::default() }];
    let request =
        v1::ApplyPolicyRequest { documents, expected_revision: Some(0), ..Default::default() };
    // A busy machine may let the store answer too late, also where it has done it.
    until(Duration::from_secs(60), "the policy is applied", || {
        let request = request.clone();
        let applied =
            wait(async { PolicyServiceClient::new(process.connect()).apply_policy(request).await });
        match applied {
            Ok(_) => Some(()),
            Err(status) => (status.code() == tonic::Code::Aborted).then_some(()),
        }
    });
}

pub(super) fn opt_out(process: &Process, customer: &str) -> Result<(), tonic::Status> {
    let request = v1::OptOutRequest { customer_id: customer.to_owned(), ..Default::default() };
    wait(async { CustomerServiceClient::new(process.connect()).opt_out(request).await })?;
    Ok(())
}

/// Goes on with what a store still holds.
pub(super) fn accept(process: &Process) {
    until(Duration::from_secs(60), "it is accepted", || {
        let reason = "what is gone is gone".to_owned();
        let request = v1::AcceptStoreRequest { reason, ..Default::default() };
        wait(async { PolicyServiceClient::new(process.connect()).accept_store(request).await }).ok()
    });
}
