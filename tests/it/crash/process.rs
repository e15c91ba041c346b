//! `courtesy serve` as a process that can be killed.

use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::wait::PATIENCE;
use crate::wait::until_ok;
use tonic::transport::Channel;

/// A server that answers.
pub(crate) struct Process {
    child: Child,
    address: String,
    operations: Option<String>,
    errors: tempfile::NamedTempFile,
    /// Open for as long as the server may write to it.
    _greeting: BufReader<ChildStdout>,
}

/// A server that did not start, and what it said.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: Option<i32>,
    pub(crate) err: String,
}

/// A server that has begun to start.
pub(crate) struct Starting {
    child: Child,
    errors: tempfile::NamedTempFile,
    /// Whether it logs in JSON, and prints no greeting.
    logs_json: bool,
}

impl Starting {
    pub(crate) fn begin(store: &Path, args: &[&str]) -> Self {
        Self::begin_as(Command::new(env!("CARGO_BIN_EXE_courtesy")), store, args)
    }

    /// Starts it as `command` does, which needs the arguments only.
    pub(crate) fn begin_as(mut command: Command, store: &Path, args: &[&str]) -> Self {
        let errors = tempfile::NamedTempFile::new().unwrap();
        let here = ["--listen", "127.0.0.1:0"];
        let console = ["--console", "off"];
        let listen = if args.contains(&"--listen") { &[][..] } else { &here };
        let pages = if args.contains(&"--pages") { &[][..] } else { &["--pages", "off"] };
        let child = command
            .arg("serve")
            .args(listen)
            .args(pages)
            .args(console)
            .arg("--store")
            .arg(store)
            .args(args)
            .env_remove("COURTESY_TZDB")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(errors.path()).unwrap())
            .spawn()
            .unwrap();
        Self { child, errors, logs_json: args.contains(&"json") }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it serves, or has ended.
    pub(crate) fn finish(mut self) -> Result<Process, Refused> {
        let greeting = BufReader::new(self.child.stdout.take().unwrap());
        let (done, read) = mpsc::channel();
        let log = self.logs_json.then(|| self.errors.path().to_owned());
        std::thread::spawn(move || match log {
            Some(log) => done.send((read_log(&log), greeting)),
            None => done.send(read_greeting(greeting)),
        });
        let Ok((addresses, greeting)) = read.recv_timeout(PATIENCE) else {
            self.child.kill().unwrap();
            panic!("it neither serves nor ends: {}", text(&self.errors));
        };
        let Some((address, operations)) = addresses else {
            let code = self.child.wait().unwrap().code();
            return Err(Refused { code, err: text(&self.errors) });
        };
        let Self { child, errors, .. } = self;
        Ok(Process { child, address, operations, errors, _greeting: greeting })
    }
}

type Addresses = Option<(String, Option<String>)>;

/// Reads on until everything is known that a greeting tells.
fn read_greeting(mut greeting: BufReader<ChildStdout>) -> (Addresses, BufReader<ChildStdout>) {
    let (mut api, mut line) = (None, String::new());
    while greeting.read_line(&mut line).unwrap() > 0 {
        let address = line.split_whitespace().find(|word| word.starts_with("http://"));
        let address = address.map(str::to_owned);
        match line.split_whitespace().next() {
            Some("API") => api = address,
            Some("operations") => return (api.map(|api| (api, address)), greeting),
            _ => {}
        }
        line.clear();
    }
    (None, greeting)
}

/// Reads the log until it says that it serves; the first line has the addresses.
fn read_log(path: &Path) -> Addresses {
    loop {
        let log = std::fs::read_to_string(path).ok()?;
        let lines = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let lines = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let lines: Vec<_> = lines.collect();
        let of = |name: &str| Some(format!("http://{}", lines.first()?[name].as_str()?));
        if lines.iter().any(|line| line["message"] == "serving") {
            return of("listen").map(|api| (api, of("operations")));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn text(file: &tempfile::NamedTempFile) -> String {
    String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned()
}

impl Process {
    pub(crate) fn start(store: &Path, args: &[&str]) -> Result<Self, Refused> {
        let args = [&["--operations", "off"], args].concat();
        Starting::begin(store, &args).finish()
    }

    /// A connection of its own. It must be made inside a runtime.
    pub(crate) fn connect(&self) -> Channel {
        Channel::from_shared(self.address.clone()).unwrap().connect_lazy()
    }

    /// Where the API is, as a URL.
    pub(crate) fn api(&self) -> &str {
        &self.address
    }

    /// Where the operations port is, `host:port`.
    pub(crate) fn operations(&self) -> &str {
        self.operations.as_ref().unwrap().trim_start_matches("http://")
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Lets it stand still, as a paused machine does.
    pub(crate) fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end that has been asked for.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        until_ok(PATIENCE, "it ends", || {
            self.child.try_wait().unwrap().ok_or_else(|| text(&self.errors))
        })
    }

    /// What it has written to standard error so far.
    pub(crate) fn errors(&self) -> String {
        text(&self.errors)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_alive() {
            self.kill();
        }
    }
}
