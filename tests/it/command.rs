//! The command as people use it: a server started with one command, and the commands that ask it.

use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread::JoinHandle;

use crate::support::Said;
use crate::support::courtesy;
use crate::support::http;

/// A `courtesy serve` of its own, on free ports. Dropping it kills it.
pub(crate) struct Serving {
    pub(crate) child: Child,
    greeting: Vec<String>,
    log: Arc<Mutex<String>>,
    logging: Option<JoinHandle<()>>,
    pub(crate) directory: tempfile::TempDir,
}

impl Serving {
    pub(crate) fn start(extra: &[&str]) -> Self {
        let listen = ["--listen", "127.0.0.1:0"];
        Self::start_in(tempfile::tempdir().unwrap(), &[&listen, extra].concat())
    }

    /// A server whose store is in a directory.
    pub(crate) fn start_in(directory: tempfile::TempDir, extra: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
            .args(["serve", "--operations", "127.0.0.1:0", "--pages", "127.0.0.1:0"])
            .args(if extra.contains(&"--console") { &[][..] } else { &["--console", "off"] })
            .args(extra)
            .current_dir(directory.path())
            .env_remove("COURTESY_TZDB")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut greeting = Vec::new();
        while let Some(line) = lines.next().transpose().unwrap() {
            let last = line.contains("/CheckContact");
            greeting.push(line);
            if last {
                break;
            }
        }
        let log: Arc<Mutex<String>> = Arc::default();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = Arc::clone(&log);
        let logging = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut log = told.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        Self { child, greeting, log, logging: Some(logging), directory }
    }

    fn line(&self, what: &str) -> &str {
        self.greeting.iter().map(|line| line.trim()).find(|line| line.starts_with(what)).unwrap()
    }

    pub(crate) fn url(&self, what: &str) -> String {
        self.line(what)
            .split_whitespace()
            .find(|word| word.starts_with("http://") || word.starts_with("https://"))
            .unwrap()
            .to_owned()
    }

    pub(crate) fn ask(&self, args: &[&str]) -> Said {
        let url = self.url("API");
        courtesy(&[args, &["--server", &url]].concat())
    }

    /// What it has logged until now.
    pub(crate) fn log_so_far(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        self.logging.take().unwrap().join().unwrap();
        let log = self.log_so_far();
        (status, log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const NO_PAGES: [&str; 6] = ["--operations", "off", "--console", "off", "--pages", "off"];
const ADA: [&str; 6] = ["--customer", "ada", "--channel", "email", "--purpose", "marketing"];

fn with<'a>(command: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [command, &ADA, rest].concat()
}

#[test]
fn a_newcomer_gets_an_answer_with_two_commands() {
    let serving = Serving::start(&[]);
    assert!(serving.line("store").ends_with("embedded, in ./courtesy-data"));
    assert!(serving.line("policy").contains("the starter policy"));
    assert!(serving.line("time zones").contains("20"));
    assert!(serving.directory.path().join("courtesy-data").is_dir());

    let said = serving.ask(&with(&["check"], &[]));
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.starts_with("ALLOW\n"), "{}", said.out);
    let said = serving.ask(&with(&["customer", "opt-out"], &[])[..6]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let said = serving.ask(&with(&["check"], &["--explain"]));
    assert_eq!(said.code, 1);
    assert!(said.out.contains("OPTED_OUT"), "{}", said.out);
    assert!(said.out.contains("RULE OR WISH"), "{}", said.out);

    let (status, log) = serving.stop();
    assert!(status.success(), "{log}");
    assert!(!log.contains("ada"), "{log}");
}

#[test]
fn a_reservation_is_confirmed_released_and_shown() {
    let serving = Serving::start(&[]);
    let said = serving.ask(&with(&["reserve"], &["--request-id", "r-1", "--hold", "10m"]));
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("unless it is confirmed"), "{}", said.out);
    let recheck = |more: &[&str]| {
        let id = ["--request-id", "r-1", "--release-if-denied"];
        serving.ask(&with(&["recheck"], &[&id, more].concat()))
    };
    let said = recheck(&[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("reservation        held"), "{}", said.out);
    let said = recheck(&["--campaign", "other"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("AlreadyExists"), "{}", said.err);
    let again = || serving.ask(&with(&["reserve"], &["--request-id", "r-1", "--hold", "10m"]));
    assert!(again().out.contains("reserved before"), "{}", again().out);
    let settle = |what| serving.ask(&[what, "--customer", "ada", "--request-id", "r-1"]);
    assert_eq!(settle("confirm").code, 0);
    for said in [again(), recheck(&[])] {
        assert_eq!(said.code, 1);
        assert!(said.out.contains("ALREADY_SENT") && said.out.contains("sent"), "{}", said.out);
    }
    let refused = settle("release");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("confirmed as sent"), "{}", refused.err);
    let said = serving.ask(&["history", "--customer", "ada"]);
    assert!(said.out.contains("sent") && said.out.contains("r-1"), "{}", said.out);

    let said = serving.ask(&with(&["check"], &["--json"]));
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["decision"]["effect"], "EFFECT_DENY");
    let said = serving.ask(&["plan", "--customer", "ada", "--purpose", "marketing"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("email") && said.out.contains("TOO_SOON"), "{}", said.out);
}

#[test]
fn a_mistake_is_told_with_the_way_out() {
    let serving = Serving::start(&[]);
    let said =
        serving.ask(&["check", "--customer", "ada", "--channel", "fax", "--purpose", "spam"]);
    assert_eq!(said.code, 2);
    for needle in ["contact.channel", "contact.purpose", "`email`", "`marketing`"] {
        assert!(said.err.contains(needle), "`{needle}` is not in: {}", said.err);
    }
    let said = courtesy(&with(&["check"], &["--server", "http://127.0.0.1:1"]));
    assert_eq!(said.code, 2);
    assert!(said.err.contains("courtesy serve"), "{}", said.err);
}

#[test]
fn a_policy_is_applied_and_shown() {
    let serving = Serving::start(&[]);
    let policy = crate::support::File::new(
        "applied.yaml",
        "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n# kept\n",
    );
    let said = serving.ask(&["policy", "apply", policy.path(), "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.ends_with("\nrevision 1 is in force\n"), "{}", said.out);
    let stale = ["policy", "apply", policy.path(), "--expected-revision", "0", "--yes"];
    let said = serving.ask(&stale);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("revision 1 is in force"), "{}", said.err);
    let said = serving.ask(&["policy", "show"]);
    assert!(said.out.ends_with("# kept\n"), "{}", said.out);
}

#[test]
fn a_second_process_is_refused_and_told_why() {
    let serving = Serving::start(&[]);
    let store = serving.directory.path().join("courtesy-data");
    let store = store.to_str().unwrap();
    let second = courtesy(
        &[&["serve", "--listen", "127.0.0.1:0"][..], &NO_PAGES, &["--store", store]].concat(),
    );
    assert_eq!(second.code, 2);
    assert!(second.err.contains("in use by another courtesy process"), "{}", second.err);
    let address = serving.url("API").replace("http://", "");
    let third = courtesy(&[&["serve", "--listen", &address][..], &NO_PAGES].concat());
    assert_eq!(third.code, 2);
    assert!(third.err.contains("in use by another process"), "{}", third.err);
    assert_eq!(serving.ask(&with(&["check"], &[])).code, 0, "the first goes on");
}

#[test]
fn only_this_machine_may_ask_unless_an_operator_says_so() {
    let said = courtesy(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--allow-unauthenticated"), "{}", said.err);
}

#[test]
fn a_working_directory_that_is_gone_is_no_damaged_store() {
    let directory = tempfile::tempdir().unwrap();
    let (store, gone) = (directory.path().join("store"), directory.path().join("gone"));
    std::fs::create_dir(&gone).unwrap();
    let script = "cd \"$1\" && rmdir \"$1\" && exec \"$0\" serve --listen 127.0.0.1:0 --operations off \
                  --pages off --console off --store \"$2\"";
    let said = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_courtesy")])
        .args([&gone, &store])
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.code() == Some(2) && err.contains("was started is gone"), "{err}");
    assert!(!err.contains("damaged"), "{err}");
}

#[test]
fn the_operations_port_answers_and_counts() {
    let serving = Serving::start(&[]);
    assert_eq!(serving.ask(&with(&["check"], &[])).code, 0);
    let url = serving.url("operations");
    for (page, needle) in [
        ("livez", "alive"),
        ("readyz", "ready"),
        ("version", "tzdb_version"),
        (
            "metrics",
            "courtesy_decisions_total{channel=\"email\",purpose=\"marketing\",decision=\"ALLOW\",reason=\"\"} 1",
        ),
    ] {
        let answer = http::get(&format!("{url}/{page}"), &[]);
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains(needle), "{}", answer.body);
    }
}

#[test]
fn the_effective_configuration_names_its_origins() {
    let file = crate::support::File::new("courtesy.toml", "threads = 3\ndrain = \"5s\"\n");
    let said = courtesy(&["config", "--config", file.path(), "--threads", "1"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let line = |key| said.out.lines().find(|it| it.starts_with(key)).unwrap_or_default();
    assert!(
        line("threads").starts_with("threads = 1 ")
            && line("threads").ends_with("# flag or environment")
    );
    assert!(line("drain").ends_with("# file") && line("listen").ends_with("# default"));

    let said = courtesy(&["config", "--config", file.path(), "--threads", "1", "--json"]);
    let settings: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let settings = settings["settings"].as_array().unwrap();
    let of = |key: &str| settings.iter().find(|it| it["key"] == key).unwrap();
    assert_eq!(of("threads")["value"], 1);
    assert_eq!(of("threads")["origin"], "flag or environment");
    assert!(of("listen")["value"].is_string(), "{}", of("listen"));

    let file = crate::support::File::new("wrong.toml", "threds = 3\n");
    let said = courtesy(&["config", "--config", file.path()]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("line 1") && said.err.contains("threds"), "{}", said.err);
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_is_fine() {
    let directory = tempfile::tempdir().unwrap();
    let (store, taken) =
        (directory.path().join("store"), std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let address = taken.local_addr().unwrap().to_string();
    let store_flags = ["--store", store.to_str().unwrap()];
    let healthy = [&["doctor", "--listen", "127.0.0.1:0"][..], &NO_PAGES, &store_flags].concat();
    let said = courtesy(&healthy);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(!said.out.contains("WRONG"), "{}", said.out);

    let said = courtesy(&[&healthy[..], &["--json"]].concat());
    let findings: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let first = &findings["findings"][0];
    assert_eq!((&first["state"], &first["subject"]), (&"ok".into(), &"configuration".into()));
    assert!(first["message"].as_str().unwrap().contains("it can be read"), "{first}");

    std::fs::write(&store, "no directory").unwrap();
    let said = courtesy(&healthy);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("WRONG    store"), "{}", said.out);
    let said = courtesy(&[
        "doctor",
        "--listen",
        "0.0.0.0:0",
        "--operations",
        &address,
        "--tzdb",
        "/nowhere",
    ]);
    assert_eq!(said.code, 1);
    for needle in ["WRONG    exposure", "WRONG    time zones"] {
        assert!(said.out.contains(needle), "`{needle}` is not in: {}", said.out);
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let said = courtesy(&["completions", shell]);
        assert_eq!(said.code, 0);
        assert!(said.out.contains("opt-out") && said.out.contains("reserve"));
    }
    let directory = tempfile::tempdir().unwrap();
    let said = courtesy(&["man", "--out", directory.path().to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    let page = std::fs::read_to_string(directory.path().join("courtesy-serve.1")).unwrap();
    assert!(page.contains("COURTESY_LISTEN"));
    assert!(!directory.path().join("courtesy-help.1").exists());
}

#[test]
fn how_a_message_is_understood_is_explained() {
    let said = courtesy(&["inbound", "explain", "Please take my number off your list!"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    for part in [
        "clause   please take my number off your list",
        "en LIST",
        "meaning  stop",
        "line     en.tsv:",
    ] {
        assert!(said.out.contains(part), "{part} is missing: {}", said.out);
    }
    let said = courtesy(&["inbound", "explain", "--json", "ЅТОР"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((json["meaning"].as_str(), json["words"].as_str()), (Some("stop"), Some("stop")));
}
