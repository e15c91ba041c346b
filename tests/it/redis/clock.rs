//! A clock that is wrong: its instance stops itself, and the others go on.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use tempfile::TempDir;

use super::server::Server;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::api::product::reservation;
use crate::crash::process::Process;
use crate::crash::process::Starting;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
                      budgets: [{name: b, limit: 5, per: 7d}]\n";
const DAY: i64 = 86_400;

/// Adds seconds to what the machine's clock shows; a file says how many.
const SHIFT: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static volatile long long *shift;
__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("SHIFT");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) return;
  void *mapped = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) shift = mapped;
}
int clock_gettime(clockid_t clock, struct timespec *at) {
  int failed = syscall(SYS_clock_gettime, clock, at);
  if (!failed && clock == CLOCK_REALTIME && shift) at->tv_sec += *shift;
  return failed;
}
"#;

/// What shifts the clocks of processes.
struct Shifts(TempDir);

/// An instance with a clock of its own.
struct Instance {
    process: Process,
    shift: PathBuf,
}

impl Shifts {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("secret"), "x".repeat(40)).unwrap();
        std::fs::write(directory.path().join("shift.c"), SHIFT).unwrap();
        let (source, library) =
            (directory.path().join("shift.c"), directory.path().join("shift.so"));
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status();
        assert!(built.unwrap().success());
        Self(directory)
    }

    fn start(&self, name: &str, store: &Path, seconds: i64) -> Instance {
        let shift = self.0.path().join(name);
        set(&shift, seconds);
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command.env("LD_PRELOAD", self.0.path().join("shift.so")).env("SHIFT", &shift);
        let secret = self.0.path().join("secret");
        let flags = ["--secret-file", secret.to_str().unwrap(), "--operations", "127.0.0.1:0"];
        let journal = self.0.path().join(format!("{name}-journal"));
        let flags = [&flags[..], &["--journal", journal.to_str().unwrap()]].concat();
        let process = Starting::begin_as(command, store, &flags).finish();
        Instance { process: process.unwrap_or_else(|refused| panic!("{refused:?}")), shift }
    }
}

fn set(shift: &Path, seconds: i64) {
    let mut file = File::options().create(true).truncate(false).write(true).open(shift).unwrap();
    file.write_all(&seconds.to_ne_bytes()).unwrap();
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

impl Instance {
    fn shift(&self, seconds: i64) {
        set(&self.shift, seconds);
    }

    fn reserve(&self, number: usize) -> v1::Decision {
        let request = reservation("ada", &format!("send-{number}"));
        let reserved = wait(async {
            ContactServiceClient::new(self.process.connect()).reserve_contact(request).await
        });
        reserved.unwrap().into_inner().decision.unwrap()
    }

    fn ready(&self) -> (u16, String) {
        let ready = http::get(&format!("http://{}/readyz", self.process.operations()), &[]);
        (ready.status, ready.body)
    }

    fn opt_out(&self, customer: &str) -> Result<(), tonic::Status> {
        let request = v1::OptOutRequest { customer_id: customer.to_owned(), ..Default::default() };
        wait(async { CustomerServiceClient::new(self.process.connect()).opt_out(request).await })
            .map(drop)
    }

    fn apply(&self) {
        let documents = vec![v1::PolicyDocument { text: POLICY.to_owned(), ..Default::default() }];
        let expected_revision = Some(0);
        let request = v1::ApplyPolicyRequest { documents, expected_revision, ..Default::default() };
        wait(async {
            PolicyServiceClient::new(self.process.connect()).apply_policy(request).await
        })
        .unwrap();
    }

    #[track_caller]
    fn assert_stopped(&self, number: usize) {
        let decision = self.reserve(number);
        assert!(!is_allowed(&decision) && decision.degraded, "{decision:?}");
        assert_eq!(codes(&decision), ["STORE_UNAVAILABLE"]);
        until(PATIENCE, "it says so", || {
            let (status, body) = self.ready();
            (status == 503 && body.contains("clock")).then_some(())
        });
        self.opt_out(&format!("customer-{number}")).unwrap();
    }

    fn wait_until_ready(&self) {
        until(PATIENCE, "it is ready", || (self.ready().0 == 200).then_some(()));
    }
}

/// The budget is of five in seven days: whatever the clock does meanwhile, five are granted.
#[test]
fn a_jump_of_the_clock_grants_nothing_again() {
    let shifts = Shifts::new();
    for (jump, name) in [(-400 * DAY, "back"), (30 * DAY, "on"), (500 * DAY, "far")] {
        let store = tempfile::tempdir().unwrap();
        let instance = shifts.start(name, store.path(), 0);
        instance.apply();
        for number in 0..5 {
            assert!(is_allowed(&instance.reserve(number)), "{number}");
        }
        assert!(!is_allowed(&instance.reserve(5)));
        instance.shift(jump);
        for number in 6..12 {
            instance.assert_stopped(number);
        }
        instance.shift(0);
        instance.wait_until_ready();
        let decision = instance.reserve(12);
        assert_eq!(codes(&decision), ["BUDGET_SPENT"], "{name}: {decision:?}");
    }
}

#[test]
fn a_start_with_a_clock_behind_what_the_store_has_seen_grants_nothing() {
    let (shifts, store) = (Shifts::new(), tempfile::tempdir().unwrap());
    let instance = shifts.start("first", store.path(), 0);
    instance.apply();
    assert!(is_allowed(&instance.reserve(0)));
    instance.process.terminate();
    drop(instance);
    let instance = shifts.start("second", store.path(), -2 * 3_600);
    instance.assert_stopped(1);
    instance.shift(0);
    instance.wait_until_ready();
    assert!(is_allowed(&instance.reserve(2)));
}

#[test]
fn one_instance_that_is_fast_stops_itself_and_not_the_others() {
    let (shifts, server) =
        (Shifts::new(), Server::start(&["appendonly yes", "appendfsync always"]));
    let url = server.url();
    let right = shifts.start("right", Path::new(&url), 0);
    right.apply();
    let fast = shifts.start("fast", Path::new(&url), 8 * DAY);
    let other = shifts.start("other", Path::new(&url), 30);
    for number in 0..5 {
        fast.assert_stopped(100 + number);
        assert!(is_allowed(&if number % 2 == 0 { &right } else { &other }.reserve(number)));
    }
    for number in 5..10 {
        fast.assert_stopped(100 + number);
        assert_eq!(codes(&right.reserve(number)), ["BUDGET_SPENT"]);
    }
    assert_eq!(right.ready().0, 200);
    fast.shift(0);
    fast.wait_until_ready();
    assert_eq!(codes(&fast.reserve(20)), ["BUDGET_SPENT"]);
}
