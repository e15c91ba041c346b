//! A long time under load: whether the memory of the servers stays what it is.

use std::fmt::Write;
use std::time::Duration;

use crate::call::Question;
use crate::call::What;
use crate::contender::Contender;
use crate::contender::On;
use crate::contender::Sort;
use crate::world::World;

/// How many times the memory is looked at.
const LOOKS: u32 = 20;

/// Asks both stores in turn for so long, checks, reservations and batches, and says how much memory
/// there was over time.
pub(crate) async fn run(world: &mut World, length: Duration) -> String {
    let mut text = "| minute | contacts asked about | embedded MiB | on Redis MiB | Redis MiB |\n\
                    |--:|--:|--:|--:|--:|\n"
        .to_owned();
    let contenders = contenders();
    let window = length / LOOKS / u32::try_from(contenders.len()).unwrap();
    let (mut contacts, mut seconds) = (0, Duration::ZERO);
    for _ in 0..LOOKS {
        for contender in &contenders {
            let measured = world.run(contender, window).await;
            contacts += measured.rate * u64::try_from(window.as_millis()).unwrap() / 1_000;
        }
        seconds += length / LOOKS;
        let [embedded, on_redis, redis] = world.memory_mib();
        let minute = format!("{}.{}", seconds.as_secs() / 60, seconds.as_secs() % 60 / 6);
        eprintln!("minute {minute}");
        writeln!(text, "| {minute} | {contacts} | {embedded} | {on_redis} | {redis} |").unwrap();
    }
    text
}

fn contenders() -> Vec<Contender> {
    let mut all = Vec::new();
    for on in [On::Embedded, On::Redis] {
        for (what, batch) in
            [(What::Check, None), (What::Reserve, None), (What::Check, Some(1_000))]
        {
            let sort = Sort::Courtesy(on, Question { what, allowed: true, batch });
            all.push(Contender { sort, history: 30, in_flight: batch.map_or(16, |_| 4) });
        }
    }
    all
}
