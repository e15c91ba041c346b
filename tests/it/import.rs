//! `courtesy import` and `courtesy export`, as people use them: real files, a real server.

mod broken_off;
mod files;
mod lists;
mod profiles;
mod round_trip;
mod spellings;
mod wishes;

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use crate::command::Serving;
use crate::support::Said;

/// A server, and a directory for files.
struct Desk {
    serving: Serving,
    files: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { serving: Serving::start(&[]), files: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Imports a file of this name and content.
    fn import(&self, name: &str, content: impl AsRef<[u8]>, args: &[&str]) -> Said {
        let file = self.file(name, content);
        self.serving.ask(&[&["import", &file], args].concat())
    }

    /// All customers, one on each line.
    fn export(&self) -> String {
        let said = self.serving.ask(&["export"]);
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        said.out
    }

    /// The ids of all customers.
    fn ids(&self) -> Vec<String> {
        let text = self.export();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let id = |it: serde_json::Value| it.get("customerId").unwrap().as_str().unwrap().to_owned();
        lines.map(id).collect()
    }
}

/// Lets a moment pass for another process.
fn moment() {
    let (_sender, receiver) = mpsc::channel::<()>();
    assert!(receiver.recv_timeout(Duration::from_millis(5)).is_err());
}

/// The counts of an import with `--json`.
#[track_caller]
fn count(said: &Said, what: &str) -> u64 {
    assert!(said.out.starts_with('{'), "{}{}", said.out, said.err);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    json.pointer(&format!("/counts/{what}")).unwrap().as_u64().unwrap()
}

/// A file of so many customers, each with an id of its own.
fn many(count: usize) -> String {
    let mut text = "id,time_zone,jurisdictions,segments,opt_out,opt_out_time\n".to_owned();
    for number in 0..count {
        let id = number * 7_919 % count;
        let wish = if number % 5 == 0 { "channel=email,2026-01-02T03:04:05Z" } else { "," };
        writeln!(text, "customer-{id:07},Europe/Paris,FR,vip;family,{wish}").unwrap();
    }
    text
}
