//! A closed loop: so many calls are in flight at any time, for as long as is measured.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::process::Process;

/// How long it runs before anything is measured.
const WARM_UP: Duration = Duration::from_millis(100);

/// What one run of a contender measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Contacts in a second.
    pub(crate) rate: u64,
    /// The time of a call, in nanoseconds: the median, and what one in a hundred exceeds.
    pub(crate) p50: u64,
    pub(crate) p99: u64,
    /// Processor time for each contact, in nanoseconds.
    pub(crate) server: Option<u64>,
    pub(crate) redis: Option<u64>,
}

/// Something that is done over and over.
pub(crate) trait Work: Send + 'static {
    /// Does it once, and says about how many contacts.
    fn make(&mut self) -> impl Future<Output = u64> + Send;
}

/// Runs calls, one loop for each, and measures them together with the processes that answer.
pub(crate) async fn run<W: Work>(
    calls: Vec<W>,
    window: Duration,
    servers: &[&Process],
    redis: &[&Process],
) -> Measured {
    let phase = Arc::new(Phase::default());
    let mut loops = JoinSet::new();
    for call in calls {
        loops.spawn(repeat(call, Arc::clone(&phase)));
    }
    sleep(WARM_UP).await;
    let (server_before, redis_before) = (used(servers), used(redis));
    phase.measuring.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    // A machine that has much else to do may need longer for a single call.
    while phase.ended.load(Ordering::Relaxed) == 0 {
        sleep(window).await;
    }
    phase.measuring.store(false, Ordering::Relaxed);
    let elapsed = begun.elapsed();
    let (server_after, redis_after) = (used(servers), used(redis));
    phase.over.store(true, Ordering::Relaxed);
    let mut contacts = 0;
    let mut times = Vec::new();
    while let Some(ended) = loops.join_next().await {
        let (count, own) = ended.unwrap();
        contacts += count;
        times.extend(own);
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let each = |before: Option<u64>, after: Option<u64>| {
        Some(after?.saturating_sub(before?) / contacts.max(1))
    };
    let nanos = u64::try_from(elapsed.as_nanos()).unwrap();
    Measured {
        rate: contacts.saturating_mul(1_000_000_000) / nanos,
        p50: at(50),
        p99: at(99),
        server: each(server_before, server_after),
        redis: each(redis_before, redis_after),
    }
}

/// The processor time of processes together; none where there are none.
fn used(processes: &[&Process]) -> Option<u64> {
    (!processes.is_empty()).then(|| processes.iter().map(|process| process.cpu_nanos()).sum())
}

#[derive(Default)]
struct Phase {
    measuring: AtomicBool,
    /// How many calls have ended while it was measured.
    ended: AtomicUsize,
    over: AtomicBool,
}

/// Repeats a call, and returns how many contacts it was about while it was measured, and how long
/// each call took.
async fn repeat<W: Work>(mut call: W, phase: Arc<Phase>) -> (u64, Vec<u64>) {
    let mut contacts = 0;
    let mut times = Vec::new();
    while !phase.over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let count = call.make().await;
        if phase.measuring.load(Ordering::Relaxed) {
            phase.ended.fetch_add(1, Ordering::Relaxed);
            contacts += count;
            times.push(u64::try_from(begun.elapsed().as_nanos()).unwrap());
        }
    }
    (contacts, times)
}
