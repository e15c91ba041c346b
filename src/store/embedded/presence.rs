//! Whether the directory that was opened is still the one under its name. A process can go on with
//! files that were deleted or replaced, but its writes are lost when it ends.

use std::fs;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::watermark::Watermark;

/// The secret that a server makes in its store's directory.
const SECRET: &str = "secret";

/// The files by which the directory is recognised.
#[derive(Debug)]
pub(super) struct Presence {
    directory: PathBuf,
    /// The watermark, as it was opened.
    opened: (u64, u64),
    /// The directory of the trees.
    data: (u64, u64),
    /// Whether the secret that is made in it has been there.
    has_secret: AtomicBool,
}

impl Presence {
    /// The files that are there now.
    pub(super) fn of(directory: &Path, watermark: &Watermark) -> std::io::Result<Self> {
        let data = identity(&fs::metadata(directory.join("data"))?);
        let opened = identity(&watermark.metadata()?);
        let (directory, has_secret) = (directory.to_owned(), AtomicBool::new(false));
        Ok(Self { directory, opened, data, has_secret })
    }

    /// The reason why the directory is no longer there; `None` if it is. Any other trouble in
    /// looking is not a loss.
    pub(super) fn missing(&self) -> Option<String> {
        let shown = self.directory.display();
        for (name, known) in [("acknowledged", self.opened), ("data", self.data)] {
            match fs::metadata(self.directory.join(name)) {
                Ok(found) if identity(&found) == known => {}
                Ok(_) => {
                    return Some(format!(
                        "{shown} is not the directory that was opened: it was replaced; \
                         restart courtesy to go on with what is there now"
                    ));
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    return Some(format!(
                        "`{name}` is gone from {shown}: it was deleted under the running \
                         server; restore it from a backup, and restart courtesy"
                    ));
                }
                Err(_) => {}
            }
        }
        let is_there = self.directory.join(SECRET).try_exists().unwrap_or(true);
        let was_there = self.has_secret.fetch_or(is_there, Ordering::Relaxed);
        (was_there && !is_there).then(|| {
            format!(
                "`{SECRET}` is gone from {shown}: without it no unsubscribe link is good any more; \
                 put it back"
            )
        })
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
