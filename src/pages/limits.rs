//! Limits how often one link may be used to save.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::Quota;
use governor::RateLimiter;
use governor::clock::Clock;
use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;

/// The number of times in an hour that a form may be saved by one link.
const PER_HOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// The number of links that are counted at once.
const LINKS_MAX: usize = 10_000;

/// Counts the forms that are saved, by link.
#[derive(Clone, Debug)]
pub(super) struct Limits(Arc<Keyed>);

type Keyed = RateLimiter<
    u64,
    HashMapStateStore<u64>,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as Clock>::Instant>,
>;

impl Limits {
    pub(super) fn new() -> Self {
        let quota = Quota::per_hour(PER_HOUR);
        Self(Arc::new(RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock)))
    }

    /// Whether one more form may be saved by a link.
    pub(super) fn admits(&self, link: u64) -> bool {
        if self.0.len() >= LINKS_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(&link).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_that_is_used_up_takes_nothing_from_another() {
        let limits = Limits::new();
        let admitted = (0..40).filter(|_| limits.admits(1)).count();
        assert!((30..40).contains(&admitted), "{admitted}");
        assert!(limits.admits(2));
    }
}
