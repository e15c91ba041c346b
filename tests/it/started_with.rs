//! `courtesy serve --policy`: a directory that instances put in force by themselves.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use courtesy::proto::v1;
use tempfile::TempDir;

use crate::command::Serving;
use crate::redis::server::Server;
use crate::redis::service::Service;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const BASE: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";
const SHOP: &str = "name: shop\nbudgets: [{name: weekly, limit: 3, per: 7d}]\n";

/// A directory of policies, beside a store.
struct Policies(TempDir);

impl Policies {
    fn new() -> Self {
        let policies = Self(tempfile::tempdir().unwrap());
        policies.write("base.yaml", BASE);
        policies
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn flags(&self) -> [&str; 4] {
        ["--listen", "127.0.0.1:0", "--policy", self.path().to_str().unwrap()]
    }

    fn serve(&self, store: TempDir) -> Serving {
        Serving::start_in(store, &self.flags())
    }
}

/// The number of the revision in force, and the names of its documents.
fn in_force(serving: &Serving) -> (u64, Vec<String>) {
    let said = serving.ask(&["policy", "show", "--json"]);
    let policy: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let revision = policy["revision"].as_str().unwrap_or("0").parse().unwrap();
    let documents = policy["documents"].as_array().unwrap();
    let names = documents.iter().map(|it| it["name"].as_str().unwrap().to_owned());
    (revision, names.collect())
}

fn operations(serving: &Serving, path: &str) -> String {
    let url = serving.url("operations");
    http::get(&format!("{}{path}", url.trim_end_matches('/')), &[]).body
}

fn stop(mut serving: Serving) -> TempDir {
    serving.child.kill().unwrap();
    serving.child.wait().unwrap();
    std::mem::replace(&mut serving.directory, tempfile::tempdir().unwrap())
}

#[test]
fn a_directory_is_in_force_until_it_is_changed_by_hand() {
    let policies = Policies::new();
    // What orchestrators mount beside it, tests, and other files are no policies.
    std::fs::create_dir(policies.path().join("..2026_11_29")).unwrap();
    policies.write("..2026_11_29/base.yaml", BASE);
    policies.write("base_test.yaml", "tests: []\n");
    policies.write("README.md", "# Policies\n");
    let serving = policies.serve(tempfile::tempdir().unwrap());
    assert_eq!(in_force(&serving), (1, vec!["base".to_owned()]));
    assert!(serving.ask(&["audit", "list"]).out.contains("ApplyPolicy"));

    // A restart changes nothing, also when an operator has changed it by hand.
    let serving = policies.serve(stop(serving));
    assert_eq!(in_force(&serving).0, 1);
    let shop = policies.path().join("by-hand.txt");
    std::fs::write(&shop, SHOP).unwrap();
    let said = serving.ask(&["policy", "apply", shop.to_str().unwrap(), "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let serving = policies.serve(stop(serving));
    assert_eq!(in_force(&serving), (2, vec!["base".to_owned(), "shop".to_owned()]));

    // Another directory does, and is all that there is; a file that is only renamed is no other.
    let (from, to) = (policies.path().join("base.yaml"), policies.path().join("first.yml"));
    std::fs::rename(from, to).unwrap();
    let serving = policies.serve(stop(serving));
    assert_eq!(in_force(&serving).0, 2);
    std::fs::create_dir(policies.path().join("more")).unwrap();
    policies.write("more/other.yaml", "name: other\nbudgets: [{name: daily, limit: 1, per: 1d}]\n");
    let changed = || (in_force(&serving).0 == 3).then_some(());
    until(PATIENCE, "it is in force while the server runs", changed);
    assert_eq!(in_force(&serving).1, ["base", "other"]);
}

#[test]
fn a_wrong_directory_stops_a_first_start_only() {
    let policies = Policies::new();
    policies.write("shop.yaml", &SHOP.replace("limit", "limt"));
    let store = tempfile::tempdir().unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["serve", "--operations", "off", "--console", "off", "--pages", "off"])
        .args(policies.flags())
        .current_dir(store.path())
        .output()
        .unwrap();
    let told = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(2), "{told}");
    for part in ["shop.yaml:2:", "did you mean `limit`?", "no other policy yet"] {
        assert!(told.contains(part), "{part}: {told}");
    }

    policies.write("shop.yaml", SHOP);
    let serving = policies.serve(store);
    assert_eq!(in_force(&serving).0, 1);
    assert!(operations(&serving, "/readyz").starts_with("ready\n"));
    policies.write("shop.yaml", &SHOP.replace("limit", "limt"));
    let is_told = || operations(&serving, "/readyz").contains("the policies").then_some(());
    until(PATIENCE, "readiness tells that it is wrong", is_told);
    let metric = "courtesy_reload_failed{what=\"the policies\"} 1";
    until(PATIENCE, "so does a metric", || {
        operations(&serving, "/metrics").contains(metric).then_some(())
    });
    assert_eq!(in_force(&serving).0, 1);
    let serving = policies.serve(stop(serving));
    assert_eq!(in_force(&serving).0, 1, "it starts again, with what was in force");
    assert!(operations(&serving, "/readyz").contains("the policies"));
    policies.write("shop.yaml", &SHOP.replace('3', "4"));
    let changed = || (in_force(&serving).0 == 2).then_some(());
    until(PATIENCE, "it is mended", changed);
}

#[test]
fn of_many_instances_one_puts_it_in_force() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let policies = Policies::new();
    policies.write("shop.yaml", SHOP);
    let path: PathBuf = policies.path().to_owned();
    let url = server.url();
    let starting: Vec<_> = (0..3)
        .map(|_| {
            let (url, path) = (url.clone(), path.clone());
            std::thread::spawn(move || Service::start(&url, &["--policy", path.to_str().unwrap()]))
        })
        .collect();
    let services: Vec<Service> = starting.into_iter().map(|it| it.join().unwrap()).collect();
    for service in &services {
        let request = v1::ListPolicyRevisionsRequest::default();
        let listed = service.wait(service.policies().list_policy_revisions(request)).unwrap();
        assert_eq!(listed.into_inner().revisions.len(), 1);
    }
}

#[test]
fn a_hang_up_is_no_end() {
    let policies = Policies::new();
    let serving = policies.serve(tempfile::tempdir().unwrap());
    let hang_up = ["-c", &format!("kill -HUP {}", serving.child.id())];
    assert!(Command::new("sh").args(hang_up).status().unwrap().success());
    let told = || serving.log_so_far().contains("SIGHUP").then_some(());
    until(PATIENCE, "it is told", told);
    assert_eq!(in_force(&serving).0, 1);
}
