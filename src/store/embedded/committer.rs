//! The one thread that writes.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::TrySendError;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use fjall::PersistMode;
use tokio::sync::oneshot;
use tokio::sync::watch;

use super::Spaces;
use super::agenda::Staged;
use super::fault;
use super::layout;
use super::rewrite;
use super::watermark::Watermark;
use crate::clock::Stopwatch;
use crate::model::agenda::Entry;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Health;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Trouble;
use crate::store::VALUE_BYTES_MAX;
use crate::store::Version;
use crate::store::Why;

/// The number of callers' writes that may wait. Beyond it the disk is too slow, and waiting would
/// not help.
const QUEUE: usize = 4_096;
/// The number of writes with which a batch is full.
const BATCH_MAX: usize = 1_024;
/// The longest time that a buffered write waits for its fsync.
const SYNC_AFTER: Duration = Duration::from_millis(100);

/// The way to the thread. When it is dropped, what is waiting is written and fsynced.
#[derive(Debug)]
pub(super) struct Committer {
    queue: Option<SyncSender<Vec<Write>>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Write {
    space: Space,
    key: Vec<u8>,
    expected: Option<Version>,
    what: What,
    /// The entries that are put into the agenda if it is done.
    put: Vec<Entry>,
    /// The entries that are removed from the agenda if it is done.
    taken_out: Vec<Entry>,
    durability: Durability,
    answer: oneshot::Sender<Result<Replaced, Error>>,
}

/// A value to write, and the entries that lead to it.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) replacement: Replacement,
    pub(super) entries: Vec<Entry>,
}

/// The change of a key that has the expected version.
#[derive(Debug)]
pub(super) enum What {
    /// The key gets a new value.
    Value(Bytes),
    /// The key is removed.
    Removal,
    /// The value stays, and becomes as durable as the caller wants.
    Nothing,
    /// The key is not used: only the agenda is written.
    Agenda,
}

impl Committer {
    /// Starts the thread. `stopped` gets the reason once it can no longer write.
    pub(super) fn start(
        spaces: Spaces,
        watermark: Watermark,
        batch: u64,
        stopped: watch::Sender<Health>,
    ) -> io::Result<Self> {
        let (queue, writes) = mpsc::sync_channel(QUEUE);
        let incarnations = RandomState::new();
        let mut work =
            CommitWork { spaces, watermark, batch, incarnations, stopped, unsynced: None };
        let thread = std::thread::Builder::new().name("courtesy-store".to_owned());
        let thread = thread.spawn(move || work.run(&writes))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Writes in place of the version `expected`.
    pub(super) async fn write(
        &self,
        key: &Key,
        expected: Option<Version>,
        what: What,
        durability: Durability,
    ) -> Result<Replaced, Error> {
        let (write, answered) = Write::of(key, expected, what, durability);
        self.send(vec![write])?;
        answered.await.unwrap_or_else(|_dropped| Err(silent()))
    }

    /// Writes some values in one batch.
    pub(super) async fn replace_many(
        &self,
        written: Vec<Written>,
        durability: Durability,
    ) -> Vec<Result<Replaced, Error>> {
        let writes = written.into_iter().map(|Written { replacement, entries }| {
            let Replacement { key, expected, value, expires: _ } = replacement;
            let (write, answered) = Write::of(&key, expected, What::Value(value), durability);
            (Write { put: entries, ..write }, answered)
        });
        let (writes, answers): (Vec<_>, Vec<_>) = writes.unzip();
        let mut results = Vec::with_capacity(answers.len());
        if writes.is_empty() {
            return results;
        }
        // Where they are not sent, their answers are dropped with them.
        let unsent = self.send(writes).err().map(|error| error.to_string());
        for answered in answers {
            let lost = || unsent.clone().map_or_else(silent, Error::Unavailable);
            results.push(answered.await.unwrap_or_else(|_dropped| Err(lost())));
        }
        results
    }

    /// Writes nothing but the agenda.
    pub(super) async fn write_agenda(
        &self,
        put: &[Entry],
        taken_out: &[Entry],
        durability: Durability,
    ) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let (put, taken_out) = (put.to_vec(), taken_out.to_vec());
        let (space, key, what) = (Space::Notes, Vec::new(), What::Agenda);
        let write = Write { space, key, expected: None, what, put, taken_out, durability, answer };
        self.send(vec![write])?;
        answered.await.unwrap_or_else(|_dropped| Err(silent())).map(drop)
    }

    fn send(&self, writes: Vec<Write>) -> Result<(), Error> {
        let gone = || Error::Unavailable("its writing thread has stopped".to_owned());
        match self.queue.as_ref().ok_or_else(gone)?.try_send(writes) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => {
                Err(Error::Unavailable(format!("{QUEUE} writes are waiting")))
            }
            Err(TrySendError::Disconnected(_)) => Err(gone()),
        }
    }
}

/// Whether a value is short enough.
pub(super) fn check(replacement: &Replacement) -> Result<(), Error> {
    let length = replacement.value.len();
    if length <= VALUE_BYTES_MAX {
        return Ok(());
    }
    Err(Error::Unavailable(format!(
        "a value has at most {VALUE_BYTES_MAX} bytes, this has {length}"
    )))
}

/// The error for a writer that gets no answer.
pub(super) fn silent() -> Error {
    Error::Unknown("its writing thread has stopped".to_owned())
}

impl Write {
    /// A write, and where its answer arrives.
    fn of(
        key: &Key,
        expected: Option<Version>,
        what: What,
        durability: Durability,
    ) -> (Self, oneshot::Receiver<Result<Replaced, Error>>) {
        let (answer, answered) = oneshot::channel();
        let (space, key) = (key.space, layout::key(key));
        let (put, taken_out) = (Vec::new(), Vec::new());
        (Self { space, key, expected, what, put, taken_out, durability, answer }, answered)
    }
}

impl Write {
    /// The entries that are put into the agenda, and those that are removed from it.
    fn entries(&self) -> (&[Entry], &[Entry]) {
        (&self.put, &self.taken_out)
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that has panicked has nothing left to write.
            let _ended = thread.join();
        }
    }
}

struct CommitWork {
    spaces: Spaces,
    watermark: Watermark,
    /// The number of the last batch.
    batch: u64,
    incarnations: RandomState,
    /// The reason why nothing is written any more. After a failed fsync it is unknown what is on
    /// disk.
    stopped: watch::Sender<Health>,
    /// Since when there are writes that have not been fsynced.
    unsynced: Option<Stopwatch>,
}

impl CommitWork {
    fn run(&mut self, writes: &Receiver<Vec<Write>>) {
        loop {
            let first = match self.unsynced {
                Some(since) => writes.recv_timeout(SYNC_AFTER.saturating_sub(since.elapsed())),
                None => writes.recv().map_err(|_closed| RecvTimeoutError::Disconnected),
            };
            // Where an fsync fails, why it stopped has been noted.
            let _noted = match first {
                Ok(first) => {
                    let mut group = first;
                    while group.len() < BATCH_MAX
                        && let Ok(more) = writes.try_recv()
                    {
                        group.extend(more);
                    }
                    self.commit(group);
                    let due = self.unsynced.is_some_and(|since| since.elapsed() >= SYNC_AFTER);
                    if due { self.sync() } else { Ok(()) }
                }
                Err(RecvTimeoutError::Timeout) => self.sync(),
                Err(RecvTimeoutError::Disconnected) => {
                    let _noted = self.sync();
                    return;
                }
            };
        }
    }

    /// Writes a group as one batch, and answers each.
    fn commit(&mut self, group: Vec<Write>) {
        let synced = group.iter().any(|write| write.durability >= Durability::Synced);
        let mut batch = self.spaces.database.batch();
        // The values that this batch makes or removes. They are invisible before it is committed.
        let mut made: BTreeMap<(Space, Vec<u8>), Option<Stored>> = BTreeMap::new();
        let mut agenda = Staged::new(self.spaces.notes.clone());
        let mut results = Vec::with_capacity(group.len());
        let mut removes = false;
        for write in &group {
            let result = self.judge(write, &made);
            let result = result.and_then(|it| match it {
                Replaced::Done(_) => agenda.stage(&mut batch, write.entries()).map(|()| it),
                Replaced::Changed(_) => Ok(it),
            });
            if let Ok(Replaced::Done(version)) = result {
                let (space, key) = (self.spaces.of(write.space), write.key.as_slice());
                let now = match &write.what {
                    What::Value(value) => {
                        batch.insert(space, key, layout::encode(key, version, value));
                        Some(Some(Stored { version, value: value.clone() }))
                    }
                    What::Removal => {
                        batch.remove(space, key);
                        removes |= rewrite::is_noted(write.space);
                        Some(None)
                    }
                    What::Nothing | What::Agenda => None,
                };
                made.extend(now.map(|now| ((write.space, write.key.clone()), now)));
            }
            results.push(result);
        }
        let failed = match (made.is_empty() && agenda.is_empty(), synced) {
            (false, _) => self.write(batch, removes, synced).err(),
            // A caller wants to be sure of what was written before.
            (true, true) => self.sync().err(),
            (true, false) => None,
        };
        for (write, result) in group.into_iter().zip(results) {
            let result = match (&failed, result) {
                (Some(why), Ok(Replaced::Done(_))) => Err(Error::Unknown(why.clone())),
                (_, result) => result,
            };
            // A caller who has gone away does not need the answer.
            let _gone = write.answer.send(result);
        }
    }

    /// Whether a write finds the expected version, and the version that it makes or, if it makes
    /// none, would make.
    fn judge(
        &self,
        write: &Write,
        made: &BTreeMap<(Space, Vec<u8>), Option<Stored>>,
    ) -> Result<Replaced, Error> {
        if let Some(why) = self.stopped.borrow().why() {
            return Err(Error::Unavailable(why.text.clone()));
        }
        if matches!(write.what, What::Agenda) {
            return Ok(Replaced::Done(Version { incarnation: 0, counter: 0 }));
        }
        let known = made.get(&(write.space, write.key.clone())).cloned();
        let current = match known {
            Some(current) => current,
            None => self.spaces.load(write.space, &write.key)?,
        };
        let version = current.as_ref().map(|stored| stored.version);
        if version != write.expected {
            return Ok(Replaced::Changed(current));
        }
        Ok(Replaced::Done(version.map_or_else(
            || Version {
                incarnation: self.incarnations.hash_one((self.batch, made.len(), &write.key)),
                counter: 1,
            },
            |Version { incarnation, counter }| Version { incarnation, counter: counter + 1 },
        )))
    }

    fn write(
        &mut self,
        mut batch: fjall::OwnedWriteBatch,
        removes: bool,
        synced: bool,
    ) -> Result<(), String> {
        let next = self.batch + 1;
        if removes {
            let noted = rewrite::note(&self.spaces, next);
            let (key, value) = noted.map_err(fault::describe)?;
            batch.insert(&self.spaces.own, key, value);
        }
        batch.insert(&self.spaces.own, layout::BATCH_KEY, next.to_be_bytes());
        let mode = if synced { PersistMode::SyncData } else { PersistMode::Buffer };
        let written = batch.durability(Some(mode)).commit();
        written
            .map_err(|error| self.stop(&format!("a write failed: {}", fault::describe(error))))?;
        self.batch = next;
        if synced {
            self.unsynced = None;
            return self.acknowledge();
        }
        self.unsynced = self.unsynced.or_else(|| Some(Stopwatch::start()));
        Ok(())
    }

    /// Fsyncs what was only buffered so far.
    fn sync(&mut self) -> Result<(), String> {
        if self.unsynced.take().is_none() {
            return Ok(());
        }
        if let Some(why) = self.stopped.borrow().why() {
            return Err(why.text.clone());
        }
        let synced = self.spaces.database.persist(PersistMode::SyncData);
        let synced = synced
            .map_err(|error| self.stop(&format!("an fsync failed: {}", fault::describe(error))));
        synced.and_then(|()| self.acknowledge())
    }

    fn acknowledge(&mut self) -> Result<(), String> {
        let raised = self.watermark.raise(self.batch);
        raised.map_err(|error| self.stop(&format!("its watermark cannot be written: {error}")))
    }

    fn stop(&mut self, what: &str) -> String {
        let why = format!("{what}; it writes nothing more until courtesy is started again");
        tracing::error!(why, "the store has stopped writing");
        self.stopped.send_replace(Health::ReadOnly(Why::new(Trouble::Disk, why.clone())));
        why
    }
}
