//! The ids of calls: our own, which the log and the caller of a failed call can both see.

use std::fmt;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;

/// The header with the id of a call that failed.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives ids. They are hard to guess, and spread evenly over all numbers.
#[derive(Debug, Default)]
pub(super) struct Requests {
    random: RandomState,
    last: AtomicU64,
}

/// The id of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Id(pub(super) u64);

impl Requests {
    pub(super) fn next(&self) -> Id {
        Id(self.random.hash_one(self.last.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Id {
    /// Writes it to the headers of the response.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::try_from(self.to_string()) {
            headers.insert(REQUEST_ID, value);
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
