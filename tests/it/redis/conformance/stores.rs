//! The stores that keep the promises.

use std::sync::Arc;

use courtesy::secret::Secret;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use courtesy::store::redis::setting::Setting;

use super::super::cluster::Cluster;
use super::super::secrecy::ACL;
use super::super::sentinel::Sentinels;
use super::super::server::Plan;
use super::super::server::Server;
use super::super::store;
use super::super::tls::Certificates;
use super::conforms;
use super::matches_the_model;

/// How many random histories are enough for every day.
const CASES: u32 = 32;

async fn open(setting: Setting) -> Arc<dyn Store> {
    Arc::new(store::open(setting).await)
}

/// Runs both, on the same store one after the other.
fn passes(open: impl AsyncFn() -> Arc<dyn Store>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { conforms(open().await).await });
    drop(runtime);
    matches_the_model(CASES, open);
}

#[test]
fn embedded_conforms() {
    let directory = tempfile::tempdir().unwrap();
    passes(async || {
        let store: Arc<dyn Store> = Arc::new(Embedded::open(directory.path()).unwrap());
        store
    });
}

#[test]
fn one_server_conforms() {
    let server = Server::start(&["appendonly yes"]);
    passes(async || open(store::setting(&server.url())).await);
}

#[test]
fn a_server_with_a_replica_tls_a_user_and_hidden_ids_conforms() {
    let certificates = Certificates::make();
    let user = format!("user courtesy on >sesame {ACL} +select");
    let plan = Plan::new(&[]).with_users(&[&user]).with_tls(&certificates).line("databases 3");
    let server = plan.clone().start();
    let follow = format!("replicaof 127.0.0.1 {}", server.port());
    let replica = plan
        .line(&follow)
        .line("tls-replication yes")
        .line("masteruser bed")
        .line("masterauth bed")
        .start();
    replica.wait_until_it_follows();
    let address = format!("{}/2", server.url());
    passes(async || {
        let hide_ids = Some(Secret::read_or_make(&server.directory().join("secret")).unwrap());
        let (user, password) = (Some("courtesy".to_owned()), Some("sesame".to_owned().into()));
        let certificates = store::certificates(&certificates);
        let setting = store::setting(&address);
        open(Setting { user, password, certificates, hide_ids, ..setting }).await
    });
}

#[test]
fn a_server_that_sentinels_watch_conforms() {
    let bed = Sentinels::start(1);
    passes(async || open(store::setting(&bed.address())).await);
}

#[test]
fn a_cluster_conforms() {
    let cluster = Cluster::shared();
    passes(async || open(store::setting(&cluster.address())).await);
}
