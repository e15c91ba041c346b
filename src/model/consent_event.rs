//! Consent events: the customers' statements about being contacted, kept as proof.

use crate::model::ground::Ground;
use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;
use crate::model::word::words;

/// The maximum number of consent events in a record. The oldest are removed to make room.
pub const CONSENT_EVENTS_MAX: usize = 256;

/// One statement of the customer about being contacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEvent {
    /// The time at which we heard it.
    pub heard: Instant,
    /// The kind of statement.
    pub kind: ConsentKind,
    /// For a yes: the ground on which it rests.
    pub ground: Ground,
    /// The scope of the statement.
    pub scope: Scope,
    /// The time at which the customer made it.
    pub at: Instant,
    /// The end of the time for which it was meant to hold; for good if unset.
    pub until: Option<Instant>,
    /// The source of the statement; unset if none was given.
    pub source: Option<Name>,
    /// The proof of it; unset if there is none.
    pub evidence: Option<Box<str>>,
}

words! {
    /// The sorts of consent events.
    pub enum ConsentKind {
        /// A no.
        OptOut,
        /// A yes.
        OptIn,
        /// The first half of a double opt-in.
        PendingOptIn,
    }
}
