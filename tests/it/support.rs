//! Runs the command and keeps what it said.

pub(crate) mod form;
pub(crate) mod http;
pub(crate) mod receiver;

use std::path::PathBuf;
use std::process::Command;

/// What a run of the command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `courtesy` in the project's root.
pub(crate) fn courtesy(args: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("COURTESY_TZDB")
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A file of this test's own, which is removed when it is dropped.
pub(crate) struct File(PathBuf);

impl File {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let name = format!("courtesy-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// The files of a directory of the project, in order.
pub(crate) fn files(directory: &str) -> Vec<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut files: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| format!("{directory}/{}", entry.unwrap().file_name().to_str().unwrap()))
        .filter(|name| name.ends_with("_test.yaml"))
        .collect();
    files.sort();
    files
}
