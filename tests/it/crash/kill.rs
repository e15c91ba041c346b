//! The process is killed under load, again and again on one directory.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::audit::Findings;
use super::audit::audit;
use super::disk;
use super::ledger;
use super::ledger::Ledger;
use super::load::End;
use super::load::FEW;
use super::load::Load;
use super::process::Process;
use super::process::Starting;
use crate::dice::Dice;

const ROUNDS: u64 = 15;
/// How many stores are killed while they are made.
const FIRST_STARTS: u64 = 15;
/// How many customers of earlier rounds are looked at after each.
const SAMPLE: usize = 100;
/// After so many rounds, all of them.
const WHOLE_EVERY: u64 = 50;

/// A directory, what callers know of it, and chance.
pub(super) struct Campaign {
    pub(super) directory: tempfile::TempDir,
    pub(super) ledger: RefCell<Ledger>,
    pub(super) random: Dice,
    round: u64,
}

impl Campaign {
    pub(super) fn begin(what: &str) -> Self {
        Self::begin_in(tempfile::tempdir().unwrap(), what)
    }

    pub(super) fn begin_in(directory: tempfile::TempDir, what: &str) -> Self {
        let random = Dice::of_this_run(what);
        let campaign = Self { directory, ledger: RefCell::default(), random, round: 0 };
        let mut process = campaign.start("synced");
        wait(async {
            use courtesy::proto::v1;
            let mut policies =
                v1::policy_service_client::PolicyServiceClient::new(process.connect());
            let document = v1::PolicyDocument { text: ledger::policy(0), name: String::new() };
            let request = v1::ApplyPolicyRequest {
                documents: vec![document],
                expected_revision: Some(0),
                ..Default::default()
            };
            policies.apply_policy(request).await.unwrap();
        });
        campaign.ledger.borrow_mut().policy.revision = 1;
        process.kill();
        campaign
    }

    pub(super) fn store(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn start(&self, durability: &str) -> Process {
        // A disk that is busy has lost nothing.
        let args = ["--reservation-durability", durability, "--store-timeout", "10s"];
        Process::start(self.store(), &args).unwrap_or_else(|refused| {
            // What is refused is looked at.
            let kept = self.store().with_extension("refused");
            std::fs::rename(self.store(), &kept).unwrap();
            panic!("round {}: {refused:?}; it is kept in {}", self.round, kept.display())
        })
    }

    /// One load, until the process ends.
    pub(super) fn load(&mut self, process: &mut Process, end: End) -> Vec<tonic::Status> {
        // Now and then right at the beginning.
        let most = [40, 400, 4_000][usize::try_from(self.round % 3).unwrap()];
        let acknowledgements = 1 + self.random.roll(most);
        self.load_until(process, acknowledgements, end)
    }

    /// One load of about so many acknowledgements, and a kill.
    pub(super) fn load_of(&mut self, process: &mut Process, acknowledgements: u64) {
        let failures = self.load_until(process, acknowledgements, End::Kill);
        assert!(failures.is_empty(), "{failures:?}");
    }

    fn load_until(
        &mut self,
        process: &mut Process,
        acknowledgements: u64,
        end: End,
    ) -> Vec<tonic::Status> {
        self.round += 1;
        let (ledger, round) = (&self.ledger, self.round);
        let load = Load { ledger, round, customers: FEW, acknowledgements, end };
        wait(load.run(process, &mut self.random))
    }

    /// One load until nothing is written any more, since harm was done after so many
    /// acknowledgements.
    pub(super) fn load_until_failure(
        &mut self,
        process: &mut Process,
        acknowledgements: u64,
        harm: impl FnOnce(),
    ) {
        self.round += 1;
        let (ledger, round, end) = (&self.ledger, self.round, End::Failure);
        let enough = ledger.borrow().acknowledged + acknowledgements;
        let load = Load { ledger, round, customers: FEW, acknowledgements: u64::MAX, end };
        let harmed = async {
            while ledger.borrow().acknowledged < enough {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            harm();
        };
        wait(async { tokio::join!(load.run(process, &mut self.random), harmed) });
    }

    /// Looks at those who had something to do with the last load, and at some of the others.
    pub(super) fn audit(&mut self, process: &Process, whole: bool) -> Findings {
        let mut ledger = self.ledger.borrow_mut();
        let mut chosen = std::mem::take(&mut ledger.touched);
        let all: Vec<&String> = ledger.customers.keys().collect();
        if whole {
            chosen.extend(all.into_iter().cloned());
        } else {
            let count = u64::try_from(all.len()).unwrap();
            let sample = (0..SAMPLE).map(|_| self.random.roll(count));
            chosen.extend(sample.map(|place| all[usize::try_from(place).unwrap()].clone()));
        }
        wait(audit(process, &mut ledger, chosen))
    }
}

pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

pub(super) fn rounds() -> u64 {
    std::env::var("COURTESY_KILLS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

#[test]
fn a_kill_under_load_loses_nothing_that_was_acknowledged() {
    let mut campaign = Campaign::begin("kill");
    let (mut kills, mut done) = (0, 0);
    let (mut opening, mut slowest) = (Duration::ZERO, Duration::ZERO);
    for round in 1..=rounds() {
        // A process that is killed while it opens the store must not harm it either.
        if round % 5 == 0 {
            let starting = Starting::begin(campaign.store(), &["--operations", "off"]);
            std::thread::sleep(Duration::from_millis(campaign.random.roll(60)));
            starting.kill();
            kills += 1;
        }
        let durability = if round % 2 == 0 { "synced" } else { "buffered" };
        let mut process = campaign.start(durability);
        let failures = campaign.load(&mut process, End::Kill);
        kills += 1;
        let began = Stopwatch::start();
        let process = campaign.start(durability);
        (opening, slowest) = (opening + began.elapsed(), slowest.max(began.elapsed()));
        let whole = round % WHOLE_EVERY == 0 || round == rounds();
        let findings = campaign.audit(&process, whole);
        findings.assert_none(&format!("round {round}, {durability}, failures {failures:?}"));
        done += findings.done;
    }
    let ledger = campaign.ledger.borrow();
    eprintln!(
        "{kills} kills: {} acknowledged, 0 lost; {} without an answer, of which {done} reservations \
         were done; {} customers, revision {}; opened in {} ms on average, {} ms at most; {} MB",
        ledger.acknowledged,
        ledger.open,
        ledger.customers.len(),
        ledger.policy.revision,
        opening.as_millis() / u128::from(rounds()),
        slowest.as_millis(),
        disk::bytes(campaign.store()) >> 20,
    );
    assert!(ledger.acknowledged > 50 * rounds(), "hardly any load: {}", ledger.acknowledged);
    assert!(ledger.open > 0, "no kill ever hit a request");
}

#[test]
fn a_kill_while_the_store_is_made_leaves_one_that_opens() {
    let mut random = Dice::of_this_run("first start");
    for _ in 0..FIRST_STARTS {
        let store = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let starting = Starting::begin(store.path(), &["--operations", "off"]);
            std::thread::sleep(Duration::from_micros(random.roll(60_000)));
            starting.kill();
        }
        let started = Process::start(store.path(), &[]);
        started.unwrap_or_else(|refused| panic!("{refused:?}")).kill();
    }
}

/// A test that cannot fail proves nothing: loss that goes unnoticed otherwise is found by the
/// audit.
#[test]
fn the_audit_finds_what_an_older_copy_has_lost() {
    let mut campaign = Campaign::begin("older copy");
    let older = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        disk::copy(campaign.store(), older.path());
        let mut process = campaign.start("synced");
        campaign.load_of(&mut process, 400);
    }
    disk::replace(older.path(), campaign.store());
    let findings = campaign.audit(&campaign.start("synced"), true);
    assert!(findings.lost.len() > 50, "{findings:#?}");
}

#[test]
fn the_audit_finds_what_a_journal_without_its_end_has_lost() {
    let mut campaign = Campaign::begin("no end");
    let mut process = campaign.start("synced");
    campaign.load_of(&mut process, 400);
    let copy = tempfile::tempdir().unwrap();
    disk::copy(campaign.store(), copy.path());

    // With the watermark it does not start.
    disk::cut_journal(campaign.store(), 20_000);
    let refused = Process::start(campaign.store(), &[]).err().unwrap();
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("has lost writes that were acknowledged"), "{}", refused.err);

    // Without it, only the callers can know.
    disk::replace(copy.path(), campaign.store());
    disk::cut_journal(campaign.store(), 20_000);
    std::fs::remove_file(campaign.store().join("acknowledged")).unwrap();
    let findings = campaign.audit(&campaign.start("synced"), true);
    assert!(!findings.lost.is_empty(), "{findings:#?}");
}

#[test]
fn a_termination_under_load_loses_nothing() {
    let mut campaign = Campaign::begin("termination");
    for durability in ["buffered", "synced", "buffered"] {
        let mut process = campaign.start(durability);
        campaign.load(&mut process, End::Terminate);
        let began = Stopwatch::start();
        let status = process.ended();
        assert_eq!(status.code(), Some(0), "{}", process.errors());
        assert!(began.elapsed() < Duration::from_secs(26), "{:?}", began.elapsed());
        let process = campaign.start(durability);
        campaign.audit(&process, true).assert_none(durability);
    }
}
