//! Rules of any family, for what is asked of all of them.

use super::Backoff;
use super::Budget;
use super::ConsentRule;
use super::ContactHours;
use super::ContentRule;
use super::Document;
use super::QuietHours;
use super::QuietPeriod;
use super::Rule;
use super::Spacing;
use crate::policy::rules::Family;
use crate::policy::rules::Mode;

/// A rule of some family.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) enum AnyRule<'a> {
    Budget(&'a Budget),
    Spacing(&'a Spacing),
    Backoff(&'a Backoff),
    ContactHours(&'a ContactHours),
    QuietHours(&'a QuietHours),
    QuietPeriod(&'a QuietPeriod),
    Consent(&'a ConsentRule),
    Content(&'a ContentRule),
}

impl<'a> AnyRule<'a> {
    /// What it has in common with all others.
    pub(in crate::policy) fn rule(self) -> &'a Rule {
        match self {
            Self::Budget(budget) => &budget.rule,
            Self::Spacing(spacing) => &spacing.rule,
            Self::Backoff(backoff) => &backoff.rule,
            Self::ContactHours(hours) => &hours.rule,
            Self::QuietHours(hours) => &hours.rule,
            Self::QuietPeriod(period) => &period.rule,
            Self::Consent(consent) => &consent.rule,
            Self::Content(content) => &content.rule,
        }
    }

    /// The family that a purpose can be exempt from; content rules have none.
    pub(in crate::policy) fn family(self) -> Option<Family> {
        match self {
            Self::Budget(_) => Some(Family::Budgets),
            Self::Spacing(_) => Some(Family::Spacing),
            Self::Backoff(_) => Some(Family::Backoff),
            Self::ContactHours(_) => Some(Family::ContactHours),
            Self::QuietHours(_) => Some(Family::QuietHours),
            Self::QuietPeriod(_) => Some(Family::QuietPeriods),
            Self::Consent(_) => Some(Family::Consent),
            Self::Content(_) => None,
        }
    }
}

impl Document {
    /// The strongest mode that its rules can have.
    pub(in crate::policy) fn mode(&self) -> Mode {
        self.mode.unwrap_or(Mode::Enforce)
    }

    /// All rules, family by family.
    pub(in crate::policy) fn rules(&self) -> impl Iterator<Item = AnyRule<'_>> {
        let budgets = self.budgets.iter().map(AnyRule::Budget);
        budgets
            .chain(self.spacing.iter().map(AnyRule::Spacing))
            .chain(self.backoff.iter().map(AnyRule::Backoff))
            .chain(self.contact_hours.iter().map(AnyRule::ContactHours))
            .chain(self.quiet_hours.iter().map(AnyRule::QuietHours))
            .chain(self.quiet_periods.iter().map(AnyRule::QuietPeriod))
            .chain(self.consents.iter().map(AnyRule::Consent))
            .chain(self.content_rules.iter().map(AnyRule::Content))
    }
}
