//! An import that breaks off goes on where it was, and ends as if it had not.

use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::LazyLock;

use super::Desk;
use super::count;
use super::many;
use super::moment;
use crate::command::Serving;
use crate::support::Said;

const COUNT: usize = 30_000;

/// Starts an import, and waits until a part of it is acknowledged. It runs at a low priority, so
/// that it is not over before the test has seen that, however busy the machine is.
fn start(file: &str, url: &str) -> Child {
    let child = Command::new("nice")
        .args(["-n", "19", env!("CARGO_BIN_EXE_courtesy")])
        .args(["import", file, "--json", "--server", url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    while !Path::new(&format!("{file}.courtesy-import")).exists() {
        assert!(child.try_wait().unwrap().is_none(), "it was over before it was looked at");
        moment();
    }
    child
}

fn end(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What an import that never breaks off ends in. It is the same for all.
fn undisturbed() -> &'static str {
    static EXPORT: LazyLock<String> = LazyLock::new(|| {
        let desk = Desk::new();
        assert_eq!(desk.import("c.csv", many(COUNT), &[]).code, 0);
        desk.export()
    });
    &EXPORT
}

#[test]
fn a_server_that_is_killed_is_gone_on_with() {
    let content = many(COUNT);
    let mut desk = Desk::new();
    let file = desk.file("c.csv", &content);
    let import = start(&file, &desk.serving.url("API"));
    desk.serving.child.kill().unwrap();
    desk.serving.child.wait().unwrap();
    let said = end(import);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("broke off before line"), "{}", said.err);
    assert!(said.err.contains("--resume goes on from there"), "{}", said.err);

    let directory = std::mem::replace(&mut desk.serving.directory, tempfile::tempdir().unwrap());
    desk.serving = Serving::start_in(directory, &["--listen", "127.0.0.1:0"]);
    let before = desk.ids().len();
    assert!(before > 0 && before < COUNT, "{before}");
    let said = desk.serving.ask(&["import", &file, "--resume", "--json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let all = count(&said, "imported") + count(&said, "unchanged");
    assert_eq!(all, u64::try_from(COUNT).unwrap(), "each row is counted once");
    assert!(!Path::new(&format!("{file}.courtesy-import")).exists());
    assert_eq!(desk.export(), undisturbed());
}

#[test]
fn a_server_that_is_restarted_is_waited_for() {
    let content = many(COUNT);
    let mut desk = Desk::new();
    let file = desk.file("c.csv", &content);
    let url = desk.serving.url("API");
    let import = start(&file, &url);
    let id = desk.serving.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let status = desk.serving.child.wait().unwrap();
    assert!(status.success(), "an import does not hold up the end of a server");
    let directory = std::mem::replace(&mut desk.serving.directory, tempfile::tempdir().unwrap());
    let listen = url.replace("http://", "");
    desk.serving = Serving::start_in(directory, &["--listen", &listen]);
    let said = end(import);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(desk.export(), undisturbed());
}

#[test]
fn a_command_that_is_killed_can_go_on() {
    let content = many(COUNT);
    let desk = Desk::new();
    let file = desk.file("c.csv", &content);
    let mut import = start(&file, &desk.serving.url("API"));
    import.kill().unwrap();
    import.wait().unwrap();

    let said =
        desk.serving.ask(&["import", &file, "--resume", "--json", "--map", "id=customer_id"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("was begun with other arguments"), "{}", said.err);
    let said = desk.serving.ask(&["import", &file, "--resume", "--json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let all = count(&said, "imported") + count(&said, "unchanged");
    assert_eq!(all, u64::try_from(COUNT).unwrap());
    assert_eq!(desk.export(), undisturbed());
}

#[test]
fn a_file_that_has_changed_is_begun_again() {
    let content = many(COUNT);
    let desk = Desk::new();
    let file = desk.file("c.csv", &content);
    let mut import = start(&file, &desk.serving.url("API"));
    import.kill().unwrap();
    import.wait().unwrap();
    desk.file("c.csv", format!("{content}late,UTC,,,,\n"));
    let said = desk.serving.ask(&["import", &file, "--resume"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("has changed since"), "{}", said.err);
    let said = desk.serving.ask(&["import", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("was not finished"), "{}", said.err);
    assert_eq!(desk.ids().len(), COUNT + 1);
}
