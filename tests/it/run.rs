//! `courtesy run`: a server for the time of one command.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;

use crate::support::File;
use crate::support::Said;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
    budgets: [{name: daily, limit: 1, per: 24h}]\n";

fn run(policy: &File, script: &str) -> Said {
    let script = script.replace("courtesy ", &format!("{} ", env!("CARGO_BIN_EXE_courtesy")));
    courtesy(&["run", "--policy", policy.path(), "--", "sh", "-c", &script])
}

#[test]
fn a_command_has_a_server_of_its_own_whose_clock_it_sets() {
    let policy = File::new("run-clock.yaml", POLICY);
    let ask = "--customer ada --channel email --purpose marketing";
    let said = run(
        &policy,
        &format!(
            "set -e
             courtesy clock set 2027-05-09T09:00:00Z
             courtesy reserve {ask} --request-id first | head -1
             courtesy check {ask} | head -2
             courtesy clock advance 24h
             courtesy check {ask} | head -1
             courtesy policy show --json | grep revision
             echo $COURTESY_SERVER http://$COURTESY_ADDRESS"
        ),
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[0], "it is 2027-05-09T09:00:00Z");
    assert_eq!((lines[1], lines[2]), ("ALLOW", "DENY"));
    assert!(lines[3].contains("2027-05-10T09:00:00Z"), "{}", lines[3]);
    assert_eq!((lines[4], lines[5]), ("it is 2027-05-10T09:00:00Z", "ALLOW"));
    assert!(lines[6].contains("\"1\""), "{}", lines[6]);
    let (url, address) = lines[7].split_once(' ').unwrap();
    assert_eq!(url, address);
    // It is gone.
    let said = courtesy(&["health", "--server", url]);
    assert_ne!(said.code, 0);
}

#[test]
fn its_exit_code_is_the_commands() {
    let policy = File::new("run-code.yaml", POLICY);
    assert_eq!(run(&policy, "exit 0").code, 0);
    assert_eq!(run(&policy, "exit 7").code, 7);
    assert_eq!(run(&policy, "kill -KILL $$").code, 137);
    let absent = courtesy(&["run", "--", "there-is-no-such-command"]);
    assert_eq!(absent.code, 127);
    assert!(absent.err.contains("there-is-no-such-command"), "{}", absent.err);
}

#[test]
fn a_policy_that_is_wrong_starts_no_command() {
    let policy = File::new("run-wrong.yaml", &POLICY.replace("limit", "limt"));
    let said = run(&policy, "echo started");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("did you mean `limit`?"), "{}", said.err);
}

#[test]
fn no_other_servers_clock_can_be_set() {
    let serving = crate::command::Serving::start(&[]);
    let said = serving.ask(&["clock", "set", "2027-05-09"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`courtesy run` starts one"), "{}", said.err);
}

/// How a `courtesy run` ends that gets a signal at once, and what it leaves behind.
fn signalled(signal: &str, is_ripe: impl Fn(&Path) -> bool) -> (ExitStatus, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let started = directory.path().join("started");
    let script = format!("echo 1 > {}; exec cat", started.display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["run", "--", "sh", "-c", &script])
        .env("TMPDIR", directory.path())
        // What is typed at a terminal is not for it.
        .process_group(0)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Its end would end the command. Waiting for the command would close it.
    let input = child.stdin.take();
    until(PATIENCE, "something to end", || is_ripe(directory.path()).then_some(()));
    let id = child.id().to_string();
    // Said again until it is heard: who has started us may have ignored it, as `nohup` and `&` do,
    // and then it is lost that comes before the command listens.
    let status = until(PATIENCE, "the end", || {
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        child.try_wait().unwrap()
    });
    drop(input);
    let left = std::fs::read_dir(directory.path()).unwrap();
    let left = left.map(|it| it.unwrap().file_name().into_string().unwrap());
    (status, left.filter(|name| name != "started").collect())
}

fn begun(directory: &Path) -> bool {
    std::fs::read_dir(directory).unwrap().count() > 0
}

fn started(directory: &Path) -> bool {
    std::fs::read(directory.join("started")).is_ok_and(|text| !text.is_empty())
}

#[test]
fn a_signal_leaves_nothing_behind_however_early_it_comes() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        for is_ripe in [begun, started] {
            let (status, left) = signalled(signal, is_ripe);
            assert_eq!((status.code(), left), (Some(code), Vec::new()), "{signal}");
        }
        // Before it listens to signals there is nothing that it could leave.
        assert_eq!(signalled(signal, |_| true).1, Vec::<String>::new(), "{signal}");
    }
}

#[test]
fn a_server_that_is_told_to_end_while_it_starts_ends_well() {
    for _ in 0..3 {
        let directory = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--operations",
                "off",
                "--console",
                "off",
                "--pages",
                "off",
            ])
            .current_dir(directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let store = directory.path().join("courtesy-data");
        until(PATIENCE, "the store", || store.exists().then_some(()));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}
