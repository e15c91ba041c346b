//! Consent rules: what must be on record before a contact.

use super::Alone;
use super::Rule;
use crate::model::Ground;
use crate::model::Name;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Either;
use crate::policy::decode::record;
use crate::policy::problem::Problems;
use crate::policy::yaml::quoted;
use crate::words::closest;

/// A ground, or a ground with a term of its own.
pub(in crate::policy) type Accepted = Either<At<Name>, AcceptedGround>;

record! {
    /// A recorded consent that is needed, on a ground that counts and not too old.
    pub(in crate::policy) struct ConsentRule with rule: Rule {
        /// The grounds on which the consent may rest; one is enough: `express`, `purchase`,
        /// `inquiry`, `soft_opt_in`, or a name of the policy's own. By default `express` only.
        grounds: Option<AtLeastOne<Accepted>>,
        /// The time for which a consent holds after it was given; by default for good.
        valid_for: Option<Span>,
        /// `true`: customers whose attribute `existing_customer` is `true` need none.
        except_existing_customers: Option<bool>,
    }
}

record! {
    /// A ground with a term of its own.
    pub(in crate::policy) struct AcceptedGround {
        /// The ground.
        ground: At<Name>,
        /// The time for which a consent of this ground holds; by default that of the rule.
        valid_for: Option<Span>,
    }
}

impl ConsentRule {
    /// The grounds that the rule names.
    pub(in crate::policy) fn named(&self) -> impl Iterator<Item = &At<Name>> {
        self.grounds.iter().flat_map(|grounds| grounds.iter()).map(|accepted| match accepted {
            Either::Short(ground) => ground,
            Either::Long(accepted) => &accepted.ground,
        })
    }
}

impl Alone for ConsentRule {
    fn check(&self, problems: &mut Problems) {
        // A policy may have grounds of its own, so that a slip of the pen makes a new one.
        let mut seen: Vec<&At<Name>> = Vec::new();
        for ground in self.named() {
            if seen.iter().any(|other| other.value == ground.value) {
                let message = format!("the ground {} is named twice", quoted(ground));
                problems.error(ground.position, message, "keep one of them");
            }
            seen.push(ground);
            if Ground::SHIPPED.contains(&ground.as_str()) {
                continue;
            }
            if let Some(meant) = closest(ground, &Ground::SHIPPED) {
                let message = format!("{} is a ground of the policy's own", quoted(ground));
                problems.warn(ground.position, message, format!("did you mean `{meant}`?"));
            }
        }
    }
}
