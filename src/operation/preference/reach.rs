//! Which of a customer's refusals a form shows, and which of them reach beyond it.

use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::wish::OptOut;
use crate::operation::Context;
use crate::policy::Policy;
use crate::policy::rules::Family;
use crate::policy::rules::Purpose;

use super::whole;

/// What a form is about: a policy, a record and a brand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach<'a> {
    pub(super) policy: &'a Policy,
    pub(super) now: Instant,
    pub(super) brand: Option<&'a Name>,
}

impl<'a> Reach<'a> {
    pub(super) const fn new(context: Context<'a>, brand: Option<&'a Name>) -> Self {
        Self { policy: context.policy, now: context.now, brand }
    }

    /// The purposes of the form.
    pub(super) fn purposes(&self) -> &'a [Name] {
        &self.policy.pages.purposes
    }

    /// All of a purpose.
    pub(super) fn whole(&self, purpose: &Name) -> Scope {
        whole(purpose, self.brand)
    }

    /// The refusals in force that cover a scope.
    pub(super) fn covering<'r>(
        &self,
        record: &'r Record,
        scope: &Scope,
    ) -> impl Iterator<Item = &'r OptOut> {
        let now = self.now;
        let holds = move |it: &OptOut| it.until.is_none_or(|until| now < until);
        record.opt_outs.iter().filter(move |it| holds(it) && it.covers(scope))
    }

    /// Whether all of a purpose is refused for good.
    pub(super) fn is_stopped(&self, record: &Record, purpose: &Name) -> bool {
        let whole = self.whole(purpose);
        self.covering(record, &whole).any(|it| it.until.is_none())
    }

    /// The purposes of which not all is refused for good.
    pub(super) fn active(&self, record: &Record) -> Vec<&'a Name> {
        self.purposes().iter().filter(|purpose| !self.is_stopped(record, purpose)).collect()
    }

    /// The refusals of a scope of a purpose that are not refusals of all of the purpose.
    pub(super) fn narrow<'r>(
        &self,
        record: &'r Record,
        scope: &Scope,
        purpose: &Name,
    ) -> Vec<&'r OptOut> {
        let whole = self.whole(purpose);
        self.covering(record, scope).filter(|it| !it.covers(&whole)).collect()
    }

    /// Whether a refusal refuses nothing but what the form is about, so that it can be taken back
    /// there. Answers to a customer do not count.
    pub(super) fn can_lift(&self, no: &OptOut) -> bool {
        let Scope { purpose, brand, marketing, .. } = &no.scope;
        let names = |other: &Purpose| purpose.as_ref().is_none_or(|it| *it == other.name);
        let is_meant =
            |other: &Purpose| !*marketing || other.marketing || !self.policy.has_marketing();
        let is_beyond = |other: &&Purpose| {
            !self.purposes().contains(&other.name)
                && !other.exempt.contains(Family::OptOuts)
                && !other.replies
                && names(other)
                && is_meant(other)
        };
        brand.as_ref() == self.brand && !self.policy.purposes.iter().any(|it| is_beyond(&it))
    }

    /// The purposes of answers to the customer, which no form is about.
    pub(super) fn replies(&self) -> impl Iterator<Item = &'a Purpose> {
        let own = self.purposes();
        self.policy.purposes.iter().filter(|it| it.replies && !own.contains(&it.name))
    }
}
