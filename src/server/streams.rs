//! Streams that are open. Those of strangers, who watch health or ask reflection, are bounded apart
//! from those of callers, and for each source: the oldest makes way for the newest, with its
//! connection. How fast a source opens them is bounded too, because one that opens and loses them
//! all the time would keep a thread busy.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use governor::DefaultDirectRateLimiter;
use governor::Quota;
use governor::RateLimiter;
use http::Request;
use quick_cache::sync::Cache;

use crate::server::connections::Connection;
use crate::server::connections::Limits;
use crate::server::connections::Source;
use crate::server::methods::Priority;
use crate::server::shared::Bound;
use crate::server::shared::Permit;

/// The number of streams that a source may open at once, as a multiple of those that it may have
/// open. Each second it may open as many as it may have open.
const BURST: u32 = 4;

/// The number of sources whose rates are known. Beyond that one is forgotten.
const SOURCES_MAX: usize = 4_096;

/// The streams of all callers and strangers.
#[derive(Debug)]
pub(super) struct Streams {
    callers: Bound,
    strangers: Arc<Strangers>,
    strangers_max: usize,
    strangers_per_address: usize,
    quota: Quota,
    rates: Cache<IpAddr, Arc<DefaultDirectRateLimiter>>,
    pub(super) age_max: Duration,
}

/// The streams of strangers, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Strangers(Mutex<(u64, BTreeMap<u64, Stream>)>);

#[derive(Debug)]
struct Stream {
    source: Source,
    connection: Arc<Connection>,
}

/// The room that a stream takes, until it is dropped.
#[derive(Debug)]
pub(super) enum StreamPermit {
    Caller { _place: Permit },
    Stranger { strangers: Arc<Strangers>, number: u64 },
}

impl Streams {
    pub(super) fn new(limits: &Limits) -> Self {
        let per_address = limits.stranger_streams_per_address;
        let rate = u32::try_from(per_address).ok().and_then(NonZeroU32::new);
        let rate = rate.unwrap_or(NonZeroU32::MIN);
        let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1));
        Self {
            callers: Bound::streams(),
            strangers: Arc::default(),
            strangers_max: limits.stranger_streams_max,
            strangers_per_address: per_address,
            quota: Quota::per_second(rate).allow_burst(burst),
            rates: Cache::new(SOURCES_MAX),
            age_max: limits.stream_age_max,
        }
    }

    /// Whether no caller has a stream.
    pub(super) fn are_empty(&self) -> bool {
        self.callers.is_empty()
    }

    /// StreamPermit for a stream, if there is some. It is a caller's if the connection is.
    pub(super) fn take<B>(&self, request: &Request<B>) -> Option<StreamPermit> {
        match Connection::of(request.extensions()) {
            Some(connection) if !connection.is_known() => {
                let permit = self.take_stranger(request, connection);
                if permit.is_none() {
                    connection.note_refused_stream();
                }
                permit
            }
            _ => self
                .callers
                .take(Priority::Refusal)
                .map(|place| StreamPermit::Caller { _place: place }),
        }
    }

    fn take_stranger<B>(
        &self,
        request: &Request<B>,
        connection: &Arc<Connection>,
    ) -> Option<StreamPermit> {
        let source = connection.source(request.headers());
        if source.is_some_and(|it| !self.may_open(it)) {
            return None;
        }
        let mut strangers = self.strangers.lock();
        let (last, streams) = &mut *strangers;
        // A stream whose caller is known by now, or that was dropped, takes no room from strangers.
        let counted = || streams.values().filter(|it| it.connection.is_stranger());
        let same = |it: &&Stream| source.is_some() && it.source == source;
        let oldest = if counted().filter(same).count() >= self.strangers_per_address {
            counted().find(same)
        } else if counted().count() >= self.strangers_max {
            counted().next()
        } else {
            None
        };
        if oldest.is_some_and(|it| !it.connection.make_way_for(connection)) {
            return None;
        }
        *last += 1;
        let number = *last;
        streams.insert(number, Stream { source, connection: Arc::clone(connection) });
        drop(strangers);
        Some(StreamPermit::Stranger { strangers: Arc::clone(&self.strangers), number })
    }

    /// Whether a source has opened few enough streams lately. The question counts as an attempt.
    fn may_open(&self, source: IpAddr) -> bool {
        let new = || Ok::<_, Infallible>(Arc::new(RateLimiter::direct(self.quota)));
        let Ok(rate) = self.rates.get_or_insert_with(&source, new);
        rate.check().is_ok()
    }
}

impl Strangers {
    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Stream>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        if let Self::Stranger { strangers, number } = self {
            let removed = strangers.lock().1.remove(number);
            // Its connection is dropped without the lock.
            drop(removed);
        }
    }
}
