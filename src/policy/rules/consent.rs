//! Consent rules, compiled.

use crate::model::Ground;
use crate::model::Span;

/// A recorded consent that is needed.
#[derive(Clone, Debug)]
pub struct ConsentRule {
    /// The grounds that count; one is enough.
    pub grounds: Vec<Accepted>,
    /// Whether existing customers need no consent.
    pub except_existing_customers: bool,
}

/// A ground that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The ground.
    pub ground: Ground,
    /// The time for which a consent of this ground holds; for good if unset.
    pub valid_for: Option<Span>,
}
