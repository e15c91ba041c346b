//! Rewrites the files of the directory; afterwards they have nothing of the values that were
//! removed.
//!
//! Removed values stay in the journal and in older tables until these are replaced, which a small
//! store may never do by itself. So a batch that removes a customer's record, or a grant that was
//! replayed, notes that in the store's own tree, and a thread rewrites all files some time later:
//! not earlier than `When` allows, never for any other reason, and no faster than `pace` allows.

mod files;
mod pace;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

pub(super) use self::pace::Filters;
pub(super) use self::pace::Pace;
use super::Spaces;
use super::fault;
use super::layout;
use crate::clock;
use crate::clock::Stopwatch;
use crate::model::Instant;
use crate::model::Span;
use crate::store::Error;
use crate::store::Space;

/// The key of the note about the last batch that removed a value.
const REMOVED_KEY: &[u8] = b"removed";
/// The key of the note about the last such batch whose values are no longer in the files.
const REWRITTEN_KEY: &[u8] = b"rewritten";

/// The times at which files are rewritten.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The time after a value was removed.
    pub after: Span,
    /// The time after the files were last rewritten, or after the last attempt.
    pub between: Duration,
}

impl When {
    /// For records: half a day after an erasure, so that a day is enough if it has to be tried
    /// again.
    pub const RECORDS: Self =
        Self { after: Span::from_hours(12), between: Duration::from_secs(3_600) };
    /// For the few values of a journal: at once.
    pub const JOURNAL: Self = Self { after: Span::from_secs(1), between: Duration::from_secs(60) };

    /// The interval at which the thread checks whether it is time.
    fn look(self) -> Duration {
        let after = Duration::from_millis(self.after.millis().unsigned_abs());
        after.clamp(Duration::from_secs(1), Duration::from_secs(60))
    }
}

/// The values that were removed and may still be in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Removed {
    /// The number of the last batch that removed something.
    batch: u64,
    /// The first removal since the files were rewritten.
    since: Instant,
}

/// Whether the files have to be rewritten after a value of this kind was removed.
pub(super) const fn is_noted(space: Space) -> bool {
    matches!(space, Space::Customers | Space::OutageJournal)
}

/// The note that the batch with this number writes beside its removals.
pub(super) fn note(spaces: &Spaces, batch: u64) -> Result<(&'static [u8], Vec<u8>), fjall::Error> {
    let open = due(spaces)?;
    let since = open.map_or_else(clock::now, |it| it.since);
    let bytes = [batch.to_be_bytes(), since.millis().to_be_bytes()].concat();
    Ok((REMOVED_KEY, bytes))
}

/// The removals since the files were rewritten, if there are any.
fn due(spaces: &Spaces) -> Result<Option<Removed>, fjall::Error> {
    let Some(noted) = spaces.own.get(REMOVED_KEY)? else { return Ok(None) };
    let Some((batch, since)) = noted.split_first_chunk::<8>() else { return Ok(None) };
    let (batch, since) = (u64::from_be_bytes(*batch), since.first_chunk().copied());
    let since = Instant::from_millis(since.map_or(0, i64::from_be_bytes));
    let rewritten = spaces.own.get(REWRITTEN_KEY)?;
    let rewritten = rewritten.and_then(|it| layout::number(&it)).unwrap_or_default();
    Ok((rewritten < batch).then_some(Removed { batch, since }))
}

/// The thread that rewrites. When it is dropped it stops in the middle.
#[derive(Debug)]
pub(super) struct Rewriter {
    requests: Option<Sender<oneshot::Sender<Result<(), Error>>>>,
    pace: Arc<Pace>,
    thread: Option<JoinHandle<()>>,
}

impl Rewriter {
    /// Starts the thread. `pace` is that with which the trees were opened.
    pub(super) fn start(
        spaces: Spaces,
        data: PathBuf,
        when: When,
        pace: Arc<Pace>,
    ) -> io::Result<Self> {
        let (requests, asked) = mpsc::channel();
        let mut work = Work { spaces, data, when, pace: Arc::clone(&pace), last: None };
        let thread = std::thread::Builder::new().name("courtesy-rewrite".to_owned());
        let thread = thread.spawn(move || work.run(&asked))?;
        Ok(Self { requests: Some(requests), pace, thread: Some(thread) })
    }

    /// Rewrites all files now, as fast as that goes.
    pub(super) async fn rewrite(&self) -> Result<(), Error> {
        let gone = || Error::Unavailable("the thread that rewrites it has stopped".to_owned());
        let (answer, answered) = oneshot::channel();
        self.requests.as_ref().ok_or_else(gone)?.send(answer).map_err(|_closed| gone())?;
        answered.await.unwrap_or_else(|_dropped| Err(gone()))
    }
}

impl Drop for Rewriter {
    fn drop(&mut self) {
        self.pace.stop();
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            // A thread that has panicked rewrites nothing more.
            let _ended = thread.join();
        }
    }
}

struct Work {
    spaces: Spaces,
    data: PathBuf,
    when: When,
    pace: Arc<Pace>,
    /// Since the files were rewritten the last time, or that was tried.
    last: Option<Stopwatch>,
}

impl Work {
    fn run(&mut self, asked: &Receiver<oneshot::Sender<Result<(), Error>>>) {
        self.pace.is_kept_by_this_thread();
        loop {
            match asked.recv_timeout(self.when.look()) {
                Ok(answer) => {
                    self.pace.hurry(true);
                    // A caller who has gone away does not need the answer.
                    let _gone = answer.send(self.rewrite());
                    self.pace.hurry(false);
                }
                Err(RecvTimeoutError::Timeout) if self.is_time() => match self.rewrite() {
                    Ok(()) => tracing::info!("the store's files hold nothing more that was erased"),
                    Err(why) => tracing::warn!(%why, "the store's files are not rewritten yet"),
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn is_time(&self) -> bool {
        let is_early = |it: Stopwatch| it.elapsed() < self.when.between;
        // A note that cannot be read now is read later.
        let removed = due(&self.spaces).ok().flatten();
        !self.last.is_some_and(is_early) && removed.is_some_and(|it| is_due(it, self.when))
    }

    fn rewrite(&mut self) -> Result<(), Error> {
        self.last = Some(Stopwatch::start());
        let failed = |error| Error::Unavailable(fault::describe(error));
        let removed = due(&self.spaces).map_err(failed)?;
        files::rewrite(&self.spaces, &self.data, &self.pace)?;
        self.last = Some(Stopwatch::start());
        let Some(Removed { batch, .. }) = removed else { return Ok(()) };
        self.spaces.own.insert(REWRITTEN_KEY, batch.to_be_bytes()).map_err(failed)
    }
}

/// Whether enough time has passed. If the clock was set back, the time is unknown and counts as
/// enough.
fn is_due(removed: Removed, when: When) -> bool {
    let now = clock::now();
    now < removed.since || removed.since.plus(when.after) <= now
}

#[cfg(test)]
mod tests;
