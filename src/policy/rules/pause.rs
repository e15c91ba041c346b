//! A pause, compiled.

use crate::model;
use crate::model::Instant;
use crate::policy::rules::Policy;
use crate::policy::selector::Selector;

/// Contacts that an operator has stopped for now.
#[derive(Clone, Debug)]
pub struct Pause {
    /// The contacts that are stopped.
    pub selector: Selector,
    /// The first instant; unset is long ago.
    pub from: Option<Instant>,
    /// The first instant at which it is over; unset if it has to be ended by hand.
    pub until: Option<Instant>,
    /// The reason.
    pub reason: String,
}

impl Pause {
    /// The pause of an operator, under a policy.
    #[must_use]
    pub fn of(pause: &model::pause::Pause, policy: &Policy) -> Self {
        Self {
            selector: Selector::of(&pause.selection, policy),
            from: pause.from,
            until: pause.until,
            reason: pause.reason.to_string(),
        }
    }
}
