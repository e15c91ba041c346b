//! How fast courtesy is, against the least that the same answers could cost.
//!
//! `cargo bench --bench server` starts everything itself: Redis, courtesy on Redis and on its own
//! store, and a bare tonic server on the same runtime. It needs `redis-server`. All contenders run
//! in turn, round after round, so that what else the machine does concerns all of them; what to
//! trust are the ratios.
//!
//! It takes a quarter of an hour, `-- --quick` two minutes. `-- --only TEXT` runs the contenders
//! whose names hold it. `-- --rounds N --millis N` say how often and how long each runs.
//! `-- --soak SECONDS` compares nothing: it goes on for so long, and shows how much memory the
//! servers have meanwhile.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "what cannot be set up fails the benchmark, which measures real time and prints"
)]

mod aims;
mod call;
mod contender;
#[path = "../../tests/properties/dice.rs"]
#[expect(dead_code, reason = "tests draw more than benchmarks do")]
mod dice;
mod echo;
mod load;
mod process;
mod seed;
mod servers;
mod soak;
mod table;
mod world;

use std::fs;
use std::time::Duration;

use mimalloc::MiMalloc;

use crate::world::World;

/// As in courtesy itself.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [first, answer] = args.as_slice()
        && first == "echo"
    {
        return echo::serve(answer);
    }
    let value = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)
    };
    let number = |name: &str| value(name).map(|text| text.parse::<u64>().unwrap());
    let quick = args.iter().any(|arg| arg == "--quick");
    let rounds = number("--rounds").unwrap_or(if quick { 3 } else { 7 });
    let millis = number("--millis").unwrap_or(if quick { 250 } else { 1_000 });
    let only = value("--only").map(String::as_str).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if let Some(seconds) = number("--soak") {
        return runtime.block_on(soak(Duration::from_secs(seconds)));
    }
    runtime.block_on(measure(rounds, Duration::from_millis(millis), only));
}

async fn measure(rounds: u64, window: Duration, only: &str) {
    println!("load before: {}", machine_load());
    let mut world = World::start().await;
    let chosen = contender::all().into_iter().filter(|it| it.to_string().contains(only));
    let mut measured: Vec<_> = chosen.map(|contender| (contender, Vec::new())).collect();
    for round in 1..=rounds {
        for (contender, results) in &mut measured {
            results.push(world.run(contender, window).await);
        }
        let [embedded, on_redis, redis] = world.memory_mib();
        eprintln!(
            "round {round} of {rounds}; memory: embedded {embedded} MiB, on Redis {on_redis} MiB, \
             Redis {redis} MiB"
        );
    }
    println!("load after: {}\n", machine_load());
    println!("{rounds} rounds of {} ms each\n", window.as_millis());
    println!("{}", table::all(&measured));
    println!("{}", aims::all(&measured));
}

async fn soak(length: Duration) {
    let mut world = World::start().await;
    println!("{}", soak::run(&mut world, length).await);
}

/// What else the machine had to do.
fn machine_load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{} on {cores} cores", load.trim())
}
