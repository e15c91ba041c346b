//! The budgets that a customer has used up, whatever the next contact would be.

use std::collections::BTreeSet;

use super::case::Case;
use super::constraint::Constraint;
use super::gather;
use super::status::Status;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::decision::Code;
use crate::model::history::State;
use crate::policy::Policy;
use crate::policy::rules::Budget;
use crate::policy::rules::Dimension;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Rule;
use crate::policy::selector::Mask;

/// The number of different labels on record that are tried with a budget that counts by them.
const TRIED_MAX: usize = 64;

/// One budget, and its state for one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The budget's name.
    pub rule: Name,
    /// Whether it refuses at least one of the contacts that it counts.
    pub is_reached: bool,
}

/// The budgets that are enforced, in force at an instant and about this customer, in order of name.
///
/// A budget is tried with a contact on every channel and for every purpose that it is about, of its
/// own first labels and occasion, and of the priority that contacts have by default or the nearest
/// one that it is about. One that counts by labels is also tried with those on record.
#[must_use]
pub fn limits(policy: &Policy, record: &Record, at: Instant) -> Vec<Limit> {
    let at = at.clamp(Instant::FIRST, Instant::LAST);
    let rules = policy.rules.iter().filter(|rule| rule.mode == Mode::Enforce);
    let budgets = rules.filter_map(|rule| budget(rule).map(|budget| (rule, budget)));
    let limits = budgets.filter_map(|(rule, budget)| {
        let is_reached = is_reached(policy, record, (rule, budget), at)?;
        Some(Limit { rule: rule.name.clone(), is_reached })
    });
    limits.collect()
}

const fn budget(rule: &Rule) -> Option<&Budget> {
    if let Kind::Budget(budget) = &rule.kind { Some(budget) } else { None }
}

/// Whether a budget refuses one of the contacts that it counts; `None` if it counts none, or if
/// that is unknown.
fn is_reached(
    policy: &Policy,
    record: &Record,
    (rule, budget): (&Rule, &Budget),
    at: Instant,
) -> Option<bool> {
    let mut found = None;
    for contact in plain(policy, rule).into_iter().chain(on_record(record, budget)) {
        let Ok(case) = Case::new(policy, record, &contact) else { continue };
        let constraint = Constraint::Rule(rule);
        if !gather::concerns(&case, rule) || gather::is_exempt(&case, &constraint) {
            continue;
        }
        let said = constraint.ask(&case, at);
        if said.left.is_none() {
            continue;
        }
        if matches!(said.status, Status::Denied(Code::BudgetSpent, _)) {
            return Some(true);
        }
        found = Some(false);
    }
    found
}

/// A contact on each channel and for each purpose that a rule is about.
fn plain(policy: &Policy, rule: &Rule) -> Vec<Contact> {
    let selector = &rule.selector;
    let channels = policy.channels.iter().enumerate();
    let channels =
        channels.filter(|(position, _)| selector.channels.meets(Mask::of(Some(*position))));
    let first = |names: &Option<Vec<Name>>| names.as_ref().and_then(|names| names.first().cloned());
    let least = selector.priority_at_least.unwrap_or(0);
    let most = selector.priority_below.map_or(u8::MAX, |below| below.saturating_sub(1));
    let contacts = channels.flat_map(|(_, channel)| {
        let purposes = policy.purposes.iter().enumerate();
        let purposes =
            purposes.filter(|(position, _)| selector.purposes.meets(Mask::of(Some(*position))));
        purposes.map(|(_, purpose)| Contact {
            labels: selector.labels.each().map(first),
            occasions: first(&selector.occasions).into_iter().collect(),
            priority: PRIORITY_DEFAULT.min(most).max(least),
            ..Contact::new(channel.name.clone(), purpose.name.clone())
        })
    });
    contacts.collect()
}

/// Contacts like those on record, for a budget that counts by labels that plain contacts do not
/// have. The newest first, each kind once.
fn on_record(record: &Record, budget: &Budget) -> Vec<Contact> {
    if !budget.by.iter().any(|dimension| matches!(dimension, Dimension::Label(_))) {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let made = record.history.entries().iter().rev().filter(|entry| match entry.state {
        State::Reserved | State::Sent | State::Bounced => true,
        State::Released | State::Expired => false,
    });
    let different = made.filter(|it| seen.insert((it.channel, it.purpose, it.labels)));
    different.take(TRIED_MAX).filter_map(|entry| record.history.contact(entry)).collect()
}
