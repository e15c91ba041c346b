//! The refusals of a customer that a form shows, and those of them that reach beyond it.

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

/// The subject of a form: a policy, a record and a brand.
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

    /// The whole scope of a purpose.
    pub(super) fn whole(&self, purpose: &Name) -> Scope {
        whole(purpose, self.brand)
    }

    /// The meaning of a scope under the policy. Its purpose determines whether it is marketing, for
    /// the comparison with a refusal of all marketing.
    pub(super) fn meant(&self, scope: &Scope) -> Scope {
        let is_marketing = |name: &Name| {
            let mut purposes = self.policy.purposes.iter();
            !self.policy.has_marketing() || purposes.any(|it| it.name == *name && it.marketing)
        };
        let marketing = scope.marketing || scope.purpose.as_ref().is_some_and(is_marketing);
        Scope { marketing, ..scope.clone() }
    }

    /// Whether an opt-out refuses the whole scope.
    pub(super) fn covers(&self, no: &OptOut, scope: &Scope) -> bool {
        no.covers(&self.meant(scope))
    }

    /// The refusals in force that cover a scope.
    pub(super) fn covering<'r>(
        &self,
        record: &'r Record,
        scope: &Scope,
    ) -> impl Iterator<Item = &'r OptOut> + use<'r> {
        let (now, scope) = (self.now, self.meant(scope));
        let holds = move |it: &OptOut| it.until.is_none_or(|until| now < until);
        record.opt_outs.iter().filter(move |it| holds(it) && it.covers(&scope))
    }

    /// Whether the whole purpose is refused for good.
    pub(super) fn is_stopped(&self, record: &Record, purpose: &Name) -> bool {
        let whole = self.whole(purpose);
        self.covering(record, &whole).any(|it| it.until.is_none())
    }

    /// The purposes that are not wholly refused for good.
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
        self.covering(record, scope).filter(|it| !self.covers(it, &whole)).collect()
    }

    /// Whether an opt-out refuses nothing beyond the form, so that it can be taken back there.
    /// Answers to a customer do not count.
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
