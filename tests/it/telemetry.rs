//! What operators see of the service: its log, its metrics, its traces. And what they never see,
//! which is anything of a customer.

use std::path::Path;

use crate::crash::process::Process;
use crate::crash::process::Starting;
use crate::support::http;

mod canary;
mod collector;
mod decisions;
mod metrics;
mod requests;

/// Starts a server with an operations port.
#[track_caller]
fn start(store: &Path, args: &[&str]) -> Process {
    let args = [&["--operations", "127.0.0.1:0"], args].concat();
    Starting::begin(store, &args).finish().unwrap_or_else(|refused| panic!("{refused:?}"))
}

/// What a series stands at, if it is there.
fn metric(process: &Process, series: &str) -> Option<u64> {
    let text = http::get(&format!("http://{}/metrics", process.operations()), &[]).body;
    let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    value.map(|value| value.parse().unwrap())
}
