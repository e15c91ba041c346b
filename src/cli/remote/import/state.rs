//! Where an import of a file stands: what the server has acknowledged, in a small file beside it, so
//! that the import can go on if it breaks off.

use std::fs;
use std::fs::File;
use std::hash::Hasher;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use siphasher::sip::SipHasher24;

use crate::cli::Error;
use crate::cli::remote::import::report::Counts;
use crate::cli::rows::Place;
use crate::clock::Stopwatch;

const SUFFIX: &str = ".courtesy-import";
/// By how much of its beginning a file is known again, beside its length.
const BEGINNING_BYTES: u64 = 64 << 10;
/// How often it is written, in milliseconds. What comes after the last writing is done again, which
/// changes nothing.
const SAVE_EVERY_MILLIS: u128 = 200;

/// Where an import stands.
#[derive(Debug)]
pub(super) struct State {
    path: PathBuf,
    import: Import,
    stale: bool,
    saved: Stopwatch,
    /// The end of what is acknowledged; unset before the first row.
    pub(super) place: Option<Place>,
    /// What became of the rows before it.
    pub(super) counts: Counts,
}

/// Which import it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Import {
    bytes: u64,
    beginning: String,
    settings: String,
}

/// What is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    import: Import,
    place: Option<Place>,
    counts: Counts,
}

impl State {
    /// The state of an import of a file: a new one, or the one that is to be gone on with.
    pub(super) fn open(file: &Path, settings: String, resume: bool) -> Result<Self, Error> {
        let mut path = file.as_os_str().to_owned();
        path.push(SUFFIX);
        let path = PathBuf::from(path);
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |source| Error::Read { path, source }
        };
        let import = Import::of(file, settings).map_err(unreadable(file))?;
        let saved = match fs::read(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&path)(error)),
        };
        let mut state = Self {
            path,
            import,
            stale: saved.is_some(),
            saved: Stopwatch::start(),
            place: None,
            counts: Counts::default(),
        };
        if let Some(saved) = saved.filter(|_| resume) {
            state.go_on(&saved)?;
        }
        Ok(state)
    }

    fn go_on(&mut self, saved: &[u8]) -> Result<(), Error> {
        let path = self.path.display();
        let saved: Saved = serde_json::from_slice(saved).map_err(|error| {
            Error::Input(format!(
                "`{path}` is damaged ({error}); remove it and import from the start"
            ))
        })?;
        if saved.import.settings != self.import.settings {
            let why = "was begun with other arguments";
            return Err(not_the_same(&self.path, why));
        }
        if saved.import != self.import {
            return Err(not_the_same(&self.path, "was of a file that has changed since"));
        }
        (self.place, self.counts) = (saved.place, saved.counts);
        Ok(())
    }

    /// Whether an earlier import has left a state behind.
    pub(super) const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Writes it, if that was long ago.
    pub(super) fn save_sometimes(&mut self) -> Result<(), Error> {
        if self.saved.elapsed().as_millis() >= SAVE_EVERY_MILLIS { self.save() } else { Ok(()) }
    }

    /// Writes it: wholly, or not at all.
    pub(super) fn save(&mut self) -> Result<(), Error> {
        let saved = Saved { import: self.import.clone(), place: self.place, counts: self.counts };
        let text = serde_json::to_vec(&saved).map_err(io::Error::other)?;
        let new = self.path.with_extension("courtesy-import-new");
        let written = fs::write(&new, text).and_then(|()| fs::rename(&new, &self.path));
        self.saved = Stopwatch::start();
        let path = self.path.display().to_string();
        written.map_err(|source| Error::WriteFile { path, source })
    }

    /// Removes it: the import is complete.
    pub(super) fn remove(self) -> Result<(), Error> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::WriteFile { path: self.path.display().to_string(), source })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn not_the_same(path: &Path, why: &str) -> Error {
    let path = path.display();
    Error::Input(format!(
        "the import that `{path}` tells of {why}; without --resume it starts again, and rows that \
         have landed change nothing"
    ))
}

impl Import {
    fn of(file: &Path, settings: String) -> io::Result<Self> {
        let file = File::open(file)?;
        let bytes = file.metadata()?.len();
        let mut beginning = Vec::new();
        file.take(BEGINNING_BYTES).read_to_end(&mut beginning)?;
        let mut hasher = SipHasher24::new();
        hasher.write(&beginning);
        Ok(Self { bytes, beginning: format!("{:016x}", hasher.finish()), settings })
    }
}
