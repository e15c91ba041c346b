//! The failures of the library and of the system, in words for people. The library's own words name
//! its types.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's errors and the system's grow with their releases"
)]

use std::cell::Cell;
use std::io;
use std::io::ErrorKind;
use std::panic;
use std::panic::UnwindSafe;
use std::sync::Once;

use fjall::Error;
use fjall::LsmError;

const STRANGE: &str = "one of its files is not as it was written";

/// The refusal of the system, or else the damage in the files as part of a sentence.
pub(super) fn refusal(error: Error) -> Result<io::Error, String> {
    match error {
        Error::Io(error) | Error::Storage(LsmError::Io(error)) => match error.kind() {
            ErrorKind::UnexpectedEof => Err("one of its files ends too early".to_owned()),
            ErrorKind::NotFound => Err("one of its files is missing".to_owned()),
            // The second is what seeking before a file's beginning gets.
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Err(STRANGE.to_owned()),
            _ => Ok(error),
        },
        Error::JournalRecovery(_) => Err("its journal contradicts itself".to_owned()),
        Error::Unrecoverable | Error::Storage(LsmError::Unrecoverable) => {
            Err("files are missing, or do not belong together".to_owned())
        }
        Error::Poisoned => Ok(io::Error::other("an earlier write failed")),
        _ => Err(STRANGE.to_owned()),
    }
}

/// The reason why a write failed.
pub(super) fn describe(error: Error) -> String {
    refusal(error).map_or_else(|damage| damage, |refusal| refusal.to_string())
}

/// The advice for a refusal of the system.
pub(super) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "The disk is full: free some space, and start again"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "Give this user the permission to read and write it, or name another directory"
        }
        _ => "Name a directory on a local disk that this user may read and write",
    }
}

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// The result of `work`; `None` if the library panics, as it does at some damages. The caller
/// explains it to people; the library's own words, which name its types, are for the log.
pub(super) fn caught<T>(work: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| match CAUGHT.get() {
            true => tracing::error!("the store's library gave up: {info}"),
            false => before(info),
        }));
    });
    CAUGHT.set(true);
    let result = panic::catch_unwind(work);
    CAUGHT.set(false);
    result.ok()
}
