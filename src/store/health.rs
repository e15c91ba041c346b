//! Whether a store does what callers ask of it.

use std::fmt;

use crate::model::word::words;

/// Whether a store does what it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It does.
    #[default]
    Well,
    /// A part of it does not.
    Impaired(Why),
    /// All of it answers those who read, and nothing can be changed.
    ReadOnly(Why),
    /// It does not.
    Away(Why),
}

/// What is wrong with a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Of which sort it is.
    pub trouble: Trouble,
    /// The rest, for people.
    pub text: String,
}

words! {
    /// The sorts of trouble.
    pub enum Trouble {
        /// It cannot be reached.
        Unreachable,
        /// It answers, and does not let us in, or is not what its address says.
        Refused,
        /// It does not answer in time.
        Slow,
        /// Too few of its replicas have what is written.
        ReplicaAway,
        /// Its memory is full.
        MemoryFull,
        /// Its disk is full, or fails.
        Disk,
        /// It has become a replica of another server.
        Demoted,
        /// It has lost something that it held.
        Emptied,
        /// It is not the store, but this machine's clock, which is wrong.
        Clock,
    }
}

impl Why {
    /// A trouble, in words.
    #[must_use]
    pub fn new(trouble: Trouble, text: impl Into<String>) -> Self {
        Self { trouble, text: text.into() }
    }
}

impl From<String> for Why {
    fn from(text: String) -> Self {
        Self::new(Trouble::Unreachable, text)
    }
}

impl Health {
    /// What is wrong, if anything is.
    #[must_use]
    pub const fn why(&self) -> Option<&Why> {
        match self {
            Self::Well => None,
            Self::Impaired(why) | Self::ReadOnly(why) | Self::Away(why) => Some(why),
        }
    }

    /// The state alone, and the higher the worse.
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Impaired(_) => 1,
            Self::ReadOnly(_) => 2,
            Self::Away(_) => 3,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trouble, text } = self;
        write!(f, "{}: {text}", trouble.as_str().replace('_', " "))
    }
}
