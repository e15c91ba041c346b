//! A server with credentials, and where everything is.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use tonic::transport::Certificate;

use crate::process::Process;

/// A server of its own.
pub(super) struct World {
    pub(super) process: Process,
    pub(super) places: Places,
    directory: TempDir,
}

/// Where the server is, and the keys of its callers.
#[derive(Clone)]
pub(super) struct Places {
    pub(super) api: SocketAddr,
    pub(super) operations: SocketAddr,
    pub(super) pages: SocketAddr,
    /// Who has signed the server's certificate, where it speaks TLS.
    pub(super) authority: Option<Certificate>,
    pub(super) key: String,
}

impl World {
    pub(super) fn start(is_tls: bool) -> Self {
        let directory = TempDir::new().unwrap();
        let path = |name: &str| directory.path().join(name).display().to_string();
        let credentials = path("credentials.toml");
        let key = key(directory.path(), &credentials);
        let free = "127.0.0.1:0";
        let mut command = Command::new("taskset");
        command.args(["-c", "0", env!("CARGO_BIN_EXE_courtesy"), "serve", "--listen", free]);
        command.args([
            "--console",
            "off",
            "--pages",
            free,
            "--operations",
            free,
            "--credentials-file",
            &credentials,
        ]);
        let authority = is_tls.then(|| certificate(directory.path()));
        if is_tls {
            let (certificate, key) = (path("server.pem"), path("server.key"));
            command.args(["--tls-cert-file", &certificate, "--tls-key-file", &key]);
        }
        let mut process = Process::start(command.current_dir(directory.path()));
        let mut said = String::new();
        while !said.contains("/CheckContact") {
            said.push_str(&process.line().expect("courtesy did not start"));
        }
        let address = |name: &str| -> SocketAddr {
            let line = said.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            let url = line.split_whitespace().nth(1).unwrap();
            url.split_once("://").map_or(url, |(_, address)| address).parse().unwrap()
        };
        let places = Places {
            api: address("API"),
            operations: address("operations"),
            pages: address("pages"),
            authority,
            key,
        };
        Self { process, places, directory }
    }

    pub(super) fn memory_kib(&self) -> u64 {
        self.process.memory_kib()
    }

    /// Stops the server and forgets what it kept.
    pub(super) fn end(self) {
        drop(self.process);
        self.directory.close().unwrap();
    }
}

/// A key for everything that is measured.
fn key(directory: &Path, credentials: &str) -> String {
    let roles = ["--role", "sender", "--role", "crm", "--role", "auditor"];
    let made = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["credentials", "create", "bench", "--credentials-file", credentials])
        .args(roles)
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Makes a certificate that signs itself, which is its own authority.
fn certificate(directory: &Path) -> Certificate {
    let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(hosts).unwrap();
    fs::write(directory.join("server.pem"), made.cert.pem()).unwrap();
    fs::write(directory.join("server.key"), made.signing_key.serialize_pem()).unwrap();
    Certificate::from_pem(made.cert.pem())
}
