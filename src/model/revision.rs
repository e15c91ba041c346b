//! The facts about a revision of a policy, beside its documents.

use crate::model::instant::Instant;

/// The author of a revision, its times, the reason, and the differences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The time at which it was applied.
    pub applied: Instant,
    /// The time from which it is in force by itself. If unset, from the moment it was applied.
    pub effective: Option<Instant>,
    /// The time at which it was cancelled, so that it was never in force.
    pub cancelled: Option<Instant>,
    /// The author, as the caller gave it.
    pub author: Option<Box<str>>,
    /// The reason, in the author's words.
    pub note: Option<Box<str>>,
    /// The older revision whose documents it has again.
    pub restored: Option<u64>,
    /// The differences from the revision before.
    pub changes: Vec<Change>,
}

impl About {
    /// A revision that was applied at an instant, in force at once, by an unknown author.
    #[must_use]
    pub const fn at(applied: Instant) -> Self {
        Self {
            applied,
            effective: None,
            cancelled: None,
            author: None,
            note: None,
            restored: None,
            changes: Vec::new(),
        }
    }
}

/// One difference between two policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule, or what else is different: `marketing-weekly`, `channel email`.
    pub subject: String,
    /// The difference in words: `marketing-weekly: limit 3 → 2`.
    pub text: String,
}
