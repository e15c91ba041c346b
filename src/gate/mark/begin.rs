//! The start of an instance: the notes from before, and the state of the store. If the store is
//! away, the instance begins with the notes that are kept beside it, and learns the rest when the
//! store is back.

use std::time::Duration;

use tokio::time::interval;

use super::Marks;
use super::judge::Verdict;
use super::judge::judge;
use super::mark_key;
use super::note_key;
use crate::clock::Stopwatch;
use crate::codec::mark::Known;
use crate::codec::mark::Mark;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;

/// The id of the note about the known store.
const KNOWN: &str = "known store";
/// The pause before a start asks a busy store again.
const AGAIN: Duration = Duration::from_millis(50);

impl Gate {
    /// Reads the kept note and the store's state. Returns the reason if the store is away. A store
    /// that does not give the policies in force, where no copy of them is kept, is asked again for
    /// a while.
    ///
    /// # Errors
    /// If the store refuses, is not for this version or only half of another, or a policy does not
    /// load.
    pub async fn begin(&self, busy: Duration) -> Result<Option<Failure>, Failure> {
        self.recall().await?;
        let (began, mut pace) = (Stopwatch::start(), interval(AGAIN));
        loop {
            pace.tick().await;
            match self.refresh().await {
                Ok(()) => return Ok(None),
                Err(failure @ Failure::StoreRefuses(_)) => return Err(failure),
                Err(failure) if failure.is_of_store() => {
                    if self.knows_policies() || began.elapsed() >= busy {
                        return Ok(Some(failure));
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Reads what an earlier process has kept.
    async fn recall(&self) -> Result<(), Failure> {
        let Some(journal) = self.outage_journal.journal() else { return Ok(()) };
        let Some(stored) = journal.load(&note_key(KNOWN.to_owned())?).await? else {
            return Ok(());
        };
        let known = Known::read(&stored.value)?;
        if !known.secret.is_empty() && *known.secret != self.hasher.mark() {
            return Err(Failure::OtherSecret);
        }
        self.store.note_tenants(&known.tenants);
        self.guard.know(known);
        for space in [Space::Policies, Space::Pauses] {
            for (key, stored) in journal.load_all(space).await? {
                match self.newer(&key, &stored).await {
                    Ok(active) => self.install(&key.tenant, active),
                    Err(why) => tracing::warn!(%why, "what was kept of a policy does not load"),
                }
            }
        }
        self.guard.note_loaded();
        self.guard.note_listed();
        Ok(())
    }

    /// Keeps what is known now. What cannot be kept is missed only by a start without the store.
    pub(super) async fn keep_known(&self) {
        let Some(journal) = self.outage_journal.journal() else { return };
        if let Err(why) = self.keep_all(journal).await {
            tracing::warn!(%why, "what is known of the store is not kept beside it");
        }
    }

    async fn keep_all(&self, journal: &dyn Store) -> Result<(), Failure> {
        for (tenant, active) in &**self.policies.load() {
            let values =
                [(Space::Policies, active.value.clone()), (Space::Pauses, active.pauses_value())];
            for (space, value) in values {
                let Some(value) = value else { continue };
                let key = Key { space, tenant: tenant.clone(), id: Box::from("") };
                keep_one(journal, key, value).await?;
            }
        }
        let known = self.guard.known();
        if !known.settled.is_empty() {
            keep_one(journal, note_key(KNOWN.to_owned())?, known.write()).await?;
        }
        Ok(())
    }
}

/// The loss of a store that is not being served, in words, by the note that is kept elsewhere;
/// `None` if nothing is lost.
///
/// # Errors
/// If one of them cannot be read.
pub async fn known_loss(store: &dyn Store, kept: &dyn Store) -> Result<Option<String>, Failure> {
    let Some(stored) = kept.load(&note_key(KNOWN.to_owned())?).await? else { return Ok(None) };
    let known = Known::read(&stored.value)?;
    let mut marks = Marks::new();
    for part in known.settled.keys() {
        let found = store.load(&mark_key(*part)?).await?;
        let found = found.map(|found| Ok::<_, Failure>((Mark::read(&found.value)?, found.version)));
        marks.insert(*part, found.transpose()?);
    }
    match judge(&known, &marks, &store.losses().await?) {
        Verdict::Lost { why, .. } => Ok(Some(why)),
        Verdict::Sound | Verdict::Unmarked | Verdict::Newer(_) | Verdict::Copying => Ok(None),
    }
}

async fn keep_one(journal: &dyn Store, key: Key, value: bytes::Bytes) -> Result<(), Failure> {
    let known = journal.load(&key).await?;
    if known.as_ref().is_some_and(|known| known.value == value) {
        return Ok(());
    }
    let expected = known.map(|Stored { version, .. }| version);
    let replacement = Replacement { key, expected, value, expires: None };
    journal.replace(replacement, Durability::Buffered).await?;
    Ok(())
}
