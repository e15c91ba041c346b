//! A disk that has no room for another write.

use std::cell::RefCell;
use std::fs;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::disk;
use super::kill::Campaign;
use super::kill::wait;
use super::ledger;
use super::load::End;
use super::load::Load;
use super::load::MANY;
use super::process::Process;
use super::process::Starting;
use crate::api::product::codes;
use crate::api::product::email;
use crate::api::product::reason;

/// How much room there is for writes before they fail.
const ROOM: usize = 1 << 20;

/// A file system of its own, which holds little; or the directory itself, where the system does not
/// let us mount.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// Mounts it, if the system lets us.
    pub(crate) fn mount(directory: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(directory)
            .output();
        let mounted = mounted.is_ok_and(|it| it.status.success());
        mounted.then(|| Self(directory.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.0).status();
        assert!(unmounted.unwrap().success());
    }
}

#[test]
fn a_full_disk_stops_writes_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(directory.path()) else {
        eprintln!("mounting is refused: a bound on the size of files stands for the full disk");
        return files_that_may_not_grow();
    };
    let store = tempfile::tempdir_in(&disk.0).unwrap();
    let mut campaign = begin(store);
    let ballast = disk.0.join("ballast");
    let begin = |campaign: &Campaign| {
        fill(&ballast);
        let args = ["--operations", "127.0.0.1:0"];
        Starting::begin(campaign.store(), &args).finish().unwrap()
    };
    let free = |campaign: &Campaign| {
        // Without any room it does not start, or as well as it did.
        fill_up(&ballast);
        if let Err(refused) = Process::start(campaign.store(), &[]) {
            assert_eq!(refused.code, Some(2), "{}", refused.err);
            assert!(refused.err.contains("The disk is full"), "{}", refused.err);
            assert!(!refused.err.contains("panicked"), "{}", refused.err);
        }
        fs::remove_file(&ballast).unwrap();
    };
    survive(&mut campaign, begin, free);
    drop(campaign);
}

/// Writes until there is room for little more.
fn fill(ballast: &Path) {
    let file = fill_up(ballast);
    let length = file.metadata().unwrap().len();
    file.set_len(length - u64::try_from(ROOM).unwrap()).unwrap();
}

/// Writes until there is no room at all.
pub(crate) fn fill_up(ballast: &Path) -> fs::File {
    let mut file = OpenOptions::new().create(true).append(true).open(ballast).unwrap();
    while file.write_all(&[1; 1 << 12]).is_ok() {}
    file
}

#[test]
fn files_that_may_not_grow_stop_writes_and_nothing_else() {
    files_that_may_not_grow();
}

fn files_that_may_not_grow() {
    let mut campaign = begin(tempfile::tempdir().unwrap());
    let begin = |campaign: &Campaign| {
        let journal = campaign.store().join(disk::journal(campaign.store()));
        let most = usize::try_from(fs::metadata(journal).unwrap().len()).unwrap() + ROOM;
        // In units of 512 bytes. Without the trap the system would kill a process that writes too
        // much.
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", most / 512);
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_courtesy")]);
        let args = ["--operations", "127.0.0.1:0"];
        Starting::begin_as(command, campaign.store(), &args).finish().unwrap()
    };
    survive(&mut campaign, begin, |_| ());
}

/// A store with something in it, whose journal is as short as what was written.
fn begin(directory: tempfile::TempDir) -> Campaign {
    let mut campaign = Campaign::begin_in(directory, "full");
    let mut process = campaign.start("synced");
    campaign.load_of(&mut process, 300);
    campaign
}

fn survive(
    campaign: &mut Campaign,
    begin: impl Fn(&Campaign) -> Process,
    free: impl FnOnce(&Campaign),
) {
    let mut process = begin(campaign);
    assert_eq!(get(&process, "/readyz"), (200, "ready\n".to_owned()));

    let ledger = RefCell::new(campaign.ledger.take());
    let load = Load {
        ledger: &ledger,
        round: 9,
        customers: MANY,
        acknowledgements: u64::MAX,
        end: End::Failure,
    };
    let failures = wait(load.run(&mut process, &mut campaign.random));
    campaign.ledger = ledger;
    for failure in &failures {
        assert_eq!(failure.code(), Code::Unavailable, "{failure:?}");
        assert_eq!(reason(failure), "STORE_UNAVAILABLE", "{failure:?}");
    }
    assert!(process.is_alive(), "{}", process.errors());
    only_reads_go_on(&process);
    let (status, why) = get(&process, "/readyz");
    assert_eq!(status, 200, "checks are answered: {why}");
    assert!(why.contains("accepts no changes: disk"), "{why}");
    assert!(why.contains("until courtesy is started again"), "{why}");
    assert_eq!(get(&process, "/livez").0, 200);
    assert_eq!(health(&process, "ContactService"), ServingStatus::Serving);
    assert_eq!(health(&process, "CustomerService"), ServingStatus::NotServing);
    assert!(!process.errors().contains("panicked"), "{}", process.errors());

    process.terminate();
    assert_eq!(process.ended().code(), Some(0), "{}", process.errors());
    free(campaign);
    let process = campaign.start("synced");
    assert_eq!(health(&process, "CustomerService"), ServingStatus::Serving);
    campaign.audit(&process, true).assert_none("after there was room again");
}

/// Every customer can still be asked about, and nothing more is promised.
fn only_reads_go_on(process: &Process) {
    wait(async {
        let mut contacts = ContactServiceClient::new(process.connect());
        for number in 0..50 {
            let contact = email(&format!("customer-{number}"));
            let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
            let answer = contacts.check_contact(request).await.unwrap().into_inner();
            assert!(!answer.decision.unwrap().degraded);
        }
        // What cannot be written is not granted, and says so.
        let reserve = ledger::reserve("customer-of-no-worker", "full", false);
        let answer = contacts.reserve_contact(reserve).await.unwrap().into_inner();
        let decision = answer.decision.unwrap();
        assert!(decision.degraded, "{decision:?}");
        assert_eq!(codes(&decision), ["STORE_UNAVAILABLE"], "{decision:?}");
        let mut customers = CustomerServiceClient::new(process.connect());
        let opt_out = ledger::opt_out("customer-of-no-worker", "topic-0");
        let failure = customers.opt_out(opt_out).await.unwrap_err();
        assert_eq!(reason(&failure), "STORE_UNAVAILABLE", "{failure:?}");
    });
}

fn health(process: &Process, service: &str) -> ServingStatus {
    wait(async {
        let mut health = HealthClient::new(process.connect());
        let request = HealthCheckRequest { service: format!("courtesy.v1.{service}") };
        health.check(request).await.unwrap().into_inner().status()
    })
}

/// The status and the body of a page of the operations port.
fn get(process: &Process, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(process.operations()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: courtesy\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split_whitespace().nth(1).unwrap().parse().unwrap(), body.to_owned())
}
