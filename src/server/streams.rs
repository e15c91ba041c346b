//! Streams that are open. Those of strangers, who watch health or ask reflection, are bounded apart
//! from those of callers, and for each source: the oldest makes way for the newest, with its
//! connection.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use http::Request;

use crate::server::connections::Connection;
use crate::server::connections::Limits;
use crate::server::connections::Source;
use crate::server::methods::Priority;
use crate::server::shared::Bound;
use crate::server::shared::Permit;

/// The streams of all callers and strangers.
#[derive(Debug)]
pub(super) struct Streams {
    callers: Bound,
    strangers: Arc<Strangers>,
    strangers_max: usize,
    strangers_per_address: usize,
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
        Self {
            callers: Bound::streams(),
            strangers: Arc::default(),
            strangers_max: limits.stranger_streams_max,
            strangers_per_address: limits.stranger_streams_per_address,
            age_max: limits.stream_age_max,
        }
    }

    /// Whether no caller has one.
    pub(super) fn are_empty(&self) -> bool {
        self.callers.is_empty()
    }

    /// StreamPermit for a stream, if there is some. It is a caller's if the connection is.
    pub(super) fn take<B>(&self, request: &Request<B>) -> Option<StreamPermit> {
        match Connection::of(request.extensions()) {
            Some(connection) if !connection.is_known() => self.take_stranger(request, connection),
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
