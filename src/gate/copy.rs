//! Copies everything from one store to another, of any kind.
//!
//! Values are copied in passes until one finds nothing to do. So a value that is changed during a
//! pass is copied by the next, and the last one has compared everything. If the source is always
//! being written to, no pass finds nothing; then the copy has everything that was acknowledged
//! before its last pass began.

mod marks;

pub(super) use marks::first as first_mark;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::is_epoch;
use super::agenda::unmake_agenda;
use super::mark::is_barrier;
use super::mark::is_mark;
use super::policies::Active;
use crate::clock::Clock;
use crate::codec::Decoded;
use crate::model::Instant;
use crate::model::Name;
use crate::operation;
use crate::policy::Policy;
use crate::store::Durability;
use crate::store::Error;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Store;
use crate::store::Stored;
use crate::zone::Zones;

/// The number of values that are copied at once.
const PAGE: usize = 500;
/// The maximum number of passes. A source that still changes then will not stop changing.
const PASSES_MAX: u32 = 3;
/// The spaces that are copied, in this order: customers may only be served where their policies
/// are.
const SPACES: [Space; 7] = [
    Space::Policies,
    Space::Revisions,
    Space::Pauses,
    Space::Audit,
    Space::Notes,
    Space::Erased,
    Space::Customers,
];

/// The work that a copy has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The number of this pass, from 1.
    pub pass: u32,
    /// The time at which the pass began. After it, the copy has everything that was acknowledged
    /// before that time.
    pub began: Instant,
    /// The number of values that this pass has compared.
    pub compared: u64,
    /// The number of values that this pass has written.
    pub written: u64,
    /// The number of values that this pass has removed, since the source no longer has them.
    pub removed: u64,
    /// The number of values that are damaged in the source, and left out.
    pub damaged: u64,
}

impl Copied {
    const fn at(pass: u32, began: Instant) -> Self {
        Self { pass, began, compared: 0, written: 0, removed: 0, damaged: 0 }
    }

    /// Whether both stores hold the same.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.written == 0 && self.removed == 0 && self.damaged == 0
    }
}

/// Whether a store was ever served or copied into.
///
/// # Errors
/// If it cannot be read.
pub async fn is_marked(store: &dyn Store) -> Result<bool, Error> {
    Ok(marks::first(store).await?.is_some())
}

/// Whether a store has been served, and not only copied into.
///
/// # Errors
/// If it cannot be read.
pub async fn was_served(store: &dyn Store) -> Result<bool, Error> {
    Ok(marks::first(store).await?.is_some_and(|mark| mark.served))
}

/// The loss that is noted in a store; `None` if there is none.
///
/// # Errors
/// If it cannot be read.
pub async fn noted_loss(store: &dyn Store) -> Result<Option<String>, Error> {
    Ok(marks::first(store).await?.map(|mark| mark.lost).filter(|lost| !lost.is_empty()))
}

/// Whether a store holds anything that a copy would write over.
///
/// # Errors
/// If it cannot be read.
pub async fn is_empty(store: &dyn Store) -> Result<bool, Error> {
    for space in SPACES {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let page = store.scan(space, None, cursor.as_deref(), PAGE).await?;
            if page.values.iter().any(|(key, _)| !is_made_anew(key) && !is_barrier(key)) {
                return Ok(false);
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(true)
}

/// Makes `to` hold what `from` holds, and nothing else, and reports to `progress` now and then.
/// Until the copy is complete `to` is marked, and no server serves it.
///
/// # Errors
/// If one of the stores does not do what it is asked; the copy can be begun again.
pub async fn copy(
    (from, to): (&dyn Store, &dyn Store),
    zones: &Arc<Zones>,
    clock: &Clock,
    progress: impl FnMut(&Copied),
) -> Result<Copied, Error> {
    if marks::first(from).await?.is_some_and(|mark| mark.copying) {
        let why = "the store to copy from is itself half of a copy that was broken off";
        return Err(Error::Unavailable(why.to_owned()));
    }
    marks::begin(to).await?;
    let mut copying = Copying { from, to, progress, done: Copied::at(0, clock.now()) };
    let mut mark = None;
    for pass in 1..=PASSES_MAX {
        mark = marks::first(from).await?;
        copying.done = Copied::at(pass, clock.now());
        for space in SPACES {
            // Policies may have changed since the pass before.
            let policies = Policies::load(from, zones, copying.done.began).await?;
            copying.copy(space, &policies).await?;
            copying.remove_rest(space).await?;
        }
        if copying.done.written == 0 && copying.done.removed == 0 {
            break;
        }
    }
    unmake_agenda(to).await?;
    marks::end(to, mark.as_ref()).await?;
    Ok(copying.done)
}

/// Whether the key is of a note that every store makes for itself.
fn is_made_anew(key: &Key) -> bool {
    is_mark(key) || is_epoch(key)
}

fn others() -> Error {
    Error::Unavailable("another process writes to the store that is copied to".to_owned())
}

/// A copy in progress.
struct Copying<'a, P> {
    from: &'a dyn Store,
    to: &'a dyn Store,
    progress: P,
    done: Copied,
}

impl<P: FnMut(&Copied)> Copying<'_, P> {
    async fn copy(&mut self, space: Space, policies: &Policies) -> Result<(), Error> {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let page = self.from.scan(space, None, cursor.as_deref(), PAGE).await?;
            self.copy_page(space, policies, page.values).await?;
            (self.progress)(&self.done);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn copy_page(
        &mut self,
        space: Space,
        policies: &Policies,
        values: Vec<(Key, Result<Stored, Error>)>,
    ) -> Result<(), Error> {
        let mut found = Vec::with_capacity(values.len());
        for (key, stored) in values {
            if is_made_anew(&key) {
                continue;
            }
            match stored {
                Ok(stored) => found.push((key, stored)),
                Err(Error::Damaged(_)) => self.done.damaged += 1,
                Err(error) => return Err(error),
            }
        }
        let keys: Vec<Key> = found.iter().map(|(key, _)| key.clone()).collect();
        let there = self.to.load_many(&keys).await;
        let mut replacements = Vec::new();
        for ((key, stored), there) in found.into_iter().zip(there) {
            self.done.compared += 1;
            let there = there?;
            if there.as_ref().is_none_or(|there| there.value != stored.value) {
                let expected = there.map(|there| there.version);
                let expires = expiry(space, policies.of(&key.tenant), &stored, self.done.began);
                replacements.push(Replacement { key, expected, value: stored.value, expires });
            }
        }
        for replaced in self.to.replace_many(replacements, Durability::Replicated).await {
            match replaced? {
                Replaced::Done(_) => self.done.written += 1,
                Replaced::Changed(_) => return Err(others()),
            }
        }
        Ok(())
    }

    /// Removes what the source no longer has.
    async fn remove_rest(&mut self, space: Space) -> Result<(), Error> {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let page = self.to.scan(space, None, cursor.as_deref(), PAGE).await?;
            let values: Vec<_> =
                page.values.into_iter().filter(|(key, _)| !is_made_anew(key)).collect();
            let keys: Vec<Key> = values.iter().map(|(key, _)| key.clone()).collect();
            let sources = self.from.load_many(&keys).await;
            for ((key, stored), source) in values.into_iter().zip(sources) {
                let is_gone = matches!(source, Ok(None));
                if let (true, Ok(Stored { version, .. })) = (is_gone, stored)
                    && self.to.remove(&key, version, Durability::Replicated).await?
                {
                    self.done.removed += 1;
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}

/// The time from which a value may be forgotten. An unreadable value is never forgotten.
fn expiry(space: Space, policy: Option<&Policy>, stored: &Stored, now: Instant) -> Option<Instant> {
    let record = Decoded::read(&stored.value).ok().filter(|_| space == Space::Customers)?.record;
    operation::expiry(policy?, &record, now)
}

/// The time for which the tenants' policies keep history.
struct Policies {
    starter: Option<Active>,
    own: BTreeMap<Name, Option<Active>>,
}

impl Policies {
    async fn load(from: &dyn Store, zones: &Arc<Zones>, now: Instant) -> Result<Self, Error> {
        let starter = Active::starter(zones).ok();
        let mut own = BTreeMap::new();
        let all = from.load_all(Space::Policies).await?.into_iter();
        for (key, stored) in all.filter(|(key, _)| key.id.is_empty()) {
            let active = starter.as_ref().and_then(|it| it.with_stored(&stored, zones, now).ok());
            own.insert(key.tenant, active);
        }
        Ok(Self { starter, own })
    }

    /// A tenant's policy. Records under one that does not load are kept.
    fn of(&self, tenant: &Name) -> Option<&Policy> {
        let active = self.own.get(tenant).unwrap_or(&self.starter);
        active.as_ref().map(|active| &active.policy)
    }
}
