//! Nothing is left over: what drop does not reach, because a test process was killed or a server
//! belongs to all tests, ends with the process.
//!
//! All servers keep their files below one directory, each with a file `pid` beside them while it
//! runs. A shell waits for the end of this process, which it sees by its input, and clears up.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::ChildStdin;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use tempfile::TempDir;

/// Kills what has a file `pid`, runs what has a file `undo`, and removes everything.
const CLEAR: &str = r#"cat; cd "$1" || exit
for file in */pid; do [ -e "$file" ] && kill -KILL "$(cat "$file")"; done
for file in */undo; do [ -e "$file" ] && sh "$file"; done
cd / && rm -rf "$1""#;

struct Root {
    path: PathBuf,
    /// Closed when this process ends.
    _open: ChildStdin,
}

/// A directory of its own for one server.
pub(crate) fn directory() -> TempDir {
    static ROOT: OnceLock<Root> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let path = tempfile::Builder::new().prefix("courtesy-redis-").tempdir().unwrap().keep();
        let mut clearer = Command::new("sh")
            .args(["-c", CLEAR, "sh"])
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It must outlive what ends this process.
            .process_group(0)
            .spawn()
            .unwrap();
        Root { path, _open: clearer.stdin.take().unwrap() }
    });
    tempfile::tempdir_in(&root.path).unwrap()
}

/// Notes that a process runs for a directory.
pub(crate) fn note(directory: &Path, pid: u32) {
    std::fs::write(directory.join("pid"), pid.to_string()).unwrap();
}

/// Forgets the process: its number may soon be another's.
pub(crate) fn forget(directory: &Path) {
    std::fs::remove_file(directory.join("pid")).unwrap();
}
