//! Checks whether all trees exist, before the library opens them.
//!
//! A directory without the file `version` is a new one to it. And it takes a tree without its file
//! `current` for one whose making was interrupted, deletes it, and leaves out of the journal
//! whatever belonged to it. Here the trees are made all at once, so that would be silent loss.

use std::fs;
use std::io;
use std::path::Path;

/// The number of trees: those of `Spaces`, and the one in which the library keeps their names. A
/// release with more of them has to make the missing ones in a directory of an older format.
const TREES: usize = 6;

/// Whether every tree is there.
pub(super) fn are_complete(data: &Path) -> io::Result<bool> {
    if !data.join("version").try_exists()? {
        return Ok(false);
    }
    let mut complete = 0;
    for entry in fs::read_dir(data.join("keyspaces"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            if !entry.path().join("current").try_exists()? {
                return Ok(false);
            }
            complete += 1;
        }
    }
    Ok(complete >= TREES)
}
