//! The families of rules and wishes, as far as a purpose can be exempt from them.

/// What a purpose may be exempt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl Family {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::Budgets,
        Self::Spacing,
        Self::Backoff,
        Self::ContactHours,
        Self::QuietHours,
        Self::QuietPeriods,
        Self::OptOuts,
        Self::Suppressions,
        Self::Consent,
    ];

    /// The name in the policy language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Budgets => "budgets",
            Self::Spacing => "spacing",
            Self::Backoff => "backoff",
            Self::ContactHours => "contact_hours",
            Self::QuietHours => "quiet_hours",
            Self::QuietPeriods => "quiet_periods",
            Self::OptOuts => "opt_outs",
            Self::Suppressions => "suppressions",
            Self::Consent => "consent",
        }
    }

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
        match family {
            Family::Budgets => 1,
            Family::Spacing => 1 << 1,
            Family::Backoff => 1 << 2,
            Family::ContactHours => 1 << 3,
            Family::QuietHours => 1 << 4,
            Family::QuietPeriods => 1 << 5,
            Family::OptOuts => 1 << 6,
            Family::Suppressions => 1 << 7,
            Family::Consent => 1 << 8,
        }
    }
}
