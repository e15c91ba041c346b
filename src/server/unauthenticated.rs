//! Calls whose credential was not accepted: counted by reason, and logged at a bounded rate, so
//! that an operator sees guessing, and a guesser cannot fill a log. The credential
//! itself is never written anywhere.

use std::num::NonZeroU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use governor::DefaultDirectRateLimiter;
use governor::Quota;
use governor::RateLimiter;
use strum::VariantArray;

use crate::access::Refused;
use crate::access::Unverified;
use crate::telemetry::Metrics;

/// The number of refusals that are logged in a second; the others are counted in the next line.
const LINES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN;

/// The reason of a call without a credential.
const MISSING: &str = "missing";

/// Counts and logs refused authentications.
#[derive(Debug)]
pub(super) struct Unauthenticated {
    metrics: Metrics,
    lines: DefaultDirectRateLimiter,
    unlogged: AtomicU64,
}

impl Unauthenticated {
    pub(super) fn new(metrics: Metrics) -> Self {
        // Counters of events that have not happened start at zero, so that the first event is seen
        // as an increase.
        metrics.authentications_refused(MISSING, 0);
        for why in Unverified::VARIANTS {
            metrics.authentications_refused(why.into(), 0);
        }
        let lines = RateLimiter::direct(Quota::per_second(LINES_PER_SECOND));
        Self { metrics, lines, unlogged: AtomicU64::new(0) }
    }

    /// Notes that a call was refused, if that was for its credential.
    pub(super) fn note(&self, refused: &Refused) {
        let reason = match refused {
            Refused::Missing => MISSING,
            Refused::Unknown(why) => why.into(),
            Refused::Role { .. } | Refused::TooOften { .. } => return,
        };
        self.metrics.authentications_refused(reason, 1);
        if self.lines.check().is_err() {
            self.unlogged.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let unlogged = self.unlogged.swap(0, Ordering::Relaxed);
        tracing::warn!(reason, unlogged, "a call was refused: its credential is not accepted");
    }
}
