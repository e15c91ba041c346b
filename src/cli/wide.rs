//! Files that hold customers or secrets, and that others than their owner may read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use crate::config::Config;
use crate::config::LogPlace;
use crate::config::StorePlace;

/// The files whose permissions are too wide, in words: one sentence for each file that exists.
pub(crate) fn wide(config: &Config) -> Vec<String> {
    let named = [
        ("the callers' credentials", &config.credentials_file),
        ("the installation's secret", &config.secret_file),
        ("the key of the certificate", &config.tls_key_file),
        ("the password for Redis", &config.redis_password_file),
        ("the password for the Sentinels", &config.redis_sentinel_password_file),
        ("our key for Redis", &config.redis_key_file),
        ("the secret that hides ids", &config.key_hash_secret_file),
    ];
    let named = named.into_iter().filter_map(|(what, file)| Some((what, file.clone().on()?)));
    let mut files: Vec<(&str, PathBuf)> = named.collect();
    if let Some(LogPlace::File(file)) = config.decision_log.clone().on() {
        files.push(("the decision log", file));
    }
    match &config.store {
        StorePlace::Directory(directory) => {
            files.push(("the store", directory.clone()));
            files.push(("the installation's secret", directory.join("secret")));
        }
        StorePlace::Redis(_) => {
            files.extend(config.journal.clone().on().map(|it| ("the journal", it)));
        }
    }
    files.into_iter().filter_map(|(what, file)| told(what, &file)).collect()
}

fn told(what: &str, file: &Path) -> Option<String> {
    let about = fs::metadata(file).ok()?;
    let mode = about.permissions().mode() & 0o777;
    let wanted = if about.is_dir() { 0o700 } else { 0o600 };
    let is_wide = mode & 0o077 != 0;
    is_wide.then(|| {
        let shown = file.display();
        format!("others may read {what}: `{shown}` has mode {mode:04o}; chmod {wanted:o} {shown}")
    })
}
