//! Back-off: a spacing that grows while the customer does not answer.

use super::Rule;
use crate::model::EventKind;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Whole;
use crate::policy::decode::record;

record! {
    /// A spacing that grows while the customer does not answer.
    pub(in crate::policy) struct Backoff with rule: Rule {
        /// Contacts in a row without an engagement, from which on it holds.
        after: At<Whole<1, 1_000>>,
        /// The spacing then.
        base: At<Span>,
        /// What each further contact multiplies it by; by default 2.
        factor: Option<At<Whole<1, 100>>>,
        /// The longest spacing; by default there is no longest.
        most: Option<At<Span>>,
        /// The engagements; by default `opened`, `clicked`, `replied` and `converted`.
        reset_on: Option<AtLeastOne<At<EventKind>>>,
    }
}
