//! What is known of a revision of a policy beside its documents.

use crate::model::instant::Instant;

/// Who made a revision, when and why, and what was different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// When it was applied.
    pub applied: Instant,
    /// When it takes, or took, the place of the one before by itself; unset is at once.
    pub effective: Option<Instant>,
    /// When it was cancelled, so that it never was in force.
    pub cancelled: Option<Instant>,
    /// Who wrote it, as they said themselves.
    pub author: Option<Box<str>>,
    /// Why, in their words.
    pub note: Option<Box<str>>,
    /// The older revision whose documents it has again.
    pub restored: Option<u64>,
    /// What was different from the revision before.
    pub changes: Vec<Change>,
}

impl About {
    /// That something was applied at an instant, at once and by an unknown author.
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

/// One thing that is different between two policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule, or what else is different: `marketing-weekly`, `channel email`.
    pub subject: String,
    /// The difference in words: `marketing-weekly: limit 3 → 2`.
    pub text: String,
}
