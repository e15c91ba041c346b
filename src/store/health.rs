//! The health of a store.

use std::fmt;

use crate::model::word::words;

/// Whether a store does what it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// The store does what it is asked.
    #[default]
    Well,
    /// A part of it does not.
    Impaired(Why),
    /// All of it can be read, and nothing can be changed.
    ReadOnly(Why),
    /// The store does not answer.
    Away(Why),
}

/// The trouble of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The kind of trouble.
    pub trouble: Trouble,
    /// The rest, for people.
    pub text: String,
}

words! {
    /// The sorts of trouble.
    pub enum Trouble {
        /// The store cannot be reached.
        Unreachable,
        /// The store answers, but does not let us in, or is not of the kind in its address.
        Refused,
        /// The store does not answer in time.
        Slow,
        /// Too few of its replicas have what is written.
        ReplicaAway,
        /// The store's memory is full.
        MemoryFull,
        /// The store's disk is full, or fails.
        Disk,
        /// The store has become a replica of another server.
        Demoted,
        /// The store has lost something that it held.
        Emptied,
        /// The store is well, but this machine's clock is wrong.
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
    /// The trouble, if there is any.
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
