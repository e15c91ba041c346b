//! Nothing is left over: what drop does not reach, because a test process was killed or a server
//! belongs to all tests, ends with the process.
//!
//! All servers keep their files below one directory, each with a file `pid` beside them while it
//! runs. A shell waits for the end of this process, which it sees by its input, and clears up.

use std::os::unix::process::CommandExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::wait::PATIENCE;
use crate::wait::until;

/// Kills what has a file `pid`, runs what has a file `undo`, and removes everything.
const CLEAR: &str = r#"cat; cd "$1" || exit
for file in */pid; do [ -e "$file" ] && kill -KILL "$(cat "$file")"; done
for file in */undo; do [ -e "$file" ] && sh "$file"; done
cd / && rm -rf "$1""#;

struct Root {
    path: PathBuf,
    /// Its input is closed when this process ends.
    _clearer: Child,
}

impl Root {
    fn new() -> Self {
        let path = tempfile::Builder::new().prefix("courtesy-redis-").tempdir().unwrap().keep();
        let clearer = Command::new("sh")
            .args(["-c", CLEAR, "sh"])
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It must outlive what ends this process.
            .process_group(0)
            .spawn()
            .unwrap();
        Self { path, _clearer: clearer }
    }

    fn directory(&self) -> TempDir {
        // A name that the shell's `*` finds.
        tempfile::Builder::new().prefix("server-").tempdir_in(&self.path).unwrap()
    }
}

/// A directory of its own for one server.
pub(crate) fn directory() -> TempDir {
    static ROOT: OnceLock<Root> = OnceLock::new();
    ROOT.get_or_init(Root::new).directory()
}

/// Notes that a process runs for a directory.
pub(crate) fn note(directory: &Path, pid: u32) {
    std::fs::write(directory.join("pid"), pid.to_string()).unwrap();
}

/// Forgets the process: its number may soon be another's.
pub(crate) fn forget(directory: &Path) {
    std::fs::remove_file(directory.join("pid")).unwrap();
}

/// What to do, in words of the shell, when the process ends before `directory` is removed.
pub(crate) fn undo(directory: &Path, how: &str) {
    std::fs::write(directory.join("undo"), how).unwrap();
}

#[test]
fn what_is_not_dropped_is_cleared_up_when_the_process_ends() {
    let root = Root::new();
    let (path, directory) = (root.path.clone(), root.directory().keep());
    let undone = tempfile::tempdir().unwrap();
    let undone = undone.path().join("it");
    undo(&directory, &format!("touch '{}'", undone.display()));
    let mut left = Command::new("sleep").arg("600").spawn().unwrap();
    note(&directory, left.id());
    // This is what the end of the process does.
    drop(root);
    assert_eq!(left.wait().unwrap().signal(), Some(9));
    until(PATIENCE, "the files are removed", || (!path.exists()).then_some(()));
    assert!(undone.exists());
}
