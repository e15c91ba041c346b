//! The directory is lost or replaced, under its server and callers or while no server runs. That
//! is noticed, and when it is back, so is all that was acknowledged. More than each kind once:
//! `COURTESY_KILLS=300`, a fifth of which are losses.

use std::fs;
use std::path::PathBuf;

use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use tempfile::TempDir;

use super::disk;
use super::kill::Campaign;
use super::kill::rounds;
use super::kill::wait;
use super::ledger;
use super::process::Process;
use super::process::Starting;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

/// Of so many rounds of a campaign one is a loss.
const EACH: u64 = 5;

/// The ways to lose a directory.
#[derive(Clone, Copy, Debug)]
enum Loss {
    /// It is moved away under its server.
    Away,
    /// An older copy takes its place under its server.
    Replaced,
    /// Its `secret` is moved away under its server.
    Secret,
    /// An older copy is served.
    OlderCopy,
    /// Nothing is in its place when it is served.
    Nothing,
}

impl Loss {
    const ALL: [Self; 5] =
        [Self::Away, Self::Replaced, Self::Secret, Self::OlderCopy, Self::Nothing];
}

/// A directory that is known elsewhere, and what is beside it.
struct Bed {
    campaign: Campaign,
    base: TempDir,
}

impl Bed {
    fn begin(what: &str) -> Self {
        Self { campaign: Campaign::begin(what), base: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.base.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.campaign.store().to_owned()
    }

    fn start(&self) -> Process {
        let marks = self.path("marks");
        // A disk that is busy has lost nothing.
        let args = ["--marks", marks.to_str().unwrap(), "--store-timeout", "10s"];
        let here = ["--operations", "127.0.0.1:0", "--reservation-durability", "synced"];
        let starting = Starting::begin(self.campaign.store(), &[args, here].concat());
        starting.finish().unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// Makes an older copy, and then something that it does not hold and that is known elsewhere.
    fn load_beyond_a_copy(&mut self) {
        let older = self.path("older");
        fs::create_dir_all(&older).unwrap();
        disk::copy(&self.store(), &older);
        let mut process = self.start();
        self.campaign.load_of(&mut process, 200);
        // A start tells what is there to where that is known.
        let process = self.start();
        until(PATIENCE, "it is known", || (looks(&process) >= 2).then_some(()));
    }

    /// Loses the directory under its callers, and gets it back when that was noticed.
    fn lose_under_callers(&mut self, loss: Loss) {
        let (store, away, older) = (self.store(), self.path("away"), self.path("older"));
        let secret = store.join("secret");
        let mut process = self.start();
        let acknowledged = 1 + self.campaign.random.roll(200);
        self.campaign.load_until_failure(&mut process, acknowledged, || match loss {
            Loss::Away => fs::rename(&store, &away).unwrap(),
            Loss::Secret => fs::rename(&secret, &away).unwrap(),
            Loss::Replaced | Loss::OlderCopy | Loss::Nothing => {
                fs::rename(&store, &away).unwrap();
                fs::rename(&older, &store).unwrap();
            }
        });
        is_noticed(&process);
        match loss {
            Loss::Away => fs::rename(&away, &store).unwrap(),
            Loss::Secret => fs::rename(&away, &secret).unwrap(),
            Loss::Replaced | Loss::OlderCopy | Loss::Nothing => {
                fs::remove_dir_all(&store).unwrap();
                fs::rename(&away, &store).unwrap();
            }
        }
        until(PATIENCE, "it is well again", || (says(&process) == "ready\n").then_some(()));
        self.campaign.audit(&process, false).assert_none("when it was back");
        process.kill();
    }

    /// Serves something else in the place of the directory.
    fn serve_another(&mut self, loss: Loss) {
        let (store, away) = (self.store(), self.path("away"));
        fs::rename(&store, &away).unwrap();
        match loss {
            Loss::OlderCopy => fs::rename(self.path("older"), &store).unwrap(),
            Loss::Nothing | Loss::Away | Loss::Replaced | Loss::Secret => {
                // The secret is kept with the others, or nothing is served at all.
                fs::create_dir(&store).unwrap();
                fs::copy(away.join("secret"), store.join("secret")).unwrap();
            }
        }
        is_noticed(&self.start());
        fs::remove_dir_all(&store).unwrap();
        fs::rename(&away, &store).unwrap();
    }
}

/// What `/readyz` says.
fn says(process: &Process) -> String {
    http::get(&format!("http://{}/readyz", process.operations()), &[]).body
}

/// How often the store was looked at so far.
fn looks(process: &Process) -> u64 {
    let metrics = http::get(&format!("http://{}/metrics", process.operations()), &[]).body;
    let name = "courtesy_refreshes_total{result=\"ok\"} ";
    let count = metrics.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
    count.unwrap_or_default()
}

/// Waits until a process says what is lost; then it changes nothing.
fn is_noticed(process: &Process) {
    until(PATIENCE, "the loss is noticed", || says(process).contains("emptied").then_some(()));
    wait(async {
        let mut customers = CustomerServiceClient::new(process.connect());
        customers.opt_out(ledger::opt_out("customer-of-no-worker", "topic-0")).await.unwrap_err();
    });
}

#[test]
fn a_directory_that_is_lost_and_comes_back_has_all_that_was_acknowledged() {
    let mut bed = Bed::begin("lost");
    let losses = rounds().div_ceil(EACH).max(Loss::ALL.len().try_into().unwrap());
    for loss in Loss::ALL.into_iter().cycle().take(usize::try_from(losses).unwrap()) {
        if matches!(loss, Loss::Replaced | Loss::OlderCopy) {
            bed.load_beyond_a_copy();
        }
        match loss {
            Loss::Away | Loss::Replaced | Loss::Secret => bed.lose_under_callers(loss),
            Loss::OlderCopy | Loss::Nothing => bed.serve_another(loss),
        }
        bed.campaign.audit(&bed.start(), true).assert_none(&format!("{loss:?}"));
    }
    let acknowledged = bed.campaign.ledger.borrow().acknowledged;
    eprintln!("{losses} losses: {acknowledged} acknowledged, 0 lost");
    assert!(acknowledged > 50 * losses, "hardly any load: {acknowledged}");
}

/// What is accepted instead is lost: so the test above can see a loss.
#[test]
fn an_older_copy_that_is_accepted_has_lost_what_was_acknowledged() {
    let mut bed = Bed::begin("accepted");
    bed.load_beyond_a_copy();
    fs::remove_dir_all(bed.store()).unwrap();
    fs::rename(bed.path("older"), bed.store()).unwrap();
    let process = bed.start();
    is_noticed(&process);
    wait(async {
        let reason = "what is gone is gone".to_owned();
        let request = v1::AcceptStoreRequest { reason, ..Default::default() };
        let mut policies = PolicyServiceClient::new(process.connect());
        policies.accept_store(request).await.unwrap();
    });
    let findings = bed.campaign.audit(&process, true);
    assert!(findings.lost.len() > 50, "{findings:#?}");
}
