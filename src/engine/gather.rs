//! Gathers the rules and wishes that can deny a contact at all.

use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint::Constraint;
use crate::model::wish::OptOut;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;

/// The constraints that can deny a contact, and those that only report.
#[derive(Debug)]
pub(crate) struct Gathered<'a> {
    /// Constraints that deny.
    pub(crate) enforced: Vec<Constraint<'a>>,
    /// Constraints in shadow mode: they are reported and deny nothing.
    pub(crate) shadow: Vec<Constraint<'a>>,
    /// Constraints that would deny, but that the reservation has spent already.
    pub(crate) spent: Vec<Constraint<'a>>,
}

/// Gathers what is about this contact and this customer and what the purpose may not pass.
pub(crate) fn gather<'a>(case: &Case<'a>) -> Gathered<'a> {
    let rules = case.policy.rules_for(case.channel_position, case.purpose_position);
    let wishes_max = case.record.opt_outs.len() + case.record.quiet.len() + 8;
    let enforced = Vec::with_capacity(rules.size_hint().1.unwrap_or(0) + wishes_max);
    let mut gathered = Gathered { enforced, shadow: Vec::new(), spent: Vec::new() };
    for rule in rules.filter(|rule| concerns(case, rule)) {
        gathered.add(case, rule.mode, Constraint::Rule(rule));
    }
    for reaction in case.policy.reactions.iter().filter(|reaction| reacts(case, reaction)) {
        gathered.add(case, reaction.mode, Constraint::Reaction(reaction));
    }
    for constraint in wishes(case) {
        gathered.add(case, Mode::Enforce, constraint);
    }
    gathered
}

impl<'a> Gathered<'a> {
    fn add(&mut self, case: &Case<'_>, mode: Mode, constraint: Constraint<'a>) {
        if is_exempt(case, &constraint) {
            return;
        }
        match mode {
            Mode::Enforce if is_spent(case, &constraint) => self.spent.push(constraint),
            Mode::Enforce => self.enforced.push(constraint),
            Mode::Shadow if is_spent(case, &constraint) => {}
            Mode::Shadow => self.shadow.push(constraint),
            Mode::Off => {}
        }
    }
}

/// Whether the contact's purpose may pass the constraint.
pub(crate) fn is_exempt(case: &Case<'_>, constraint: &Constraint<'_>) -> bool {
    constraint.family().is_some_and(|family| case.purpose.exempt.contains(family))
}

/// Whether a reservation has spent the constraint already, by being granted.
pub(crate) fn is_spent(case: &Case<'_>, constraint: &Constraint<'_>) -> bool {
    case.held && constraint.is_spent_by_contacts(case)
}

/// Whether a rule applies to this contact and this customer.
pub(crate) fn concerns(case: &Case<'_>, rule: &Rule) -> bool {
    // In this order: of the periods around any occasion nearly none was asked for.
    is_asked_for(case, rule) && case.is_selected_by(&rule.selector)
}

/// A period for those who opted out of an occasion is about no other customer.
fn is_asked_for(case: &Case<'_>, rule: &Rule) -> bool {
    let Kind::QuietPeriod(period) = &rule.kind else { return true };
    let wishes = |opt_out: &OptOut| {
        opt_out.scope.occasion == period.opted_out_of
            && opt_out.scope.matches_beside_occasion(case.contact, case.marketing)
    };
    period.opted_out_of.is_none() || case.record.opt_outs.iter().any(wishes)
}

/// Whether a reaction would suppress this contact, and an event of its kind has happened.
pub(crate) fn reacts(case: &Case<'_>, reaction: &Reaction) -> bool {
    case.events().iter().any(|event| event.kind == reaction.on)
        && case.is_selected_by(&reaction.suppress)
}

/// The wishes of the customer and of the operator that are about this contact.
pub(crate) fn wishes<'a>(case: &Case<'a>) -> impl Iterator<Item = Constraint<'a>> {
    let record = case.record;
    let (contact, marketing) = (case.contact, case.marketing);
    let opt_outs = record.opt_outs.iter().filter(move |it| it.refuses(contact, marketing));
    let suppressions = record.suppressions.iter();
    let suppressions =
        suppressions.filter(move |suppression| suppression.scope.matches(contact, marketing));
    let cadence = record.cadence.iter().filter(|cadence| cadence.is_about(contact));
    let quiet = record.quiet.iter().filter(|quiet| quiet.is_about(&contact.channel));
    let consent = consent::is_needed(case).then_some(Constraint::Consent);
    let pauses = case.policy.pauses.iter().filter(|pause| case.is_selected_by(&pause.selector));
    opt_outs
        .map(Constraint::OptOut)
        .chain(suppressions.map(Constraint::Suppression))
        .chain(consent)
        .chain(cadence.map(Constraint::Cadence))
        .chain(quiet.map(Constraint::Quiet))
        .chain(pauses.map(Constraint::Pause))
}
