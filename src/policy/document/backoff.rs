//! Back-off: a spacing that grows while the customer does not answer.

use super::Alone;
use super::Rule;
use crate::model::EventKind;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::problem::Problems;

record! {
    /// A spacing that grows while the customer does not answer.
    pub(in crate::policy) struct Backoff with rule: Rule {
        /// Contacts in a row without an engagement, from which on it holds.
        after: At<Whole<1, 1_000>>,
        /// The spacing then.
        base: At<Span>,
        /// The factor by which each further contact multiplies it; by default 2.
        factor: Option<At<Whole<1, 100>>>,
        /// The longest spacing; by default unlimited.
        most: Option<At<Span>>,
        /// The engagements; by default `opened`, `clicked`, `replied` and `converted`.
        reset_on: Option<AtLeastOne<At<EventKind>>>,
    }
}

impl Alone for Backoff {
    fn check(&self, problems: &mut Problems) {
        if let Some(most) = &self.most
            && **most < *self.base
        {
            let message = format!("`most` is shorter than `base`, which is {}", *self.base);
            problems.error(most.position, message, "write a longer one, or remove it");
        }
    }

    // Without a longest spacing it grows beyond every retention: what is forgotten ends it.
    fn reach(&self) -> Option<Span> {
        Some(self.most.as_deref().copied().unwrap_or(*self.base))
    }
}
