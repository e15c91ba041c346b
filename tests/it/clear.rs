//! `courtesy clear`, as campaigns use it: real files, a real server.

mod broken_off;
mod files;
mod lists;
mod reserve;

use std::path::PathBuf;

use serde_json::Value;

use crate::command::Serving;
use crate::support::Said;

/// A server, and a directory for files.
struct Desk {
    serving: Serving,
    files: tempfile::TempDir,
}

/// What a run ended in: what it said, and the file that it wrote.
struct Cleared {
    said: Said,
    out: String,
}

impl Desk {
    /// A server with the starter policy, at which `bob` has refused everything.
    fn new() -> Self {
        Self::new_with(&[])
    }

    /// The same with some more flags.
    fn new_with(flags: &[&str]) -> Self {
        let desk = Self { serving: Serving::start(flags), files: tempfile::tempdir().unwrap() };
        desk.refuse("bob");
        desk
    }

    fn refuse(&self, customer: &str) {
        let said = self.serving.ask(&["customer", "opt-out", "--customer", customer]);
        assert_eq!(said.code, 0, "{}", said.err);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The command for a file of this name, written to `out.` and what its name ends in.
    fn command(&self, name: &str, more: &[&str]) -> Vec<String> {
        let out = self.out(name);
        let file = self.path(name).to_str().unwrap().to_owned();
        let marketing = ["--channel", "email", "--purpose", "marketing"];
        let command = ["clear", &file, "-o", out.to_str().unwrap()];
        let all = [command.as_slice(), &marketing, more].concat();
        all.into_iter().map(ToOwned::to_owned).collect()
    }

    fn out(&self, name: &str) -> PathBuf {
        let (_, extension) = name.rsplit_once('.').unwrap();
        self.path(&format!("out.{extension}"))
    }

    /// Clears a file of this name and content.
    fn clear(&self, name: &str, content: impl AsRef<[u8]>, more: &[&str]) -> Cleared {
        self.file(name, content);
        self.clear_again(name, more)
    }

    /// Clears a file that is there.
    fn clear_again(&self, name: &str, more: &[&str]) -> Cleared {
        let command = self.command(name, more);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let said = self.serving.ask(&command);
        let out = std::fs::read_to_string(self.out(name)).unwrap_or_default();
        Cleared { said, out }
    }

    /// Whether nothing is left beside the output of a file.
    fn is_tidy(&self, name: &str) -> bool {
        let out = self.out(name).to_str().unwrap().to_owned();
        ["partial", "courtesy-clear"]
            .iter()
            .all(|it| !PathBuf::from(format!("{out}.{it}")).exists())
    }
}

/// The cells of a CSV text, header included.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record.iter().map(ToOwned::to_owned).collect()).collect()
}

/// The objects of JSON Lines.
fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The sums of a run with `--json`.
fn sums(said: &Said) -> Value {
    assert!(said.out.starts_with('{'), "{}{}", said.out, said.err);
    serde_json::from_str(&said.out).unwrap()
}
