//! What courtesy does when more is asked of it than it can answer.
//!
//! `cargo bench --bench overload` starts courtesy on its own store on one core (`taskset`) and asks
//! it from another, first as much as it can answer, then by the clock, whether it keeps up or not:
//! up to two times as much. What to trust are the ratios of one run. `-- --seconds N` says how long
//! each part takes.
//!
//! `-- --attacks` measures instead what callers see while strangers attack, and while a tenant asks
//! for the most that is allowed; for 60 seconds each, or as `--seconds` says.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "what cannot be set up fails the benchmark, which measures real time and prints"
)]

mod attacks;
mod flood;
#[path = "../server/process.rs"]
mod process;
mod tally;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use mimalloc::MiMalloc;
use tempfile::TempDir;

use crate::flood::Flood;
use crate::process::Process;
use crate::tally::Tally;

/// As in courtesy itself.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How much is asked in each part, in tenths of what can be answered.
const TENTHS: [u64; 8] = [5, 8, 10, 12, 15, 20, 20, 5];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let at = args.iter().position(|arg| arg == "--seconds");
    let seconds = at.map(|at| args[at + 1].parse::<u64>().unwrap());
    // Before there are other threads, so that all of this process stays off the server's core.
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-pc", "1", &own]).output();
    assert!(pinned.is_ok_and(|it| it.status.success()), "needs `taskset` and two cores");
    if args.iter().any(|arg| arg == "--attacks") {
        attacks::measure(Duration::from_secs(seconds.unwrap_or(60)));
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure(Duration::from_secs(seconds.unwrap_or(5))));
}

async fn measure(window: Duration) {
    let directory = TempDir::new().unwrap();
    let (process, url) = serve(directory.path());
    let mut flood = Flood::to(&url);
    flood.introduce().await;
    let capacity = flood.capacity(window).await;
    println!("capacity: {capacity} calls/s, answered in turn\n");
    let mut parts = Vec::new();
    for tenths in TENTHS {
        let before = process.cpu_nanos();
        let tally = flood.at_rate(capacity * tenths / 10, window).await;
        let busy = u128::from(process.cpu_nanos() - before) * 100 / window.as_nanos();
        parts.push(((tenths, u64::try_from(busy).unwrap()), tally));
    }
    let peak = parts.iter().map(|(_, tally)| tally.good_rate(window)).max().unwrap();
    println!("{}", Tally::heads());
    for (asked, tally) in &mut parts {
        println!("{}", tally.row(*asked, peak, window));
    }
}

/// `courtesy serve` on the first core, as in production but for its ports.
fn serve(directory: &Path) -> (Process, String) {
    let mut command = Command::new("taskset");
    command
        .args(["-c", "0", env!("CARGO_BIN_EXE_courtesy"), "serve", "--listen", "127.0.0.1:0"])
        .args(["--console", "off", "--pages", "off", "--operations", "127.0.0.1:0"])
        .current_dir(directory);
    let mut process = Process::start(&mut command);
    let url = process.api();
    (process, url)
}
