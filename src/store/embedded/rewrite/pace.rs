//! The speed at which files are rewritten, so that callers are answered meanwhile.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread::ThreadId;
use std::time::Duration;

use fjall::compaction::filter::CompactionFilter;
use fjall::compaction::filter::CompactionFilterResult;
use fjall::compaction::filter::Context;
use fjall::compaction::filter::Factory;
use fjall::compaction::filter::ItemAccessor;
use fjall::compaction::filter::Verdict;

/// The number of bytes after which it rests, and the length of the rest: 32 MiB a second at most.
const STRIDE: usize = 256 << 10;
const REST: Duration = Duration::from_millis(8);

/// The pace of the one thread that rewrites. What the library compacts by itself has none.
#[derive(Debug, Default)]
pub(in super::super) struct Pace {
    thread: OnceLock<ThreadId>,
    hurries: AtomicBool,
    stopped: AtomicBool,
}

/// The error if it has been told to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped;

impl Pace {
    /// Notes which thread keeps it.
    pub(super) fn is_kept_by_this_thread(&self) {
        self.thread.get_or_init(|| std::thread::current().id());
    }

    /// Sets whether a caller waits for it.
    pub(super) fn hurry(&self, hurries: bool) {
        self.hurries.store(hurries, Ordering::Relaxed);
    }

    /// Ends what is being rewritten.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Rests, after some bytes.
    pub(super) fn rest(&self, bytes: usize) -> Result<(), Stopped> {
        let strides = u32::try_from(bytes / STRIDE).unwrap_or(u32::MAX).max(1);
        if !self.hurries.load(Ordering::Relaxed) {
            std::thread::park_timeout(REST.saturating_mul(strides));
        }
        self.check()
    }

    pub(super) fn check(&self) -> Result<(), Stopped> {
        if self.stopped.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }
}

/// The library's question for each value that it compacts: all are kept.
#[derive(Debug)]
pub(in super::super) struct Filters(pub(in super::super) Arc<Pace>);

impl Factory for Filters {
    fn name(&self) -> &'static str {
        "pace"
    }

    fn make_filter(&self, _context: &Context) -> Box<dyn CompactionFilter> {
        let is_kept = self.0.thread.get() == Some(&std::thread::current().id());
        Box::new(Walk { pace: is_kept.then(|| Arc::clone(&self.0)), bytes: 0 })
    }
}

/// One compaction.
struct Walk {
    /// `None` if the library compacts by itself.
    pace: Option<Arc<Pace>>,
    bytes: usize,
}

impl CompactionFilter for Walk {
    fn filter_item(&mut self, item: ItemAccessor<'_>, _: &Context) -> CompactionFilterResult {
        if let Some(pace) = &self.pace {
            self.bytes += item.key().len() + item.value()?.len();
            if self.bytes >= STRIDE {
                let stopped = |_stopped| std::io::Error::other("the store is being closed");
                pace.rest(std::mem::take(&mut self.bytes)).map_err(stopped)?;
            }
        }
        Ok(Verdict::Keep)
    }
}
