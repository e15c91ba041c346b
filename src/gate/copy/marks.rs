//! The marks of a copy: during the copy they say so, and at the end they are those of the source.

use super::Error;
use crate::codec::mark::Mark;
use crate::codec::mark::Raises;
use crate::gate::Failure;
use crate::gate::mark::mark_key;
use crate::store::Durability;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Store;
use crate::store::Stored;

/// The mark of a store's first part, if it has one.
///
/// # Errors
/// If the store cannot be read, or the mark is damaged.
pub(in crate::gate) async fn first(store: &dyn Store) -> Result<Option<Mark>, Error> {
    for part in store.parts() {
        if let Some(stored) = store.load(&key(part)?).await? {
            return read(&stored).map(Some);
        }
    }
    Ok(None)
}

/// Notes that a copy into a store is in progress, so that no server serves half of one.
pub(super) async fn begin(to: &dyn Store) -> Result<(), Error> {
    let copying = Mark { copying: true, ..Mark::default() };
    let part = to.parts().into_iter().min().unwrap_or_default();
    set(to, part, Some(copying)).await
}

/// Marks the copy as what the source was; without a mark it is as a store of an earlier release.
pub(super) async fn end(to: &dyn Store, source: Option<&Mark>) -> Result<(), Error> {
    let mut parts = to.parts();
    // The first mark notes the copy, until all others are there.
    parts.sort_unstable();
    let counter = source.map(|mark| mark.counter.max(mark.settled)).unwrap_or_default();
    for part in parts.iter().rev() {
        let mark = source.map(|source| Mark {
            counter,
            settled: counter,
            parts: parts.iter().copied().collect(),
            evicted: std::collections::BTreeMap::default(),
            copying: false,
            served: false,
            raises: Raises::default(),
            ..source.clone()
        });
        set(to, *part, mark).await?;
    }
    Ok(())
}

async fn set(to: &dyn Store, part: u32, mark: Option<Mark>) -> Result<(), Error> {
    let key = key(part)?;
    let expected = to.load(&key).await?.map(|stored| stored.version);
    let is_done = match (mark, expected) {
        (Some(mark), expected) => {
            let value = mark.write();
            let replacement = Replacement { key, expected, value, expires: None };
            let replaced = to.replace(replacement, Durability::Replicated).await?;
            matches!(replaced, Replaced::Done(_))
        }
        (None, Some(version)) => to.remove(&key, version, Durability::Replicated).await?,
        (None, None) => true,
    };
    if is_done { Ok(()) } else { Err(super::others()) }
}

fn key(part: u32) -> Result<crate::store::Key, Error> {
    mark_key(part).map_err(|failure: Failure| Error::Unavailable(failure.to_string()))
}

fn read(stored: &Stored) -> Result<Mark, Error> {
    Mark::read(&stored.value).map_err(|why| Error::Damaged(format!("its mark: {why}")))
}
