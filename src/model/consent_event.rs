//! What customers said about being contacted, kept as proof.

use crate::model::ground::Ground;
use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;
use crate::model::word::words;

/// The most consent events a record keeps; beyond them, the oldest make room.
pub const CONSENT_EVENTS_MAX: usize = 256;

/// One thing that the customer said about being contacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEvent {
    /// When we heard it.
    pub heard: Instant,
    /// What it was.
    pub kind: ConsentKind,
    /// Of a yes: on what it rests.
    pub ground: Ground,
    /// What it was about.
    pub scope: Scope,
    /// When the customer said it.
    pub at: Instant,
    /// Until when it was meant to hold; unset is for good.
    pub until: Option<Instant>,
    /// Where it came from; unset where not given.
    pub source: Option<Name>,
    /// What proves it; unset where there is nothing.
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
