//! Places, as settings write them: a path on this machine, or the address of a Redis. A text that
//! looks like an address and is not one is refused; it never becomes a directory.

use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use super::value::Written;
use crate::store::redis::address::Address;
use crate::store::redis::address::Malformed;

/// The file that is standard output, for which `-` stands.
const STANDARD_OUTPUT: &str = "/dev/stdout";

/// The place of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorePlace {
    /// A directory on this machine.
    Directory(PathBuf),
    /// A Redis.
    Redis(Address),
}

/// The place of the decision log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogPlace {
    /// A file on this machine.
    File(PathBuf),
    /// A Redis.
    Redis(Address),
}

/// The reason why a text is not a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// It looks like an address, and is not one.
    #[error(transparent)]
    Address(#[from] Malformed),
    /// Nothing is written.
    #[error("nothing is written here; a directory begins with `.` or `/`")]
    Nothing,
    /// It may be a misspelt address or a directory.
    #[error(
        "there is no such directory; one that is to be made begins with `.` or `/`, like ./{0}, \
         and a Redis is written like redis://host:6379"
    )]
    NoDirectory(String),
}

impl FromStr for StorePlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let text = text.trim();
        if Address::is_meant(text) {
            return Ok(Self::Redis(text.parse()?));
        }
        if text.is_empty() {
            return Err(NoPlace::Nothing);
        }
        if text.starts_with(['.', '/']) || Path::new(text).is_dir() {
            return Ok(Self::Directory(PathBuf::from(text)));
        }
        Err(NoPlace::NoDirectory(text.to_owned()))
    }
}

impl FromStr for LogPlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let text = text.trim();
        if Address::is_meant(text) {
            return Ok(Self::Redis(text.parse()?));
        }
        if text.is_empty() {
            return Err(NoPlace::Nothing);
        }
        let path = if text == "-" { STANDARD_OUTPUT } else { text };
        Ok(Self::File(PathBuf::from(path)))
    }
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => path.display().fmt(f),
            Self::Redis(address) => address.fmt(f),
        }
    }
}

impl fmt::Display for LogPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Redis(address) => address.fmt(f),
        }
    }
}

impl Serialize for StorePlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StorePlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Written for LogPlace {
    fn written(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests;
