//! The bounds of histograms, in seconds.

use prometheus_client::metrics::histogram::Histogram;

/// The store: from 50 microseconds to half a second, each bucket about twice the one before.
pub(super) fn store() -> Histogram {
    let bounds = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
        0.5,
    ];
    Histogram::new(bounds)
}

/// Calls: from 100 microseconds to 2.5 seconds, which is past the longest deadline.
pub(super) fn calls() -> Histogram {
    let bounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
        2.5,
    ];
    Histogram::new(bounds)
}

/// People: from ten seconds to a week.
pub(super) fn waits() -> Histogram {
    let (minute, hour, day) = (60.0, 3_600.0, 86_400.0);
    let bounds = [
        10.0, 30.0, minute, 120.0, 300.0, 900.0, 1_800.0, hour, 7_200.0, 14_400.0, 28_800.0, day,
        172_800.0, 604_800.0,
    ];
    Histogram::new(bounds)
}
