//! Files of a store, as a failing disk or a careless operator leaves them.

use std::fs;
use std::fs::OpenOptions;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// The files below a directory, relative to it, in order.
pub(super) fn files(root: &Path) -> Vec<PathBuf> {
    fn collect(root: &Path, directory: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else if path.is_file() {
                // The socket of the snapshot server holds nothing.
                files.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    collect(root, root, &mut found);
    found.sort();
    found
}

/// Makes `to` a copy of `from`, holes included.
pub(super) fn copy(from: &Path, to: &Path) {
    replace(from, to);
}

/// Puts a copy of `from` in the place of what is in `to`.
pub(super) fn replace(from: &Path, to: &Path) {
    for entry in fs::read_dir(to).unwrap() {
        let path = entry.unwrap().path();
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        removed.unwrap();
    }
    let copied =
        Command::new("cp").args(["-r", "--sparse=always"]).arg(from.join(".")).arg(to).status();
    assert!(copied.unwrap().success());
}

/// How many bytes the files take on disk.
pub(super) fn bytes(root: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    files(root).iter().map(|file| fs::metadata(root.join(file)).unwrap().blocks() * 512).sum()
}

/// The newest journal.
pub(super) fn journal(root: &Path) -> PathBuf {
    let journals = files(root).into_iter();
    let journals = journals.filter(|file| file.extension().is_some_and(|it| it == "jnl"));
    let number =
        |file: &PathBuf| -> u64 { file.file_stem().unwrap().to_str().unwrap().parse().unwrap() };
    journals.max_by_key(number).unwrap()
}

/// Where the last byte is that is not zero: journals are longer than what was written.
pub(super) fn written(file: &Path) -> u64 {
    let bytes = fs::read(file).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    u64::try_from(end).unwrap()
}

/// Cuts so many bytes off the newest journal.
pub(super) fn cut_journal(root: &Path, bytes: u64) {
    let journal = root.join(journal(root));
    let end = written(&journal);
    assert!(end > bytes, "the journal has only {end} bytes");
    OpenOptions::new().write(true).open(&journal).unwrap().set_len(end - bytes).unwrap();
}
