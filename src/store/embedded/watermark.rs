//! The number of batches that have been fsynced, kept beside the database.
//!
//! A journal that has lost its end looks like one that was never longer, and is opened without a
//! word. The watermark tells them apart. It is written after each fsync and needs none itself: when
//! the process dies the kernel still writes it, and when the machine dies an older one is on disk,
//! which claims less.
//!
//! Its lock is the directory's: the holder may make, open and write the trees.

use std::fs::File;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::fs::TryLockError;
use std::hash::Hasher;
use std::io;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use siphasher::sip::SipHasher24;

use super::layout::number;

/// The file and its content.
#[derive(Debug)]
pub(super) struct Watermark {
    file: File,
    acknowledged: Option<u64>,
}

impl Watermark {
    /// Opens the file, and keeps every other process from opening it. A missing file counts as 0.
    /// `None` if another process has it.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let acknowledged = if bytes.is_empty() { Some(0) } else { parse(&bytes) };
        Ok(Some(Self { file, acknowledged }))
    }

    /// The number of batches that were acknowledged; `None` if the file is damaged.
    pub(super) const fn acknowledged(&self) -> Option<u64> {
        self.acknowledged
    }

    /// The metadata of the file.
    pub(super) fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// Writes the number of batches that have been fsynced.
    pub(super) fn raise(&self, batches: u64) -> io::Result<()> {
        let mut bytes = [0; 16];
        let (count, sum) = bytes.split_at_mut(8);
        count.copy_from_slice(&batches.to_be_bytes());
        sum.copy_from_slice(&checksum(batches).to_be_bytes());
        self.file.write_all_at(&bytes, 0)
    }
}

fn parse(bytes: &[u8]) -> Option<u64> {
    let (count, sum) = bytes.split_at_checked(8)?;
    let count = number(count)?;
    (number(sum)? == checksum(count)).then_some(count)
}

fn checksum(batches: u64) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write_u64(batches);
    hasher.finish()
}
