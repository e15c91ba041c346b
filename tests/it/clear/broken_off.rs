//! A run that breaks off goes on where it was, ends as if it had not, and reserves nothing twice.

use std::fmt::Write;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use super::Desk;
use super::cells;
use super::objects;
use super::sums;
use crate::command::Serving;

const COUNT: usize = 12_000;
const RESERVE: [&str; 4] = ["--reserve", "--json", "--id-column", "who"];

/// So many recipients, some of them over two lines.
fn many() -> String {
    let mut text = "who,note\n".to_owned();
    for number in 0..COUNT {
        let end = if number % 10 == 0 { "\"a,\n\"\"b\"\"\"" } else { "x" };
        writeln!(text, "customer-{number:05},{end}").unwrap();
    }
    text
}

/// Starts a run, and waits until a part of it is on disk. It runs at a low priority, so that it is
/// not over before the test has seen that.
fn start(desk: &Desk, name: &str, more: &[&str]) -> Child {
    let url = desk.serving.url("API");
    let child = Command::new("nice")
        .args(["-n", "19", env!("CARGO_BIN_EXE_courtesy")])
        .args(desk.command(name, more))
        .args(["--server", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    let state = desk.path(&format!("{}.courtesy-clear", desk.out(name).display()));
    while !std::fs::read_to_string(&state).is_ok_and(|text| text.contains("\"byte\"")) {
        assert!(child.try_wait().unwrap().is_none(), "it was over before it was looked at");
        let (_sender, receiver) = mpsc::channel::<()>();
        assert!(receiver.recv_timeout(Duration::from_millis(5)).is_err());
    }
    assert!(!desk.out(name).exists(), "an output that is not complete is not there");
    child
}

/// Checks that all rows are in the output, each once, in their order and reserved under its own
/// name; and that each customer has one contact.
fn check_reserved(desk: &Desk, run: &str) {
    let rows = cells(&std::fs::read_to_string(desk.out("c.csv")).unwrap());
    assert_eq!(rows.len(), COUNT + 1);
    for (number, row) in rows[1..].iter().enumerate() {
        let note = if number % 10 == 0 { "a,\n\"b\"" } else { "x" };
        assert_eq!(row[..3], [&format!("customer-{number:05}"), note, "ALLOW"]);
        assert_eq!(row[5], format!("{run}-{}", number + 1));
    }
    let export = desk.serving.ask(&["export", "--contacts"]);
    assert_eq!((export.code, export.err.as_str()), (0, ""));
    let customers = objects(&export.out);
    let customers = customers.iter().filter(|it| it["customerId"] != "bob");
    let contacts: Vec<usize> =
        customers.map(|it| it["contacts"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(contacts.len(), COUNT);
    assert!(contacts.iter().all(|count| *count == 1), "a customer was reserved for twice");
}

#[test]
fn a_command_that_is_killed_goes_on_and_reserves_nothing_twice() {
    let desk = Desk::new();
    desk.file("c.csv", many());
    let mut run = start(&desk, "c.csv", &RESERVE);
    run.kill().unwrap();
    run.wait().unwrap();
    // What a kill between two writes leaves.
    let partial = format!("{}.partial", desk.out("c.csv").display());
    let mut torn = OpenOptions::new().append(true).open(&partial).unwrap();
    torn.write_all(b"customer-0").unwrap();

    let without = desk.clear_again("c.csv", &RESERVE);
    assert_eq!(without.said.code, 2);
    assert!(without.said.err.contains("--resume goes on with it"), "{}", without.said.err);
    let otherwise = [RESERVE.as_slice(), &["--resume", "--hold", "1m"]].concat();
    let otherwise = desk.clear_again("c.csv", &otherwise);
    assert!(otherwise.said.err.contains("other arguments"), "{}", otherwise.said.err);

    let resumed = desk.clear_again("c.csv", &[RESERVE.as_slice(), &["--resume"]].concat());
    assert_eq!((resumed.said.code, resumed.said.err.as_str()), (0, ""));
    let sums = sums(&resumed.said);
    assert_eq!(sums["recipients"], COUNT, "each row is counted once");
    check_reserved(&desk, sums["run"].as_str().unwrap());
    assert!(desk.is_tidy("c.csv"));
}

#[test]
fn a_server_that_is_killed_is_gone_on_with() {
    let mut desk = Desk::new();
    desk.file("c.csv", many());
    let run = start(&desk, "c.csv", &RESERVE);
    desk.serving.child.kill().unwrap();
    desk.serving.child.wait().unwrap();
    let ended = run.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{err}");
    assert!(err.contains("broke off before line"), "{err}");
    let directory = std::mem::replace(&mut desk.serving.directory, tempfile::tempdir().unwrap());
    desk.serving = Serving::start_in(directory, &["--listen", "127.0.0.1:0"]);
    let resumed = desk.clear_again("c.csv", &[RESERVE.as_slice(), &["--resume"]].concat());
    assert_eq!((resumed.said.code, resumed.said.err.as_str()), (0, ""));
    check_reserved(&desk, sums(&resumed.said)["run"].as_str().unwrap());
}

#[test]
fn a_check_that_is_killed_goes_on_or_begins_again() {
    let desk = Desk::new();
    let rows: String = (0..30_000).map(|n| format!("{{\"id\": \"c{n}\"}}\n")).collect();
    desk.file("c.jsonl", &rows);
    for (more, told) in [(["--resume"].as_slice(), ""), (&[], "an earlier run was not finished")] {
        let mut run = start(&desk, "c.jsonl", &[]);
        run.kill().unwrap();
        run.wait().unwrap();
        let again = desk.clear_again("c.jsonl", more);
        assert_eq!(again.said.code, 0, "{}", again.said.err);
        assert!(again.said.err.starts_with(told) && again.said.err.is_empty() == told.is_empty());
        let rows = objects(&again.out);
        assert_eq!(rows.len(), 30_000);
        let in_order = rows.iter().enumerate().all(|(n, row)| row["id"] == format!("c{n}"));
        assert!(in_order);
        std::fs::remove_file(desk.out("c.jsonl")).unwrap();
    }
}
