//! The store's marks, by which a store is recognised, and one that has lost something is noticed.
//!
//! Each part of a store that can be lost alone holds a mark: to which installation it belongs, and
//! a counter that grows while the store is written to. An instance remembers the counters that were
//! acknowledged, and who raised them. A store that comes back without its mark, with that of
//! another installation, with a lower counter or without an acknowledged raise has lost something,
//! and so has one whose servers evict keys. Then nothing is read from it and nothing written
//! to it, until it is restored or an operator accepts what is left.
//!
//! **Invariant:** what is not acknowledged is never remembered: a fail-over that loses only what
//! no caller was promised is not a loss.

mod accept;
mod begin;
mod judge;
mod raise;
mod spelling;
mod upgrade;

pub use accept::Accepted;
pub use begin::known_loss;
pub use upgrade::Feature;
pub use upgrade::Upgraded;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;

use self::judge::Verdict;
use super::Failure;
use super::Gate;
use crate::codec::mark::Known;
use crate::codec::mark::Mark;
use crate::model::Name;
use crate::store::Error;
use crate::store::Key;
use crate::store::Space;
use crate::store::Version;

/// The newest format of what this version writes to a store. What is new in it is in `Feature`.
pub const FORMAT: u32 = 3;
/// The shortest time that the task which watches the store waits for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// The format of stores that have no mark: what every version reads.
const FORMAT_FIRST: u32 = 1;

tokio::task_local! {
    /// Set for work that may use a store that has lost something: that of looking after it.
    static TRUSTED: ();
}

/// The state of the store, as far as this instance knows it.
#[derive(Debug)]
pub(super) struct Guard {
    /// The number of this process among those that raise the counters, drawn at random.
    process: u64,
    known: Mutex<Known>,
    /// The format of what may be written to the store, as it is in `known`.
    format: AtomicU32,
    /// The loss of the store, in words; `None` if nothing is lost.
    lost: watch::Sender<Option<String>>,
    /// Whether a value was written since the counter was last raised.
    written: AtomicBool,
    /// The number of audit events that were noted since the counts were last written to the mark.
    noted: Mutex<u64>,
    /// Whether the policies have been read, here or by an earlier process.
    loaded: AtomicBool,
    /// Whether the list of tenants has been read, here or by an earlier process.
    listed: AtomicBool,
    /// The reason why the policies have not been read; `None` once they have.
    unread: watch::Sender<Option<String>>,
    /// Whether the store has confirmed that the secret is the right one.
    secret_checked: AtomicBool,
    /// Held by the task that watches the store.
    looking: tokio::sync::Mutex<()>,
}

/// The marks that were found, with their versions, of all parts that could be asked.
pub(super) type Marks = BTreeMap<u32, Option<(Mark, Version)>>;

impl Guard {
    pub(super) fn new() -> Result<Self, Failure> {
        let process = getrandom::u64();
        Ok(Self {
            process: process.map_err(|error| Failure::StoreUnavailable(error.to_string()))?,
            known: Mutex::default(),
            format: AtomicU32::new(0),
            lost: watch::Sender::new(None),
            // So that every start raises the counter.
            written: AtomicBool::new(true),
            noted: Mutex::default(),
            loaded: AtomicBool::new(false),
            listed: AtomicBool::new(false),
            unread: watch::Sender::new(None),
            secret_checked: AtomicBool::new(false),
            looking: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The format of what may be written to the store. Many ask for it with every call.
    pub(super) fn format(&self) -> u32 {
        self.format.load(Ordering::Relaxed)
    }

    pub(super) fn know(&self, known: Known) {
        self.format.store(known.store_format, Ordering::Relaxed);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Fails while the store has lost something, but for those who look after it.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let lost = self.lost.borrow();
        match &*lost {
            Some(why) if !is_trusted() => Err(Failure::StoreUnavailable(told(why))),
            Some(_) | None => Ok(()),
        }
    }

    /// Notes that the store has acknowledged a write.
    pub(super) fn note_written(&self) {
        self.written.store(true, Ordering::Relaxed);
    }

    /// Notes that an audit event was written.
    pub(super) fn note_event(&self) {
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    /// Whether the policies have been read.
    pub(super) fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Relaxed)
    }

    fn note_loaded(&self) {
        self.loaded.store(true, Ordering::Relaxed);
        self.unread.send_if_modified(|unread| unread.take().is_some());
    }

    /// Whether the list of tenants has been read.
    pub(super) fn is_listed(&self) -> bool {
        self.listed.load(Ordering::Relaxed)
    }

    pub(super) fn note_listed(&self) {
        self.listed.store(true, Ordering::Relaxed);
    }

    /// Notes why the policies have not been read, while they have not.
    fn note_unread(&self, failure: Option<&Failure>) {
        if !self.is_loaded() {
            let why = failure.map(ToString::to_string).or_else(|| self.lost.borrow().clone());
            self.unread.send_if_modified(|unread| {
                let before = std::mem::replace(unread, why);
                before != *unread
            });
        }
    }
}

/// Whether the current work belongs to the task that looks after the store.
pub(super) fn is_trusted() -> bool {
    TRUSTED.try_with(|()| ()).is_ok()
}

/// Lets work use a store that has lost something.
pub(super) fn trusted<F: Future>(work: F) -> impl Future<Output = F::Output> {
    TRUSTED.scope((), work)
}

/// The message for callers about a loss.
fn told(why: &str) -> String {
    format!("{why}; `courtesy doctor` says what to do")
}

impl Gate {
    /// The loss of the store, in words; `None` if nothing is lost.
    #[must_use]
    pub fn lost(&self) -> watch::Receiver<Option<String>> {
        self.guard.lost.subscribe()
    }

    /// The reason why this instance does not know its policies yet, in words; `None` once it does.
    #[must_use]
    pub fn unread(&self) -> watch::Receiver<Option<String>> {
        self.guard.unread.subscribe()
    }

    /// Looks at the store's marks and at what it evicts, learns what others have changed, and
    /// raises the counters if something was written.
    ///
    /// # Errors
    /// If the store cannot be read, or is not for this version.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let _one_at_a_time = self.guard.looking.lock().await;
        let looked = Box::pin(trusted(self.look_after())).await;
        self.guard.note_unread(looked.as_ref().err());
        looked
    }

    async fn look_after(&self) -> Result<(), Failure> {
        self.check_own_secret().await?;
        let known = self.guard.known();
        let marks = self.marks(&known).await?;
        self.adopt_format(&marks);
        let losses = self.asked(self.store.losses()).await?;
        match judge::judge(&known, &marks, &losses) {
            Verdict::Unmarked => {
                self.learn().await?;
                self.check_unmarked().await?;
                // A store without a mark has lost nothing yet.
                self.guard.note_loaded();
                self.make_first_mark(self.settings.spelling).await?;
                self.keep_known().await;
                Ok(())
            }
            Verdict::Sound => {
                if let Err(failure) = self.check_spelling(&marks) {
                    self.guard.tell(Some(failure.to_string()));
                    return Err(failure);
                }
                let mut missing = self.learn().await?;
                if let (None, Some((mark, _))) = (&missing, marks.values().flatten().next()) {
                    missing = self.missing_count(mark).await?;
                }
                let is_whole = missing.is_none();
                self.guard.tell(missing);
                if is_whole {
                    self.guard.note_loaded();
                    self.adopt(&marks);
                    if let Err(why) = self.raise(marks).await {
                        // A write that fails is reported by its own caller.
                        tracing::debug!(%why, "the store's mark was not raised");
                    }
                    self.keep_known().await;
                }
                Ok(())
            }
            Verdict::Lost { why, parts } => {
                self.guard.tell(Some(why.clone()));
                self.guard.forget_raises(&judge::known_of_copies(&known, &marks));
                if self.store.is_shared() {
                    let marks = marks.into_iter().filter(|(part, _)| parts.contains(part));
                    self.tell_others(&known, marks.collect(), &why).await?;
                }
                Ok(())
            }
            Verdict::Newer(format) => {
                let failure = Failure::StoreNewer(format);
                self.guard.tell(Some(failure.to_string()));
                Err(failure)
            }
            Verdict::Copying => {
                self.guard.tell(Some(Failure::HalfCopied.to_string()));
                Err(Failure::HalfCopied)
            }
        }
    }

    /// Checks the secret once, and remembers that it is the one with which customers were erased.
    /// Where the store cannot be read and an earlier process has used it, the check waits for the
    /// store.
    async fn check_own_secret(&self) -> Result<(), Failure> {
        if self.guard.secret_checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        match self.check_secret().await {
            Ok(is_noted) => {
                if is_noted {
                    let mut known = self.guard.known();
                    known.secret = self.hasher.mark().to_vec();
                    self.guard.know(known);
                }
                self.guard.secret_checked.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(failure) if failure.is_of_store() && !self.guard.known().settled.is_empty() => {
                Ok(())
            }
            Err(failure) => {
                if matches!(failure, Failure::OtherSecret) {
                    self.guard.tell(Some(failure.to_string()));
                }
                Err(failure)
            }
        }
    }

    /// The marks of all parts that exist, and of all that existed. A part that is away tells
    /// nothing about the others; but if no part has a mark, it is unknown whether there is one.
    async fn marks(&self, known: &Known) -> Result<Marks, Failure> {
        let (mut marks, mut unsaid) = (Marks::new(), BTreeSet::new());
        let mut away = None;
        let mut wanted: BTreeSet<u32> = self.store.parts().into_iter().collect();
        wanted.extend(known.settled.keys());
        while !wanted.is_empty() {
            let parts: Vec<u32> = wanted.iter().copied().collect();
            let keys = parts.iter().map(|part| mark_key(*part)).collect::<Result<Vec<_>, _>>()?;
            let loaded = self.asked(async { Ok(self.store.load_many(&keys).await) }).await?;
            for (part, stored) in parts.into_iter().zip(loaded) {
                let mark = match stored.map_err(Failure::from) {
                    Ok(Some(stored)) => Some((Mark::read(&stored.value)?, stored.version)),
                    Ok(None) => None,
                    Err(failure) if failure.is_of_store() => {
                        unsaid.insert(part);
                        away = Some(failure);
                        continue;
                    }
                    Err(failure) => return Err(failure),
                };
                marks.insert(part, mark);
            }
            let others = marks.values().flatten().flat_map(|(mark, _)| &mark.parts);
            let asked = |part: &u32| marks.contains_key(part) || unsaid.contains(part);
            wanted = others.copied().filter(|part| !asked(part)).collect();
        }
        let is_missed = |part: &u32| matches!(marks.get(part), Some(None));
        match away {
            Some(away)
                if marks.values().flatten().next().is_none()
                    && !known.settled.keys().any(is_missed) =>
            {
                Err(away)
            }
            _ => Ok(marks),
        }
    }

    /// The marks of all parts. Fails if the mark of a part is missing.
    async fn all_marks(&self, known: &Known) -> Result<Marks, Failure> {
        let marks = self.marks(known).await?;
        if self.store.parts().iter().any(|part| !marks.contains_key(part)) {
            return Err(Failure::StoreUnavailable("a part of it is away".to_owned()));
        }
        Ok(marks)
    }

    /// Takes over what the marks say.
    fn adopt(&self, marks: &Marks) {
        let mut known = self.guard.known();
        for (part, (mark, _)) in marks.iter().filter_map(|(part, it)| Some((part, it.as_ref()?))) {
            known.installation = mark.installation;
            known.store_format = known.store_format.max(mark.store_format);
            let settled = known.settled.entry(*part).or_default();
            *settled = mark.settled.max(*settled);
            known.raises.entry(*part).or_default().learn(&mark.raises, mark.settled);
        }
        self.guard.know(known);
    }

    /// The longest time for the store when its watching task asks: no caller waits for it, and at a
    /// start a busy machine must not be taken for a store that is away.
    pub(super) fn patience(&self) -> Duration {
        self.settings.store_timeout.max(PATIENCE)
    }

    /// Waits for the store, but not for ever.
    async fn asked<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
        let answered = tokio::time::timeout(self.patience(), call).await;
        let late = |_elapsed| Err(Error::Unavailable("it does not answer in time".to_owned()));
        Ok(answered.unwrap_or_else(late)?)
    }
}

/// The key of a part's mark. The braces decide the part.
pub(super) fn mark_key(part: u32) -> Result<Key, Failure> {
    note_key(format!("mark {{{part}}}"))
}

/// The key of a note that the service keeps for itself.
pub(super) fn note_key(id: String) -> Result<Key, Failure> {
    let tenant = Name::new("courtesy").map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(Key { space: Space::Notes, tenant, id: id.into() })
}

/// Whether the key is of the policy that older releases cannot read.
pub(super) fn is_barrier(key: &Key) -> bool {
    key.space == Space::Policies && !key.id.is_empty()
}

/// Whether the key is of a mark, which a copy makes anew.
pub(super) fn is_mark(key: &Key) -> bool {
    key.space == Space::Notes && &*key.tenant == "courtesy" && key.id.starts_with("mark {")
}
