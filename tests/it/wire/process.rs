//! A server in a process of its own, whose memory and end can be seen.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::SocketAddr;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread::JoinHandle;

use courtesy::proto::v1;
use prost::Message;
use tokio::runtime::Runtime;
use tonic::Code;

use super::caller::CHECK;
use super::caller::Dialect;
use super::caller::call;
use crate::api::product::email;

/// `courtesy serve` on free ports. Dropping it kills it.
pub(super) struct Process {
    child: Child,
    log: Option<JoinHandle<String>>,
    pub(super) address: SocketAddr,
    runtime: Runtime,
    _directory: tempfile::TempDir,
}

impl Process {
    pub(super) fn start() -> Self {
        Self::start_with_files(10_000)
    }

    /// One that may have only so many files and connections open.
    pub(super) fn start_with_files(files_max: u32) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let limited = format!("ulimit -n {files_max} && exec \"$0\" \"$@\"");
        let mut child = Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_courtesy"), "serve"])
            .args([
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
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let api = lines.find_map(|line| {
            let line = line.unwrap();
            let rest = line.trim().strip_prefix("API")?.trim().strip_prefix("http://")?;
            rest.split_whitespace().next()?.trim_end_matches('/').parse().ok()
        });
        let address = api.unwrap();
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = Vec::new();
            stderr.read_to_end(&mut log).unwrap();
            String::from_utf8_lossy(&log).into_owned()
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { child, log: Some(log), address, runtime, _directory: directory }
    }

    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Whether a new client is served as ever.
    #[track_caller]
    pub(super) fn assert_serves(&self) {
        let request = v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() };
        let request = request.encode_to_vec();
        let answer = self.wait(call(self.address, Dialect::Grpc, CHECK, &request));
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
    }

    /// The most memory that it ever had, in MiB.
    pub(super) fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
    }

    /// What it has written to its log, after it was killed.
    pub(super) fn into_log(mut self) -> String {
        self.child.kill().unwrap();
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
