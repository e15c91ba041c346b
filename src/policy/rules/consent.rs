//! Consent rules, compiled.

use crate::model::Ground;
use crate::model::Span;

/// A recorded consent that is needed.
#[derive(Clone, Debug)]
pub struct ConsentRule {
    /// The grounds that count, of which one is enough.
    pub grounds: Vec<Accepted>,
    /// Whether existing customers need none.
    pub except_existing_customers: bool,
}

/// A ground that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The ground.
    pub ground: Ground,
    /// How long a consent of it holds; unset is for good.
    pub valid_for: Option<Span>,
}
