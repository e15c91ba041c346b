//! The bytes of requests that are worked on, which are bounded over all calls.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// The maximum number of bytes of requests at once.
const BYTES_MAX: usize = 64 << 20;

/// The bytes of all requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights(Arc<AtomicUsize>);

/// The bytes of one request, until it has been answered.
#[derive(Debug)]
pub(super) struct Weight {
    all: Arc<AtomicUsize>,
    own: AtomicUsize,
}

/// There are too many bytes already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooHeavy;

impl Weights {
    /// The weight of a request of which nothing has arrived.
    pub(super) fn weight(&self) -> Arc<Weight> {
        Arc::new(Weight { all: Arc::clone(&self.0), own: AtomicUsize::new(0) })
    }
}

impl Weight {
    /// Adds what has arrived of the request.
    pub(super) fn add(&self, bytes: usize) -> Result<(), TooHeavy> {
        self.own.fetch_add(bytes, Ordering::Relaxed);
        let before = self.all.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > BYTES_MAX { Err(TooHeavy) } else { Ok(()) }
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_bounded_together_and_give_back_what_they_took() {
        let weights = Weights::default();
        let [first, second] = [weights.weight(), weights.weight()];
        assert_eq!(first.add(BYTES_MAX - 1), Ok(()));
        assert_eq!(second.add(1), Ok(()));
        assert_eq!(second.add(1), Err(TooHeavy));
        drop(second);
        assert_eq!(first.add(1), Ok(()));
        drop(first);
        assert_eq!(weights.weight().add(BYTES_MAX), Ok(()));
    }
}
