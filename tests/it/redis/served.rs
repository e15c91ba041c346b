//! The whole service on a Redis, as a process: what it says, what it owes, and what is copied.

use std::path::Path;
use std::time::Duration;

use courtesy::codec::mark::Mark;
use courtesy::model::Name;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use tempfile::TempDir;

use super::server::Server;
use super::store::PATIENCE;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::crash::process::Process;
use crate::support::courtesy;
use crate::wait::until;

pub(crate) const POLICY: &str = "name: base\nchannels: {sms: {}, email: {}}\npurposes:\n  marketing: {}\n  \
                      codes: {on_store_failure: allow}\n";

/// A directory with a secret and a journal.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("secret"), "x".repeat(40)).unwrap();
        Self(directory)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn serve(&self, store: &str) -> Process {
        self.serve_with(store, &[])
    }

    pub(crate) fn serve_with(&self, store: &str, more: &[&str]) -> Process {
        let (secret, journal) = (self.path("secret"), self.path("journal"));
        let args = [&["--secret-file", &secret, "--journal", &journal][..], more].concat();
        Process::start(Path::new(store), &args).unwrap_or_else(|refused| panic!("{refused:?}"))
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn apply(process: &Process, text: &str) {
    let documents = vec![v1::PolicyDocument { text: text.to_owned(), ..Default::default() }];
    let request =
        v1::ApplyPolicyRequest { documents, expected_revision: Some(0), ..Default::default() };
    wait(async { PolicyServiceClient::new(process.connect()).apply_policy(request).await })
        .unwrap();
}

pub(crate) fn reserve(process: &Process, customer: &str, request_id: &str) -> v1::Decision {
    let contact = v1::Contact {
        customer_id: customer.to_owned(),
        channel: "sms".to_owned(),
        purpose: "codes".to_owned(),
        ..Default::default()
    };
    let request = v1::ReserveContactRequest {
        contact: Some(contact),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    let answer =
        wait(async { ContactServiceClient::new(process.connect()).reserve_contact(request).await });
    answer.unwrap().into_inner().decision.unwrap()
}

fn contacts(process: &Process, customer: &str) -> Option<usize> {
    let request =
        v1::ListContactsRequest { customer_id: customer.to_owned(), ..Default::default() };
    let listed =
        wait(async { CustomerServiceClient::new(process.connect()).list_contacts(request).await });
    listed.ok().map(|listed| listed.into_inner().contacts.len())
}

pub(crate) fn opt_out(process: &Process, customer: &str) -> Result<(), tonic::Status> {
    let scope = v1::Scope { channel: Some("sms".to_owned()), ..Default::default() };
    let request = v1::OptOutRequest {
        customer_id: customer.to_owned(),
        scope: Some(scope),
        ..Default::default()
    };
    wait(async { CustomerServiceClient::new(process.connect()).opt_out(request).await })?;
    Ok(())
}

/// What was allowed without the store is charged when it is back, once, also by the process after
/// the one that allowed it; and a customer who is known to have opted out is not contacted
/// meanwhile.
#[test]
fn contacts_allowed_without_the_store_are_charged_once() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let desk = Desk::new();
    let mut process = desk.serve(&server.url());
    apply(&process, POLICY);
    assert!(is_allowed(&reserve(&process, "ada", "1")));
    opt_out(&process, "eve").unwrap();

    server.stop();
    let degraded = reserve(&process, "ada", "2");
    assert!(is_allowed(&degraded) && degraded.degraded, "{degraded:?}");
    let again = reserve(&process, "ada", "2");
    assert!(is_allowed(&again) && again.degraded, "{again:?}");
    assert_eq!(codes(&reserve(&process, "eve", "3")), ["OPTED_OUT", "STORE_UNAVAILABLE"]);
    // No server acknowledges this one, and it counts here nevertheless.
    assert_eq!(opt_out(&process, "fay").unwrap_err().code(), tonic::Code::Unavailable);
    assert_eq!(codes(&reserve(&process, "fay", "4")), ["OPTED_OUT", "STORE_UNAVAILABLE"]);
    process.kill();
    server.resume();

    let process = desk.serve(&server.url());
    let charged = || contacts(&process, "ada").filter(|count| *count == 2);
    until(Duration::from_secs(60), "the debt is charged", charged);
    let known = reserve(&process, "ada", "2");
    assert!(is_allowed(&known), "{known:?}");
    assert_eq!(contacts(&process, "ada"), Some(2), "a repetition is not charged");
    assert_eq!(contacts(&process, "eve"), Some(0));
}

/// A directory becomes a Redis and a directory again, and nothing is different.
#[test]
fn everything_is_copied_in_either_direction() {
    let server = Server::start(&[]);
    let desk = Desk::new();
    let (first, second) = (desk.path("first"), desk.path("second"));
    let mut process = desk.serve(&first);
    apply(&process, POLICY);
    for n in 0..40 {
        reserve(&process, &format!("c{n}"), "1");
    }
    opt_out(&process, "eve").unwrap();

    let copy = |from: &str, to: &str, more: &[&str]| {
        courtesy(&[&["copy", "--from", from, "--to", to][..], more].concat())
    };
    let said = copy(&first, &server.url(), &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("the same in both stores"), "{}", said.out);
    let said = copy(&first, &server.url(), &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--overwrite"), "{}", said.err);
    // The directory went on being served, and can be left when it is.
    assert_eq!(contacts(&process, "c7"), Some(1));
    process.terminate();
    assert!(process.ended().success());
    let said = copy(&first, &server.url(), &["--overwrite"]);
    assert!(said.out.contains("pass 1"), "{}", said.out);
    // What only has a history ends by itself in Redis; a wish never does.
    assert!(server.get::<i64>(&["PTTL", "courtesy:c:default:c1"]) > 0);
    assert_eq!(server.get::<i64>(&["PTTL", "courtesy:c:default:eve"]), -1);

    // Redis is served while it is copied.
    let serving = desk.serve(&server.url());
    assert_eq!(contacts(&serving, "c7"), Some(1));
    let said = copy(&server.url(), &second, &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    drop(serving);
    let process = desk.serve(&second);
    assert_eq!(contacts(&process, "c7"), Some(1));
    let decision = reserve(&process, "eve", "2");
    assert_eq!(codes(&decision), ["OPTED_OUT"]);
    assert_eq!(decision.policy_revision, 1);
}

#[test]
fn what_is_not_there_is_not_copied() {
    let desk = Desk::new();
    let (typo, target) = (desk.path("typo"), desk.path("target"));
    let mut process = desk.serve(&target);
    opt_out(&process, "eve").unwrap();
    process.terminate();
    assert!(process.ended().success());
    for more in [&[][..], &["--overwrite"]] {
        let said = courtesy(&[&["copy", "--from", &typo, "--to", &target][..], more].concat());
        assert_eq!(said.code, 2, "{}", said.out);
        assert!(said.err.contains("there is no store in"), "{}", said.err);
        assert!(!Path::new(&typo).exists(), "nothing is made");
    }
    let server = Server::start(&[]);
    let said = courtesy(&["copy", "--overwrite", "--from", &server.url(), "--to", &target]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(said.err.contains("nothing of courtesy"), "{}", said.err);
    let process = desk.serve(&target);
    assert!(codes(&check_default(&process, "eve")).contains(&"OPTED_OUT".to_owned()));
}

/// A store into which a copy was broken off is not served.
#[test]
fn half_of_a_copy_is_not_served() {
    let desk = Desk::new();
    let target = desk.path("target");
    {
        let store = Embedded::open(Path::new(&target)).unwrap();
        let tenant = Name::new("courtesy").unwrap();
        let key = Key { space: Space::Notes, tenant, id: Box::from("mark {0}") };
        let value = Mark { copying: true, ..Mark::default() }.write();
        let replacement = Replacement { key, expected: None, value, expires: None };
        wait(store.replace(replacement, Durability::Synced)).unwrap();
    }
    let secret = desk.path("secret");
    let args = ["--secret-file", secret.as_str()];
    let refused = Process::start(Path::new(&target), &args).err().unwrap();
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("half of a copy"), "{}", refused.err);
    // Copied anew, it is.
    let source = desk.path("source");
    let mut process = desk.serve(&source);
    opt_out(&process, "eve").unwrap();
    process.terminate();
    assert!(process.ended().success());
    let said = courtesy(&["copy", "--overwrite", "--from", &source, "--to", &target]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let process = desk.serve(&target);
    assert!(codes(&check_default(&process, "eve")).contains(&"OPTED_OUT".to_owned()));
}

/// What the starter policy says of a text.
fn check_default(process: &Process, customer: &str) -> v1::Decision {
    let contact = v1::Contact {
        customer_id: customer.to_owned(),
        channel: "sms".to_owned(),
        purpose: "transactional".to_owned(),
        ..Default::default()
    };
    let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
    let answer =
        wait(async { ContactServiceClient::new(process.connect()).check_contact(request).await });
    answer.unwrap().into_inner().decision.unwrap()
}

/// What operators read before anything works.
#[test]
fn a_redis_that_cannot_be_used_is_told_with_the_way_out() {
    let server = Server::start(&["maxmemory-policy allkeys-lru"]);
    let desk = Desk::new();
    let url = server.url();
    let serve = |args: &[&str]| {
        let base = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--operations",
            "off",
            "--console",
            "off",
            "--pages",
            "off",
        ];
        courtesy(&[&base[..], args].concat())
    };
    let said = serve(&["--store", &url]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--secret-file"), "{}", said.err);
    let (secret, journal) = (desk.path("secret"), desk.path("journal"));
    let rest = ["--secret-file", &secret, "--journal", &journal];
    let said = serve(&[&["--store", &url, "--strict"][..], &rest].concat());
    assert_eq!(said.code, 2);
    for needle in ["maxmemory-policy", "noeviction", "docs/redis.md"] {
        assert!(said.err.contains(needle), "`{needle}` is not in: {}", said.err);
    }
    let said = serve(&[&["--store", "redis://user:secret@127.0.0.1"][..], &rest].concat());
    assert!(said.err.contains("--redis-password-file"), "{}", said.err);
    let said = courtesy(&[&["doctor", "--store", &url][..], &rest].concat());
    assert_eq!(said.code, 1, "{}", said.out);
    for needle in ["answers; 0 replicas", "`maxmemory-policy` is `allkeys-lru`", "appendonly"] {
        assert!(said.out.contains(needle), "`{needle}` is not in: {}", said.out);
    }
}

/// A connection that broke while it was not used is made anew, and costs no answer.
#[test]
fn a_redis_that_was_restarted_is_asked_again_at_once() {
    let mut server = Server::start(&["appendonly yes", "appendfsync always"]);
    let desk = Desk::new();
    let process = desk.serve(&server.url());
    apply(&process, POLICY);
    for round in 0..3 {
        assert!(!reserve(&process, "ada", &round.to_string()).degraded, "round {round}");
        server.kill();
        server.restart();
    }
    opt_out(&process, "ada").unwrap();
    assert_eq!(codes(&reserve(&process, "ada", "last")), ["OPTED_OUT"]);
}

fn revision(process: &Process) -> u64 {
    let request = v1::GetPolicyRequest::default();
    let answer =
        wait(async { PolicyServiceClient::new(process.connect()).get_policy(request).await });
    answer.unwrap().into_inner().policy.unwrap().revision
}

/// What one instance is told is in force on the others; and of two operators who change the same
/// revision, one is refused.
#[test]
fn instances_share_policies_and_pauses() {
    let server = Server::start(&[]);
    let (desk, other) = (Desk::new(), Desk::new());
    std::fs::copy(desk.path("secret"), other.path("secret")).unwrap();
    let (first, second) = (desk.serve(&server.url()), other.serve(&server.url()));
    apply(&first, POLICY);
    until(PATIENCE, "the policy is in force", || (revision(&second) == 1).then_some(()));
    assert!(is_allowed(&reserve(&second, "ada", "1")));

    let pause = v1::PauseContactsRequest {
        name: "outage".to_owned(),
        reason: "the carrier is down".to_owned(),
        ..Default::default()
    };
    wait(async { PolicyServiceClient::new(second.connect()).pause_contacts(pause).await }).unwrap();
    let mut asked = 0;
    let mut paused = || {
        asked += 1;
        codes(&reserve(&first, "bob", &asked.to_string())).contains(&"PAUSED".to_owned())
    };
    until(PATIENCE, "the pause is in force", || paused().then_some(()));

    let change = |text: &str| {
        let documents = vec![v1::PolicyDocument { text: text.to_owned(), ..Default::default() }];
        let expected_revision = Some(1);
        v1::ApplyPolicyRequest { documents, expected_revision, ..Default::default() }
    };
    let (one, two) = wait(async {
        let (mut one, mut two) =
            (PolicyServiceClient::new(first.connect()), PolicyServiceClient::new(second.connect()));
        tokio::join!(
            one.apply_policy(change("name: one\nchannels: {push: {}}\n")),
            two.apply_policy(change("name: two\nchannels: {letter: {}}\n")),
        )
    });
    let refused = [one.err(), two.err()].into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0].code(), tonic::Code::Aborted);
    let both = || (revision(&first) == 2 && revision(&second) == 2).then_some(());
    until(PATIENCE, "both have the second revision", both);
}
