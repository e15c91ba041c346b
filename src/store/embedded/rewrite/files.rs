//! The files: those that are there when it begins are gone when it ends, and what is valid stands
//! in new ones.
//!
//! The library begins a new journal only when the one that it has is long, and deletes an old one
//! when all that stands in it stands in tables. So the journal is filled up with bytes that are
//! never read.

use std::collections::BTreeSet;
use std::fs;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use fjall::Keyspace;
use fjall::Slice;

use super::Pace;
use super::pace::Stopped;
use crate::store::Error;
use crate::store::embedded::Spaces;
use crate::store::embedded::fault;

/// Under which key the journal is filled.
const FILLER_KEY: &[u8] = b"filler";
/// The length of the filler. It is written again and again until the journal is long enough.
const FILLER_BYTES: usize = 1 << 20;
/// The number of fillers that are written before they leave memory.
const FILLERS: usize = 8;
/// The maximum number of rounds: four times as many as make a journal long enough.
const ROUNDS: usize = 32;
/// The free space that is needed beside the rewritten files: for a journal, and for callers' writes
/// meanwhile.
const ROOM_BYTES: u64 = 256 << 20;
/// The interval at which the library's progress is checked, and the number of checks.
const TICK: Duration = Duration::from_millis(10);
const TICKS_MAX: usize = 30_000;

/// Rewrites all files.
pub(super) fn rewrite(spaces: &Spaces, data: &Path, pace: &Pace) -> Result<(), Error> {
    check_room(spaces, data)?;
    let unread = |error: io::Error| Error::Unavailable(format!("its files: {error}"));
    let (old_journals, old_tables) =
        (journals(data).map_err(unread)?, tables(data).map_err(unread)?);
    fill(spaces, pace, || {
        let now = journals(data).map_err(unread)?;
        Ok(!now.is_subset(&old_journals))
    })?;
    // Everything in the old journals has to be in tables.
    wait(pace, "its old journal is still needed", || {
        flush(&spaces.all(), pace)?;
        Ok(old_journals.is_disjoint(&journals(data).map_err(unread)?))
    })?;
    for tree in spaces.all() {
        pace.check().map_err(stopped)?;
        tree.major_compact().map_err(failed)?;
    }
    wait(pace, "its old tables are still read", || {
        // With that the library deletes tables that are not in use any more.
        spaces.own.remove(FILLER_KEY).map_err(failed)?;
        flush(&[&spaces.own], pace)?;
        Ok(old_tables.is_disjoint(&tables(data).map_err(unread)?))
    })
}

/// Fills the journal up until there is another one.
fn fill(
    spaces: &Spaces,
    pace: &Pace,
    has_another: impl Fn() -> Result<bool, Error>,
) -> Result<(), Error> {
    let filler = Slice::from(filler());
    flush(&spaces.all(), pace)?;
    for _round in 0..ROUNDS {
        if has_another()? {
            return Ok(());
        }
        for _ in 0..FILLERS {
            spaces.own.insert(FILLER_KEY, filler.clone()).map_err(failed)?;
            pace.rest(FILLER_BYTES).map_err(stopped)?;
        }
        flush(&[&spaces.own], pace)?;
    }
    Err(Error::Unavailable("its journal does not end".to_owned()))
}

/// Bytes that cannot be compressed.
fn filler() -> Vec<u8> {
    let random = RandomState::new();
    (0..FILLER_BYTES / 8).flat_map(|number| random.hash_one(number).to_be_bytes()).collect()
}

/// Lets what is in memory be written to tables.
fn flush(trees: &[&Keyspace], pace: &Pace) -> Result<(), Error> {
    for tree in trees {
        tree.rotate_memtable().map_err(failed)?;
    }
    wait(pace, "its tables are not written", || {
        Ok(trees.iter().all(|tree| tree.sealed_memtable_count() == 0))
    })
}

fn wait(
    pace: &Pace,
    what: &str,
    mut is_done: impl FnMut() -> Result<bool, Error>,
) -> Result<(), Error> {
    for _tick in 0..TICKS_MAX {
        if is_done()? {
            return Ok(());
        }
        pace.check().map_err(stopped)?;
        std::thread::park_timeout(TICK);
    }
    Err(Error::Unavailable(what.to_owned()))
}

/// If the disk is nearly full, nothing is rewritten: a write that fails ends all others.
fn check_room(spaces: &Spaces, data: &Path) -> Result<(), Error> {
    let needed = spaces.database.disk_space().map_err(failed)?.saturating_add(ROOM_BYTES);
    let told = rustix::fs::statvfs(data);
    let told = told.map_err(|error| Error::Unavailable(format!("its file system: {error}")))?;
    let free = told.f_bavail.saturating_mul(told.f_frsize);
    if free < needed {
        let (free, needed) = (free >> 20, needed >> 20);
        let what = format!("rewriting takes {needed} MiB of free disk, and {free} MiB are free");
        return Err(Error::Unavailable(what));
    }
    Ok(())
}

/// The journals.
fn journals(data: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut journals = list(data)?;
    journals.retain(|path| path.extension().is_some_and(|it| it == "jnl"));
    Ok(journals)
}

/// The tables of all trees but the library's own, which holds their names.
fn tables(data: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut tables = BTreeSet::new();
    for tree in list(&data.join("keyspaces"))? {
        if !tree.ends_with("0") {
            tables.extend(list(&tree.join("tables"))?);
        }
    }
    Ok(tables)
}

fn list(directory: &Path) -> io::Result<BTreeSet<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

fn failed(error: fjall::Error) -> Error {
    Error::Unavailable(fault::describe(error))
}

fn stopped(_: Stopped) -> Error {
    Error::Unavailable("it is being closed".to_owned())
}
