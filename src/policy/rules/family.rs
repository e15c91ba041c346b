//! The families of rules, and those of rules and wishes from which a purpose can be exempt.

use crate::model::word::words;

/// Gives a macro the table of the families of rules. A row such as
///
/// ```text
/// /// A spacing that grows while the customer does not answer.
/// Backoff(document::Backoff, Backoff): backoff, "back-off", Some(Family::Backoff);
/// ```
///
/// says what a rule is called in Rust, what it is in documents and for the engine, in which section
/// documents have it, what one is called for people, and what a purpose is exempt from that passes
/// it.
macro_rules! families {
    ($table:ident) => {
        $table! {
            /// A maximum number of contacts in any window.
            Budget(document::Budget, Budget): budgets, "budget", Some(Family::Budgets);
            /// A least time between contacts, or after events.
            Spacing(document::Spacing, Spacing): spacing, "spacing", Some(Family::Spacing);
            /// A spacing that grows while the customer does not answer.
            Backoff(document::Backoff, Backoff): backoff, "back-off", Some(Family::Backoff);
            /// Closed outside these hours.
            ContactHours(document::ContactHours, Hours):
                contact_hours, "contact hours", Some(Family::ContactHours);
            /// Closed inside these hours.
            QuietHours(document::QuietHours, Hours):
                quiet_hours, "quiet hours", Some(Family::QuietHours);
            /// Closed on these days.
            QuietPeriod(document::QuietPeriod, QuietPeriod):
                quiet_periods, "quiet period", Some(Family::QuietPeriods);
            /// Denied while no consent is on record that counts.
            Consent(document::ConsentRule, ConsentRule):
                consents, "consent rule", Some(Family::Consent);
            /// Denies what an expression says.
            Content(document::ContentRule, Content): content_rules, "content rule", None;
        }
    };
}

pub(in crate::policy) use families;

words! {
    /// A family of rules that a purpose may be exempt from.
    pub enum Family {
        /// Budgets, and the customer's own cadence.
        Budgets,
        /// Spacing.
        Spacing,
        /// Back-off.
        Backoff,
        /// Contact hours.
        ContactHours,
        /// Quiet hours, and the customer's own.
        QuietHours,
        /// Quiet periods, and the customer's own days.
        QuietPeriods,
        /// Opt-outs.
        OptOuts,
        /// Suppressions and reactions.
        Suppressions,
        /// The need for consent.
        Consent,
    }
}

impl Family {
    /// Whether replies pass it while a conversation is open.
    #[must_use]
    pub const fn yields_to_replies(self) -> bool {
        !matches!(self, Self::OptOuts | Self::Suppressions)
    }
}

/// A set of families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Families(u16);

impl Families {
    /// The set with one more.
    #[must_use]
    pub const fn with(self, family: Family) -> Self {
        Self(self.0 | Self::bit(family))
    }

    /// Whether it holds the family.
    #[must_use]
    pub const fn contains(self, family: Family) -> bool {
        self.0 & Self::bit(family) != 0
    }

    const fn bit(family: Family) -> u16 {
        1 << family as u16
    }
}
