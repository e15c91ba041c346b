//! What follows a campaign, as people say it: `confirm`, `release`, `engage` and `import-contacts`
//! with lists, a real server, real files.

mod engage;
mod import_contacts;
mod settle;

use std::path::PathBuf;

use courtesy::clock::Clock;
use courtesy::model::Span;
use serde_json::Value;

use crate::command::Serving;
use crate::support::Said;

/// A server with the starter policy, and a directory for files.
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

    /// Says a list of this name and content.
    fn say(&self, command: &str, (name, content): (&str, &str), more: &[&str]) -> Said {
        let file = self.file(name, content);
        self.again(command, &file, more)
    }

    fn again(&self, command: &str, file: &str, more: &[&str]) -> Said {
        self.serving.ask(&[&[command, file], more].concat())
    }

    /// Reserves contacts for the recipients of a list, and returns the file that names them.
    fn reserve(&self, name: &str, content: &str, more: &[&str]) -> String {
        let list = self.file(name, content);
        let out = self.path(&format!("sent-{name}")).to_str().unwrap().to_owned();
        let clear = ["clear", &list, "-o", &out, "--channel", "email", "--purpose", "marketing"];
        let said =
            self.serving.ask(&[&clear, &["--reserve", "--run", "spring"][..], more].concat());
        assert!(said.code < 2, "{}", said.err);
        out
    }

    /// The states of a customer's contacts, the newest first.
    fn states(&self, customer: &str) -> Vec<String> {
        let said = self.serving.ask(&["history", "--customer", customer, "--json"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let json: Value = serde_json::from_str(&said.out).unwrap();
        let contacts = json["contacts"].as_array().cloned().unwrap_or_default();
        let state = |it: &Value| it["state"].as_str().unwrap().replace("CONTACT_STATE_", "");
        contacts.iter().map(state).collect()
    }

    /// Whether another e-mail may be sent, and why not.
    fn check(&self, customer: &str) -> String {
        let check =
            ["check", "--customer", customer, "--channel", "email", "--purpose", "marketing"];
        self.serving.ask(&check).out
    }
}

/// A time so many hours ago.
fn ago(hours: u32) -> String {
    Clock::system().now().minus(Span::from_hours(hours)).to_string()
}

/// The sums of a command with `--json`.
#[track_caller]
fn sums(said: &Said) -> Value {
    assert!(said.out.starts_with('{'), "{}{}", said.out, said.err);
    serde_json::from_str(&said.out).unwrap()
}

/// One of its counts.
#[track_caller]
fn count(said: &Said, what: &str) -> u64 {
    sums(said).pointer(&format!("/counts/{what}")).unwrap().as_u64().unwrap()
}
