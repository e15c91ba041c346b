//! What callers see while others attack: strangers who hold what they can, and tenants who ask for
//! the most that is allowed. Each attack has a server of its own.

mod callers;
mod strangers;
mod world;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use crate::attacks::callers::Report;
use crate::attacks::strangers::Attack;
use crate::attacks::world::World;

/// How long an attack goes on before anything is measured.
const BEFORE: Duration = Duration::from_secs(2);

const HEADS: &str = "| attack | checks | p50 ms | p99 ms | p99, of quiet | in 250 ms | new callers | opt-outs in 2 s | probes | memory |\n\
                     |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

/// Prints the table.
pub(crate) fn measure(window: Duration) {
    println!("{HEADS}");
    let mut quiet = None;
    for attack in Attack::ALL {
        let world = World::start(attack.is_on_tls());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(callers::introduce(&world));
        let before = world.memory_kib();
        let over = Arc::new(AtomicBool::new(false));
        let attacker = {
            let (places, over) = (world.places.clone(), Arc::clone(&over));
            thread::spawn(move || strangers::attack(attack, &places, &over))
        };
        thread::sleep(BEFORE);
        let mut peak = before;
        let report = runtime.block_on(callers::watch(&world.places, window, || {
            peak = peak.max(world.process.memory_kib());
        }));
        over.store(true, Ordering::Relaxed);
        attacker.join().unwrap();
        let quiet = *quiet.get_or_insert_with(|| report.p99());
        println!("{}", row(attack, &report, (quiet, (peak - before) / 1_024)));
        world.end();
    }
}

fn row(attack: Attack, report: &Report, (quiet, mebibytes): (Duration, u64)) -> String {
    let millis = |it: Duration| format!("{}.{}", it.as_millis(), it.as_micros() % 1_000 / 100);
    let of_quiet = report.p99().as_micros() * 10 / quiet.as_micros().max(1);
    let cells = [
        attack.name().to_owned(),
        report.checks.len().to_string(),
        millis(report.p50()),
        millis(report.p99()),
        format!("{}.{} ×", of_quiet / 10, of_quiet % 10),
        callers::share(report.soon(), report.checks.len()),
        callers::share_of(&report.new_callers),
        callers::share_of(&report.opt_outs),
        callers::share_of(&report.probes),
        format!("+{mebibytes} MiB"),
    ];
    format!("| {} |", cells.join(" | "))
}
