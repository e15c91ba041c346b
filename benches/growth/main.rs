//! How the cost of an answer grows: with a customer's history, with rules, customers, tenants,
//! instances and shards.
//!
//! `cargo bench --bench growth` starts everything itself and prints a table for each. It needs
//! `redis-server`, for clusters `redis-cli`, and for what it slows down the right to make control
//! groups: run it as root. `-- --only history` (or `rules`, `customers`, `tenants`, `instances`,
//! `shards`) prints one of them. `-- --customers-max 10000000` goes further than a million; ten
//! million need 10 GB of disk and some minutes. `-- --rounds N --millis N` say how often and how
//! long each line is measured.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "what cannot be set up fails the benchmark, which measures real time and prints"
)]

mod ask;
mod cluster;
mod customers;
#[path = "../../tests/properties/dice.rs"]
#[expect(dead_code, reason = "tests draw more than benchmarks do")]
mod dice;
mod group;
mod history;
mod instances;
#[path = "../server/load.rs"]
#[expect(dead_code, reason = "shared with the benchmark of the server, which shows more of it")]
mod load;
#[path = "../server/process.rs"]
mod process;
mod rules;
mod seed;
#[path = "../server/servers.rs"]
#[expect(dead_code, reason = "shared with the benchmark of the server, which has an echo")]
mod servers;
mod shards;
mod table;
mod tenants;

use std::time::Duration;

use mimalloc::MiMalloc;

/// As in courtesy itself.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: u64,
    pub(crate) window: Duration,
    pub(crate) customers_max: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)
    };
    let number = |name: &str| value(name).map(|text| text.parse::<u64>().unwrap());
    let effort = Effort {
        rounds: number("--rounds").unwrap_or(5),
        window: Duration::from_millis(number("--millis").unwrap_or(1_000)),
        customers_max: number("--customers-max").unwrap_or(1_000_000),
    };
    let only = value("--only").map(String::as_str);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for name in ["history", "rules", "customers", "tenants", "instances", "shards"] {
            if only.is_some_and(|it| it != name) {
                continue;
            }
            let table = match name {
                "history" => history::measure(effort).await,
                "rules" => rules::measure(effort).await,
                "customers" => customers::measure(effort).await,
                "tenants" => tenants::measure(effort).await,
                "instances" => instances::measure(effort).await,
                _ => shards::measure(effort).await,
            };
            println!("{table}");
        }
    });
}
