//! `courtesy export` while a Redis takes no writes for a moment.

use std::process::Command;
use std::process::Stdio;

use super::server::Server;
use super::service::Service;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

/// The first call as well is repeated, since what it was refused for passes.
#[test]
fn an_export_that_is_refused_for_a_moment_is_asked_for_again() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let service = Service::start(&server.url(), &["--store-timeout", "1s"]);
    service.opt_out("ada").unwrap();
    let memory = |most| server.get::<String>(&["CONFIG", "SET", "maxmemory", most]);
    memory("1");
    let export = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["export", "--server", service.process.api()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until(PATIENCE, "it is refused", || {
        let page = format!("http://{}/metrics", service.process.operations());
        let metrics = http::get(&page, &[]).body;
        let words = ["grpc_server_handled_total", "\"ExportCustomers\"", "\"Unavailable\""];
        let mut lines = metrics.lines();
        lines.find(|line| words.iter().all(|word| line.contains(word))).map(drop)
    });
    memory("0");
    let ended = export.wait_with_output().unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert_eq!((ended.status.code(), &*err), (Some(0), ""));
    assert!(out.contains("\"ada\""), "{out}");
}
