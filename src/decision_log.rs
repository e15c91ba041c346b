//! The decision log: what was decided, as CloudEvents, in a file or in a stream of a Redis.
//!
//! Callers never wait for it. Decisions enter a bounded queue, and a thread of its own writes them.
//! A decision that finds no room there, or cannot be written, is counted and lost. Events name
//! their customer only by a keyed hash, unless an operator chooses otherwise.

mod event;
mod pseudonym;
pub mod recent;
mod sink;

pub use pseudonym::Pseudonym;
pub use pseudonym::Pseudonyms;
pub use sink::Place;

use std::fmt;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use crate::decision_log::event::Event;
use crate::decision_log::event::Writer;
use crate::decision_log::sink::Sink;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::SampleRate;
use crate::secret::Secret;
use crate::telemetry::Metrics;

/// The number of decisions that wait to be written.
const QUEUE_MAX: usize = 8_192;
/// The number of decisions that are written in one go.
const BATCH_MAX: usize = 256;
/// The interval at which the thread checks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// The longest time for writing the rest when the service stops.
const STOP_MAX: Duration = Duration::from_secs(2);

/// The settings of the log that an operator chooses.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The place of the log.
    pub place: Place,
    /// The share of decisions that are logged.
    pub rate: SampleRate,
    /// The form in which an event names its customer.
    pub subject: Subject,
}

/// The form in which an event names its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Not at all.
    Absent,
    /// A hash under a key that is derived from the installation's secret.
    Hashed,
    /// The id that callers use.
    Plain,
}

/// A decision and its customer.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The method that was called.
    pub call: &'static str,
    /// The customer's tenant.
    pub tenant: Name,
    /// The customer.
    pub customer_id: Box<str>,
    /// The contact.
    pub contact: Contact,
    /// The time at which the contact was made, or is to be made.
    pub at: Instant,
    /// The time of the decision.
    pub now: Instant,
    /// The answer.
    pub answer: Answer,
    /// Whether it was decided without the customer's record.
    pub degraded: bool,
}

/// A message that a human has to look at. Neither it nor its words are in the log.
#[derive(Clone, Debug)]
pub struct Unclear {
    /// The customer's tenant.
    pub tenant: Name,
    /// The customer.
    pub customer_id: Box<str>,
    /// The channel it came by.
    pub channel: Name,
    /// The brand that it was written to.
    pub brand: Option<Name>,
    /// The topic that it was written to.
    pub topic: Option<Name>,
    /// The reason why a human has to look.
    pub doubt: &'static str,
    /// The time at which the customer wrote it.
    pub at: Instant,
    /// The time at which we heard it.
    pub now: Instant,
    /// The end of the suppression because of it.
    pub held_until: Option<Instant>,
}

/// An event for the log.
enum Told {
    Decided(Box<Decided>),
    Unclear(Unclear),
}

/// The reason why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The place cannot be used.
    #[error("the decision log cannot be written to {0}: {1}")]
    Place(String, String),
    /// No thread can be started for it.
    #[error("no thread for the decision log")]
    Thread(#[source] std::io::Error),
}

/// The log. Clones share it.
#[derive(Clone)]
pub struct DecisionLog(Arc<Inner>);

struct Inner {
    queue: SyncSender<Event>,
    rate: SampleRate,
    random: RandomState,
    number: AtomicU64,
    metrics: Metrics,
    stopping: Arc<AtomicBool>,
    stopped: Mutex<Receiver<()>>,
}

impl DecisionLog {
    /// Opens the log, and starts the thread that writes it.
    ///
    /// # Errors
    /// If the file cannot be written, or the Redis cannot have a stream.
    pub fn start(setting: &Setting, secret: &Secret, metrics: &Metrics) -> Result<Self, Error> {
        let (queue, queued) = mpsc::sync_channel(QUEUE_MAX);
        let (ended, stopped) = mpsc::channel();
        let stopping = Arc::new(AtomicBool::new(false));
        let sink = Sink::open(&setting.place)?;
        let random = RandomState::new();
        let writer = Writer::new(random.hash_one(0), setting.subject, secret);
        let (counted, told) = (metrics.clone(), Arc::clone(&stopping));
        let run = move || {
            write_on(&queued, (sink, writer), &counted, &told);
            if ended.send(()).is_err() {
                tracing::debug!("the end of the decision log is not waited for");
            }
        };
        thread::Builder::new().name("decisions".to_owned()).spawn(run).map_err(Error::Thread)?;
        Ok(Self(Arc::new(Inner {
            queue,
            rate: setting.rate,
            random,
            number: AtomicU64::new(1),
            metrics: metrics.clone(),
            stopping,
            stopped: Mutex::new(stopped),
        })))
    }

    /// Logs a decision, if it is among those that are logged. `decided` is asked only then.
    pub fn note(&self, decided: impl FnOnce() -> Decided) {
        let inner = &self.0;
        let number = inner.number.fetch_add(1, Ordering::Relaxed);
        if inner.rate.holds(inner.random.hash_one(number)) {
            self.queue(number, Told::Decided(Box::new(decided())));
        }
    }

    /// Logs a message that a human has to look at, whatever the sampling rate.
    pub fn note_unclear(&self, unclear: Unclear) {
        let number = self.0.number.fetch_add(1, Ordering::Relaxed);
        self.queue(number, Told::Unclear(unclear));
    }

    fn queue(&self, number: u64, told: Told) {
        if self.0.queue.try_send(Event { number, told }).is_err() {
            self.0.metrics.decisions_dropped(1);
        }
    }

    /// Writes what waits, and stops.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
        let stopped = self.0.stopped.lock();
        if !stopped.is_ok_and(|stopped| stopped.recv_timeout(STOP_MAX).is_ok()) {
            tracing::warn!("the end of the decision log was not written");
        }
    }
}

impl fmt::Debug for DecisionLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecisionLog")
    }
}

/// Writes what arrives until it is to stop and nothing waits.
fn write_on(
    queued: &Receiver<Event>,
    (mut sink, writer): (Sink, Writer),
    metrics: &Metrics,
    stopping: &AtomicBool,
) {
    let mut failing = false;
    loop {
        let first = match queued.recv_timeout(LOOK) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) if !stopping.load(Ordering::Relaxed) => continue,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        };
        let batch = std::iter::once(first).chain(queued.try_iter().take(BATCH_MAX - 1));
        let lines: Vec<Vec<u8>> = batch.map(|event| writer.write(&event)).collect();
        let written = sink.write(&lines);
        let was_failing = std::mem::replace(&mut failing, written.is_err());
        match written {
            Ok(()) => metrics.decisions_written(lines.len()),
            Err(_) => metrics.decisions_dropped(lines.len()),
        }
        match written {
            Err(why) if !was_failing => tracing::warn!(why, "the decision log cannot be written"),
            Ok(()) if was_failing => tracing::info!("the decision log is written again"),
            Ok(()) | Err(_) => {}
        }
    }
}
