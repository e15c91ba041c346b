//! Histograms of times, with their bounds in seconds.
//!
//! Each thread counts for itself, and what is read is the sum: the library's own have one lock for
//! all threads, which each call would take twice.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use prometheus_client::encoding::EncodeMetric;
use prometheus_client::encoding::MetricEncoder;
use prometheus_client::encoding::NoLabelSet;
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::TypedMetric;
use thread_local::ThreadLocal;

/// The store: from 50 microseconds to half a second, each bucket about twice the one before.
const STORE: &[f64] = &[
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
];
/// Calls: from 100 microseconds to 2.5 seconds, which is past the longest deadline.
const CALLS: &[f64] = &[
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
];
/// People: from ten seconds to a week.
const WAITS: &[f64] = &[
    10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0,
    172_800.0, 604_800.0,
];

/// A histogram of durations. Clones count together.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    bounds: &'static [f64],
    threads: Arc<ThreadLocal<OfThread>>,
}

/// The durations that one thread has seen.
#[derive(Debug)]
struct OfThread {
    /// One bucket for each bound, and one for longer durations.
    buckets: Box<[AtomicU64]>,
    /// The sum of all times, as whole seconds and what they were longer.
    secs: AtomicU64,
    nanos: AtomicU64,
}

impl Histogram {
    pub(super) fn store() -> Self {
        Self::new(STORE)
    }

    pub(super) fn calls() -> Self {
        Self::new(CALLS)
    }

    pub(super) fn waits() -> Self {
        Self::new(WAITS)
    }

    fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, threads: Arc::default() }
    }

    /// Counts a time.
    pub(super) fn observe(&self, time: Duration) {
        let counts = self.threads.get_or(|| OfThread::new(self.bounds.len()));
        let secs = time.as_secs_f64();
        let bucket = self.bounds.partition_point(|bound| *bound < secs);
        if let Some(bucket) = counts.buckets.get(bucket) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        counts.secs.fetch_add(time.as_secs(), Ordering::Relaxed);
        counts.nanos.fetch_add(u64::from(time.subsec_nanos()), Ordering::Relaxed);
    }
}

impl OfThread {
    fn new(bounds: usize) -> Self {
        let buckets = (0..=bounds).map(|_| AtomicU64::new(0)).collect();
        Self { buckets, secs: AtomicU64::new(0), nanos: AtomicU64::new(0) }
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let mut buckets: Vec<(f64, u64)> = bounds.map(|bound| (bound, 0)).collect();
        let mut sum = Duration::ZERO;
        for counts in self.threads.iter() {
            for ((_, count), seen) in buckets.iter_mut().zip(&counts.buckets) {
                *count += seen.load(Ordering::Relaxed);
            }
            let secs = Duration::from_secs(counts.secs.load(Ordering::Relaxed));
            let nanos = Duration::from_nanos(counts.nanos.load(Ordering::Relaxed));
            sum = sum.saturating_add(secs).saturating_add(nanos);
        }
        let count = buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(sum.as_secs_f64(), count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn what_threads_have_counted_is_added_up() {
        let histogram = Histogram::store();
        std::thread::scope(|scope| {
            for micros in [50, 51, 700_000] {
                let own = histogram.clone();
                scope.spawn(move || own.observe(Duration::from_micros(micros)));
            }
        });
        histogram.observe(Duration::from_millis(1_500));
        let mut registry = Registry::default();
        registry.register("took", "How long it took", histogram);
        let mut told = String::new();
        text::encode(&mut told, &registry).unwrap();
        let line = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        assert_eq!(line("took_count "), "4");
        assert_eq!(line("took_sum "), "2.200101");
        // A time is in the bucket of which it is the bound.
        assert_eq!(line("took_bucket{le=\"0.00005\"} "), "1");
        assert_eq!(line("took_bucket{le=\"0.0001\"} "), "2");
        assert_eq!(line("took_bucket{le=\"0.5\"} "), "2");
        assert_eq!(line("took_bucket{le=\"+Inf\"} "), "4");
    }
}
