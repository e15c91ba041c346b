//! The saved progress of the work on a file, in a small file of its own, so that the work can
//! continue if it breaks off.

use std::fs;
use std::hash::Hasher;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use siphasher::sip::SipHasher24;

use crate::cli::Error;
use crate::cli::rows::Source;
use crate::clock::Stopwatch;
use crate::secret::owner_only;

/// The length of the beginning by which a file is recognised, beside its size.
const BEGINNING_BYTES: u64 = 64 << 10;

/// Work on a file.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    /// The list that is read.
    pub(crate) file: &'a Source,
    /// The name of the work: `import`.
    pub(crate) name: &'static str,
    /// The beginning and the ending of the name of the state's file.
    pub(crate) state: (&'a Path, &'static str),
    /// The settings that must be equal for the work to continue.
    pub(crate) settings: String,
    /// The advice if the work cannot continue.
    pub(crate) way_out: &'static str,
    /// The interval at which the state is written, in milliseconds. Later work is done again.
    pub(crate) save_every_millis: u128,
}

/// The state of the work.
#[derive(Debug)]
pub(crate) struct State<T> {
    path: PathBuf,
    input: Input,
    stale: bool,
    save_every_millis: u128,
    saved: Stopwatch,
    /// The progress.
    pub(crate) done: T,
}

/// The file, and the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Input {
    bytes: u64,
    beginning: String,
    settings: String,
}

/// The state as it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved<T> {
    input: Input,
    done: T,
}

/// The state as it is written.
#[derive(Debug, Serialize)]
struct Saving<'a, T> {
    input: &'a Input,
    done: &'a T,
}

impl<T: Default + Serialize + DeserializeOwned> State<T> {
    /// The state of some work: new, or that of earlier work which is to be gone on with.
    pub(crate) fn open(work: Work<'_>, resume: bool) -> Result<Self, Error> {
        let mut path = work.state.0.as_os_str().to_owned();
        path.push(work.state.1);
        let path = PathBuf::from(path);
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |source| Error::Read { path, source }
        };
        let input = Input::of(work.file, work.settings)?;
        let saved = match fs::read(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&path)(error)),
        };
        let stale = saved.is_some();
        let done = match saved.filter(|_| resume) {
            Some(saved) => reached(&saved, &input, &path, (work.name, work.way_out))?,
            None => T::default(),
        };
        let (save_every_millis, saved) = (work.save_every_millis, Stopwatch::start());
        Ok(Self { path, input, stale, save_every_millis, saved, done })
    }

    /// Whether earlier work has left a state.
    pub(crate) const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether it is time to write the state again.
    pub(crate) fn is_due(&self) -> bool {
        self.saved.elapsed().as_millis() >= self.save_every_millis
    }

    /// Writes it: wholly, or not at all.
    pub(crate) fn save(&mut self) -> Result<(), Error> {
        let saving = Saving { input: &self.input, done: &self.done };
        let text = serde_json::to_vec(&saving).map_err(io::Error::other)?;
        let mut new = self.path.as_os_str().to_owned();
        new.push("-new");
        let new = PathBuf::from(new);
        let written = owner_only()
            .write(true)
            .truncate(true)
            .open(&new)
            .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_data()))
            .and_then(|()| fs::rename(&new, &self.path));
        self.saved = Stopwatch::start();
        written.map_err(|source| self.unwritable(source))
    }

    /// Removes it: the work is complete.
    pub(crate) fn remove(self) -> Result<(), Error> {
        self.forget()
    }

    /// Removes the file that holds it.
    pub(crate) fn forget(&self) -> Result<(), Error> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(self.unwritable(source)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The file that holds it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn unwritable(&self, source: io::Error) -> Error {
        Error::WriteFile { path: self.path.display().to_string(), source }
    }
}

/// The progress of earlier work.
fn reached<T: DeserializeOwned>(
    saved: &[u8],
    input: &Input,
    path: &Path,
    (name, way_out): (&str, &str),
) -> Result<T, Error> {
    let path = path.display();
    let saved: Saved<T> = serde_json::from_slice(saved).map_err(|error| {
        Error::Input(format!("`{path}` is damaged ({error}); remove it and begin again"))
    })?;
    let why = if saved.input.settings != input.settings {
        "was begun with other arguments"
    } else if saved.input != *input {
        "was of a file that has changed since"
    } else {
        return Ok(saved.done);
    };
    Err(Error::Input(format!("the {name} that `{path}` tells of {why}; {way_out}")))
}

impl Input {
    fn of(file: &Source, settings: String) -> Result<Self, Error> {
        let mut hasher = SipHasher24::new();
        hasher.write(&file.beginning(BEGINNING_BYTES)?);
        let beginning = format!("{:016x}", hasher.finish());
        Ok(Self { bytes: file.bytes(), beginning, settings })
    }
}
